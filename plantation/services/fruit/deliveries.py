"""What each household delivered in a season, kept between requests (kept.py): own slips and shares of plots' slips."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, union_all

from plantation.models import Season, Weighing, WeighingShare
from plantation.services.desk import Desk
from plantation.services.fruit.kept import Keeper, between
from plantation.services.sums import sum_of
from plantation.units import Grams


def _follow(desk: Desk, season: Season, before: Mapping[int, Grams], after: int, through: int) -> Mapping[int, Grams]:
    statement = union_all(*(
        between(
            select(table.household_id, sum_of(table.net_grams)).where(table.household_id.is_not(None)).group_by(table.household_id),
            table, desk, season, after, through,
        )
        for table in (Weighing, WeighingShare)
    ))  # fmt: skip
    sums = dict(before)
    for household_id, grams in desk.session.execute(statement):
        sums[household_id] = sums.get(household_id, 0) + grams
    return sums


# Grams by household (its id), what was taken back taken off.
delivered_grams: Keeper[Mapping[int, Grams]] = Keeper({}, _follow)
