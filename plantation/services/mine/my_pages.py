"""What a household sees first: what it is owed, what was paid, and how the running season stands.

A dozen set-based queries for all seasons together; none grows with the number of other households. The sums over a
whole season that a pool's provisional share needs are kept between requests (running_sums.py).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from plantation.domain.deductions import deduct
from plantation.domain.earnings import FruitLine, GradeTotal, HouseholdEarnings
from plantation.domain.words import SeasonMode
from plantation.errors import NotAllowed
from plantation.models import Deduction, Earnings, Household, Payment, PurchaseLine, Season, Settlement
from plantation.services.desk import Desk
from plantation.services.fruit.running_sums import running_sums
from plantation.services.fruit.season_figures import deduction_terms
from plantation.services.mine.my_slips import GradeSum, delivered
from plantation.services.money.earnings_lines import EarningsLine, parse_line
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams, half_up


@dataclass(frozen=True, slots=True)
class SettledStep:
    """One final settlement of a season and what it says for the household; nothing delivered counts with zeros."""

    number: int
    settled_at: dt.datetime
    settled_by: str
    through_entry: int
    settlement_id: int
    terms: str
    earnings: HouseholdEarnings


@dataclass(frozen=True, slots=True)
class OwnSeason:
    """A season as the household has it. `steps` are its final settlements; `provisional` is set while there is none, with
    the `deductions` and, of a pool, the `totals` by grade that it follows from."""

    season: Season
    steps: tuple[SettledStep, ...]
    delivered: tuple[GradeSum, ...]
    paid_fen: Fen
    provisional: HouseholdEarnings | None
    deductions: tuple[Deduction, ...] = ()
    totals: Mapping[str, GradeTotal] | None = None

    @property
    def settled(self) -> SettledStep | None:
        """The latest final settlement: the one that counts."""
        return self.steps[-1] if self.steps else None

    @property
    def delivered_grams(self) -> Grams:
        return sum(line.net_grams for line in self.delivered)

    @property
    def earnings(self) -> HouseholdEarnings | None:
        """What counts now: the final figures, else the provisional ones."""
        return self.steps[-1].earnings if self.steps else self.provisional

    @property
    def balance_fen(self) -> Fen | None:
        """What is still owed by a final settlement; below zero the household owes it. None before the first one."""
        return self.steps[-1].earnings.net_fen - self.paid_fen if self.steps else None

    @property
    def later_grams(self) -> Grams:
        """What came in or was taken back after the latest final settlement, and waits for the next one."""
        return self.delivered_grams - self.steps[-1].earnings.net_grams if self.steps else 0


@dataclass(frozen=True, slots=True)
class Overview:
    """All seasons, the latest first; what is owed now over all final settlements; what was paid over all seasons."""

    seasons: tuple[OwnSeason, ...]
    owed_fen: Fen
    paid_fen: Fen

    def at(self, code: str) -> OwnSeason | None:
        """The season of that code, None where there is none."""
        return next((one for one in self.seasons if one.season.code == code), None)


def own_household(desk: Desk, household_id: int | None) -> Household:
    """The household that an account belongs to. :raises NotAllowed: the account belongs to none."""
    household = None if household_id is None else desk.session.get(Household, (desk.collective_id, household_id))
    if household is None:
        raise NotAllowed()
    return household


def overview(desk: Desk, household: Household) -> Overview:
    """How the household stands, season by season."""
    seasons = _seasons(desk, household)
    steps = _steps(desk, household)
    sums: dict[int, list[GradeSum]] = {}
    for line in delivered(desk, household, [season.id for season, _ in seasons]):
        sums.setdefault(line.season_id, []).append(line)
    running = [season for season, _ in seasons if not steps.get(season.id) and sums.get(season.id)]
    provisional = provisional_seasons(desk, household, running, sums)
    found = []
    for season, paid_fen in seasons:
        own, settled = tuple(sums.get(season.id, ())), tuple(steps.get(season.id, ()))
        found.append(OwnSeason(season, settled, own, paid_fen, *provisional.get(season.id, (None,))))
    balances = [one.balance_fen for one in found if one.balance_fen is not None]
    return Overview(tuple(found), sum(balances), sum(one.paid_fen for one in found))


def _seasons(desk: Desk, household: Household) -> list[tuple[Season, Fen]]:
    """All seasons, the latest first, each with what the household was paid for it."""
    paid = (
        select(Payment.season_id, sum_of(Payment.amount_fen).label("fen"))
        .where(Payment.collective_id == desk.collective_id, Payment.household_id == household.id)
        .group_by(Payment.season_id)
        .subquery()
    )
    rows = desk.session.execute(
        select(Season, func.coalesce(paid.c.fen, 0))
        .outerjoin(paid, paid.c.season_id == Season.id)
        .where(Season.collective_id == desk.collective_id)
        .order_by(Season.starts_on.desc(), Season.code.desc())
    )
    return [(season, paid_fen) for season, paid_fen in rows]


def _steps(desk: Desk, household: Household) -> dict[int, list[SettledStep]]:
    """Per season id its final settlements by number."""
    columns = [getattr(Earnings, name) for name in EarningsLine._fields[1:]]
    rows = desk.session.execute(
        select(Settlement, *columns)
        .outerjoin(
            Earnings,
            (Earnings.collective_id == Settlement.collective_id)
            & (Earnings.settlement_id == Settlement.id)
            & (Earnings.household_id == household.id),
        )
        .where(Settlement.collective_id == desk.collective_id)
        .order_by(Settlement.season_id, Settlement.number)
    )
    found: dict[int, list[SettledStep]] = {}
    for record, *line in rows:
        stored = EarningsLine(household.code, *line) if line[0] is not None else _nothing(household.code)
        found.setdefault(record.season_id, []).append(
            SettledStep(
                record.number,
                record.settled_at,
                record.settled_by,
                record.through_entry,
                record.id,
                record.terms,
                parse_line(stored),
            )
        )
    return found


def _nothing(code: str) -> EarningsLine:
    return EarningsLine(code, 0, 0, 0, 0, 0, 0, "[]", "[]")


Provisional = tuple[HouseholdEarnings, tuple[Deduction, ...], Mapping[str, GradeTotal] | None]


def provisional_seasons(
    desk: Desk, household: Household, seasons: Sequence[Season], delivered: Mapping[int, Sequence[GradeSum]]
) -> dict[int, Provisional]:
    """By season what the household would be owed if it ended now, with what that follows from; every share is rounded by
    itself, so a final settlement may move it by a fen a grade."""
    if not seasons:
        return {}
    direct = direct_sales(desk, household, seasons)
    deductions: dict[int, list[Deduction]] = {}
    mine = Deduction.collective_id == desk.collective_id, Deduction.season_id.in_([season.id for season in seasons])
    for one in desk.session.scalars(select(Deduction).where(*mine)):
        deductions.setdefault(one.season_id, []).append(one)
    found: dict[int, Provisional] = {}
    for season in seasons:
        totals = None if season.mode == SeasonMode.POSTED else running_sums(desk, season).by_grade()
        rules = tuple(deductions.get(season.id, ()))
        fruit = tuple(_fruit_line(line, direct.get((season.id, line.grade), (0, 0)), totals) for line in delivered[season.id])
        found[season.id] = _earnings(household, delivered[season.id], fruit, rules), rules, totals
    return found


def _fruit_line(line: GradeSum, direct: tuple[Grams, Fen], totals: Mapping[str, GradeTotal] | None) -> FruitLine:
    direct_grams, direct_fen = direct
    common_grams = line.net_grams - direct_grams
    if totals is None:
        common_fen = line.amount_fen
    else:
        total = totals.get(line.grade)
        pool = total.common_grams if total else 0
        common_fen = half_up(total.pool_revenue_fen * common_grams, pool) if total and pool > 0 else 0
    return FruitLine(line.grade, line.net_grams, direct_grams, direct_fen, common_grams, common_fen)


def _earnings(household: Household, own: Sequence[GradeSum], fruit: tuple[FruitLine, ...], rules: Sequence[Deduction]) -> HouseholdEarnings:
    gross_fen = sum(line.direct_fen + line.common_fen for line in fruit)
    net_grams = sum(line.net_grams for line in own)
    picking_fen = sum(line.picking_fen for line in own)
    taken = deduct(deduction_terms(rules), gross_fen, net_grams)
    deductions_fen = sum(line.taken_fen for line in taken)
    net_fen, carried_fen = gross_fen - deductions_fen - picking_fen, sum(line.carried_fen for line in taken)
    return HouseholdEarnings(household.code, net_grams, gross_fen, deductions_fen, picking_fen, net_fen, carried_fen, fruit, taken)


def direct_sales(desk: Desk, household: Household, seasons: Sequence[Season]) -> Mapping[tuple[int, str], tuple[Grams, Fen]]:
    """Per season id and grade what buyers bought from the household in its own name: (grams, fen)."""
    rows = desk.session.execute(
        select(PurchaseLine.season_id, PurchaseLine.grade, sum_of(PurchaseLine.net_grams), sum_of(PurchaseLine.amount_fen))
        .where(
            PurchaseLine.collective_id == desk.collective_id,
            PurchaseLine.season_id.in_([season.id for season in seasons]),
            PurchaseLine.source_household_id == household.id,
        )
        .group_by(PurchaseLine.season_id, PurchaseLine.grade)
    )
    return {(season_id, grade): (grams, fen) for season_id, grade, grams, fen in rows}


def deduction_sheet(terms: str) -> dict[str, tuple[str, str, int, int]]:
    """Per code of a settlement's frozen terms: (name, kind, rate in ppm, amount in fen).

    >>> deduction_sheet('{"deductions":[["1","Fund","percent",25000,0]]}')
    {'1': ('Fund', 'percent', 25000, 0)}
    """
    return {code: (name, kind, rate, fen) for code, name, kind, rate, fen in json.loads(terms)["deductions"]}
