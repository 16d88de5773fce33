"""Clocks of devices against ours: a slip's day decides its price, so a day that cannot be is said, and never trusted in silence."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from plantation.domain.differences import Difference
from plantation.domain.words import DifferenceKind
from plantation.units import Fen, Grams

# A device has a signal in the evening, or after a Sunday.
MOST_BEHIND = dt.timedelta(days=2)
# Good clocks are minutes apart.
MOST_AHEAD = dt.timedelta(minutes=5)


class OddDay(NamedTuple):
    """The slips of one device and one day, `day` by its clock, that came on `came` by ours (the first of them)."""

    device: str
    day: dt.date
    came: dt.date
    count: int
    net_grams: Grams
    amount_fen: Fen


def is_odd(late_seconds: Any) -> Any:
    """Whether a slip that came so many seconds after its date (before it, where they are negative) may be of a wrong clock.

    The seconds are a number, and the answer True or False; or a column of a statement, and the answer a condition in it: one rule for both.

    >>> [is_odd(hours * 3_600.0) for hours in (0, 48, 49, -1)]
    [False, False, True, True]
    """
    return (late_seconds > MOST_BEHIND.total_seconds()) | (late_seconds < -MOST_AHEAD.total_seconds())


def wrong_clock(odd: OddDay) -> Difference:
    """A day that somebody has to stand for: the fruit is there, on which day it was weighed is the question.

    >>> wrong_clock(OddDay("phone 1", dt.date(2026, 9, 1), dt.date(2026, 9, 9), 2, 48_200, 24_100)).subject
    'phone 1 2026-09-01'
    """
    figures = {"weigher": odd.device, "day": odd.day, "came": odd.came, "count": odd.count}
    return Difference(DifferenceKind.CLOCK, f"{odd.device} {odd.day}", odd.net_grams, odd.amount_fen, figures)
