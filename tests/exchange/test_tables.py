"""Tables in: what is generous, what is strict, and that every fault names its place."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.errors import BadValue
from plantation.exchange.cells import guard, read_day, read_moment, read_number, read_whole, unguard
from plantation.exchange.csv_tables import csv_lines, read_csv
from plantation.exchange.folder_tables import TABLES
from plantation.exchange.tables import read_table

HOUSEHOLDS = TABLES["households"]
GOOD = "code,name,members,phone\nH001,钱,4,\nH002,孙,5,139\n"


def faults_of(content: bytes | str, name: str = "households") -> list[str]:
    raw = read_csv(content if isinstance(content, bytes) else content.encode(), f"{name}.csv")
    return [str(fault).removeprefix(f"{name}.csv") for fault in read_table(raw, TABLES[name]).faults]


def rows_of(content: bytes | str, name: str = "households"):
    raw = read_csv(content if isinstance(content, bytes) else content.encode(), f"{name}.csv")
    table = read_table(raw, TABLES[name])
    assert table.faults == []
    return [(row.number, *row.cells.values()) for row in table.rows]


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.rstrip("\n"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        "Members,PHONE,Code , name,note\n4,,H001,钱,x\n5,139, H002 ,孙,\n",
        "code,name,members,phone,,\nH001,钱,4,,,\nH002,孙,5,139,,\n",
        "code,name,members,phone\nH001,钱,4,,\nH002,孙,5,139,,,\n",
        '"code","name","members","phone"\n"H001","钱","4",""\n"H002","孙","5","139"\n',
    ],
)
def test_what_can_mean_one_thing_only_is_read(content):
    assert rows_of(content) == [(2, "H001", "钱", 4, ""), (3, "H002", "孙", 5, "139")]


def test_a_missing_optional_column_is_blank_and_blank_rows_count_but_say_nothing():
    assert rows_of("code,name,members\n\nH001,钱,4\n,,\n  ,,\nH002,孙,5\n") == [(3, "H001", "钱", 4, ""), (6, "H002", "孙", 5, "")]


def test_a_cell_of_several_lines_is_one_cell_and_rows_are_counted_as_a_spreadsheet_does():
    assert rows_of('code,name,members\nH001,"a\r\nb ""c""",4\nH002,孙,5\n')[0] == (2, "H001", 'a\r\nb "c"', 4, "")
    assert rows_of('code,name,members\nH001,"a\r\nb",4\nH002,孙,5\n')[1][0] == 3


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [": The file is empty; its first row must name the columns code, name, members, phone."]),
        (b"\n \n", [", row 1, code: The column “code” is missing; the header has  .",
                    ", row 1, members: The column “members” is missing; the header has  .",
                    ", row 1, name: The column “name” is missing; the header has  ."]),
        ("code,name\nH001,钱\n", [", row 1, members: The column “members” is missing; the header has code, name."]),
        ("code,name,code,members\n", [", row 1, code: The column “code” stands in the header twice."]),
        ("code,name,members\nH001,钱\nH002,孙,5,6\n",
         [", row 2: The row has 2 cells, the header has 3.", ", row 3: The row has 4 cells, the header has 3."]),
        ("code,name,members\n,钱,four\n",
         [", row 2, code: The cell is blank; a code is expected.", ", row 2, members: “four” is not a whole number, such as 4."]),
        ("code,name,members\nH\x001,钱,4\n", [", row 2, code: The cell contains a NUL character, which no text has."]),
    ],
)  # fmt: skip
def test_each_fault_names_its_row_and_column_and_all_are_named(content, expected):
    assert sorted(faults_of(content)) == expected


@pytest.mark.parametrize(
    ("encoding", "looks_like"), [("gbk", "GBK"), ("gb18030", "GBK"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")]
)
def test_another_encoding_is_named_with_what_to_do(encoding, looks_like):
    (fault,) = faults_of(GOOD.encode(encoding))
    assert f"looks like {looks_like}" in fault
    assert "CSV UTF-8" in fault


def test_one_chinese_name_in_gbk_that_is_valid_utf_8_by_chance_is_not_taken_for_a_name():
    (fault,) = faults_of("code,name,members\nH001,钱,4\n".encode("gbk"))
    assert "looks like GBK (first at byte 24, line 2)" in fault
    for name in ("José", "Lǐ", "Müller", "Айгүл", "ئايگۈل", "Ǯ 钱"):
        assert rows_of(f"code,name,members\nH001,{name},4\n")[0][2] == name


def test_a_wrong_quotation_mark_and_a_ten_megabyte_cell_are_faults_and_rows_before_them_are_read():
    for bad, said in (
        ('H002,"孙,5\n', "quotation mark"),
        ('H002,"孙"x,5\n', "quotation mark"),
        (f"H002,{'x' * 10_000_000},5\n", "131,072"),
    ):
        raw = read_csv(f"code,name,members\nH001,钱,4\n{bad}".encode(), "households.csv")
        table = read_table(raw, HOUSEHOLDS)
        assert [row["code"] for row in table.rows] == ["H001"]
        assert said in str(table.faults[0]) and "row 3" in str(table.faults[0])
        assert not table.is_readable


@pytest.mark.parametrize(
    "text", ["1e3", "1,000", "1_000", "12.3456", "-1", "+1", "１２", ".5", "5.", "0x10", "nan", "∞", "12 kg", "=1+1", "'5"]
)
def test_a_weight_is_a_plain_decimal_with_at_most_three_decimals(text):
    header = "id,season,time,grade,gross_kg,tare_kg\n"
    cell = f'"{text}"' if "," in text else text
    (fault,) = faults_of(header + f"w1,2026,2026-08-20T09:30:00+08:00,A,{cell},1\n", "weighings")
    assert fault.startswith(f", row 2, gross_kg: “{text}” is not a weight in kg with at most three decimals")


@pytest.mark.parametrize(
    "text",
    ["20/08/2026", "2026-13-01", "2026-02-30", "2026-8-1x", "20260820", "1026-08-20", "2026-08/20", "２０２６-08-20", "yesterday", ""],
)
def test_a_date_has_its_year_first_and_exists(text):
    with pytest.raises(BadValue, match="2026-08-20"):
        read_day(text)


@pytest.mark.parametrize("text", ["2026-08-20T09:30:00", "2026-08-20", "2026-08-20T25:00:00+08:00", "2026-08-20T09:30:00+25:00",
                                  "2026-08-20T09:30:00+08:00:30", "20260820T093000+0800", "2026-02-30T09:30:00Z"])  # fmt: skip
def test_a_moment_has_its_offset(text):
    with pytest.raises(BadValue, match="offset"):
        read_moment(text)


def test_short_offsets_and_zulu_name_the_same_moment():
    moments = {read_moment(f"2026-08-20T{rest}") for rest in ("09:30:00+08:00", "09:30+08", "09:30:00.000+0800", "01:30:00Z")}
    assert len(moments) == 1


@pytest.mark.parametrize("text", ["1.5", "-1", "1e3", "9999999999", "四"])
def test_a_count_is_a_whole_number(text):
    with pytest.raises(BadValue):
        read_whole(text)


@pytest.mark.parametrize("text", ["1e3", "nan", "inf", "1,5", ""])
def test_a_measure_is_a_plain_number(text):
    with pytest.raises(BadValue):
        read_number(text)


@given(st.text(max_size=20))
def test_guarding_hands_no_formula_to_a_spreadsheet_and_comes_off_again(text):
    shown = guard(text)
    assert shown[:1] not in set("=+-@\t\r\n\0")
    assert unguard(shown) == text


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8), min_size=3, max_size=3), max_size=5
    )
)
def test_what_is_written_is_read_again_cell_by_cell(rows):
    text = "".join(csv_lines(["a", "b", "c"], rows))
    read = read_csv(text.encode(), "x.csv")
    assert read.faults == []
    assert [cells for _, cells in read.rows] == [row for row in rows if any(cell and not cell.isspace() for cell in row)]
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == rows


@given(st.binary(max_size=200))
def test_no_bytes_at_all_end_in_anything_but_rows_and_faults(content):
    table = read_table(read_csv(content, "households.csv"), HOUSEHOLDS)
    assert table.rows or table.faults or b"code" in content
