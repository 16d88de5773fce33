"""A time zone as the few lines that a phone needs to tell the day: what it is ahead of UTC, from which moment on."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

STEP = timedelta(hours=12)
LEAST = timedelta(minutes=1)


def utc_offsets(zone: tzinfo, first: datetime, last: datetime) -> list[tuple[datetime, int]]:
    """Moments from which on the clocks of `zone` are so many minutes ahead of UTC; the first is `first`, none is after `last`.

    >>> from datetime import UTC
    >>> from zoneinfo import ZoneInfo
    >>> year = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    >>> [(moment.isoformat(), minutes) for moment, minutes in utc_offsets(ZoneInfo("Asia/Shanghai"), *year)]
    [('2026-01-01T00:00:00+00:00', 480)]
    >>> [(f"{moment:%m-%d %H:%M}", minutes) for moment, minutes in utc_offsets(ZoneInfo("Europe/Paris"), *year)]
    [('01-01 00:00', 60), ('03-29 01:00', 120), ('10-25 01:00', 60)]

    Changes less than twelve hours apart are not told from none; there are none on record since 1970 that matter to a harvest.
    """
    found = [(first, _minutes(zone, first))]
    here = first
    while here < last:
        there = min(here + STEP, last)
        if (minutes := _minutes(zone, there)) != found[-1][1]:
            found.append((_change(zone, here, there), minutes))
        here = there
    return found


def _minutes(zone: tzinfo, moment: datetime) -> int:
    return (moment.astimezone(zone).utcoffset() or timedelta()) // LEAST


def _change(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The minute in which the offset became that of `after`; at `before` it was another."""
    while after - before > LEAST:
        middle = before + (after - before) // 2 // LEAST * LEAST
        if _minutes(zone, middle) == _minutes(zone, after):
            after = middle
        else:
            before = middle
    return after
