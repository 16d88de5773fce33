"""Batch files for banks: written as each bank wants its columns and signs, and read back with the bank's answer.

The amounts and the control totals are exact. A bank that pays into farmers' cards (一卡通) wants at most two decimals and
knows no other signs than those of its code page: a name that cannot be written in it is refused here, not silently turned
into question marks there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plantation.domain.bank_layouts import HEADINGS, SEPARATORS, BankColumn, Layout
from plantation.errors import N_, BadValue, Refusal
from plantation.units import Fen, format_decimal, format_yuan, parse_yuan

TOTALS = "合计"


class NotInCodePage(Refusal):
    """A sign that the bank's code page does not have."""

    template = N_(
        "Household %(household)s: the sign “%(sign)s” in “%(text)s” cannot be written in %(encoding)s."
        " Choose UTF-8 or gb18030, or correct the name."
    )


class AnswerUnreadable(Refusal):
    """Bytes that are no text in the bank's code page."""

    template = N_("The file is no text in %(encoding)s (at byte %(place)s). Is it this bank's answer?")


class AnswerRowWrong(Refusal):
    """A row that does not have the cells it should have."""

    template = N_("Row %(row)s: %(why)s")


class TotalsDiffer(Refusal):
    """The control line says another count or sum than the rows."""

    template = N_("The last line says %(said_count)s rows and %(said_yuan)s yuan; the rows are %(count)s with %(yuan)s yuan.")


@dataclass(frozen=True, slots=True)
class BankLine:
    """One payment of a file; lines are numbered from 1."""

    number: int
    household: str
    account: str
    holder: str
    amount_fen: Fen


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What a bank says of a line. What its layout has no column for is None. `row` is the row of the answer's file."""

    row: int
    number: int | None
    account: str | None
    amount_fen: Fen | None
    is_paid: bool
    text: str


def write_file(layout: Layout, code: str, lines: Sequence[BankLine]) -> bytes:
    """The batch file of `lines`, the same bytes each time.

    >>> lines = [BankLine(1, "H001", "6217001234567890", "钱建国", 130_000), BankLine(2, "H002", "6217000987654321", "孙*", 5)]
    >>> print(write_file(Layout(encoding="utf-8"), "2026-B001", lines).decode().replace("\\r", ""), end="")
    序号,账号,户名,金额
    1,6217001234567890,钱建国,1300.00
    2,6217000987654321,孙*,0.05
    合计,2,1300.05

    :raises NotInCodePage: a text that cannot be written.
    """
    rows: list[Sequence[str]] = []
    if layout.has_header:
        rows.append([HEADINGS[column] for column in layout.columns])
    for line in lines:
        cells = {
            BankColumn.NUMBER: str(line.number), BankColumn.ACCOUNT: line.account, BankColumn.HOLDER: line.holder,
            BankColumn.AMOUNT: _amount(layout, line.amount_fen), BankColumn.HOUSEHOLD: line.household, BankColumn.FILE: code,
        }  # fmt: skip
        for text in (line.account, line.holder, line.household):
            _check_signs(layout, line.household, text)
        rows.append([cells[column] for column in layout.columns])
    if layout.has_totals:
        rows.append([TOTALS, str(len(lines)), _amount(layout, sum(line.amount_fen for line in lines))])
    text = io.StringIO()
    csv.writer(text, delimiter=SEPARATORS[layout.separator], lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(layout.encoding)


def read_answer(layout: Layout, data: bytes) -> list[AnswerLine]:
    """What the bank says, row by row.

    >>> answer = "序号,账号,户名,金额,结果,原因\\n1,6217,钱建国,1300.00,成功,\\n2,6218,孙,0.05,失败,账号不存在\\n合计,2,1300.05\\n"
    >>> [(line.number, line.amount_fen, line.is_paid, line.text) for line in read_answer(Layout(encoding="utf-8"), answer.encode())]
    [(1, 130000, True, '成功'), (2, 5, False, '失败 账号不存在')]

    :raises AnswerUnreadable, AnswerRowWrong, TotalsDiffer: as they say, with row and figures.
    """
    try:
        text = data.decode("utf-8-sig" if layout.encoding == "utf-8" else layout.encoding)
    except UnicodeDecodeError as error:
        raise AnswerUnreadable(encoding=layout.encoding, place=error.start) from error
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter=SEPARATORS[layout.separator], strict=True))
    except csv.Error as error:
        raise AnswerRowWrong(row="–", why=str(error)) from error
    rows = [(number, [cell.strip() for cell in row]) for number, row in enumerate(read, 1)]
    rows = [(number, row) for number, row in rows if any(row)]
    if layout.has_header:
        rows = rows[1:]
    totals = rows.pop()[1] if rows and rows[-1][1][0] == TOTALS else None
    lines = [_answer_line(layout, number, row) for number, row in rows]
    if totals is not None:
        _check_totals(layout, totals, lines)
    return lines


def _answer_line(layout: Layout, row: int, cells: list[str]) -> AnswerLine:
    if len(cells) < len(layout.answer_columns):
        raise AnswerRowWrong(row=row, why=N_("there are cells missing."))
    found = dict(zip(layout.answer_columns, cells, strict=False))
    number = found.get(BankColumn.NUMBER)
    if number is not None and not (number.isascii() and number.isdigit() and len(number) < 10):
        raise AnswerRowWrong(row=row, why=N_("the number is none."))
    amount_fen = None
    if BankColumn.AMOUNT in found:
        try:
            amount_fen = _read_amount(layout, found[BankColumn.AMOUNT])
        except Refusal as refusal:
            raise AnswerRowWrong(row=row, why=N_("the amount is none.")) from refusal
    result = found[BankColumn.RESULT]
    if not result:
        raise AnswerRowWrong(row=row, why=N_("the result is empty."))
    return AnswerLine(
        row=row, number=int(number) if number else None, account=found.get(BankColumn.ACCOUNT), amount_fen=amount_fen,
        is_paid=result in layout.paid_words, text=f"{result} {found.get(BankColumn.REASON, '')}".strip()[:1000],
    )  # fmt: skip


def _check_totals(layout: Layout, cells: list[str], lines: Iterable[AnswerLine]) -> None:
    lines = list(lines)
    known = [line.amount_fen for line in lines if line.amount_fen is not None]
    if len(cells) < 3 or (known and len(known) < len(lines)):
        return
    try:
        said_count, said_fen = int(cells[1]), _read_amount(layout, cells[2])
    except ValueError as error:
        raise AnswerRowWrong(row=TOTALS, why=N_("the totals are none.")) from error
    if said_count != len(lines) or (known and said_fen != sum(known)):
        raise TotalsDiffer(said_count=said_count, said_yuan=format_yuan(said_fen), count=len(lines), yuan=format_yuan(sum(known)))


def _amount(layout: Layout, fen: Fen) -> str:
    return str(fen) if layout.in_fen else format_decimal(fen, decimals=2)


def _read_amount(layout: Layout, text: str) -> Fen:
    if layout.in_fen:
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise BadValue(value=text[:40], expected=N_("an amount in fen"))
        return int(text)
    return parse_yuan(text.replace(",", ""))


def _check_signs(layout: Layout, household: str, text: str) -> None:
    for sign in text:
        try:
            sign.encode(layout.encoding)
        except UnicodeEncodeError:
            raise NotInCodePage(household=household, sign=sign, text=text[:40], encoding=layout.encoding) from None
