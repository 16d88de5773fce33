"""Origin: which fruit a buyer got. Of one heap the oldest fruit goes first, so it is a rule and not a memory.

What a household sold in its own name comes from that household's fruit and is set aside before the heap is handed out;
the rest goes out in the order given. No gram is handed out twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import NamedTuple

from plantation.units import Grams


class Delivered(NamedTuple):
    """Fruit of one day from one plot (None: not known); `household_id` is said where it sold in its own name, else None."""

    day: dt.date
    plot_id: int | None
    household_id: int | None
    net_grams: Grams


class Taken(NamedTuple):
    """What took fruit of that day or older: from the household's own, or from the heap where that is None."""

    taker_id: int
    taken_on: dt.date
    household_id: int | None
    net_grams: Grams


def hand_out(
    delivered: Iterable[Delivered], taken: Iterable[Taken], takers: Collection[int]
) -> tuple[dict[tuple[dt.date, int | None], Grams], Grams]:
    """What of the fruit goes to `takers`, by day and plot, and how much of theirs no fruit covers.

    One walk over the fruit and one over what was taken: nothing is looked at twice.

    >>> day = dt.date(2026, 9, 1)
    >>> fruit = [Delivered(day, 1, None, 700), Delivered(day, 2, 8, 500)]
    >>> hand_out(fruit, [Taken(10, day, None, 600), Taken(11, day, 8, 400), Taken(12, day, None, 300)], {12})
    ({(datetime.date(2026, 9, 1), 1): 100, (datetime.date(2026, 9, 1), 2): 100}, 100)
    >>> hand_out([], [], {12})
    ({}, 0)
    """
    cells = sorted(delivered, key=lambda cell: (cell.day, cell.plot_id or 0, cell.household_id or 0))
    left = [cell.net_grams for cell in cells]
    heap = list(range(len(cells)))
    own: dict[int, list[int]] = {}
    for place, cell in enumerate(cells):
        if cell.household_id is not None:
            own.setdefault(cell.household_id, []).append(place)
    begin: dict[int | None, int] = {}  # by source: everything before that place is gone
    found: dict[tuple[dt.date, int | None], Grams] = {}
    missing = 0
    for use in sorted(taken, key=lambda use: use.household_id is None):  # stable: each kind keeps its order
        places = heap if use.household_id is None else own.get(use.household_id, [])
        at = begin.get(use.household_id, 0)
        wanted = use.net_grams
        while at < len(places) and cells[places[at]].day <= use.taken_on:
            cell, grams = cells[places[at]], min(wanted, left[places[at]])
            left[places[at]] -= grams
            wanted -= grams
            if grams and use.taker_id in takers:
                place = (cell.day, cell.plot_id)
                found[place] = found.get(place, 0) + grams
            if left[places[at]]:
                break
            at += 1
        begin[use.household_id] = at
        if use.taker_id in takers:
            missing += wanted
    return found, missing
