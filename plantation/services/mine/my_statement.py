"""Why this amount: every number of a household's season, opened into the lines that it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from plantation.domain.conservation import check_conserved
from plantation.domain.earnings import FruitLine, GradeTotal, HouseholdEarnings
from plantation.models import Household
from plantation.services.desk import Desk
from plantation.services.mine.my_pages import OwnSeason
from plantation.services.mine.my_statement_lines import (
    DeductionStep,
    DirectSale,
    PaymentLine,
    PickerLine,
    PriceLine,
    read_deductions,
    read_payments,
    read_pickers,
    read_prices,
    read_sales,
    read_totals,
)
from plantation.units import Fen, Grams


class Difference(NamedTuple):
    """What a settlement moved against the one before."""

    number: int
    settled_at: dt.datetime
    net_grams: Grams
    net_fen: Fen
    moved_fen: Fen


@dataclass(frozen=True, slots=True)
class Statement:
    """A household's season, line by line. `earnings` is None when nothing was delivered; `totals` are by grade, over
    all households."""

    own: OwnSeason
    earnings: HouseholdEarnings | None
    totals: dict[str, GradeTotal]
    prices: tuple[PriceLine, ...]
    sales: tuple[DirectSale, ...]
    deductions: tuple[DeductionStep, ...]
    pickers: tuple[PickerLine, ...]
    payments: tuple[PaymentLine, ...]
    differences: tuple[Difference, ...]

    def prices_of(self, grade: str) -> list[PriceLine]:
        """The prices that a grade's slips were paid at."""
        return [line for line in self.prices if line.grade == grade]

    def sales_of(self, grade: str) -> list[DirectSale]:
        """What of a grade was sold in the household's own name."""
        return [line for line in self.sales if line.grade == grade]

    def total_of(self, line: FruitLine) -> GradeTotal | None:
        """The grade over all households."""
        return self.totals.get(line.grade)


def explain_season(desk: Desk, household: Household, own: OwnSeason) -> Statement:
    """The statement of `own`, a season of :func:`.my_pages.overview`; seven queries at most.

    :raises ConservationBroken: never, unless a stored figure and its lines disagree.
    """
    settled = own.settled
    through = settled.through_entry if settled else None
    earnings = own.earnings
    statement = Statement(
        own,
        earnings,
        read_totals(desk, own),
        read_prices(desk, household, own, through),
        read_sales(desk, household, own, through),
        read_deductions(own, earnings),
        read_pickers(desk, household, own, through),
        read_payments(desk, household, [own.season.id]).get(own.season.id, ()),
        _differences(own),
    )
    if earnings is not None:
        _check(statement, earnings)
    return statement


def _check(statement: Statement, earnings: HouseholdEarnings) -> None:
    own = statement.own
    fruit_fen = sum(line.direct_fen + line.common_fen for line in earnings.fruit)
    check_conserved("statement, fruit fen", earnings.gross_fen, fruit_fen)
    check_conserved("statement, grams", earnings.net_grams, sum(line.net_grams for line in statement.prices))
    check_conserved("statement, picking fen", earnings.picking_fen, sum(line.picking_fen for line in statement.pickers))
    check_conserved(
        "statement, sales fen", sum(line.direct_fen for line in earnings.fruit), sum(line.amount_fen for line in statement.sales)
    )
    check_conserved("statement, deductions", earnings.deductions_fen, sum(line.taken_fen for line in statement.deductions))
    check_conserved("statement, payments", own.paid_fen, sum(line.amount_fen for line in statement.payments))


def _differences(own: OwnSeason) -> tuple[Difference, ...]:
    found, before_fen = [], 0
    for step in own.steps:
        earnings = step.earnings
        found.append(Difference(step.number, step.settled_at, earnings.net_grams, earnings.net_fen, earnings.net_fen - before_fen))
        before_fen = earnings.net_fen
    return tuple(found)


def newest(seasons: Sequence[OwnSeason], today: dt.date) -> OwnSeason | None:
    """The season to begin with: the latest that has begun, else the next one; None where there is none."""
    begun = [one for one in seasons if one.season.starts_on <= today]
    return begun[0] if begun else (seasons[-1] if seasons else None)
