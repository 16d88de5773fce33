"""Weighings as the office lists them: page by page, by season, by household, by what was typed; and day by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from plantation.models import Household, Parcel, Plot, Season, Weighing
from plantation.services.desk import Desk
from plantation.services.find import begins
from plantation.services.fruit.running_sums import running_sums
from plantation.services.lookups import the_household, the_season
from plantation.services.pages import Page, paginate

# Who looks for more households than this by one word gets them by walking the slips from the latest on.
MOST_HOUSEHOLDS = 200
# Of so many slips that match, the latest are found sooner by walking than by sorting all of them.
MOST_SORTED = 5_000


def list_weighings(
    desk: Desk,
    *,
    season: Season | str | None = None,
    household: Household | str | None = None,
    search: str = "",
    page: int = 1,
) -> Page:
    """Weighings, the latest first. A row has all columns of a weighing, and `season`, `household` (codes),
    `household_name`, `plot`, `parcel`, `reversed_by` (the slip that took it back, or None).

    `search` looks for the beginning of a slip number or household code, or for a part of a household's name.
    """
    season = None if season is None else the_season(desk, season)
    conditions: list[ColumnElement[bool]] = [Weighing.collective_id == desk.collective_id]
    if season is not None:
        conditions.append(Weighing.season_id == season.id)
    if household is not None:
        conditions.append(Weighing.household_id == the_household(desk, household).id)
    text, is_few = search.strip(), False
    looked = _Looked(desk, text) if text else None
    if looked is None and household is None:
        total = _count_all(desk, season)
    else:
        found = conditions if looked is None else [*conditions, looked.through_indexes()]
        total = desk.session.scalar(select(func.count()).select_from(Weighing).where(*found)) or 0
    if looked is not None:
        is_few = total <= MOST_SORTED and not looked.is_many
        conditions.append(looked.through_indexes() if is_few else looked.while_walking())
    # Sorted are the entries and not the rows: those are read, with all that they name, for one page only, and in no order, for else
    # SQLite would walk all slips by time to find them.
    # Few are found by an index of their own; the time in an expression, so that SQLite does not walk all slips by time for them either.
    weighed_at = func.coalesce(Weighing.weighed_at, Weighing.weighed_at) if is_few else Weighing.weighed_at
    latest_first = (weighed_at.desc(), Weighing.entry.desc())
    found = paginate(desk.session, select(Weighing.entry).where(*conditions).order_by(*latest_first), page, total=total)
    rows = desk.session.execute(_rows(desk).where(Weighing.collective_id == desk.collective_id, Weighing.entry.in_(found.rows)))
    places = {entry: place for place, entry in enumerate(found.rows)}
    return replace(found, rows=sorted(rows, key=lambda row: places[row.entry]))


def _rows(desk: Desk) -> Any:
    reversal = (
        select(Weighing.reverses_id, Weighing.slip)
        .where(Weighing.collective_id == desk.collective_id, Weighing.reverses_id.is_not(None))
        .subquery()
    )
    return (
        select(
            *Weighing.__table__.columns,
            Season.code.label("season"),
            Household.code.label("household"),
            Household.name.label("household_name"),
            Plot.code.label("plot"),
            Parcel.code.label("parcel"),
            reversal.c.slip.label("reversed_by"),
        )
        .select_from(Weighing)
        .outerjoin(Season, (Season.collective_id == Weighing.collective_id) & (Season.id == Weighing.season_id))
        .outerjoin(Household, (Household.collective_id == Weighing.collective_id) & (Household.id == Weighing.household_id))
        .outerjoin(Plot, (Plot.collective_id == Weighing.collective_id) & (Plot.id == Weighing.plot_id))
        .outerjoin(Parcel, (Parcel.collective_id == Weighing.collective_id) & (Parcel.id == Weighing.parcel_id))
        .outerjoin(reversal, reversal.c.reverses_id == Weighing.id)
    )


class _Looked:
    """What was typed, looked up first: whose households it may be, and whether slips begin so. Three queries.

    The condition comes in two shapes. `through_indexes` finds the few slips of it each by an index, those of households by one that begins with the season; `while_walking` keeps the
    database on the index of the times, for of many slips the latest are met soon.
    """

    def __init__(self, desk: Desk, text: str) -> None:
        self.desk, self.text = desk, text
        meant = or_(begins(desk, Household.code, text), Household.name.icontains(text, autoescape=True))
        self.households = select(Household.id).where(Household.collective_id == desk.collective_id, meant)
        self.ids = list(desk.session.scalars(self.households.limit(MOST_HOUSEHOLDS + 1)))
        slips = exists().where(Weighing.collective_id == desk.collective_id, begins(desk, Weighing.slip, text))
        self.seasons = list(desk.session.scalars(select(Season.id).where(Season.collective_id == desk.collective_id)))
        self.has_slips = bool(desk.session.scalar(select(slips)))

    @property
    def is_many(self) -> bool:
        return len(self.ids) > MOST_HOUSEHOLDS

    def through_indexes(self) -> ColumnElement[bool]:
        return self._either(Weighing.slip, Weighing.household_id, Weighing.season_id.in_(self.seasons))

    def while_walking(self) -> ColumnElement[bool]:
        return self._either(func.coalesce(Weighing.slip, ""), Weighing.household_id + 0)

    def _either(self, slip: Any, household_id: Any, *all_of: ColumnElement[bool]) -> ColumnElement[bool]:
        ways = []
        if self.has_slips:
            ways.append(begins(self.desk, slip, self.text))
        if self.ids:
            ways.append(and_(household_id.in_(self.households if self.is_many else self.ids), *all_of))
        # Each with the collective: SQLite joins two indexes only where each has all that it needs.
        return or_(*(and_(Weighing.collective_id == self.desk.collective_id, way) for way in ways)) if ways else false()


def _count_all(desk: Desk, season: Season | None) -> int:
    seasons = [season] if season is not None else desk.session.scalars(select(Season).where(Season.collective_id == desk.collective_id))
    return sum(count for one in seasons for count, _ in running_sums(desk, one).days.values())


class DayTotal(NamedTuple):
    """One day's weighings of one grade, reversals counted off."""

    local_date: dt.date
    grade: str
    weighings: int
    net_grams: int


def day_totals(desk: Desk, season: Season | str) -> list[DayTotal]:
    """Per day and grade how many weighings and how much, by day and grade."""
    return [DayTotal(*key, *line) for key, line in sorted(running_sums(desk, the_season(desk, season)).days.items())]
