"""A season's money in four figures: what buyers owe, what households are owed, what was paid, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from plantation.models import PurchaseLine, Season, Settlement
from plantation.services.desk import Desk
from plantation.services.money.balances import balances
from plantation.services.sums import sum_of
from plantation.units import Fen


class SeasonMoney(NamedTuple):
    """`open_fen` is the sum of the balances above 0, over `open_households`; who owes back is not set off against it."""

    revenue_fen: Fen
    net_fen: Fen
    paid_fen: Fen
    open_fen: Fen
    open_households: int


def season_money(desk: Desk, season: Season) -> SeasonMoney:
    """The figures as they are now; before a final settlement nothing is owed to households."""
    revenue_fen = desk.session.scalar(
        select(sum_of(PurchaseLine.amount_fen)).where(PurchaseLine.collective_id == desk.collective_id, PurchaseLine.season_id == season.id)
    )
    rows = balances(desk, season)
    unpaid = [row.balance_fen for row in rows if row.balance_fen > 0]
    return SeasonMoney(revenue_fen or 0, sum(row.net_fen for row in rows), sum(row.paid_fen for row in rows), sum(unpaid), len(unpaid))


def final_settlements(desk: Desk, season: Season) -> Sequence[Settlement]:
    """The final settlements of a season, by number."""
    return desk.session.scalars(
        select(Settlement)
        .where(Settlement.collective_id == desk.collective_id, Settlement.season_id == season.id)
        .order_by(Settlement.number)
    ).all()
