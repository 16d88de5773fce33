"""Picking seasons: their days, their mode and their tolerance; and, brought in here, their prices and deductions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from plantation.domain.words import SeasonMode
from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.models import Payment, Purchase, Season, Settlement, Weighing
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.master_data import (
    Problems,
    Upserted,
    check_free,
    check_rename,
    check_version,
    code_problems,
    flush,
    raise_first,
    upsert,
)
from plantation.services.money.deductions import add_deduction, list_deductions, remove_deduction
from plantation.services.money.prices import add_price, grades_of, list_prices, remove_price
from plantation.services.money.season_terms import SeasonSettled, settled_refusal
from plantation.units import format_percent

__all__ = [
    "SeasonBackwards",
    "SeasonInUse",
    "SeasonInput",
    "SeasonSettled",
    "SeasonTooLong",
    "ToleranceOutOfRange",
    "WeighedOutside",
    "add_deduction",
    "add_price",
    "change_problems",
    "grades_of",
    "list_deductions",
    "list_prices",
    "list_seasons",
    "load_season",
    "remove_deduction",
    "remove_price",
    "save_season",
    "season_problems",
    "upsert_seasons",
]

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
LONGEST_DAYS = 400


class SeasonBackwards(Refusal, ValueError):
    """The last day lies before the first."""

    template = N_("The last day, %(ends_on)s, is before the first day, %(starts_on)s.")


class SeasonTooLong(Refusal, ValueError):
    """A year typed wrong."""

    template = N_("%(starts_on)s to %(ends_on)s are %(days)s days; a season has at most %(most)s.")


class ToleranceOutOfRange(Refusal, ValueError):
    """A tolerance that is no share of what was weighed."""

    template = N_("The tolerance is %(tolerance_pct)s %%; it must be from 0 to 100 %%.")


class SeasonInUse(Refusal):
    """Slips were given out on these terms."""

    template = N_("Season %(season)s has %(count)s weighings; between pooled and posted it can no longer change.")


class WeighedOutside(Refusal):
    """Fruit was weighed on days that would fall out of the season."""

    template = N_("Fruit was weighed in season %(season)s from %(first)s to %(last)s: these days must stay in it.")


@dataclass(frozen=True, slots=True)
class SeasonInput:
    """A season as somebody typed or sent it; both days belong to it."""

    code: str
    starts_on: dt.date
    ends_on: dt.date
    mode: str
    tolerance_ppm: int = 0


def season_problems(season: SeasonInput) -> Problems:
    """Yield (field, refusal) for everything that is wrong with it.

    >>> day = dt.date(2026, 8, 1)
    >>> [(field, str(refusal)) for field, refusal in season_problems(SeasonInput("2026", day, day.replace(day=2), "x", -1))]
    [('mode', '“x” is not pooled or posted.'), ('tolerance_ppm', 'The tolerance is -0.0001 %; it must be from 0 to 100 %.')]
    >>> [str(refusal) for _, refusal in season_problems(SeasonInput("2026", day.replace(day=2), day, "posted"))]
    ['The last day, 2026-08-01, is before the first day, 2026-08-02.']
    """
    yield from code_problems(season.code)
    if season.ends_on < season.starts_on:
        yield "ends_on", SeasonBackwards(starts_on=season.starts_on, ends_on=season.ends_on)
    elif (days := (season.ends_on - season.starts_on).days + 1) > LONGEST_DAYS:
        yield (
            "ends_on",
            SeasonTooLong(starts_on=season.starts_on, ends_on=season.ends_on, days=days, most=LONGEST_DAYS),
        )
    if season.mode not in set(SeasonMode):
        yield "mode", BadValue(value=season.mode[:40], expected=N_("pooled or posted"))
    if not 0 <= season.tolerance_ppm <= 1_000_000:
        yield "tolerance_ppm", ToleranceOutOfRange(tolerance_pct=format_percent(season.tolerance_ppm))


def list_seasons(desk: Desk) -> Sequence[Season]:
    """All seasons, the latest first: a collective has one or two a year."""
    statement = select(Season).where(Season.collective_id == desk.collective_id)
    return desk.session.scalars(statement.order_by(Season.starts_on.desc(), Season.code.desc())).all()


def load_season(desk: Desk, code: str) -> Season:
    """The season of that code. :raises NotFound: there is none in this collective."""
    found = desk.session.scalar(select(Season).where(Season.collective_id == desk.collective_id, Season.code == code))
    if found is None:
        raise NotFound(what=N_("season"), code=code)
    return found


def save_season(
    desk: Desk,
    *,
    season: Season | None = None,
    code: str,
    starts_on: dt.date,
    ends_on: dt.date,
    mode: str,
    tolerance_ppm: int = 0,
    version: int | None = None,
) -> Season:
    """Create a season, or change `season` if it still is at `version`.

    :raises Refusal: as :func:`season_problems`; CodeTaken; Stale; and once there is fruit or a final settlement
        CodeFixed, SeasonInUse, WeighedOutside, SeasonSettled.
    """
    journal.lock(desk)
    given = SeasonInput(code.strip(), starts_on, ends_on, mode, tolerance_ppm)
    if season is not None:
        check_version(season, version, N_("season"))
    raise_first(season_problems(given))
    check_free(desk, Season, given.code, N_("season"), row=season)
    is_new = season is None
    if season is None:
        season = Season(collective_id=desk.collective_id)
    else:
        named_in = (Weighing.season_id, Purchase.season_id, Payment.season_id, Settlement.season_id)
        check_rename(desk, season, given.code, N_("season"), named_in)
        raise_first(change_problems(desk, season, given))
    season.code, season.mode, season.tolerance_ppm = given.code, str(given.mode), given.tolerance_ppm
    season.starts_on, season.ends_on = given.starts_on, given.ends_on
    if is_new or desk.session.is_modified(season):
        flush(desk, season, N_("season"))
        columns = {name: getattr(season, name) for name in ("starts_on", "ends_on", "mode", "tolerance_ppm")}
        journal.append(desk, [("season", season.code, _describe(season.code, season.id, columns))])
    return season


def change_problems(desk: Desk, stored: Any, wanted: SeasonInput) -> Problems:
    """Yield (field, refusal) where fruit that was weighed, or a final settlement, forbids what `wanted` changes."""
    changed = [name for name in ("starts_on", "ends_on", "mode", "tolerance_ppm")
               if getattr(stored, name) != getattr(wanted, name)]  # fmt: skip
    if not changed:
        return
    settled = settled_refusal(desk, stored)
    if settled is not None:
        yield changed[0], settled
        return
    count, first, last = desk.session.execute(
        select(func.count(), func.min(Weighing.local_date), func.max(Weighing.local_date)).where(
            Weighing.collective_id == desk.collective_id,
            Weighing.season_id == stored.id,
            # A correction may be dated after the season; it does not hold the season's days in place.
            Weighing.local_date.between(stored.starts_on, stored.ends_on),
        )
    ).one()
    if count and "mode" in changed:
        yield "mode", SeasonInUse(season=stored.code, count=count)
    if count and not (wanted.starts_on <= first and last <= wanted.ends_on):
        field = "starts_on" if wanted.starts_on > first else "ends_on"
        yield field, WeighedOutside(season=stored.code, first=first, last=last)


def upsert_seasons(desk: Desk, seasons: Iterable[SeasonInput]) -> Upserted:
    """Create or change many, valid already and each code once; those that say the same are left alone."""
    rows = {
        one.code: {
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "mode": str(one.mode),
            "tolerance_ppm": one.tolerance_ppm,
        }
        for one in seasons
    }
    return upsert(desk, Season, "season", rows, _describe)


def _describe(code: str, row_id: int, columns: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row_id,
        "code": code,
        "starts_on": columns["starts_on"].isoformat(),
        "ends_on": columns["ends_on"].isoformat(),
        "mode": columns["mode"],
        "tolerance_ppm": columns["tolerance_ppm"],
    }
