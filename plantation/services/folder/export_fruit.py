"""A collective's weighings, purchases and payments as rows of texts, each with the settlement that covers it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, func, select

from plantation.exchange.cells import guard
from plantation.models import Household, Payment, Purchase, Season, Settlement, Weighing
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.fruit.purchase_notes import read_notes
from plantation.services.fruit.weighing_slips import Slip, read_slips
from plantation.services.lookups import codes_by_id
from plantation.services.money.payment_records import read_payments
from plantation.services.people.households import POOL
from plantation.units import format_kg, format_m2, format_percent, format_yuan

Row = Sequence[str]
HELD = 500  # households whose payments of a season are sorted at a time


class Covering:
    """Which settlement of a season covers a journal entry: the first whose last entry is not before it."""

    def __init__(self, desk: Desk) -> None:
        self._through: dict[int, list[int]] = {}
        rows = desk.session.execute(
            select(Settlement.season_id, Settlement.through_entry)
            .where(Settlement.collective_id == desk.collective_id)
            .order_by(Settlement.season_id, Settlement.number)
        )
        for season_id, through in rows:
            self._through.setdefault(season_id, []).append(through)

    def number(self, season_id: int, entry: int) -> str:
        """The settlement's number, blank where none covers the entry yet."""
        through = self._through.get(season_id, [])
        place = bisect_left(through, entry)
        return str(place + 1) if place < len(through) else ""


def _slips_in_order(desk: Desk, *conditions: ColumnElement[bool]) -> Iterator[Slip]:
    """Slips by time and id, a day held at a time: there may be a million, and databases sort ids differently."""
    mine = (Weighing.collective_id == desk.collective_id, *conditions)
    after = select(func.min(Weighing.weighed_at)).where(*mine)
    first = desk.session.scalar(after)
    while first is not None:
        end = first + dt.timedelta(days=1)
        day = read_slips(desk, *conditions, Weighing.weighed_at >= first, Weighing.weighed_at < end, by=Weighing.weighed_at)
        yield from sorted(day, key=attrgetter("weighed_at", "id"))
        first = desk.session.scalar(after.where(Weighing.weighed_at >= end))


def weighing_rows(desk: Desk) -> Iterator[Row]:
    """weighings.csv, by time and id; times with the offset of the clock that took them."""
    covering = Covering(desk)
    for one in _slips_in_order(desk):
        yield _weighing_row(one, covering)


def _weighing_row(one: Slip, covering: Covering) -> Row:
    rate_fen = one.piece_rate_fen_per_kg
    return (
        guard(one.id),
        guard(one.slip),
        guard(one.season),
        one.time.isoformat(),
        guard(one.household or ""),
        guard(one.plot or ""),
        guard(one.parcel or ""),
        guard(one.grade),
        format_kg(one.gross_grams),
        format_kg(one.tare_grams),
        format_percent(one.deduction_ppm),
        guard(one.picker),
        "" if rate_fen is None else format_yuan(rate_fen),
        guard(one.reverses or ""),
        guard(one.reason),
        covering.number(one.season_id, one.entry),
    )


def share_rows(desk: Desk) -> Iterator[Row]:
    """weighing_shares.csv, by time and id of the weighing, and parcel: how weighings of whole plots were shared among those who then held
    its parcels. A reversal mirrors what it reverses."""
    for one in _slips_in_order(desk, Weighing.household_id.is_(None), Weighing.reverses_id.is_(None)):
        for share in one.shares:
            yield (
                guard(one.id),
                guard(share.parcel),
                guard(share.household),
                format_m2(share.area_dm2),
                format_kg(share.net_grams),
            )


def purchase_rows(desk: Desk) -> Iterator[Row]:
    """purchases.csv, by season and number, the lines of a purchase in their order."""
    covering = Covering(desk)
    number: Any = Purchase.number
    if desk.session.get_bind().dialect.name == "postgresql":
        number = number.collate("C")  # by code point, as Python and SQLite compare texts
    for _, season_id in sorted((code, id_) for id_, code in codes_by_id(desk, Season).items()):
        for one in read_notes(desk, Purchase.season_id == season_id, by=number):
            settlement = covering.number(one.season_id, one.entry)
            for line in one.lines:
                yield (
                    guard(one.number),
                    guard(one.season),
                    one.purchased_on.isoformat(),
                    guard(one.buyer),
                    guard(line.source or POOL),
                    guard(line.grade),
                    format_kg(line.net_grams),
                    format_yuan(line.price_fen_per_kg),
                    settlement,
                    guard(one.reverses or ""),
                    guard(one.reason),
                )


def payment_rows(desk: Desk) -> Iterator[Row]:
    """payments.csv, by season, household, date and what they say; those of some households held at a time."""
    households = sorted((guard(code), id_) for id_, code in codes_by_id(desk, Household).items())
    for _, season_id in sorted((guard(code), id_) for id_, code in codes_by_id(desk, Season).items()):
        for some in in_chunks(households, HELD):
            paid = read_payments(desk, Payment.season_id == season_id, Payment.household_id.in_([id_ for _, id_ in some]))
            yield from sorted(
                (
                    guard(one.season),
                    guard(one.household),
                    one.paid_on.isoformat(),
                    guard(one.method),
                    format_yuan(one.amount_fen),
                    guard(one.reference),
                    guard(one.reason),
                )
                for one in paid
            )
