"""Weighings typed from paper, line under line: what a line takes from the one above, lines that say the same, and the sums
to hold against the paper's own."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from plantation.errors import N_, Refusal
from plantation.units import Grams

Value = TypeVar("Value")


class GradeTotal(NamedTuple):
    """What the lines of one grade come to."""

    grade: str
    lines: int
    gross_grams: Grams
    net_grams: Grams


class SumDiffers(Refusal, ValueError):
    """The paper's own sum and the sum of what was typed are not the same: something was misread or left out."""

    template = N_("The paper says %(paper)s, the lines come to %(typed)s.")


def carry_down(values: Iterable[Value | None]) -> list[Value | None]:
    """Each value, and where there is none the one above it; None before the first.

    >>> carry_down([None, "A", None, None, "B", None])
    [None, 'A', 'A', 'A', 'B', 'B']
    >>> carry_down([])
    []
    """
    carried: list[Value | None] = []
    above = None
    for value in values:
        above = above if value is None else value
        carried.append(above)
    return carried


def twins_above(keys: Sequence[Hashable | None]) -> list[int | None]:
    """For each key the place of the first one above that is the same, None where there is none; None is like nothing.

    >>> twins_above(["a", "b", "a", None, None, "a"])
    [None, None, 0, None, None, 0]
    """
    first: dict[Hashable, int] = {}
    found: list[int | None] = []
    for place, key in enumerate(keys):
        found.append(None if key is None else first.get(key))
        if key is not None:
            first.setdefault(key, place)
    return found


def totals_by_grade(lines: Iterable[tuple[str, Grams, Grams]]) -> list[GradeTotal]:
    """The control totals of (grade, gross grams, net grams), by grade.

    >>> totals_by_grade([("B", 10_000, 9_000), ("A", 25_300, 24_100), ("B", 5_000, 4_000)])
    [GradeTotal(grade='A', lines=1, gross_grams=25300, net_grams=24100), GradeTotal(grade='B', lines=2, gross_grams=15000, net_grams=13000)]
    >>> totals_by_grade([])
    []
    """
    sums: dict[str, list[int]] = {}
    for grade, gross_grams, net_grams in lines:
        total = sums.setdefault(grade, [0, 0, 0])
        total[0] += 1
        total[1] += gross_grams
        total[2] += net_grams
    return [GradeTotal(grade, *sums[grade]) for grade in sorted(sums)]
