"""The running sums of a season by day and grade, kept between requests (kept.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Date, cast, func, null, select, union_all
from sqlalchemy.orm import aliased

from plantation.domain.earnings import GradeTotal
from plantation.models import PurchaseLine, Season, Weighing
from plantation.services.desk import Desk
from plantation.services.fruit.kept import Keeper, added, between
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams


@dataclass(frozen=True, slots=True)
class RunningSums:
    """Of a season, by now, over all households.

    `days`: by (local date, grade) how many weighings and grams, a reversal on its own day; `moved`: by (grade, day of the slip,
    day of the reversal) the grams that were taken back; `bought`: by (grade, whether from the pool) grams and fen.
    """

    days: Mapping[tuple[dt.date, str], tuple[int, Grams]] = field(default_factory=dict)
    moved: Mapping[tuple[str, dt.date, dt.date], tuple[Grams]] = field(default_factory=dict)
    bought: Mapping[tuple[str, bool], tuple[Grams, Fen]] = field(default_factory=dict)

    def by_grade(self) -> dict[str, GradeTotal]:
        """Per grade what was weighed and bought: what a pool's provisional shares follow from."""
        lines: dict[str, list[int]] = {}  # weighed, from the pool (grams, fen), directly (grams, fen)
        for (_, grade), (_, grams) in self.days.items():
            lines.setdefault(grade, [0] * 5)[0] += grams
        for (grade, is_pool), (grams, fen) in self.bought.items():
            place = 1 if is_pool else 3
            lines.setdefault(grade, [0] * 5)[place : place + 2] = [grams, fen]
        return {grade: GradeTotal(grade, *line, line[2] + line[4]) for grade, line in sorted(lines.items())}


def _sums_between(desk: Desk, season: Season, after: int, through: int) -> RunningSums:
    earlier = aliased(Weighing)
    by_day = (
        select(Weighing.grade, Weighing.local_date, cast(null(), Date), func.count(), sum_of(Weighing.net_grams))
        .group_by(Weighing.grade, Weighing.local_date)
    )  # fmt: skip
    back = (
        select(Weighing.grade, earlier.local_date, Weighing.local_date, func.count(), sum_of(Weighing.net_grams))
        .join(earlier, (earlier.collective_id == Weighing.collective_id) & (earlier.id == Weighing.reverses_id))
        .where(Weighing.reverses_id.is_not(None))
        .group_by(Weighing.grade, earlier.local_date, Weighing.local_date)
    )
    days: dict[tuple[dt.date, str], tuple[int, Grams]] = {}
    moved: dict[tuple[str, dt.date, dt.date], tuple[Grams]] = {}
    weighed = union_all(*(between(one, Weighing, desk, season, after, through) for one in (by_day, back)))
    for grade, day, taken_back_on, count, grams in desk.session.execute(weighed):
        if taken_back_on is None:
            days[day, grade] = count, grams
        else:
            moved[grade, day, taken_back_on] = (grams,)
    from_pool = PurchaseLine.source_household_id.is_(None)
    lines = select(PurchaseLine.grade, from_pool, sum_of(PurchaseLine.net_grams), sum_of(PurchaseLine.amount_fen)).group_by(
        PurchaseLine.grade, from_pool
    )
    bought: dict[tuple[str, bool], tuple[Grams, Fen]] = {}
    for grade, is_pool, grams, fen in desk.session.execute(between(lines, PurchaseLine, desk, season, after, through)):
        bought[grade, bool(is_pool)] = grams, fen
    return RunningSums(days, moved, bought)


def _follow(desk: Desk, season: Season, before: RunningSums, after: int, through: int) -> RunningSums:
    came = _sums_between(desk, season, after, through)
    return RunningSums(added(before.days, came.days), added(before.moved, came.moved), added(before.bought, came.bought))


# What was weighed and bought in a season by now: one query while nothing came in, else three.
running_sums = Keeper(RunningSums(), _follow)
