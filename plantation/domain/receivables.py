"""Receivables: what a buyer owes, by how long it has been due. Payments settle the oldest purchase first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from plantation.domain.conservation import check_conserved
from plantation.units import Fen

LIMITS = (30, 60, 90)


class Aged(NamedTuple):
    """What is open, by days since it fell due; `ahead_fen` is what was paid beyond all purchases."""

    not_due_fen: Fen
    to_30_fen: Fen
    to_60_fen: Fen
    to_90_fen: Fen
    over_90_fen: Fen
    ahead_fen: Fen

    @property
    def open_fen(self) -> Fen:
        """All that is open."""
        return sum(self[:5])

    @property
    def overdue_fen(self) -> Fen:
        """What should have been paid by now."""
        return sum(self[1:5])


def age(bought: Iterable[tuple[dt.date, Fen]], paid_fen: Fen, terms_days: int, today: dt.date) -> Aged:
    """Spread what is open over its ages. `bought`: what was bought on each day, less what was taken back of it.

    Bought for 100 on September 1 and for 50 on October 20, 30 paid, 30 days to pay; on October 31 70 are 30 days over
    their time and 50 not due.

    >>> bought = [(dt.date(2026, 9, 1), 10_000), (dt.date(2026, 10, 20), 5_000)]
    >>> age(bought, 3_000, 30, dt.date(2026, 10, 31))
    Aged(not_due_fen=5000, to_30_fen=7000, to_60_fen=0, to_90_fen=0, over_90_fen=0, ahead_fen=0)
    >>> age([], 500, 30, dt.date(2026, 10, 31)).ahead_fen
    500
    """
    days = sorted((day, fen) for day, fen in bought if fen)
    bought_fen = sum(fen for _, fen in days)
    # A purchase that was taken back on a later day counts off the oldest, as a payment does.
    left = paid_fen - sum(fen for _, fen in days if fen < 0)
    ages = [0] * 5
    for day, fen in days:
        if fen < 0:
            continue
        settled = min(fen, max(left, 0))
        left -= settled
        late = (today - day).days - terms_days
        place = 0 if late <= 0 else 1 + sum(late > limit for limit in LIMITS)
        ages[place] += fen - settled
    aged = Aged(*ages, max(left, 0))
    check_conserved("receivables, fen", bought_fen - paid_fen, aged.open_fen - aged.ahead_fen)
    return aged
