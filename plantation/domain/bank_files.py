"""Batch files for banks, written as each bank wants its columns and signs; its answer is read by :mod:`bank_answers`.

The amounts and the control totals are exact. A bank that pays into farmers' cards (一卡通) wants at most two decimals and
knows no other signs than those of its code page: a name that cannot be written in it is refused here, not silently turned
into question marks there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from plantation.domain.bank_layouts import HEADINGS, SEPARATORS, BankColumn, Layout
from plantation.errors import N_, Refusal
from plantation.units import Fen, format_decimal

TOTALS = "合计"


class NotInCodePage(Refusal):
    """A sign that the bank's code page does not have."""

    template = N_(
        "Household %(household)s: the sign “%(sign)s” in “%(text)s” cannot be written in %(encoding)s."
        " Choose UTF-8 or gb18030, or correct the name."
    )


@dataclass(frozen=True, slots=True)
class BankLine:
    """One payment of a file; lines are numbered from 1."""

    number: int
    household: str
    account: str
    holder: str
    amount_fen: Fen


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


def _amount(layout: Layout, fen: Fen) -> str:
    return str(fen) if layout.in_fen else format_decimal(fen, decimals=2)


def _check_signs(layout: Layout, household: str, text: str) -> None:
    for sign in text:
        try:
            sign.encode(layout.encoding)
        except UnicodeEncodeError:
            raise NotInCodePage(household=household, sign=sign, text=text[:40], encoding=layout.encoding) from None
