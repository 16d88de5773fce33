"""How a bank wants its batch files: which cells, in which order, between which separators, in which code page."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from plantation.domain.journal import canonical
from plantation.errors import N_, BadValue, Refusal

ENCODINGS = ("gb18030", "gbk", "utf-8")
SEPARATORS = {"comma": ",", "tab": "\t", "bar": "|", "semicolon": ";"}


# Among the words that mean bounced: every other result does. Banks that answer with a number for each cause need it.
ALL_OTHERS = "*"


class BankColumn(StrEnum):
    """What can stand in a cell."""

    NUMBER = "number"
    ACCOUNT = "account"
    HOLDER = "holder"
    AMOUNT = "amount"
    HOUSEHOLD = "household"
    FILE = "file"
    RESULT = "result"
    REASON = "reason"


HEADINGS = {
    BankColumn.NUMBER: "序号", BankColumn.ACCOUNT: "账号", BankColumn.HOLDER: "户名", BankColumn.AMOUNT: "金额",
    BankColumn.HOUSEHOLD: "农户编号", BankColumn.FILE: "批次号", BankColumn.RESULT: "结果", BankColumn.REASON: "原因",
}  # fmt: skip
_ANSWER_ONLY = {BankColumn.RESULT, BankColumn.REASON}


class WordMeansBoth(Refusal):
    """One result, two meanings."""

    field = "bounced_words"
    template = N_("“%(word)s” cannot mean both paid and bounced.")


class LayoutUnfit(Refusal):
    """A layout with which no payment could be made or no answer understood."""

    template = N_("The columns “%(columns)s” will not do: %(why)s")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a bank wants its files. `separator` is a word of SEPARATORS; `paid_words` are the results that mean paid,
    `bounced_words` those that mean that the money came back: a result that is neither is not read."""

    columns: tuple[BankColumn, ...] = (BankColumn.NUMBER, BankColumn.ACCOUNT, BankColumn.HOLDER, BankColumn.AMOUNT)
    answer_columns: tuple[BankColumn, ...] = (
        BankColumn.NUMBER, BankColumn.ACCOUNT, BankColumn.HOLDER, BankColumn.AMOUNT, BankColumn.RESULT, BankColumn.REASON,
    )  # fmt: skip
    separator: str = "comma"
    encoding: str = "gb18030"
    has_header: bool = True
    has_totals: bool = True
    in_fen: bool = False
    paid_words: tuple[str, ...] = ("成功",)
    bounced_words: tuple[str, ...] = ("失败", "退票", "退回", "不成功")


def check_layout(layout: Layout) -> Layout:
    """Pass a layout with which money finds its way and an answer its line.

    :raises LayoutUnfit: a column twice or missing. :raises BadValue: an unknown separator or code page, no word for paid.
    """
    if layout.encoding not in ENCODINGS:
        raise BadValue(value=layout.encoding[:40], expected=N_("a code page: gb18030, gbk or utf-8"))
    if layout.separator not in SEPARATORS:
        raise BadValue(value=layout.separator[:40], expected=N_("a separator: comma, tab, bar or semicolon"))
    if not layout.paid_words or not all(word.strip() for word in layout.paid_words):
        raise BadValue(value="", expected=N_("at least one word with which the bank says that it has paid"))
    if both := set(layout.paid_words) & set(layout.bounced_words):
        raise WordMeansBoth(word=min(both)[:40])
    out, back = set(layout.columns), set(layout.answer_columns)
    for columns, why in (
        (layout.columns, N_("a column stands twice.") if len(out) < len(layout.columns) else ""),
        (layout.answer_columns, N_("a column stands twice.") if len(back) < len(layout.answer_columns) else ""),
        (layout.columns, N_("the file needs account and amount.") if not {BankColumn.ACCOUNT, BankColumn.AMOUNT} <= out else ""),
        (layout.columns, N_("result and reason come from the bank.") if out & _ANSWER_ONLY else ""),
        (layout.answer_columns, N_("the answer needs the result.") if BankColumn.RESULT not in back else ""),
        (layout.answer_columns, N_("the answer needs the number, or account and amount.")
         if BankColumn.NUMBER not in back and not {BankColumn.ACCOUNT, BankColumn.AMOUNT} <= back else ""),
    ):  # fmt: skip
        if why:
            raise LayoutUnfit(columns=", ".join(columns), why=why)
    return layout


def layout_text(layout: Layout) -> str:
    """The layout as canonical JSON, as it is stored.

    >>> layout_of(layout_text(Layout(in_fen=True))) == Layout(in_fen=True)
    True
    """
    plain = {name: [str(one) for one in value] if isinstance(value, tuple) else value for name, value in asdict(layout).items()}
    return canonical(plain).decode()


def layout_of(text: str) -> Layout:
    """The layout of :func:`layout_text`. One that was stored before anybody asked what means bounced has the usual words."""
    read = json.loads(text)
    columns = {name: tuple(BankColumn(word) for word in read.pop(name)) for name in ("columns", "answer_columns")}
    words = {name: tuple(read.pop(name)) for name in ("paid_words", "bounced_words") if name in read}
    return Layout(**columns, **words, **read)
