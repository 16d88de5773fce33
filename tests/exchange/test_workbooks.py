"""Workbooks in and out: the same tables as CSV gives, and what is wrong with a cell, a sheet or a file."""

import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.exchange.folder_tables import TABLES
from plantation.exchange.folders import read_folder
from plantation.exchange.tables import read_table
from plantation.exchange.workbooks import read_workbook, write_workbook

RIGHTS = ["code", "household", "entitlement_mu", "from", "to", "status"]


def workbook(sheets) -> bytes:
    """A workbook of `sheets`: by name rows of Python values; a (formula, value) pair is a formula."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, tuple):
                        sheet.write_formula(row, column, cell[0], None, cell[1])
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(row, column, cell, day)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return made.getvalue()


def test_numbers_and_dates_in_cells_are_read_as_a_person_sees_them():
    last = dt.datetime(2048, 4, 14)  # noqa: DTZ001 - a spreadsheet's cell has no zone
    sheet = [
        RIGHTS,
        ["R1", 1.0, 8.571, dt.date(2018, 4, 15), last, "active"],
        [None],
        ["R2", 2, 0.1 + 0.2, "2018-04-15", "2048-04-14", "ended"],
    ]
    table = read_table(read_workbook(workbook({"rights": sheet}), "v.xlsx")["rights"], TABLES["rights"])
    assert table.faults == []
    assert [(row.number, row["code"], row["household"], row["entitlement_mu"], row["to"]) for row in table.rows] == [
        (2, "R1", "1", 8_571, dt.date(2048, 4, 14)),
        (4, "R2", "2", 300, dt.date(2048, 4, 14)),
    ]


def test_a_formula_is_a_fault_whatever_it_says_now():
    sheet = [
        RIGHTS,
        ["R1", "H001", ("=5+5", 10), "2018-04-15", "2048-04-14", "active"],
        ["R2", "H001", ("=1/0", "#DIV/0!"), "2018-04-15", "2048-04-14", "active"],
    ]
    table = read_table(read_workbook(workbook({"rights": sheet}), "v.xlsx")["rights"], TABLES["rights"])
    assert [str(fault) for fault in table.faults] == [
        f"v.xlsx, rights, row {row}, entitlement_mu: The cell holds a formula; put its value there (copy, then paste as values)."
        for row in (2, 3)
    ]


def test_a_time_without_an_offset_is_a_fault_in_a_cell_too():
    header = ["id", "season", "time", "grade", "gross_kg", "tare_kg"]
    time = dt.datetime(2026, 8, 20, 9, 30)  # noqa: DTZ001 - a spreadsheet's cell has no zone
    sheet = [header, ["w1", 2026, time, "A", 10, 1]]
    table = read_table(read_workbook(workbook({"weighings": sheet}), "v.xlsx")["weighings"], TABLES["weighings"])
    assert "2026-08-20T09:30:00” is not a time with its offset" in str(table.faults[0])


@pytest.mark.parametrize("content", [b"", b"PK", b"not a workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_what_is_no_workbook_is_said_to_be_none(content):
    tables = read_workbook(content, "v.xlsx")
    assert "no .xlsx workbook" in str(tables[""].faults[0])


def test_a_workbook_that_unpacks_to_a_disk_full_is_refused_before_it_is_opened():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            for _ in range(301):
                file.write(b" " * 1_000_000)
    assert len(packed.getvalue()) < 1_000_000
    assert "unpacks to 301 MB" in str(read_workbook(packed.getvalue(), "v.xlsx")[""].faults[0])


def test_one_stray_cell_at_the_far_corner_does_not_fill_the_memory():
    rows = [["code"], *[[] for _ in range(3)]]
    content = workbook({"households": rows})
    grown = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(grown, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                text = text.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
            new.writestr(name, text)
    assert "1,048,576 × 16,384" in str(read_workbook(grown.getvalue(), "v.xlsx")[""].faults[0])


def test_a_folder_holds_its_tables_as_one_workbook_as_one_each_or_mixed_but_none_twice(tmp_path):
    households = [["code", "name", "members"], ["H001", "Qian", 4]]
    (tmp_path / "village.xlsx").write_bytes(workbook({"Households": households, "chart": [["x"]]}))
    (tmp_path / "seasons.xlsx").write_bytes(workbook({"Sheet1": [["code", "from", "to", "mode"]]}))
    (tmp_path / "~$village.xlsx").write_bytes(b"lock")
    (tmp_path / "notes.xlsx").write_bytes(workbook({"x": [["y"]]}))
    folder = read_folder(tmp_path)
    assert sorted(folder.tables) == ["households", "seasons"]
    assert folder.faults == []
    assert [note.file for note in folder.notes] == ["notes.xlsx"]
    (tmp_path / "households.csv").write_text("code,name,members\n")
    assert [str(fault) for fault in read_folder(tmp_path).faults] == [
        "village.xlsx, Households: The table “households” is in households.csv as well; keep one of them."
    ]


def test_what_is_written_is_read_again_texts_as_texts_and_numbers_as_numbers(tmp_path):
    header, rows = ["code", "kg"], [["=1+1", "12.345"], ["007", "0.100"], ["", "1000"]]
    write_workbook(tmp_path / "v.xlsx", {"weighings": (header, rows, frozenset({"kg"}))})
    table = read_workbook((tmp_path / "v.xlsx").read_bytes(), "v.xlsx")["weighings"]
    assert table.faults == []
    assert [cells for _, cells in table.rows] == [["=1+1", "12.345"], ["007", "0.1"], ["", "1000"]]


SMALL = workbook({"households": [["code", "name", "members"], ["H001", "Qian", 4]]})


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_workbook_ends_in_tables_and_faults(damages):
    content = bytearray(SMALL)
    for place, byte in damages:
        content[place] = byte
    for table in read_workbook(bytes(content), "v.xlsx").values():
        assert table.header or table.faults
