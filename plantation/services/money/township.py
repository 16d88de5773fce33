"""The township's view: totals of the collectives that have let it in, and nothing of anybody in them.

A grant lies in the collective that gives it; its manager gives it and takes it back. Each collective is read at a desk of its
own, so that no query spans two of them; what comes out are sums.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import func, select

from plantation.domain.words import Role
from plantation.errors import N_, NotFound
from plantation.models import (
    Account,
    Collective,
    Earnings,
    Household,
    Payment,
    Plot,
    Right,
    Season,
    Settlement,
    TownshipGrant,
    Weighing,
)
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.people.accounts import plain_name
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams, SquareDecimetres


class SeasonTotals(NamedTuple):
    """A season of one collective in sums; `net_fen` is None before a final settlement."""

    code: str
    starts_on: dt.date
    net_grams: Grams
    net_fen: Fen | None
    paid_fen: Fen


class CollectiveTotals(NamedTuple):
    """One collective as the township sees it."""

    code: str
    name: str
    households: int
    rights: int
    planted_dm2: SquareDecimetres
    seasons: Sequence[SeasonTotals]


def give_grant(desk: Desk, *, reader_collective: str, reader: str, is_given: bool = True) -> TownshipGrant:
    """Let an account of the township read this collective's totals, or no longer. Said twice, it is said once.

    :raises NotFound: there is no account of the township of that name.
    """
    journal.lock(desk)
    reader = plain_name(reader)
    known = desk.session.scalar(
        select(Account.name)
        .join(Collective, Collective.id == Account.collective_id)
        .where(Collective.code == reader_collective.strip(), func.lower(Account.name) == reader.lower(), Account.role == Role.TOWNSHIP)
    )
    if known is None:
        raise NotFound(what=N_("account of the township"), code=f"{reader_collective}/{reader}"[:64])
    for one in list_grants(desk, every=True):
        if (one.reader_collective, one.reader) == (reader_collective.strip(), known) and one.is_given == is_given:
            return one
    return facts.seal(desk, [TownshipGrant(reader_collective=reader_collective.strip(), reader=known, is_given=is_given)])[0]


def list_grants(desk: Desk, *, every: bool = False) -> list[TownshipGrant]:
    """Who may read this collective's totals now; with `every` also who no longer may."""
    last = facts.latest_facts(desk, TownshipGrant, TownshipGrant.reader_collective, TownshipGrant.reader)
    return [one for one in last if every or one.is_given]


def township_totals(desk: Desk, reader: str) -> list[CollectiveTotals]:
    """The totals of every collective that has let `reader`, an account of the desk's collective, in; by code."""
    latest = (
        select(TownshipGrant.collective_id, func.max(TownshipGrant.entry).label("entry"))
        .where(TownshipGrant.reader_collective == desk.collective.code, TownshipGrant.reader == reader)
        .group_by(TownshipGrant.collective_id)
        .subquery()
    )
    giving = desk.session.scalars(
        select(Collective)
        .join(TownshipGrant, TownshipGrant.collective_id == Collective.id)
        .join(latest, (latest.c.collective_id == TownshipGrant.collective_id) & (latest.c.entry == TownshipGrant.entry))
        .where(TownshipGrant.is_given)
        .order_by(Collective.code)
    ).all()
    return [_totals(replace(desk, collective=collective)) for collective in giving]


def latest_codes(totals: Iterable[CollectiveTotals], count: int = 3) -> list[str]:
    """The codes of the last seasons of all collectives by the day they started, the latest first; of one day by code.

    >>> season = lambda code, month: SeasonTotals(code, dt.date(2026, month, 1), 0, None, 0)
    >>> latest_codes([CollectiveTotals("a", "A", 0, 0, 0, [season("W", 1), season("A", 9)])]), latest_codes([])
    (['A', 'W'], [])
    """
    starts: dict[str, dt.date] = {}
    for season in (season for one in totals for season in one.seasons):
        starts[season.code] = max(season.starts_on, starts.get(season.code, season.starts_on))
    return sorted(sorted(starts), key=starts.__getitem__, reverse=True)[:count]


def _totals(desk: Desk) -> CollectiveTotals:
    of = desk.collective_id
    households, rights, planted = desk.session.execute(
        select(
            select(func.count()).select_from(Household).where(Household.collective_id == of).scalar_subquery(),
            select(func.count()).select_from(Right).where(Right.collective_id == of).scalar_subquery(),
            select(func.coalesce(sum_of(Plot.area_dm2), 0)).where(Plot.collective_id == of).scalar_subquery(),
        )
    ).one()
    weighed = _by_season(desk, select(Weighing.season_id, sum_of(Weighing.net_grams)).where(Weighing.collective_id == of), Weighing)
    paid = _by_season(desk, select(Payment.season_id, sum_of(Payment.amount_fen)).where(Payment.collective_id == of), Payment)
    last = (
        select(Settlement.season_id, func.max(Settlement.number).label("number"))
        .where(Settlement.collective_id == of)
        .group_by(Settlement.season_id)
        .subquery()
    )
    net = dict(
        desk.session.execute(
            select(Settlement.season_id, sum_of(Earnings.net_fen))
            .join(last, (last.c.season_id == Settlement.season_id) & (last.c.number == Settlement.number))
            .join(Earnings, (Earnings.collective_id == Settlement.collective_id) & (Earnings.settlement_id == Settlement.id))
            .where(Settlement.collective_id == of)
            .group_by(Settlement.season_id)
        ).all()
    )
    seasons = desk.session.execute(
        select(Season.id, Season.code, Season.starts_on).where(Season.collective_id == of).order_by(Season.starts_on.desc(), Season.code)
    )
    return CollectiveTotals(
        desk.collective.code, desk.collective.name, households, rights, planted,
        [SeasonTotals(code, starts_on, weighed.get(id_, 0), net.get(id_), paid.get(id_, 0)) for id_, code, starts_on in seasons],
    )  # fmt: skip


def _by_season(desk: Desk, statement, table) -> dict[int, int]:
    return dict(desk.session.execute(statement.group_by(table.season_id)).all())
