"""Picking seasons: their days, and when one is over.

The contract: a season is over once its last day has passed in the collective's own time zone. Nothing here asks
a clock: the instant is given.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from plantation.errors import N_, Refusal


class SeasonDatesReversed(Refusal, ValueError):
    """The last day lies before the first."""

    template = N_("A season cannot end on %(ends_on)s when it begins on %(starts_on)s.")


class SeasonOpen(Refusal):
    """Something that must wait for the end of the season."""

    template = N_("Season %(season)s runs until %(last_day)s; it can be settled finally from the day after.")


class OutsideSeason(Refusal, ValueError):
    """A day that belongs to another season, or to none."""

    template = N_("%(day)s is outside season %(season)s, which runs from %(starts_on)s to %(ends_on)s.")


def local_date(instant: datetime, zone: tzinfo) -> date:
    """The calendar day of `instant` in `zone`, the collective's business time zone.

    >>> from datetime import UTC
    >>> from zoneinfo import ZoneInfo
    >>> local_date(datetime(2026, 8, 31, 16, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    datetime.date(2026, 9, 1)

    :raises ValueError: an instant without an offset: it names no moment.
    """
    if instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} has no offset from UTC")
    return instant.astimezone(zone).date()


def check_dates(starts_on: date, ends_on: date) -> None:
    """Pass when the season has at least one day.

    >>> check_dates(date(2026, 8, 1), date(2026, 8, 1))

    :raises SeasonDatesReversed: `ends_on` before `starts_on`.
    """
    if ends_on < starts_on:
        raise SeasonDatesReversed(starts_on=starts_on, ends_on=ends_on)


def check_within(season: str, starts_on: date, ends_on: date, day: date) -> None:
    """Pass when `day`, a local date, is one of the season's days; the first and the last are.

    >>> check_within("2026", date(2026, 8, 1), date(2026, 10, 31), date(2026, 10, 31))

    :raises OutsideSeason: any other day.
    """
    if not starts_on <= day <= ends_on:
        raise OutsideSeason(season=season, day=day, starts_on=starts_on, ends_on=ends_on)


def is_over(ends_on: date, now: datetime, zone: tzinfo) -> bool:
    """Whether the last day has passed in `zone` at the instant `now`.

    >>> from zoneinfo import ZoneInfo
    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> is_over(date(2026, 10, 31), datetime(2026, 10, 31, 23, 59, 59, tzinfo=shanghai), shanghai)
    False
    >>> is_over(date(2026, 10, 31), datetime(2026, 11, 1, tzinfo=shanghai), shanghai)
    True
    """
    return local_date(now, zone) > ends_on


def check_over(season: str, ends_on: date, now: datetime, zone: tzinfo) -> None:
    """Pass when the season is over, so that it may be settled finally.

    >>> from zoneinfo import ZoneInfo
    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> check_over("2026", date(2026, 10, 31), datetime(2026, 11, 1, tzinfo=shanghai), shanghai)

    :raises SeasonOpen: its last day has not passed; the refusal names that day.
    """
    if not is_over(ends_on, now, zone):
        raise SeasonOpen(season=season, last_day=ends_on)
