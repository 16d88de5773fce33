"""One cell of a table: from its text to a value, strictly, and back to text that no spreadsheet takes for a formula."""

from __future__ import annotations

import datetime as dt
import math
import re

from plantation.domain.limits import FIRST_YEAR, LAST_YEAR
from plantation.errors import N_, BadValue
from plantation.units import SquareDecimetres, parse_decimal

_DAY = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)",
    re.ASCII,
)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,400})?", re.ASCII)
# OWASP's list, with the full-width signs that a Chinese spreadsheet reads as well.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n\0＝＋－＠]")


def guard(text: str) -> str:
    """Text for a spreadsheet: what would begin a formula gets an apostrophe in front. :func:`unguard` takes it off.

    >>> guard("=1+1"), guard("'=1"), guard("-"), guard("Ma"), guard("'Ma"), guard("")
    ("'=1+1", "''=1", "'-", 'Ma', "'Ma", '')
    """
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguard(text: str) -> str:
    """The text that :func:`guard` was given; text that it never touched stays.

    >>> [unguard(guard(text)) for text in ("=1+1", "'=1", "''@", "Ma", "'Ma", "'", "")]
    ['=1+1', "'=1", "''@", 'Ma', "'Ma", "'", '']
    """
    return text[1:] if text[:1] == "'" and _DANGEROUS.match(text) else text


def read_code(text: str) -> str:
    """A code, an id or a slip number, without the spaces around it.

    >>> read_code(" H001 ")
    'H001'
    """
    return unguard(text.strip())


def read_text(text: str) -> str:
    """Any text, as it is.

    >>> read_text("'+86 199"), read_text(" two  words ")
    ('+86 199', ' two  words ')
    """
    return unguard(text)


def read_word(text: str) -> str:
    """One of a list of words, in small letters.

    >>> read_word(" Active")
    'active'
    """
    return text.strip().casefold()


def read_whole(text: str) -> int:
    """A whole number that is not negative.

    >>> read_whole("4")
    4

    :raises BadValue: anything else.
    """
    if not _WHOLE.fullmatch(text.strip()):
        raise BadValue(value=text.strip()[:40], expected=N_("a whole number, such as 4"))
    return int(text)


def read_number(text: str) -> float:
    """A measure that is neither money nor weight, such as a bearing or a width.

    >>> read_number("2.5")
    2.5

    :raises BadValue: anything else; no exponent, no thousands mark.
    """
    if not _NUMBER.fullmatch(text.strip()):
        raise BadValue(value=text.strip()[:40], expected=N_("a plain number, such as 2.5"))
    return float(text)


def read_m2(text: str) -> SquareDecimetres:
    """Square metres, to 0.01 m².

    >>> read_m2("6666.67")
    666667

    :raises BadValue: anything else.
    """
    return parse_decimal(text, decimals=2, expected=N_("an area in m² with at most two decimals, such as 6666.67"))


def read_day(text: str) -> dt.date:
    """A date, the year first.

    >>> read_day("2026-08-20") == read_day("2026/8/20")
    True

    :raises BadValue: anything else, and years that no plantation has.
    """
    match = _DAY.fullmatch(text.strip())
    if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        try:
            return dt.date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            pass
    raise BadValue(value=text.strip()[:40], expected=N_("a date such as 2026-08-20"))


def read_moment(text: str) -> dt.datetime:
    """A moment with its offset from UTC, which is kept.

    >>> read_moment("2026-08-20T09:30:00+08:00").isoformat(), read_moment("2026-08-20 01:30Z").isoformat()
    ('2026-08-20T09:30:00+08:00', '2026-08-20T01:30:00+00:00')

    :raises BadValue: anything else; without an offset it would be no moment.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match and FIRST_YEAR <= int(text.strip()[:4]) <= LAST_YEAR:
        offset = match[3] if len(match[3]) != 3 else f"{match[3]}:00"
        try:
            return dt.datetime.fromisoformat(f"{match[1]}T{match[2]}{offset}")
        except ValueError:
            pass
    raise BadValue(value=text.strip()[:40], expected=N_("a time with its offset from UTC, such as 2026-08-20T09:30:00+08:00"))


def cell_text(value: object) -> str:
    """What a person sees in a spreadsheet's cell, as a table file would have it.

    >>> cell_text(10.0), cell_text(0.1 + 0.2), cell_text(1e-7), cell_text("H001"), cell_text(None), cell_text(True)
    ('10', '0.3', '0.0000001', 'H001', '', 'true')
    >>> cell_text(dt.date(2026, 8, 20)), cell_text(dt.datetime(2026, 8, 20)), cell_text(dt.datetime(2026, 8, 20, 9, 30))
    ('2026-08-20', '2026-08-20', '2026-08-20T09:30:00')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if math.isfinite(value):
            # A spreadsheet shows 15 digits of the 17 that it stores.
            return f"{float(f'{value:.15g}'):.15f}".rstrip("0").rstrip(".") if abs(value) < 1 else _plain(value)
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def _plain(value: float) -> str:
    digits = f"{value:.15g}"
    return f"{float(digits):.0f}" if "e" in digits else digits
