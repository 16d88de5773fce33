"""A household's line of a settlement as it is stored: its figures, and its fruit and deductions as canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from plantation.domain.deductions import DeductionLine
from plantation.domain.earnings import FruitLine, HouseholdEarnings
from plantation.domain.journal import canonical


class EarningsLine(NamedTuple):
    """One household's earnings as they are stored; the two last are canonical JSON."""

    household_code: str
    net_grams: int
    gross_fen: int
    deductions_fen: int
    carried_fen: int
    picking_fen: int
    net_fen: int
    fruit: str
    deduction_lines: str


# The six figures of a line, and of the sums over all of them.
FIGURES = EarningsLine._fields[1:7]


def line_of(household: HouseholdEarnings) -> EarningsLine:
    """
    >>> line_of(HouseholdEarnings("H001", 5, 10, 1, 0, 9, 0, (FruitLine("A", 5, 0, 0, 5, 10),), ())).fruit
    '[["A",5,0,0,5,10]]'
    """
    return EarningsLine(*[column[0] for column in columns_of([household])])


def columns_of(households: Sequence[HouseholdEarnings]) -> list[Sequence[Any]]:
    """The lines of `households` in their order, as the nine columns of :class:`EarningsLine`: ten thousand of them become rows of
    the database without being a row here.

    >>> columns_of([])
    [(), (), (), (), (), (), (), [], []]
    """
    columns = list(zip(*households, strict=True)) if households else [()] * len(HouseholdEarnings._fields)
    codes, net_grams, gross_fen, deductions_fen, picking_fen, net_fen, carried_fen, fruit, deductions = columns
    return [codes, net_grams, gross_fen, deductions_fen, carried_fen, picking_fen, net_fen, _fruit(fruit), _deductions(deductions)]


class _Quoted(dict[str, str]):
    """Grades and deduction codes as canonical JSON, each made once."""

    def __missing__(self, code: str) -> str:
        self[code] = text = canonical(code).decode()
        return text


# The same text as canonical() makes, many times faster. Nearly all lines sold nothing directly, and could pay all that was due: of
# those each figure is written once.
def _fruit(column: Iterable[tuple[FruitLine, ...]]) -> list[str]:
    quoted = _Quoted()
    lines = (
        [
            f"[{quoted[grade]},{(kept := str(grams))},0,0,{kept},{fen}]"
            if grams == common_grams and not direct_grams and not direct_fen
            else f"[{quoted[grade]},{grams},{direct_grams},{direct_fen},{common_grams},{fen}]"
            for grade, grams, direct_grams, direct_fen, common_grams, fen in fruit
        ]
        for fruit in column
    )
    return [f"[{','.join(line)}]" for line in lines]


def _deductions(column: Iterable[tuple[DeductionLine, ...]]) -> list[str]:
    quoted = _Quoted()
    lines = (
        [
            f"[{quoted[code]},{(paid := str(due))},{paid},0]"
            if due == taken and not carried
            else f"[{quoted[code]},{due},{taken},{carried}]"
            for code, due, taken, carried in deductions
        ]
        for deductions in column
    )
    return [f"[{','.join(line)}]" for line in lines]


def parse_line(line: EarningsLine) -> HouseholdEarnings:
    """The household's earnings that :func:`line_of` wrote."""
    return HouseholdEarnings(
        household_code=line.household_code,
        net_grams=line.net_grams,
        gross_fen=line.gross_fen,
        deductions_fen=line.deductions_fen,
        picking_fen=line.picking_fen,
        net_fen=line.net_fen,
        carried_fen=line.carried_fen,
        fruit=tuple(FruitLine(*one) for one in json.loads(line.fruit)),
        deductions=tuple(DeductionLine(*one) for one in json.loads(line.deduction_lines)),
    )


def digest_of(lines: Iterable[Sequence[Any]]) -> str:
    """The SHA-256 over all lines, which come by household code, each as a canonical JSON array and a line feed.

    >>> digest_of([])[:8]
    'e3b0c442'
    """
    digest = sha256()
    add_lines(digest, lines)
    return digest.hexdigest()


def add_lines(digest: Any, lines: Iterable[Sequence[Any]]) -> None:
    """Add `lines` to a digest that is under way, as :func:`digest_of`."""
    for code, net, gross, deducted, carried, picking, owed, fruit, deductions in lines:
        digest.update(f"[{_quote(code)},{net},{gross},{deducted},{carried},{picking},{owed},{fruit},{deductions}]\n".encode())


def _quote(code: str) -> str:
    return f'"{code}"' if code.isalnum() else canonical(code).decode()  # what is nothing but letters and digits is written as it is
