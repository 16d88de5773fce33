"""What the three-way match is gathered from: a query a rule, however many slips there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, case, cast, func, select
from sqlalchemy.orm import aliased

from plantation.domain import differences as rules
from plantation.domain.differences import Difference, GradeWeights, Series
from plantation.domain.seasons import is_over
from plantation.models import (
    Household,
    Parcel,
    Plot,
    Price,
    Purchase,
    PurchaseLine,
    Season,
    Weighing,
)
from plantation.services.desk import Desk
from plantation.services.fruit.running_sums import RunningSums
from plantation.services.fruit.season_figures import grams_by_household
from plantation.services.fruit.seconds import seconds_between
from plantation.services.land.yields import yields_of
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams, half_up

# Of one kind so many are listed, the largest first: who has more of them has another problem.
MOST = 200


def _taken_back(desk: Desk, season: Season) -> Any:
    """The entries of slips that were taken back: few, and found through an index of the reversals alone."""
    earlier, back = aliased(Weighing), aliased(Weighing)
    return (
        select(earlier.entry)
        .join(back, (back.collective_id == earlier.collective_id) & (back.reverses_id == earlier.id))
        .where(back.collective_id == desk.collective_id, back.season_id == season.id, back.reverses_id.is_not(None))
    )


def _standing(desk: Desk, season: Season) -> tuple[Any, ...]:
    """Conditions for slips that were not taken back and take nothing back."""
    return (
        Weighing.collective_id == desk.collective_id, Weighing.season_id == season.id, Weighing.reverses_id.is_(None),
        Weighing.entry.not_in(_taken_back(desk, season)),
    )  # fmt: skip


def mean_price(weights: list[GradeWeights]) -> Fen:
    grams = sum(one.weighed_grams for one in weights)
    return half_up(sum(one.weighed_grams * one.price_fen_per_kg for one in weights), grams) if grams > 0 else 0


def grade_weights(desk: Desk, season: Season, sums: RunningSums) -> list[GradeWeights]:
    """Grade by grade what the scale and the buyers say, with what a kilogram brought, or what was posted last where none was sold."""
    posted = dict(
        desk.session.execute(
            select(Price.grade, Price.price_fen_per_kg)
            .where(Price.collective_id == desk.collective_id, Price.season_id == season.id)
            .order_by(Price.valid_from)
        ).all()
    )
    weights = []
    for total in sums.by_grade().values():
        grams = total.pool_bought_grams + total.direct_grams
        fen = total.pool_revenue_fen + total.direct_revenue_fen
        price = half_up(fen * 1000, grams) if grams > 0 else posted.get(total.grade, 0)
        weights.append(GradeWeights(total.grade, total.weighed_grams, grams, price))
    return weights


def buyers_off(desk: Desk, season: Season, grades: list[GradeWeights]) -> Iterator[Difference]:
    over = is_over(season.ends_on, desk.now, desk.zone)
    for weights in grades:
        found = rules.buyers_difference(weights, season.tolerance_ppm, is_over=over)
        if found is not None:
            yield found


def land_bears(desk: Desk, season: Season, owner: Any) -> Any:
    """(owner, grams) that the land of each bears in the season at most; who has land of unknown age is left out.

    1 mu is 2000/3 m², so dm² × 3 / 200 are thousandths of a mu, and kg per mu are grams per thousandth.
    """
    high = case(
        *((Plot.planted_on <= _years_before(season.ends_on, line.from_years), line.high_kg_per_mu) for line in reversed(yields_of(desk))),
        else_=0,
    )
    statement = (
        select(owner.label("owner"), cast(func.sum(Parcel.area_dm2 * high) * 3 / 200, BigInteger).label("grams"))
        .select_from(Parcel)
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .where(Parcel.collective_id == desk.collective_id, owner.is_not(None))
        .group_by(owner)
        .having(func.count() == func.count(Plot.planted_on))
    )
    return statement.subquery()


def _years_before(day: dt.date, years: int) -> dt.date:
    """The last planting day that is `years` old on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def over_land(desk: Desk, season: Season, price_fen: Fen, bears: Any) -> Iterator[Difference]:
    sums = grams_by_household(desk, season)
    # Who has no land at all bears nothing; who has land of unknown age is not judged.
    landless = ~select(Parcel.id).where(Parcel.collective_id == desk.collective_id, Parcel.household_id == Household.id).exists()
    most = case((bears.c.grams.is_not(None), bears.c.grams), (landless, 0))
    rows = desk.session.execute(
        select(Household.code, sums.c.grams, most)
        .select_from(Household)
        .join(sums, sums.c.household_id == Household.id)
        .outerjoin(bears, bears.c.owner == Household.id)
        .where(Household.collective_id == desk.collective_id, sums.c.grams > most)
        .order_by((sums.c.grams - most).desc(), Household.code)
        .limit(MOST)
    )
    for code, grams, bears_grams in rows:
        found = rules.household_over_land(code, grams, bears_grams, price_fen)
        if found is not None:
            yield found


def over_parcel(desk: Desk, season: Season, bears: Any) -> Iterator[Difference]:
    rows = desk.session.execute(
        select(Weighing.slip, Household.code, Weighing.net_grams, Weighing.amount_fen, bears.c.grams)
        .join(bears, bears.c.owner == Weighing.household_id)
        .join(Household, (Household.collective_id == Weighing.collective_id) & (Household.id == Weighing.household_id))
        .where(*_standing(desk, season), Weighing.net_grams * 1_000_000 > bears.c.grams * rules.SLIP_PPM)
        .order_by(Weighing.net_grams.desc(), Weighing.slip)
        .limit(MOST)
    )
    for row in rows:
        found = rules.slip_over_parcel(*row)
        if found is not None:
            yield found


def seconds_apart(desk: Desk, season: Season) -> Iterator[Difference]:
    """Walks an index that is in this order, so that nothing is sorted and only the pairs that are found are read as rows."""
    earlier = aliased(Weighing)
    order = {"partition_by": Weighing.household_id, "order_by": (Weighing.weighed_at, Weighing.entry)}
    slips = (
        select(
            Weighing.entry, func.lag(Weighing.entry).over(**order).label("before"),
            seconds_between(func.lag(Weighing.weighed_at).over(**order), Weighing.weighed_at).label("seconds"),
        )
        .where(*_standing(desk, season), Weighing.household_id.is_not(None))
        .subquery()
    )  # fmt: skip
    mine = Weighing.collective_id == desk.collective_id
    rows = desk.session.execute(
        select(Household.code, earlier.slip, Weighing.slip, slips.c.seconds, Weighing.net_grams, Weighing.amount_fen)
        .select_from(slips)
        .join(Weighing, mine & (Weighing.entry == slips.c.entry))
        .join(earlier, (earlier.collective_id == desk.collective_id) & (earlier.entry == slips.c.before))
        .join(Household, (Household.collective_id == Weighing.collective_id) & (Household.id == Weighing.household_id))
        .where(slips.c.seconds <= rules.SECONDS)
        .order_by(Weighing.net_grams.desc(), Weighing.slip)
        .limit(MOST)
    )
    for code, before, slip, seconds, grams, fen in rows:
        yield rules.slips_seconds_apart(code, before, slip, round(seconds), grams, fen)


def odd_days(desk: Desk, season: Season) -> Iterator[Difference]:
    is_round = case((Weighing.gross_grams % 1000 == 0, 1), else_=0)
    count = func.count()
    rows = desk.session.execute(
        select(
            Weighing.recorded_by, Weighing.local_date, count, sum_of(is_round), func.min(Weighing.tare_grams),
            func.max(Weighing.tare_grams), sum_of(Weighing.net_grams), sum_of(Weighing.amount_fen),
        )
        .where(*_standing(desk, season))
        .group_by(Weighing.recorded_by, Weighing.local_date)
        .having(count >= rules.SERIES)
        .order_by(Weighing.local_date.desc(), Weighing.recorded_by)
    )  # fmt: skip
    taken = 0
    for row in rows:
        for found in rules.odd_series(Series(*row)):
            taken += 1
            if taken <= MOST:
                yield found


def drifts(desk: Desk, season: Season, sums: RunningSums, prices: dict[str, Fen]) -> Iterator[Difference]:
    days: dict[str, dict[dt.date, list[Grams]]] = {}
    for (day, grade), (_count, grams) in sums.days.items():
        days.setdefault(grade, {}).setdefault(day, [0, 0])[0] += grams
    bought = (
        select(PurchaseLine.grade, Purchase.purchased_on, sum_of(PurchaseLine.net_grams))
        .join(Purchase, (Purchase.collective_id == PurchaseLine.collective_id) & (Purchase.id == PurchaseLine.purchase_id))
        .where(PurchaseLine.collective_id == desk.collective_id, PurchaseLine.season_id == season.id)
        .group_by(PurchaseLine.grade, Purchase.purchased_on)
    )
    for grade, day, grams in desk.session.execute(bought):
        days.setdefault(grade, {}).setdefault(day, [0, 0])[1] += grams
    for grade in sorted(days):
        in_order = [(day, *both) for day, both in sorted(days[grade].items())]
        found = rules.scale_drift(grade, in_order, prices.get(grade, 0), max(season.tolerance_ppm, 10_000))
        if found is not None:
            yield found
