"""A played season in figures: what the demo prints and its tests hold against the village's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from plantation.domain import village
from plantation.models import Earnings, Household, Parcel, Payment, Weighing
from plantation.services.desk import Desk
from plantation.services.money.seasons import load_season
from plantation.services.money.settlements import latest_settlement
from plantation.services.sums import sum_of
from plantation.units import dm2_to_millimu, half_up


class SeasonSummary(NamedTuple):
    """A played season in figures. `gross_of_10_mu_fen`: what 10 mu brought on the average of all the land."""

    weighings: int
    net_grams: int
    kg_per_mu: int
    gross_fen: int
    gross_of_10_mu_fen: int
    deductions_fen: int
    picking_fen: int
    net_fen: int
    paid_fen: int


def summarise_season(desk: Desk, code: str) -> SeasonSummary:
    """The sums of a settled season, from what was frozen, weighed and paid."""
    season = load_season(desk, code)

    def total(column, *where):
        return func.coalesce(select(sum_of(column)).where(*where).scalar_subquery(), 0)

    record = latest_settlement(desk, season)
    frozen = (Earnings.collective_id == desk.collective_id, Earnings.settlement_id == record.id)
    weighed = (Weighing.collective_id == desk.collective_id, Weighing.season_id == season.id)
    paid = (Payment.collective_id == desk.collective_id, Payment.season_id == season.id)
    land = (Parcel.collective_id == desk.collective_id, Parcel.household_id.is_not(None))
    count, grams, gross, taken, picking, net, paid_fen, area_dm2 = desk.session.execute(
        select(
            select(func.count()).where(*weighed).scalar_subquery(),
            total(Earnings.net_grams, *frozen),
            total(Earnings.gross_fen, *frozen),
            total(Earnings.deductions_fen, *frozen),
            total(Earnings.picking_fen, *frozen),
            total(Earnings.net_fen, *frozen),
            total(Payment.amount_fen, *paid),
            total(Parcel.area_dm2, *land),
        )
    ).one()
    millimu = dm2_to_millimu(area_dm2)
    return SeasonSummary(
        count,
        grams,
        half_up(grams, millimu),
        gross,
        half_up(gross * village.ENTITLEMENT_MILLIMU, millimu),
        taken,
        picking,
        net,
        paid_fen,
    )


def earnings_table(desk: Desk, seasons: Sequence[str]) -> Iterator[tuple]:
    """(season, household, net grams, gross, deductions, picking, net, paid in fen) of every household that has any."""
    for code in seasons:
        season = load_season(desk, code)
        record = latest_settlement(desk, season)
        paid = (
            select(Payment.household_id, sum_of(Payment.amount_fen).label("fen"))
            .where(Payment.collective_id == desk.collective_id, Payment.season_id == season.id)
            .group_by(Payment.household_id)
            .subquery()
        )
        rows = desk.session.execute(
            select(
                Household.code, Earnings.net_grams, Earnings.gross_fen, Earnings.deductions_fen, Earnings.picking_fen,
                Earnings.net_fen, func.coalesce(paid.c.fen, 0),
            )
            .join(Household, (Household.collective_id == Earnings.collective_id) & (Household.id == Earnings.household_id))
            .outerjoin(paid, paid.c.household_id == Earnings.household_id)
            .where(Earnings.collective_id == desk.collective_id, Earnings.settlement_id == record.id)
            .order_by(Household.code)
        )  # fmt: skip
        yield from ((code, *row) for row in rows)
