"""Tables as sheets of .xlsx workbooks. What a workbook unpacks to is looked at before it is opened."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from plantation.errors import N_
from plantation.exchange.cells import cell_text
from plantation.exchange.csv_tables import RawTable
from plantation.exchange.table_faults import FormulaCell, NotWorkbook, WorkbookTooLarge

MOST_BYTES = 300_000_000
MOST_COLUMNS, MOST_ROWS = 256, 1_048_576
MOST_CELLS = 40_000_000
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>(?:\s*<(?:\w+:)?f\b)?')
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def read_workbook(content: bytes, file: str) -> dict[str, RawTable]:
    """The sheets of a workbook by name, each a table of texts; a sheet that has nothing is left out.

    What is wrong with the whole workbook is a fault of a table with an empty name.
    """
    import python_calamine

    whole = RawTable(file)
    try:
        formulas = _formulas(content)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = {}
        for sheet in workbook.sheets_metadata:
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            table = _read_sheet(workbook, sheet.name, f"{file}, {sheet.name}", formulas.get(sheet.name, []))
            if table.header:
                tables[sheet.name] = table
        return tables
    except (NotWorkbook, WorkbookTooLarge) as refusal:
        whole.blame(0, "", refusal)
    except BaseException as error:
        # A damaged archive makes the libraries fail in a dozen ways, a panic of the Rust reader among them.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        reason = str(error).splitlines()[:1]
        whole.blame(0, "", NotWorkbook(reason=reason[0][:200] if reason else type(error).__name__))
    return {"": whole}


def _read_sheet(workbook, name: str, file: str, formulas: list[tuple[int, int]]) -> RawTable:
    table = RawTable(file)
    for row, values in enumerate(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
        cells = [cell_text(value) for value in values]
        if not any(cells):
            continue
        if not table.header:
            table.header = cells
        else:
            table.rows.append((row, cells))
    for row, column in formulas:
        heading = table.header[column - 1] if column <= len(table.header) else ""
        table.blame(row, heading.strip() or column_letters(column), FormulaCell())
    return table


def _formulas(content: bytes) -> dict[str, list[tuple[int, int]]]:
    """By sheet the (row, column) of its formulas, once the workbook is known to be of a size that can be opened."""
    if not content:
        raise NotWorkbook(reason=N_("it is empty"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        if size > MOST_BYTES:
            raise WorkbookTooLarge(found=f"{size // 1_000_000:,} MB", most=f"{MOST_BYTES // 1_000_000:,} MB")
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            raise NotWorkbook(reason=N_("it has no sheets"))
        found = {}
        for sheet, path in _sheet_paths(archive, names):
            found[sheet] = _scan(archive.read(path))
    return found


def _sheet_paths(archive: zipfile.ZipFile, names: set[str]) -> Iterable[tuple[str, str]]:
    import html

    relations = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
            attributes = dict(_ATTRIBUTE.findall(tag))
            relations[attributes.get(b"Id", b"")] = attributes.get(b"Target", b"").decode("utf-8", "replace")
    for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = next((relations.get(value, "") for key, value in attributes.items() if key.endswith(b":id")), "")
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if path in names and "worksheets" in path:
            yield html.unescape(attributes.get(b"name", b"").decode("utf-8", "replace")), path


def _scan(xml: bytes) -> list[tuple[int, int]]:
    formulas = []
    widest = lowest = 0
    for match in _CELL.finditer(xml):
        column, row = column_number(match[1].decode()), int(match[2])
        widest, lowest = max(widest, column), max(lowest, row)
        if match[0].endswith(b"f"):
            formulas.append((row, column))
    if widest > MOST_COLUMNS or lowest > MOST_ROWS or widest * lowest > MOST_CELLS:
        found = f"{lowest:,} × {widest:,}"
        raise WorkbookTooLarge(found=found, most=f"{MOST_ROWS:,} × {MOST_COLUMNS}")
    return formulas


def column_number(letters: str) -> int:
    """
    >>> column_number("A"), column_number("Z"), column_number("AA")
    (1, 26, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """
    >>> column_letters(1), column_letters(26), column_letters(27)
    ('A', 'Z', 'AA')
    """
    letters = ""
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def write_workbook(path: Path, tables: Mapping[str, tuple[Sequence[str], Iterable[Sequence[str]], frozenset[str]]]) -> None:
    """Write `tables` as the sheets of a workbook: by name their header, their rows of texts and the names of those
    columns whose cells are numbers. Texts stay texts, whatever they begin with.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        for name, (header, rows, numeric) in tables.items():
            sheet = workbook.add_worksheet(name)
            for column, heading in enumerate(header):
                sheet.write_string(0, column, heading)
            numbers = {place for place, heading in enumerate(header) if heading in numeric}
            for row, cells in enumerate(rows, start=1):
                for column, cell in enumerate(cells):
                    if not cell:
                        continue
                    if column in numbers:
                        sheet.write_number(row, column, float(cell))
                    else:
                        sheet.write_string(row, column, cell)
