"""Balances: what the latest final settlement of a season owes a household, less what it has been paid."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Select, func, select

from plantation.models import Earnings, Household, Payment, Season, Settlement
from plantation.services.desk import Desk
from plantation.services.lookups import the_season
from plantation.services.sums import sum_of
from plantation.units import Fen


class Balance(NamedTuple):
    """A household's figures for a season; `balance_fen` below zero is owed by the household."""

    household: str
    household_name: str
    net_fen: Fen
    paid_fen: Fen
    balance_fen: Fen


def paid_by_household(desk: Desk, season_id: int) -> Select:
    """(household_id, paid_fen) of a season, for joining."""
    return (
        select(Payment.household_id, sum_of(Payment.amount_fen).label("paid_fen"))
        .where(Payment.collective_id == desk.collective_id, Payment.season_id == season_id)
        .group_by(Payment.household_id)
    )


def latest_settlement_id(desk: Desk, season_id: int) -> int | None:
    """The key of the season's final settlement of the highest number."""
    return desk.session.scalar(
        select(Settlement.id)
        .where(Settlement.collective_id == desk.collective_id, Settlement.season_id == season_id)
        .order_by(Settlement.number.desc())
        .limit(1)
    )


def _owed(desk: Desk, season_id: int, settlement_id: int) -> Select:
    paid = paid_by_household(desk, season_id).subquery()
    net_fen = func.coalesce(Earnings.net_fen, 0)
    paid_fen = func.coalesce(paid.c.paid_fen, 0)
    return (
        select(
            Household.id,
            Household.code,
            Household.name,
            net_fen.label("net_fen"),
            paid_fen.label("paid_fen"),
            (net_fen - paid_fen).label("balance_fen"),
        )
        .select_from(Household)
        .outerjoin(
            Earnings,
            (Earnings.collective_id == Household.collective_id)
            & (Earnings.household_id == Household.id)
            & (Earnings.settlement_id == settlement_id),
        )
        .outerjoin(paid, paid.c.household_id == Household.id)
        .where(Household.collective_id == desk.collective_id)
    )


def balance_of(desk: Desk, season: Season, household: Household) -> Fen | None:
    """What the household may still be paid for the season; None before a final settlement."""
    settlement_id = latest_settlement_id(desk, season.id)
    if settlement_id is None:
        return None
    net_fen = desk.session.scalar(
        select(Earnings.net_fen).where(
            Earnings.collective_id == desk.collective_id,
            Earnings.settlement_id == settlement_id,
            Earnings.household_id == household.id,
        )
    )
    paid_fen = desk.session.scalar(
        select(sum_of(Payment.amount_fen)).where(
            Payment.collective_id == desk.collective_id,
            Payment.season_id == season.id,
            Payment.household_id == household.id,
        )
    )
    return (net_fen or 0) - (paid_fen or 0)


def unpaid(desk: Desk, season: Season) -> list[tuple[int, str, Fen]] | None:
    """(household id, code, balance) of who is owed something, by code; None before a final settlement."""
    settlement_id = latest_settlement_id(desk, season.id)
    if settlement_id is None:
        return None
    owed = _owed(desk, season.id, settlement_id).subquery()
    rows = desk.session.execute(select(owed.c.id, owed.c.code, owed.c.balance_fen).where(owed.c.balance_fen > 0))
    return sorted(((id_, code, balance_fen) for id_, code, balance_fen in rows), key=lambda row: row[1])


def balances(desk: Desk, season: Season | str) -> list[Balance]:
    """Every household with a final settlement's figures or a payment for the season, by code; empty before both."""
    season = the_season(desk, season)
    settlement_id = latest_settlement_id(desk, season.id)
    owed = _owed(desk, season.id, settlement_id or 0).subquery()
    rows = desk.session.execute(
        select(owed.c.code, owed.c.name, owed.c.net_fen, owed.c.paid_fen, owed.c.balance_fen).where(
            (owed.c.net_fen != 0) | (owed.c.paid_fen != 0)
        )
    )
    return sorted(Balance(*row) for row in rows)
