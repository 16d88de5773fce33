"""What must hold between rows, asked of the database in one query each: references, copies, reversals, numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Row, Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from plantation.errors import N_, Refusal
from plantation.models import (
    Base,
    Collective,
    JournalEntry,
    Payment,
    Purchase,
    PurchaseLine,
    Season,
    SlipLease,
    SlipRange,
    Weighing,
    WeighingShare,
)
from plantation.services.collectives import NAMED, Rules, rules_of
from plantation.services.desk import Desk

Advance = Callable[[int], None]


class LineAstray(Refusal):
    """A share or line that does not belong to what it hangs on."""

    template = N_("%(what)s %(name)s has a line that does not belong to it.")


class ReversalUneven(Refusal):
    """A reversal that does not undo what it names."""

    template = N_("%(what)s %(name)s does not undo what it reverses: %(left)s is left.")


class SlipTwice(Refusal):
    """One number on two slips."""

    template = N_("Slip %(slip)s was given %(count)s times.")


class NumberSetBack(Refusal):
    """Numbers that a device was lent would be given out once more."""

    template = N_("The next slip number of season %(season)s is %(next)s, but numbers up to %(last)s are lent to devices.")


class ReferenceLost(Refusal):
    """A row that names one which is not there."""

    template = N_("A row of the table %(table)s names a row of %(named)s that is not there.")


def check_references(desk: Desk, _through: int, advance: Advance) -> Refusal | None:
    """Each row that names another names one that is there. Whoever has the database in hand can switch off that it looks after that."""
    advance(1)
    if desk.session.get_bind().dialect.name == "sqlite":
        lost = desk.session.connection().exec_driver_sql("PRAGMA foreign_key_check").first()
        return None if lost is None else ReferenceLost(table=lost[0], named=lost[2])
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            if desk.session.scalar(_pointing_nowhere(key)) is not None:
                return ReferenceLost(table=table.name, named=key.referred_table.name)
    return None


def _pointing_nowhere(key: ForeignKeyConstraint) -> Select:
    named = key.referred_table.alias()
    there = and_(*(element.parent == named.c[element.column.name] for element in key.elements))
    whole = and_(*(element.parent.is_not(None) for element in key.elements))
    return select(literal(1)).select_from(key.table).where(whole, ~exists().where(there)).limit(1)


def check_copies(desk: Desk, _through: int, advance: Advance) -> Refusal | None:
    """Shares and purchase lines carry the season, entry and grade of what they hang on, for summing fast: the same."""
    stray = desk.session.execute(
        select(WeighingShare.weighing_id, Weighing.slip)
        .outerjoin(
            Weighing,
            (Weighing.collective_id == WeighingShare.collective_id) & (Weighing.id == WeighingShare.weighing_id),
        )
        .where(
            WeighingShare.collective_id == desk.collective_id,
            or_(
                Weighing.id.is_(None),
                Weighing.household_id.is_not(None),
                Weighing.season_id != WeighingShare.season_id,
                Weighing.entry != WeighingShare.entry,
                Weighing.grade != WeighingShare.grade,
            ),
        )
        .limit(1)
    ).first()
    if stray is not None:
        return LineAstray(what=N_("Slip"), name=stray.slip or stray.weighing_id)
    astray = desk.session.execute(
        select(PurchaseLine.purchase_id, Purchase.number)
        .outerjoin(
            Purchase,
            (Purchase.collective_id == PurchaseLine.collective_id) & (Purchase.id == PurchaseLine.purchase_id),
        )
        .where(
            PurchaseLine.collective_id == desk.collective_id,
            or_(
                Purchase.id.is_(None),
                Purchase.season_id != PurchaseLine.season_id,
                Purchase.entry != PurchaseLine.entry,
            ),
        )
        .limit(1)
    ).first() or _lines_out_of_step(desk)
    advance(1)
    return None if astray is None else LineAstray(what=N_("Purchase"), name=astray.number or astray.purchase_id)


def _lines_out_of_step(desk: Desk) -> Row | None:
    """A purchase whose lines are not numbered 1, 2, 3, …"""
    return desk.session.execute(
        select(PurchaseLine.purchase_id, Purchase.number)
        .join(Purchase, (Purchase.collective_id == PurchaseLine.collective_id) & (Purchase.id == PurchaseLine.purchase_id))
        .where(PurchaseLine.collective_id == desk.collective_id)
        .group_by(PurchaseLine.purchase_id, Purchase.number)
        .having(or_(func.min(PurchaseLine.line) != 1, func.max(PurchaseLine.line) != func.count()))
        .limit(1)
    ).first()


def check_reversals(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """Each reversal of a slip or payment and what it names sum to zero, in one season."""
    for what, table, name, figures in (
        (N_("Slip"), Weighing, "slip", ("net_grams", "amount_fen", "picking_fen")),
        (N_("Payment"), Payment, "id", ("amount_fen",)),
    ):
        uneven = desk.session.execute(_uneven(desk, table, name, figures).where(table.entry <= through)).first()
        advance(1)
        if uneven is not None:
            left = next((figure for figure in uneven[1:] if figure), uneven[0])
            return ReversalUneven(what=what, name=uneven[0], left=left)
    return None


def _uneven(desk: Desk, table: Any, name: str, figures: tuple[str, ...]) -> Any:
    original = aliased(table)
    left = [getattr(table, figure) + getattr(original, figure) for figure in figures]
    return (
        select(getattr(table, name), *left)
        .join(original, (original.collective_id == table.collective_id) & (original.id == table.reverses_id))
        .where(
            table.collective_id == desk.collective_id,
            or_(*[figure != 0 for figure in left], original.season_id != table.season_id),
        )
        .limit(1)
    )


class RulesChanged(Refusal):
    """Four eyes or the terms were changed past the journal."""

    template = N_("The collective's rules are %(found)s, but the journal says %(sealed)s.")


class CollectiveChanged(Refusal):
    """Its code or the zone that decides on which day a moment falls, edited past the program."""

    template = N_("The collective's %(field)s is %(found)s, but the journal says %(sealed)s.")


def check_rules(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """Four eyes and the terms are what was last decided, or as in a new collective; code and time zone as it was founded,
    its name as it was last given."""
    collective = desk.session.scalars(
        select(Collective).where(Collective.id == desk.collective_id).execution_options(populate_existing=True)
    ).one()
    founded = _last_said(desk, through, "collective") | _last_said(desk, through, NAMED)
    for field in ("id", "code", "time_zone", "name"):
        found, sealed = getattr(collective, field), founded.get(field)
        if field in founded and found != sealed:
            return CollectiveChanged(field=field, found=found, sealed=sealed)
    rules = replace(Rules(), **_last_said(desk, through, "collective-rules"))
    advance(1)
    now = rules_of(collective)
    return None if now == rules else RulesChanged(found=_words(now), sealed=_words(rules))


def _last_said(desk: Desk, through: int, kind: str) -> dict[str, Any]:
    last = desk.session.scalar(
        select(JournalEntry.payload)
        .where(JournalEntry.collective_id == desk.collective_id, JournalEntry.kind == kind, JournalEntry.sequence <= through)
        .order_by(JournalEntry.sequence.desc())
        .limit(1)
    )
    return json.loads(last) if last else {}


def _words(rules: Rules) -> str:
    return ", ".join(f"{name} {value}" for name, value in asdict(rules).items())


def check_slip_numbers(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """No number was given twice, and the next one comes after all that are lent to devices: set back, those would be handed out
    a second time. (Numbers that slips have are passed over wherever it stands.)"""
    twice = desk.session.execute(
        select(Weighing.slip, func.count())
        .where(Weighing.collective_id == desk.collective_id, Weighing.entry <= through)
        .group_by(Weighing.slip)
        .having(func.count() > 1)
        .limit(1)
    ).first()
    advance(1)
    return SlipTwice(slip=twice[0], count=twice[1]) if twice is not None else _next_number(desk)


def _next_number(desk: Desk) -> Refusal | None:
    lent = func.coalesce(func.max(SlipLease.last_number), 0)
    rows = desk.session.execute(
        select(Season.code, func.coalesce(SlipRange.next_number, 1), lent)
        .select_from(Season)
        .join(SlipLease, (SlipLease.collective_id == Season.collective_id) & (SlipLease.season_id == Season.id))
        .outerjoin(SlipRange, (SlipRange.collective_id == Season.collective_id) & (SlipRange.season_id == Season.id))
        .where(Season.collective_id == desk.collective_id)
        .group_by(Season.code, SlipRange.next_number)
        .having(func.coalesce(SlipRange.next_number, 1) <= lent)
        .order_by(Season.code)
        .limit(1)
    )
    for season, next_number, last in rows:
        return NumberSetBack(season=season, next=next_number, last=last)
    return None
