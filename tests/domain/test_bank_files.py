"""Banks' files as bytes: what is written comes back answered, however it was saved on the way."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plantation.domain.bank_answers import AnswerIsWorkbook, read_answer
from plantation.domain.bank_files import BankLine, NotInCodePage, write_file
from plantation.domain.bank_layouts import BankColumn, Layout, LayoutUnfit, WordMeansBoth, check_layout, layout_of, layout_text
from plantation.errors import BadValue

CARD = "6217001234567890"
ROWS = "序号,账号,户名,金额,结果,原因\r\n1,6217001234567890,钱,1300.00,成功,\r\n2,62170009876543210,孙,0.05,失败,户名不符\r\n合计,2,1300.05\r\n"
SAVED_AGAIN = {
    "in the bank's code page": ROWS.encode("gbk"),
    "in UTF-8": ROWS.encode(),
    "in UTF-8 with a mark": ROWS.encode("utf-8-sig"),
    "in UTF-16, with tabs": ROWS.replace(",", "\t").encode("utf-16"),
    "with semicolons": ROWS.replace(",", ";").encode("gbk"),
    "without headings": ROWS.partition("\r\n")[2].encode("gbk"),
    "with marks before accounts": ROWS.replace(",62", ",'62").encode("gbk"),
    "with empty cells behind": ROWS.replace("\r\n", ",,,\r\n").encode("gbk"),
    "with thousands marks": ROWS.replace("1300.00", '"1,300.00"').encode("gbk"),
    "with bare line ends": ROWS.replace("\r\n", "\n").encode("gbk"),
}


@pytest.mark.parametrize("data", SAVED_AGAIN.values(), ids=SAVED_AGAIN)
@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_an_answer_is_read_however_it_was_saved_on_the_way(data, encoding):
    read = read_answer(Layout(encoding=encoding), data)
    assert [(one.number, one.account, one.amount_fen, one.is_paid, one.text) for one in read] == [
        (1, CARD, 130_000, True, "成功"),
        (2, "62170009876543210", 5, False, "失败 户名不符"),
    ]


def test_a_workbook_is_called_one():
    for start in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        with pytest.raises(AnswerIsWorkbook):
            read_answer(Layout(), start + b"0" * 99)


def test_a_layout_of_before_has_the_usual_words_for_bounced():
    stored = layout_text(Layout()).replace('"bounced_words":["失败","退票","退回","不成功"],', "")
    assert "bounced_words" not in stored and layout_of(stored) == Layout()


def test_a_layout_is_refused_that_cannot_pay_or_be_answered():
    B = BankColumn
    for layout in (
        Layout(columns=(B.ACCOUNT,)), Layout(columns=(B.ACCOUNT, B.AMOUNT, B.AMOUNT)), Layout(columns=(B.ACCOUNT, B.AMOUNT, B.RESULT)),
        Layout(answer_columns=(B.NUMBER,)), Layout(answer_columns=(B.ACCOUNT, B.RESULT)),
    ):  # fmt: skip
        with pytest.raises(LayoutUnfit):
            check_layout(layout)
    for layout in (Layout(encoding="latin-1"), Layout(separator="x"), Layout(paid_words=())):
        with pytest.raises(BadValue):
            check_layout(layout)
    with pytest.raises(WordMeansBoth, match="“成功” cannot mean both"):
        check_layout(Layout(bounced_words=("失败", "成功")))


def test_a_sign_that_the_code_page_lacks_is_named():
    with pytest.raises(NotInCodePage, match="H001: the sign “ئ”"):
        write_file(Layout(encoding="gbk"), "F", [BankLine(1, "H001", CARD, "ئايگۈل", 5)])
    assert write_file(Layout(), "F", [BankLine(1, "H001", CARD, "ئايگۈل", 5)]).decode("gb18030").count("ئايگۈل") == 1


layouts = st.builds(
    Layout,
    columns=st.permutations([BankColumn.NUMBER, BankColumn.ACCOUNT, BankColumn.HOLDER, BankColumn.AMOUNT, BankColumn.FILE]).map(tuple),
    separator=st.sampled_from(["comma", "tab", "bar", "semicolon"]),
    encoding=st.sampled_from(["gb18030", "utf-8"]),
    has_header=st.booleans(), has_totals=st.booleans(), in_fen=st.booleans(),
)  # fmt: skip
names = st.text(st.characters(codec="gb18030", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12).filter(str.strip)


@given(layouts, st.lists(st.tuples(names, st.integers(1, 10**11)), min_size=1, max_size=8), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_file_comes_back_answered_line_by_line_with_every_fen(layout, rows, data):
    lines = [BankLine(n, f"H{n:03d}", str(10**9 + n), name, fen) for n, (name, fen) in enumerate(rows, 1)]
    layout = layout_of(layout_text(layout))
    content = write_file(layout, "2026-B001", lines)
    said = [data.draw(st.booleans()) for _ in lines]
    # The bank gives the same rows back, with its word behind them, and its own totals.
    back = Layout(answer_columns=(*layout.columns, BankColumn.RESULT, BankColumn.REASON), separator=layout.separator,
                  encoding=layout.encoding, has_header=layout.has_header, in_fen=layout.in_fen)  # fmt: skip
    separator = {"comma": ",", "tab": "\t", "bar": "|", "semicolon": ";"}[layout.separator]
    text_rows = content.decode(layout.encoding).split("\r\n")[:-1]
    first = 1 if layout.has_header else 0
    for number, is_paid in enumerate(said):
        text_rows[first + number] += separator + ("成功" if is_paid else "失败") + separator
    read = read_answer(check_layout(back), "\r\n".join(text_rows).encode(layout.encoding))
    assert [(one.number, one.account, one.amount_fen, one.is_paid) for one in read] == [
        (line.number, line.account, line.amount_fen, is_paid) for line, is_paid in zip(lines, said, strict=True)
    ]
