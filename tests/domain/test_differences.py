"""Differences are remembered by their digest: an answer of last year must hold after this program was changed."""

from __future__ import annotations

import datetime as dt

from plantation.domain.clocks import OddDay, wrong_clock
from plantation.domain.series import Series, odd_series

DAY = dt.date(2026, 9, 1)


def test_the_digest_of_a_difference_with_dates_stays_what_it_was():
    tare, rounds = odd_series(Series("Wu", DAY, 25, 24, 1_200, 1_200, 600_000, 300_000))
    clock = wrong_clock(OddDay("phone 1", DAY, dt.date(2026, 9, 9), 2, 48_200, 24_100))
    assert [one.digest[:16] for one in (tare, rounds, clock)] == ["15ac88560dc1a4a3", "0d7c3113c14b562a", "8099d5a253b6cd1c"]
    assert clock.figures["came"] == dt.date(2026, 9, 9)
