"""From codes to rows: what a batch of inputs names, looked up in a few queries and not once an input."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select

from plantation.errors import N_, NotFound, Refusal
from plantation.models import Base, Household, Parcel, Plot, Price, Season
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk

Row = TypeVar("Row", bound=Base)


OLDEST = dt.timedelta(days=5 * 366)


class DayWrong(Refusal, ValueError):
    """A wrong clock or a slip of the finger."""


class DayAhead(DayWrong):
    """What has not happened yet cannot be recorded."""

    template = N_("%(day)s lies in the future; today is %(today)s.")


class DayLongAgo(DayWrong):
    """A digit of the year is wrong."""

    template = N_("%(day)s is more than five years ago; today is %(today)s.")


class HeldParcel(NamedTuple):
    """What a weighing needs to know of a parcel; `household_id` is None where nobody holds it."""

    id: int
    code: str
    plot_id: int
    household_id: int | None
    household_code: str | None
    area_dm2: int


def check_day(desk: Desk, day: dt.date) -> None:
    """Pass a day on which something may be said to have happened by somebody who notes it now.

    :raises DayAhead, DayLongAgo: as they say.
    """
    if day > desk.today:
        raise DayAhead(day=day, today=desk.today)
    if day < desk.today - OLDEST:
        raise DayLongAgo(day=day, today=desk.today)


def ids_by_code(desk: Desk, model: Any, codes: Iterable[str | None]) -> dict[str, int]:
    """The ids of the collective's rows of `model` under `codes`; a code that does not exist is left out."""
    found: dict[str, int] = {}
    for chunk in in_chunks({code for code in codes if code}):
        rows = desk.session.execute(select(model.code, model.id).where(model.collective_id == desk.collective_id, model.code.in_(chunk)))
        found.update((code, id_) for code, id_ in rows)
    return found


def codes_by_id(desk: Desk, model: Any) -> dict[int, str]:
    """All the collective's codes of `model`, by id: for master data, which does not grow with the weighings."""
    table = model.__table__.c  # of the table and not of the model: as plain rows, in half the time
    return dict(desk.session.execute(select(table.id, table.code).where(table.collective_id == desk.collective_id)).all())


def seasons_by_code(desk: Desk, codes: Iterable[str]) -> dict[str, Season]:
    """The seasons under `codes`."""
    wanted = {code for code in codes if code}
    rows = desk.session.scalars(select(Season).where(Season.collective_id == desk.collective_id, Season.code.in_(sorted(wanted))))
    return {season.code: season for season in rows}


def price_sheets(desk: Desk, seasons: Iterable[Season]) -> dict[int, list[tuple[str, dt.date, int]]]:
    """Per season id its price sheet: (grade, valid from, fen per kg), by grade and date."""
    sheets: dict[int, list[tuple[str, dt.date, int]]] = {season.id: [] for season in seasons}
    rows = desk.session.execute(
        select(Price.season_id, Price.grade, Price.valid_from, Price.price_fen_per_kg)
        .where(Price.collective_id == desk.collective_id, Price.season_id.in_(sorted(sheets)))
        .order_by(Price.grade, Price.valid_from)
    )
    for season_id, grade, valid_from, price_fen_per_kg in rows:
        sheets[season_id].append((grade, valid_from, price_fen_per_kg))
    return sheets


def parcels_by_code(desk: Desk, codes: Iterable[str | None]) -> dict[str, HeldParcel]:
    """The parcels under `codes`, with who holds them; no outlines."""
    found: dict[str, HeldParcel] = {}
    for chunk in in_chunks({code for code in codes if code}):
        for row in desk.session.execute(_held(desk).where(Parcel.code.in_(chunk))):
            found[row.code] = HeldParcel(*row)
    return found


def parcels_of_plots(desk: Desk, plot_ids: Iterable[int]) -> dict[int, list[HeldParcel]]:
    """Per plot its parcels that a household holds, by code; no outlines."""
    found: dict[int, list[HeldParcel]] = {plot_id: [] for plot_id in plot_ids}
    if not found:
        return found
    statement = _held(desk).where(Parcel.plot_id.in_(sorted(found)), Parcel.household_id.is_not(None))
    for row in desk.session.execute(statement):
        found[row.plot_id].append(HeldParcel(*row))
    for held in found.values():  # not in SQL: databases sort texts differently
        held.sort(key=attrgetter("code"))
    return found


def _held(desk: Desk) -> Any:
    return (
        select(
            Parcel.id,
            Parcel.code,
            Parcel.plot_id,
            Parcel.household_id,
            Household.code.label("household_code"),
            Parcel.area_dm2,
        )
        .outerjoin(
            Household,
            (Household.collective_id == Parcel.collective_id) & (Household.id == Parcel.household_id),
        )
        .where(Parcel.collective_id == desk.collective_id)
    )


def the_season(desk: Desk, season: Season | str) -> Season:
    """The season itself, or the one of that code. :raises NotFound: none."""
    return season if isinstance(season, Season) else _one(desk, Season, N_("season"), season)


def the_household(desk: Desk, household: Household | str) -> Household:
    """The household itself, or the one of that code. :raises NotFound: none."""
    return household if isinstance(household, Household) else _one(desk, Household, N_("household"), household)


def the_plot(desk: Desk, plot: Plot | str) -> Plot:
    """The plot itself, or the one of that code. :raises NotFound: none."""
    return plot if isinstance(plot, Plot) else _one(desk, Plot, N_("plot"), plot)


def _one(desk: Desk, model: type[Row], what: str, code: str) -> Row:
    columns: Any = model
    found = desk.session.scalar(select(model).where(columns.collective_id == desk.collective_id, columns.code == code))
    if found is None:
        raise NotFound(what=what, code=code)
    return found
