"""Origins: where the fruit of a lot was picked. Plots, days and weights; never a household.

The rule is domain/origin's: the oldest fruit of a grade goes first, to packed lots and to purchases in the order of their
days. A packed lot has its fruit from the day it was packed, whoever buys it. It is computed from what is recorded now: a
correction of old weighings moves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, case, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from plantation.domain.conservation import check_conserved
from plantation.domain.origin import Delivered, Taken, hand_out
from plantation.models import Lot, LotOpening, LotSale, Parcel, Plot, Purchase, PurchaseLine, Weighing, WeighingShare
from plantation.services.desk import Desk
from plantation.services.fruit.lot_sales import lots_of
from plantation.services.fruit.own_purchases import reversal_of
from plantation.services.fruit.purchase_notes import Note
from plantation.services.sums import sum_of
from plantation.units import Grams


class OriginLine(NamedTuple):
    """A part of a lot: what was weighed on one day from one plot; `plot` is None where it is not known."""

    grade: str
    plot: str | None
    plot_name: str
    day: dt.date
    net_grams: Grams


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a lot comes from; `lines` and `untraced_grams` (what no weighing covers) sum to the lot."""

    lines: tuple[OriginLine, ...]
    untraced_grams: Grams

    def by_plot(self) -> list[tuple[str, str | None, str, dt.date, dt.date, Grams]]:
        """(grade, plot, its name, first day, last day, grams), by grade and plot."""
        found: dict[tuple[str, str], list[OriginLine]] = {}
        for line in self.lines:
            found.setdefault((line.grade, line.plot or ""), []).append(line)
        return [
            (
                grade,
                those[0].plot,
                those[0].plot_name,
                min(line.day for line in those),
                max(line.day for line in those),
                sum(line.net_grams for line in those),
            )
            for (grade, _), those in sorted(found.items())
        ]


def origin_of(desk: Desk, note: Note) -> Origin:
    """Where the fruit of a purchase was picked: nothing for one that takes another back, or was taken back itself."""
    if note.reverses_id is not None or reversal_of(desk, note) is not None:
        return Origin((), 0)
    names = _plot_names(desk)
    takers = {note.id, *(lot.id for lot in lots_of(desk, note).values())}
    lines: list[OriginLine] = []
    untraced_grams = 0
    for grade in sorted({line.grade for line in note.lines}):
        found = _origin_of_grade(desk, note.season_id, grade, takers, names)
        untraced_grams += found.untraced_grams
        lines += found.lines
    check_conserved("origin, grams", note.net_grams, sum(line.net_grams for line in lines) + untraced_grams)
    return Origin(tuple(lines), untraced_grams)


def origin_of_lot(desk: Desk, lot: Lot) -> Origin:
    """Where the fruit of a packed lot was picked: the same whoever bought it."""
    origin = _origin_of_grade(desk, lot.season_id, lot.grade, {lot.id}, _plot_names(desk))
    check_conserved("origin, grams", lot.net_grams, sum(line.net_grams for line in origin.lines) + origin.untraced_grams)
    return origin


def _origin_of_grade(desk: Desk, season_id: int, grade: str, takers: Collection[int], names: dict[int | None, tuple[str, str]]) -> Origin:
    uses = _taken(desk, season_id, grade)
    sources = {use.household_id for use in uses if use.household_id is not None}
    taken, missing = hand_out(_delivered(desk, season_id, grade, sources), uses, takers)
    lines = (
        OriginLine(grade, *names.get(plot_id, (None, "")), day, grams)
        for (day, plot_id), grams in sorted(taken.items(), key=lambda item: (item[0][0], item[0][1] or 0))
    )
    return Origin(tuple(lines), missing)


def _taken(desk: Desk, season_id: int, grade: str) -> list[Taken]:
    """The lots of a grade that were not unpacked, and its purchase lines that are no lots and were not taken back, in the
    order of their days."""
    later = aliased(Purchase)
    mine = desk.collective_id
    packed = desk.session.execute(
        select(Lot.packed_on, Lot.entry, literal(0), Lot.id, literal(None), Lot.net_grams)
        .outerjoin(LotOpening, (LotOpening.collective_id == Lot.collective_id) & (LotOpening.lot_id == Lot.id))
        .where(Lot.collective_id == mine, Lot.season_id == season_id, Lot.grade == grade, LotOpening.id.is_(None))
    )
    rows = desk.session.execute(
        select(
            Purchase.purchased_on,
            Purchase.entry,
            PurchaseLine.line,
            Purchase.id,
            PurchaseLine.source_household_id,
            PurchaseLine.net_grams,
        )
        .join(
            Purchase,
            (Purchase.collective_id == PurchaseLine.collective_id) & (Purchase.id == PurchaseLine.purchase_id),
        )
        .outerjoin(later, (later.collective_id == Purchase.collective_id) & (later.reverses_id == Purchase.id))
        .outerjoin(
            LotSale,
            (LotSale.collective_id == Purchase.collective_id)
            & (LotSale.season_id == Purchase.season_id)
            & (LotSale.number == Purchase.number)
            & (LotSale.line == PurchaseLine.line),
        )
        .where(
            PurchaseLine.collective_id == mine,
            PurchaseLine.season_id == season_id,
            PurchaseLine.grade == grade,
            Purchase.reverses_id.is_(None),
            later.id.is_(None),
            LotSale.id.is_(None),
        )
    )
    ordered = sorted([*packed, *rows], key=lambda row: row[:3])
    return [Taken(taker_id, day, household_id, grams) for day, _, _, taker_id, household_id, grams in ordered]


def _delivered(desk: Desk, season_id: int, grade: str, sources: set[int]) -> list[Delivered]:
    """The grade's fruit by day and plot (and household, for `sources`); what was taken back is not there."""
    mine = desk.collective_id
    later = aliased(Weighing)
    home = (
        select(Parcel.household_id, func.min(Parcel.plot_id).label("plot_id"))
        .where(Parcel.collective_id == mine, Parcel.household_id.is_not(None))
        .group_by(Parcel.household_id)
        .having(func.min(Parcel.plot_id) == func.max(Parcel.plot_id))
        .subquery()
    )
    standing = (
        Weighing.collective_id == mine,
        Weighing.season_id == season_id,
        Weighing.grade == grade,
        Weighing.reverses_id.is_(None),
        later.id.is_(None),
    )
    taken_back = (later.collective_id == Weighing.collective_id) & (later.reverses_id == Weighing.id)
    whole = (
        select(
            Weighing.local_date.label("day"),
            func.coalesce(Weighing.plot_id, Parcel.plot_id, home.c.plot_id).label("plot_id"),
            _if_source(Weighing.household_id, sources).label("household_id"),
            Weighing.net_grams.label("net_grams"),
        )
        .outerjoin(later, taken_back)
        .outerjoin(Parcel, (Parcel.collective_id == Weighing.collective_id) & (Parcel.id == Weighing.parcel_id))
        .outerjoin(home, home.c.household_id == Weighing.household_id)
        .where(Weighing.household_id.is_not(None), *standing)
    )
    shared = (
        select(
            Weighing.local_date,
            Weighing.plot_id,
            _if_source(WeighingShare.household_id, sources),
            WeighingShare.net_grams,
        )
        .join(
            WeighingShare,
            (WeighingShare.collective_id == Weighing.collective_id) & (WeighingShare.weighing_id == Weighing.id),
        )
        .outerjoin(later, taken_back)
        .where(Weighing.household_id.is_(None), *standing)
    )
    fruit = union_all(whole, shared).subquery()
    rows = desk.session.execute(
        select(fruit.c.day, fruit.c.plot_id, fruit.c.household_id, sum_of(fruit.c.net_grams)).group_by(
            fruit.c.day, fruit.c.plot_id, fruit.c.household_id
        )
    )
    return [Delivered(*row) for row in rows]


def _if_source(column: Any, sources: set[int]) -> Any:
    nobody = cast(literal(None), BigInteger)
    return case((column.in_(sorted(sources)), column), else_=nobody) if sources else nobody


def _plot_names(desk: Desk) -> dict[int | None, tuple[str, str]]:
    rows = desk.session.execute(select(Plot.id, Plot.code, Plot.name).where(Plot.collective_id == desk.collective_id))
    return {id_: (code, name) for id_, code, name in rows}
