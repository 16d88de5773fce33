"""The lines behind a household's season: prices, sales in its own name, deductions, wages and payments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from plantation.domain.earnings import GradeTotal, HouseholdEarnings
from plantation.models import Buyer, Household, Payment, Purchase, PurchaseLine, SettlementGrade, Weighing
from plantation.services.desk import Desk
from plantation.services.fruit.running_sums import running_sums
from plantation.services.mine.my_pages import OwnSeason, deduction_sheet
from plantation.services.mine.my_slips import own_lines
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams, PartsPerMillion


class PriceLine(NamedTuple):
    """In a posted season: slips of one grade at one price, reversals counted off."""

    grade: str
    price_fen_per_kg: Fen | None
    slips: int
    net_grams: Grams
    amount_fen: Fen


class DirectSale(NamedTuple):
    """A line of a purchase from the household in its own name."""

    number: str
    purchased_on: dt.date
    buyer: str
    grade: str
    net_grams: Grams
    price_fen_per_kg: Fen
    amount_fen: Fen


class DeductionStep(NamedTuple):
    """A deduction with its rule: `rate_ppm` counts for a percentage, `amount_fen` for the other kinds."""

    code: str
    name: str
    kind: str
    rate_ppm: PartsPerMillion
    amount_fen: Fen
    due_fen: Fen
    taken_fen: Fen
    carried_fen: Fen


class PickerLine(NamedTuple):
    """What one picker picked at one rate."""

    picker: str
    piece_rate_fen_per_kg: Fen
    net_grams: Grams
    picking_fen: Fen


class PaymentLine(NamedTuple):
    """A payment, or (below zero) one that was taken back or bounced."""

    paid_on: dt.date
    method: str
    amount_fen: Fen
    reference: str
    is_reversal: bool
    reason: str


def read_totals(desk: Desk, own: OwnSeason) -> dict[str, GradeTotal]:
    """The grades over all households: frozen by the latest settlement, else as they are now."""
    if own.settled is None:
        return dict(running_sums(desk, own.season).by_grade() if own.totals is None else own.totals)
    rows = desk.session.execute(
        select(*[getattr(SettlementGrade, name) for name in GradeTotal._fields]).where(
            SettlementGrade.collective_id == desk.collective_id,
            SettlementGrade.settlement_id == own.settled.settlement_id,
        )
    )
    return {row.grade: GradeTotal(*row) for row in rows}


# `entry + 0` keeps SQLite on the index of the household: that of the entries would walk everybody's slips.
def read_prices(desk: Desk, household: Household, own: OwnSeason, through: int | None) -> tuple[PriceLine, ...]:
    """The household's slips by grade and price, up to the entry `through`."""
    lines = own_lines(desk, household, [own.season.id])
    statement = (
        select(lines.c.grade, Weighing.price_fen_per_kg, func.count(), sum_of(lines.c.net_grams), sum_of(lines.c.amount_fen))
        .select_from(lines)
        .join(Weighing, (Weighing.collective_id == lines.c.collective_id) & (Weighing.id == lines.c.weighing_id))
        .group_by(lines.c.grade, Weighing.price_fen_per_kg)
    )
    if through is not None:
        statement = statement.where(lines.c.entry + 0 <= through)
    rows = [PriceLine(*row) for row in desk.session.execute(statement)]
    return tuple(sorted(rows, key=lambda line: (line.grade, line.price_fen_per_kg or 0)))


def read_sales(desk: Desk, household: Household, own: OwnSeason, through: int | None) -> tuple[DirectSale, ...]:
    """What was sold in the household's own name, up to the entry `through`."""
    statement = (
        select(
            Purchase.number,
            Purchase.purchased_on,
            Buyer.name,
            PurchaseLine.grade,
            PurchaseLine.net_grams,
            PurchaseLine.price_fen_per_kg,
            PurchaseLine.amount_fen,
        )
        .join(
            Purchase,
            (Purchase.collective_id == PurchaseLine.collective_id) & (Purchase.id == PurchaseLine.purchase_id),
        )
        .join(Buyer, (Buyer.collective_id == Purchase.collective_id) & (Buyer.id == Purchase.buyer_id))
        .where(
            PurchaseLine.collective_id == desk.collective_id,
            PurchaseLine.season_id == own.season.id,
            PurchaseLine.source_household_id == household.id,
        )
        .order_by(Purchase.entry, PurchaseLine.line)
    )
    if through is not None:
        statement = statement.where(PurchaseLine.entry <= through)
    return tuple(DirectSale(*row) for row in desk.session.execute(statement))


def read_deductions(own: OwnSeason, earnings: HouseholdEarnings | None) -> tuple[DeductionStep, ...]:
    """The deductions of `earnings`, each with its rule."""
    if earnings is None:
        return ()
    if own.settled is not None:
        sheet = deduction_sheet(own.settled.terms)
    else:
        sheet = {one.code: (one.name, one.kind, one.rate_ppm or 0, one.amount_fen or 0) for one in own.deductions}
    return tuple(DeductionStep(line.code, *sheet[line.code], *line[1:]) for line in earnings.deductions)


def read_pickers(desk: Desk, household: Household, own: OwnSeason, through: int | None) -> tuple[PickerLine, ...]:
    """Who picked for a wage, up to the entry `through`."""
    lines = own_lines(desk, household, [own.season.id])
    rate = func.coalesce(Weighing.piece_rate_fen_per_kg, 0)
    statement = (
        select(Weighing.picker, rate, sum_of(lines.c.net_grams), sum_of(lines.c.picking_fen))
        .select_from(lines)
        .join(Weighing, (Weighing.collective_id == lines.c.collective_id) & (Weighing.id == lines.c.weighing_id))
        .where(rate > 0)
        .group_by(Weighing.picker, rate)
        .order_by(Weighing.picker, rate)
    )
    if through is not None:
        statement = statement.where(lines.c.entry + 0 <= through)
    return tuple(PickerLine(*row) for row in desk.session.execute(statement))


def read_payments(desk: Desk, household: Household, season_ids: Sequence[int]) -> dict[int, tuple[PaymentLine, ...]]:
    """The payments to the household by season (its id), each season's by day; a season without any is not there."""
    rows = desk.session.execute(
        select(
            Payment.season_id, Payment.paid_on, Payment.method, Payment.amount_fen, Payment.reference, Payment.reverses_id.is_not(None),
            Payment.reason,
        )
        .where(
            Payment.collective_id == desk.collective_id, Payment.household_id == household.id, Payment.season_id.in_(season_ids),
        )
        .order_by(Payment.paid_on, Payment.entry)
    )  # fmt: skip
    found: dict[int, tuple[PaymentLine, ...]] = {}
    for season_id, *line in rows:
        found[season_id] = (*found.get(season_id, ()), PaymentLine(*line))
    return found
