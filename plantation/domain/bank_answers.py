"""A bank's answer to a batch file, read row by row.

What came back is seldom what the bank wrote: a spreadsheet program had it in between. Other code pages and separators are
recognised; what such a program cut off is said, not guessed. A result that nobody has explained is refused: money that
is still on its way must not be taken for money that came back, or it is paid twice.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plantation.domain.bank_files import TOTALS
from plantation.domain.bank_layouts import ALL_OTHERS, SEPARATORS, BankColumn, Layout
from plantation.errors import N_, BadValue, Refusal
from plantation.units import Fen, format_yuan, parse_yuan

Row = tuple[int, list[str]]


class AnswerUnreadable(Refusal):
    """Bytes that are no text in the bank's code page."""

    template = N_("The file is no text in %(encoding)s (at byte %(place)s). Is it this bank's answer?")


class AnswerIsWorkbook(Refusal):
    """A file of a spreadsheet program."""

    template = N_("The file is a workbook of a spreadsheet program. Give the text file as the bank made it, or save the sheet as CSV.")


class AnswerRowWrong(Refusal):
    """A row that does not have the cells it should have."""

    template = N_("Row %(row)s: %(why)s")


class AnswerCut(Refusal):
    """A spreadsheet program keeps fifteen digits of a number."""

    template = N_(
        "Row %(row)s: “%(account)s” is an account that a spreadsheet program has cut. Give the file as the bank made it, not saved again."
    )


class ResultUnknown(Refusal):
    """Neither paid nor bounced, as far as anybody has said."""

    field = "bounced_words"
    template = N_(
        "Row %(row)s: the bank says “%(result)s”, and %(more)s other rows the same. Nobody has said what that means. If the money came back,"
        " add it to the words that mean bounced; if it is still on its way, wait for the bank's next answer. Nothing is written."
    )


class TotalsDiffer(Refusal):
    """The control line says another count or sum than the rows."""

    template = N_("The last line says %(said_count)s rows and %(said_yuan)s yuan; the rows are %(count)s with %(yuan)s yuan.")


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What a bank says of a line. What its layout has no column for is None. `row` is the row of the answer's file."""

    row: int
    number: int | None
    account: str | None
    amount_fen: Fen | None
    is_paid: bool
    text: str


def read_answer(layout: Layout, data: bytes, bounced_words: Sequence[str] | None = None) -> list[AnswerLine]:
    """What the bank says, row by row. `bounced_words` stand instead of the layout's, where they are given.

    >>> answer = "序号,账号,户名,金额,结果,原因\\n1,6217,钱建国,1300.00,成功,\\n2,6218,孙,0.05,失败,账号不存在\\n合计,2,1300.05\\n"
    >>> [(line.number, line.amount_fen, line.is_paid, line.text) for line in read_answer(Layout(encoding="utf-8"), answer.encode())]
    [(1, 130000, True, '成功'), (2, 5, False, '失败 账号不存在')]

    A spreadsheet program saved it in another code page, with semicolons:

    >>> read_answer(Layout(encoding="utf-8"), answer.replace(",", ";").encode("gbk"))[1].text
    '失败 账号不存在'

    :raises AnswerUnreadable, AnswerIsWorkbook, AnswerRowWrong, AnswerCut, ResultUnknown, TotalsDiffer: as they say, with row and figures.
    """
    text = _text_of(layout, data)
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator_of(layout, text), strict=True))
    except csv.Error as error:
        raise AnswerRowWrong(row="–", why=str(error)) from error
    rows = [(number, [cell.strip() for cell in row]) for number, row in enumerate(read, 1)]
    rows = [(number, row) for number, row in rows if any(row)]
    if layout.has_header and rows and not _is_line(layout, rows[0][1]):
        rows = rows[1:]
    totals = rows.pop()[1] if rows and rows[-1][1][0] == TOTALS else None
    lines = [_answer_line(layout, number, row) for number, row in rows]
    _check_results(layout, rows, layout.bounced_words if bounced_words is None else bounced_words)
    if totals is not None:
        _check_totals(layout, totals, lines)
    return lines


def _text_of(layout: Layout, data: bytes) -> str:
    """The text in the code page that it is in: letters that make sense in UTF-8 are UTF-8, whatever the bank is said to use."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise AnswerIsWorkbook()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030" if layout.encoding == "utf-8" else layout.encoding]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
    raise AnswerUnreadable(encoding=layout.encoding, place=place)


def _separator_of(layout: Layout, text: str) -> str:
    """The bank's separator, or another one that the first line is full of where it has none of the bank's."""
    first = text.lstrip().partition("\n")[0]
    own = SEPARATORS[layout.separator]
    if own in first:
        return own
    others = [sign for sign in SEPARATORS.values() if first.count(sign) >= len(layout.answer_columns) - 1]
    return others[0] if len(layout.answer_columns) > 1 and others else own


def _is_line(layout: Layout, cells: list[str]) -> bool:
    """Whether a first row is an answer already: it has a number or an amount where headings have words."""
    found = dict(zip(layout.answer_columns, cells, strict=False))
    number, amount = found.get(BankColumn.NUMBER, ""), found.get(BankColumn.AMOUNT, "")
    return number.isdigit() or re.fullmatch(r"[0-9,.]+", amount) is not None


def _check_results(layout: Layout, rows: Sequence[Row], bounced_words: Sequence[str]) -> None:
    if ALL_OTHERS in bounced_words:
        return
    place = layout.answer_columns.index(BankColumn.RESULT)
    known = {*layout.paid_words, *bounced_words}
    unknown = [(number, cells[place]) for number, cells in rows if cells[place] not in known]
    if unknown:
        row, result = unknown[0]
        raise ResultUnknown(row=row, result=result[:40], more=sum(1 for _, one in unknown if one == result) - 1)


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
        row=row, number=int(number) if number else None, account=_read_account(row, found.get(BankColumn.ACCOUNT)), amount_fen=amount_fen,
        is_paid=result in layout.paid_words, text=_plain(f"{result} {found.get(BankColumn.REASON, '')}"),
    )  # fmt: skip


def _plain(text: str) -> str:
    """What a bank says, as it can be shown and stored: PostgreSQL holds no NUL, and nobody sees what turns a line around.

    >>> _plain("失败 户名\\x00不符\\n\u202e")
    '失败 户名 不符'
    """
    return "".join([sign if sign.isprintable() else " " for sign in text]).strip()[:1000]


def _read_account(row: int, text: str | None) -> str | None:
    """The account without blanks and without the mark that keeps a spreadsheet program from cutting it."""
    if text is None:
        return None
    account = text.replace(" ", "").removeprefix("'")
    if re.fullmatch(r"[0-9.]+[eE][+]?[0-9]+", account):
        raise AnswerCut(row=row, account=account[:40])
    return account


def is_cut(account: str, whole: str) -> bool:
    """Whether a spreadsheet program made `account` of `whole`: it keeps fifteen digits and writes noughts behind.

    >>> is_cut("62170000000000000", "62170000000000012"), is_cut("62170000000000100", "62170000000000012")
    (True, False)
    """
    return account != whole and len(account) == len(whole) and account == whole[:15].ljust(len(whole), "0")


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


def _read_amount(layout: Layout, text: str) -> Fen:
    if layout.in_fen:
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise BadValue(value=text[:40], expected=N_("an amount in fen"))
        return int(text)
    return parse_yuan(text.replace(",", ""))
