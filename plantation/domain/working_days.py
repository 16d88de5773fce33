"""Working days: how long a notice hangs and until when a dispute is answered. Monday to Friday; public holidays
differ from year to year and only make a term longer, so a village that has them adds days."""

from __future__ import annotations

import datetime as dt


def last_working_day(first: dt.date, days: int) -> dt.date:
    """The day on which `days` working days have passed, counting from `first` if that is one itself.

    >>> friday = dt.date(2026, 10, 30)
    >>> last_working_day(friday, 1).isoformat(), last_working_day(friday, 2).isoformat()
    ('2026-10-30', '2026-11-02')
    >>> last_working_day(dt.date(2026, 11, 1), 7).isoformat()  # a Sunday
    '2026-11-10'

    :raises ValueError: fewer than one day.
    """
    if days < 1:
        raise ValueError(f"{days} working days have no last one")
    day, left = first, days
    while True:
        if day.weekday() < 5:
            left -= 1
            if left == 0:
                return day
        day += dt.timedelta(days=1)
