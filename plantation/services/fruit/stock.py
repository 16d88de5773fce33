"""Stock: what was weighed less what was purchased, by grade and by the day on which it was picked.

The sums by grade and day are kept between requests (running_sums.py); they grow with the days of a season, not with its weighings.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import aliased

from plantation.domain.stock import Picked, Sold, StockLine, age_stock
from plantation.models import Household, PurchaseLine, Season, Weighing, WeighingShare
from plantation.services.desk import Desk
from plantation.services.fruit.running_sums import running_sums
from plantation.services.lookups import the_season
from plantation.services.sums import sum_of


def stock(desk: Desk, season: Season | str) -> list[StockLine]:
    """What is there of each grade, by grade, with the days on which it was picked."""
    season = the_season(desk, season)
    sold = _sold(desk, season.id)
    sources = {one.household for one in sold if one.household is not None}
    return age_stock(_picked(desk, season, sources), sold)


def _sold(desk: Desk, season_id: int) -> list[Sold]:
    line = PurchaseLine
    rows = desk.session.execute(
        select(line.grade, Household.code, sum_of(line.net_grams))
        .outerjoin(Household, (Household.collective_id == line.collective_id) & (Household.id == line.source_household_id))
        .where(line.collective_id == desk.collective_id, line.season_id == season_id)
        .group_by(line.grade, Household.code)
    )
    return [Sold(*row) for row in rows]


def _picked(desk: Desk, season: Season, sources: set[str]) -> Iterator[Picked]:
    """The season's fruit by grade and day; that of `sources`, household codes, apart. A reversal counts on the day of the slip
    that it takes back."""
    sums = running_sums(desk, season)
    for (day, grade), (_, grams) in sums.days.items():
        yield Picked(grade, day, None, grams)
    for (grade, picked_on, taken_back_on), (grams,) in sums.moved.items():
        yield Picked(grade, picked_on, None, grams)
        yield Picked(grade, taken_back_on, None, -grams)
    if sources:
        for grade, day, household, grams in desk.session.execute(_of_sources(desk, season.id, sources)):
            yield Picked(grade, day, household, grams)
            yield Picked(grade, day, None, -grams)


def _of_sources(desk: Desk, season_id: int, sources: set[str]) -> Select:
    """The same of some households, with their shares of whole plots."""
    earlier = aliased(Weighing)
    day = func.coalesce(earlier.local_date, Weighing.local_date).label("day")
    taken_back = (earlier.collective_id == Weighing.collective_id) & (earlier.id == Weighing.reverses_id)
    of_slip = (WeighingShare.collective_id == Weighing.collective_id) & (WeighingShare.weighing_id == Weighing.id)
    own = select(Weighing.grade, day, Weighing.household_id, Weighing.net_grams)
    shared = select(Weighing.grade, day, WeighingShare.household_id, WeighingShare.net_grams).join(WeighingShare, of_slip)
    mine = (Weighing.collective_id == desk.collective_id, Weighing.season_id == season_id)
    whose = select(Household.id).where(Household.collective_id == desk.collective_id, Household.code.in_(sorted(sources)))
    parts = union_all(
        own.outerjoin(earlier, taken_back).where(*mine, Weighing.household_id.in_(whose)),
        shared.outerjoin(earlier, taken_back).where(*mine, WeighingShare.household_id.in_(whose)),
    ).subquery()
    return (
        select(parts.c.grade, parts.c.day, Household.code, sum_of(parts.c.net_grams))
        .join(Household, (Household.collective_id == desk.collective_id) & (Household.id == parts.c.household_id))
        .group_by(parts.c.grade, parts.c.day, Household.code)
    )
