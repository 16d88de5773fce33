"""Stock: what of each grade is still there, and how old it is. Of one heap the oldest fruit is sold first.

Fruit that a household sold in its own name is that household's own, its oldest first; the rest of what was sold comes
from all that is left. So what is in stock is what no lot has taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from plantation.domain.conservation import check_conserved
from plantation.units import Grams

# The ages at which a band begins, in days: picked today, 1 to 2 days ago, 3 to 6 days ago, a week or longer.
BANDS = (0, 1, 3, 7)


class Picked(NamedTuple):
    """Fruit of one grade and day; `household` is said where it sold in its own name, else None."""

    grade: str
    day: dt.date
    household: str | None
    net_grams: Grams


class Sold(NamedTuple):
    """What was sold of a grade; `household` is None for the common heap."""

    grade: str
    household: str | None
    net_grams: Grams


@dataclass(frozen=True, slots=True)
class StockLine:
    """One grade: what was weighed, what was sold, and what of it is still there: `days` are (day, grams), the oldest
    first, only those that have any."""

    grade: str
    weighed_grams: Grams
    sold_grams: Grams
    days: tuple[tuple[dt.date, Grams], ...] = ()

    @property
    def left_grams(self) -> Grams:
        """What is left; below zero where more was sold than weighed.

        >>> StockLine("A", 1_000, 400).left_grams
        600
        """
        return self.weighed_grams - self.sold_grams

    def by_age(self, today: dt.date) -> tuple[Grams, ...]:
        """What is there by age, one figure for each of :data:`BANDS`; fruit of tomorrow's date is of today.

        >>> StockLine("A", 9, 0, ((dt.date(2026, 9, 1), 4), (dt.date(2026, 9, 8), 5))).by_age(dt.date(2026, 9, 9))
        (0, 5, 0, 4)
        """
        sums = [0] * len(BANDS)
        for day, grams in self.days:
            age = max(0, (today - day).days)
            sums[sum(age >= begins for begins in BANDS) - 1] += grams
        return tuple(sums)


def age_stock(picked: Iterable[Picked], sold: Iterable[Sold]) -> list[StockLine]:
    """What is there of each grade, by grade, with the days on which it was picked.

    The grams of the days sum to what is left, or to nothing where more was sold than weighed. A household that sold
    more in its own name than it delivered takes the rest from the heap.

    >>> day, later = dt.date(2026, 9, 1), dt.date(2026, 9, 3)
    >>> fruit = [Picked("A", day, None, 700), Picked("A", day, "H002", 200), Picked("A", later, "H002", 500)]
    >>> [line.days for line in age_stock(fruit, [Sold("A", "H002", 400), Sold("A", None, 600)])]
    [((datetime.date(2026, 9, 1), 100), (datetime.date(2026, 9, 3), 300))]
    >>> age_stock([], [])
    []

    :raises ConservationBroken: a gram was lost or made.
    """
    heaps: dict[str, dict[tuple[dt.date, str], Grams]] = {}
    weighed: dict[str, Grams] = {}
    for grade, day, household, grams in picked:
        heap = heaps.setdefault(grade, {})
        heap[day, household or ""] = heap.get((day, household or ""), 0) + grams
        weighed[grade] = weighed.get(grade, 0) + grams
    wanted: dict[str, dict[str, Grams]] = {}
    for grade, household, grams in sold:
        of_grade = wanted.setdefault(grade, {})
        of_grade[household or ""] = of_grade.get(household or "", 0) + grams
    return [
        _line(grade, weighed.get(grade, 0), heaps.get(grade, {}), wanted.get(grade, {})) for grade in sorted(heaps.keys() | wanted.keys())
    ]


def _line(grade: str, weighed_grams: Grams, heap: dict[tuple[dt.date, str], Grams], wanted: dict[str, Grams]) -> StockLine:
    places = sorted(heap)
    open_grams = wanted.get("", 0)
    for household in sorted(wanted.keys() - {""}):
        own = [place for place in places if place[1] == household]
        open_grams += _take(heap, own, wanted[household])
    missing = _take(heap, places, open_grams)
    days: dict[dt.date, Grams] = {}
    for (day, _), grams in sorted(heap.items()):
        days[day] = days.get(day, 0) + grams
    sold_grams = sum(wanted.values())
    left = tuple((day, grams) for day, grams in days.items() if grams)
    check_conserved(f"stock of grade {grade}, grams", weighed_grams - sold_grams, sum(grams for _, grams in left) - missing)
    return StockLine(grade, weighed_grams, sold_grams, left)


def _take(heap: dict[tuple[dt.date, str], Grams], places: list[tuple[dt.date, str]], wanted: Grams) -> Grams:
    """Take `wanted` from `places` in their order; what was not there."""
    for place in places:
        grams = min(heap[place], wanted)
        heap[place] -= grams
        wanted -= grams
        if not wanted:
            break
    return wanted
