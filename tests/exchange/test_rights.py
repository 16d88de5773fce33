"""A list of rights is read whole or not at all, every fault with its row."""

import datetime as dt

import pytest
import xlsxwriter

from plantation.errors import Faulty
from plantation.exchange.maps import LayerUnclear, UnknownEnding
from plantation.exchange.rights import read_rights

HEADER = "code,household,entitlement_mu,from,to,status"


def table(tmp_path, *rows, header=HEADER):
    path = tmp_path / "rights.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8-sig")
    return path


def faults(path):
    with pytest.raises(Faulty) as refused:
        read_rights(path)
    return [str(fault) for fault in refused.value.faults]


def test_a_right_is_read_with_its_term_and_status(tmp_path):
    (right,) = read_rights(table(tmp_path, "R001,H001,8.571,2018-04-01,2048-03-31,active"))
    assert (right.code, right.household, right.entitlement_millimu) == ("R001", "H001", 8571)
    assert (right.starts_on, right.ends_on, right.status) == (dt.date(2018, 4, 1), dt.date(2048, 3, 31), "active")


def test_what_all_rights_have_in_common_may_be_left_out_and_wishes_added(tmp_path):
    (right,) = read_rights(table(tmp_path, "R001,H001,10,kin", header="code,household,entitlement_mu,beside"))
    assert (right.status, right.starts_on, right.beside) == ("active", None, "kin")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("R001,H001,0,,,", "row 2, entitlement_mu: An entitlement of 0 mu is out of range"),
        ("R001,H001,1000000000,,,", "row 2, entitlement_mu: An entitlement of 1000000000 mu is out of range"),
        ("R001,H001,-1,,,", "row 2, entitlement_mu: “-1” is not"),
        ("R001,H001,1e3,,,", "row 2, entitlement_mu: “1e3” is not"),
        (",H001,10,,,", "row 2, code: The cell is blank"),
        ("R001,H001,10,2020-01-01,2019-01-01,", "row 2, to: The term ends on 2019-01-01"),
        ("R001,H001,10,,,sleeping", "row 2, status: “sleeping” is not active, suspended or ended"),
        ("R001,H001,10", "row 2: The row has 3 cells"),
    ],
)
def test_a_faulty_row_is_named_with_its_column(tmp_path, row, fault):
    assert any(fault in text for text in faults(table(tmp_path, row)))


def test_a_code_that_stands_twice_is_named_with_both_rows(tmp_path):
    assert faults(table(tmp_path, "R1,H1,10,,,", "R1,H2,10,,,")) == ["rights.csv, row 3, code: right “R1” stands in row 2 already."]


def test_gbk_is_named_and_refused(tmp_path):
    path = tmp_path / "rights.csv"
    path.write_bytes(f"{HEADER}\nR1,钱家,10,,,\n".encode("gbk"))
    assert "looks like GBK" in faults(path)[0]


def test_a_workbook_is_read_by_its_only_sheet_or_the_one_called_rights(tmp_path):
    path = tmp_path / "rights.xlsx"
    for names in (["Sheet1"], ["notes", "Rights"]):
        with xlsxwriter.Workbook(path) as book:
            for name in names:
                sheet = book.add_worksheet(name)
                sheet.write_row(0, 0, HEADER.split(","))
                sheet.write_row(1, 0, ["R1", "H1", 3.5, "2018-04-01", "2048-03-31", "active"])
        assert read_rights(path)[0].entitlement_millimu == 3500
    with xlsxwriter.Workbook(path) as book:
        for name in ("a", "b"):
            book.add_worksheet(name).write_row(0, 0, HEADER.split(","))
    with pytest.raises(LayerUnclear, match="a, b"):
        read_rights(path)


def test_another_ending_is_refused(tmp_path):
    (tmp_path / "rights.ods").write_text("x")
    with pytest.raises(UnknownEnding, match=r"none of \.csv, \.xlsx"):
        read_rights(tmp_path / "rights.ods")
