"""Balances: what the latest final settlement of a season owes a household, less what it has been paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, or_, select, union_all

from plantation.models import Earnings, Household, Payment, Season, Settlement
from plantation.services.desk import Desk
from plantation.services.lookups import the_season
from plantation.services.pages import Page, paginate
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


def _earned(settlement_id: int) -> ColumnElement[bool]:
    mine = (Earnings.collective_id == Household.collective_id) & (Earnings.household_id == Household.id)
    return mine & (Earnings.settlement_id == settlement_id)


def owed_and_paid(desk: Desk, season_id: int) -> Subquery:
    """(household_id, net_fen, paid_fen) of all who are owed something by the season's latest final settlement or were paid for it: both
    added up in one pass."""
    owed = select(Earnings.household_id, Earnings.net_fen.label("net_fen"), literal(0).label("paid_fen")).where(
        Earnings.collective_id == desk.collective_id, Earnings.settlement_id == (latest_settlement_id(desk, season_id) or 0)
    )
    paid = select(Payment.household_id, literal(0), Payment.amount_fen).where(
        Payment.collective_id == desk.collective_id, Payment.season_id == season_id
    )
    both = union_all(owed, paid).subquery()
    return (
        select(both.c.household_id, sum_of(both.c.net_fen).label("net_fen"), sum_of(both.c.paid_fen).label("paid_fen"))
        .group_by(both.c.household_id)
        .subquery()
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


def newest_to_pay(desk: Desk, seasons: Sequence[Season]) -> Season | None:
    """Of `seasons`, the latest first, the first in which somebody is still owed something, else the first that is settled finally."""
    settled = None
    for season in seasons:
        settlement_id = latest_settlement_id(desk, season.id)
        if settlement_id is None:
            continue
        settled = settled or season
        paid_fen = _paid_for(desk, season.id, Earnings.household_id)
        open_ = select(Earnings.household_id).where(
            Earnings.collective_id == desk.collective_id, Earnings.settlement_id == settlement_id, Earnings.net_fen > paid_fen
        )
        if desk.session.scalar(open_.limit(1)) is not None:
            return season
    return settled


def _paid_for(desk: Desk, season_id: int, household_id: ColumnElement[int]) -> ColumnElement[int]:
    """What was paid to the household of each row, looked up for the rows that are read and not added up for all."""
    of = (Payment.collective_id == desk.collective_id, Payment.season_id == season_id, Payment.household_id == household_id)
    return func.coalesce(select(sum_of(Payment.amount_fen)).where(*of).scalar_subquery(), 0)


def unpaid(desk: Desk, season: Season) -> list[tuple[int, str, Fen]] | None:
    """(household id, code, balance) of who is owed something, by code; None before a final settlement."""
    if latest_settlement_id(desk, season.id) is None:
        return None
    each = owed_and_paid(desk, season.id)
    balance_fen = each.c.net_fen - each.c.paid_fen
    rows = desk.session.execute(
        select(Household.id, Household.code, balance_fen)
        .join(each, each.c.household_id == Household.id)
        .where(Household.collective_id == desk.collective_id, balance_fen > 0)
    )
    return sorted(((id_, code, open_fen) for id_, code, open_fen in rows), key=itemgetter(1))


def balances(desk: Desk, season: Season | str, *, is_open: bool = False, page: int = 1, total: int | None = None) -> Page:
    """One page of the households with a final settlement's figures or a payment for the season, by code, each a :class:`Balance`; of
    those that are owed something only where `is_open`. `total`: how many there are, where that is known already.

    What was paid is added up for the households of the page, not for all.
    """
    season = the_season(desk, season)
    net_fen = func.coalesce(Earnings.net_fen, 0)
    paid_fen = _paid_for(desk, season.id, Household.id)
    statement = (
        select(
            Household.code, Household.name, net_fen.label("net_fen"), paid_fen.label("paid_fen"), (net_fen - paid_fen).label("balance_fen")
        )
        .outerjoin(Earnings, _earned(latest_settlement_id(desk, season.id) or 0))
        .where(Household.collective_id == desk.collective_id, net_fen > paid_fen if is_open else or_(net_fen != 0, paid_fen != 0))
        .order_by(Household.code)
    )
    found = paginate(desk.session, statement, page, total=total)
    return replace(found, rows=[Balance(*row) for row in found.rows])
