"""What the three-way match is gathered from: sums and slip figures that are kept, and the land, household by household."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import case, func, select

from plantation.domain import differences as rules
from plantation.domain.clocks import wrong_clock
from plantation.domain.differences import Difference, GradeWeights
from plantation.domain.seasons import is_over
from plantation.domain.series import long_series, odd_series
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
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.fruit.deliveries import delivered_grams
from plantation.services.fruit.running_sums import RunningSums
from plantation.services.fruit.slip_figures import DELIVERERS, Deliverer, SlipFigures, delivered_by, standing
from plantation.services.land.yields import yields_of
from plantation.services.sums import sum_of
from plantation.units import WHOLE_PPM, Fen, Grams, half_up

# Of one kind so many are listed, the largest first: who has more of them has another problem.
MOST = 200


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


def mu_bears(desk: Desk, day: dt.date) -> Any:
    """Grams that a thousandth of a mu of a plot bears at most (kg per mu), by the age of its trees on that day: 0 for young ones, nothing
    where nobody knows it."""
    ages = ((Plot.planted_on <= _years_before(day, line.from_years), line.high_kg_per_mu) for line in reversed(yields_of(desk)))
    return case((Plot.planted_on.is_(None), None), *ages, else_=0)


def land_bears(desk: Desk, season: Season, owner: Any) -> dict[int, Grams | None]:
    """By owner (a household or a plot) what its land bears in the season at most; None where some of it is of unknown age.

    1 mu is 2000/3 m², so dm² × 3 / 200 are thousandths of a mu, and kg per mu are grams per thousandth.
    """
    grams = sum_of(Parcel.area_dm2 * mu_bears(desk, season.ends_on)) * 3 // 200
    rows = desk.session.execute(
        select(owner, grams, func.count() == func.count(Plot.planted_on))
        .select_from(Parcel)
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .where(Parcel.collective_id == desk.collective_id, owner.is_not(None))
        .group_by(owner)
    )
    return {id_: grams if is_known else None for id_, grams, is_known in rows}


def _years_before(day: dt.date, years: int) -> dt.date:
    """The last planting day that is `years` old on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def over_land(desk: Desk, season: Season, price_fen: Fen, bears: Mapping[int, Grams | None]) -> Iterator[Difference]:
    """Who delivered more than their land bears. Who has no land at all bears nothing; who has land of unknown age is not judged."""
    delivered = delivered_grams(desk, season)
    more = {id_: (grams, most) for id_, grams in delivered.items() if (most := bears.get(id_, 0)) is not None and grams > most}
    codes = _codes(desk, Household, more)
    for id_ in sorted(more, key=lambda id_: (more[id_][1] - more[id_][0], codes[id_]))[:MOST]:
        found = rules.household_over_land(codes[id_], *more[id_], price_fen)
        if found is not None:
            yield found


def over_parcel(desk: Desk, season: Season, slips: SlipFigures, bears: Mapping[Deliverer, Grams | None]) -> Iterator[Difference]:
    """Slips of more than a part of what the deliverer's land bears: only those of deliverers whose heaviest is one are read."""
    heavy = {
        one: most
        for one, grams in slips.largest.items()
        if (most := bears.get(one)) is not None and grams * WHOLE_PPM > most * rules.SLIP_PPM
    }
    codes = _codes_of(desk, heavy)
    rows = [
        (row.slip, Deliverer(None, row[1]) if place else Deliverer(row[1], None), row.net_grams, row.amount_fen)
        for place, column in enumerate(DELIVERERS)
        for chunk in in_chunks([one for one in heavy if one[place] is not None], 200)
        for row in desk.session.execute(
            select(Weighing.slip, column, Weighing.net_grams, Weighing.amount_fen).where(
                *standing(desk, season),
                *delivered_by(column),
                column.in_([one[place] for one in chunk]),
                _is_over(column, {one[place]: heavy[one] for one in chunk}),
            )
        )
    ]
    for slip, deliverer, grams, fen in sorted(rows, key=lambda row: (-row[2], row[0]))[:MOST]:
        found = rules.slip_over_parcel(slip, codes[deliverer], grams, fen, heavy[deliverer], of_plot=deliverer.household_id is None)
        if found is not None:
            yield found


def _is_over(column: Any, bears: Mapping[int | None, Grams]) -> Any:
    most = case({id_: grams * rules.SLIP_PPM // WHOLE_PPM for id_, grams in bears.items()}, value=column)
    return Weighing.net_grams > most


def seconds_apart(desk: Desk, slips: SlipFigures) -> Iterator[Difference]:
    pairs = [(pair, deliverer) for deliverer, those in slips.pairs.items() for pair in those]
    largest = sorted(pairs, key=lambda one: (-one[0].net_grams, one[0].slip))[:MOST]
    codes = _codes_of(desk, {deliverer for _, deliverer in largest})
    for pair, deliverer in largest:
        yield rules.slips_seconds_apart(codes[deliverer], *pair, of_plot=deliverer.household_id is None)


def odd_days(slips: SlipFigures) -> Iterator[Difference]:
    in_order = sorted(slips.series.values(), key=lambda one: (one.weigher, one.day))
    latest = sorted(long_series(in_order), key=lambda one: (-one.day.toordinal(), one.weigher))
    return islice((found for series in latest for found in odd_series(series)), MOST)


def odd_clocks(slips: SlipFigures) -> Iterator[Difference]:
    latest = sorted(slips.odd_days.values(), key=lambda one: (-one.day.toordinal(), one.device))
    return map(wrong_clock, latest[:MOST])


def _codes_of(desk: Desk, deliverers: Collection[Deliverer]) -> dict[Deliverer, str]:
    """The codes of some households and plots."""
    households = _codes(desk, Household, {one.household_id for one in deliverers if one.household_id is not None})
    plots = _codes(desk, Plot, {one.plot_id for one in deliverers if one.plot_id is not None})
    return {one: plots[one.plot_id] if one.household_id is None else households[one.household_id] for one in deliverers}


def _codes(desk: Desk, model: type[Household | Plot], ids: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in in_chunks(sorted(ids)):
        rows = desk.session.execute(select(model.id, model.code).where(model.collective_id == desk.collective_id, model.id.in_(chunk)))
        found.update((id_, code) for id_, code in rows)
    return found


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
