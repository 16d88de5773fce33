"""A season's money in four figures: what buyers owe, what households are owed, what was paid, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import case, func, or_, select

from plantation.models import PurchaseLine, Season, Settlement
from plantation.services.desk import Desk
from plantation.services.money.balances import owed_and_paid
from plantation.services.sums import sum_of
from plantation.units import Fen


class SeasonMoney(NamedTuple):
    """`open_fen` is the sum of the balances above 0, over `open_households`; who owes back is not set off against it. `households` are
    those with a figure at all."""

    revenue_fen: Fen
    net_fen: Fen
    paid_fen: Fen
    open_fen: Fen
    open_households: int
    households: int


def season_money(desk: Desk, season: Season) -> SeasonMoney:
    """The figures as they are now, added up by the database; before a final settlement nothing is owed to households."""
    mine = (PurchaseLine.collective_id == desk.collective_id, PurchaseLine.season_id == season.id)
    revenue_fen = desk.session.scalar(select(sum_of(PurchaseLine.amount_fen)).where(*mine))
    each = owed_and_paid(desk, season.id)
    net_fen, paid_fen = each.c.net_fen, each.c.paid_fen
    figures = desk.session.execute(
        select(
            sum_of(net_fen), sum_of(paid_fen), sum_of(case((net_fen > paid_fen, net_fen - paid_fen))),
            func.count(case((net_fen > paid_fen, 1))), func.count(case((or_(net_fen != 0, paid_fen != 0), 1))),
        )
    ).one()  # fmt: skip
    return SeasonMoney(revenue_fen or 0, *(figure or 0 for figure in figures))


def final_settlements(desk: Desk, season: Season) -> Sequence[Settlement]:
    """The final settlements of a season, by number."""
    return desk.session.scalars(
        select(Settlement)
        .where(Settlement.collective_id == desk.collective_id, Settlement.season_id == season.id)
        .order_by(Settlement.number)
    ).all()
