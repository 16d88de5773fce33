"""Settlements: the frozen computation that turns purchases into each household's earnings.

A settlement is cumulative: number 2 of a season computes the whole season again with all that was corrected since;
what moves is the difference to number 1. All rows are append-only.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import SeasonMode
from plantation.models.base import (
    AppendOnly,
    Base,
    Code,
    Hash,
    Moment,
    Number,
    OfCollective,
    one_of,
    within,
)


class Settlement(AppendOnly, OfCollective, Base):
    """`through_entry`: the last journal entry that is in it; later entries wait for the next number.

    Its own journal entry is the one after that. `terms` is the frozen deduction sheet and tolerance as canonical JSON,
    `digest` the SHA-256 over all its lines: both are in the journal.
    """

    __tablename__ = "settlements"
    __table_args__ = (
        UniqueConstraint("collective_id", "season_id", "number"),
        within("seasons", "season_id"),
        one_of("mode", SeasonMode),
        CheckConstraint("number > 0", name="number"),
    )

    season_id: Mapped[Number]
    number: Mapped[int]
    through_entry: Mapped[Number]
    mode: Mapped[str] = mapped_column(String(20))
    terms: Mapped[str] = mapped_column(Text)
    digest: Mapped[Hash]
    settled_at: Mapped[Moment]
    settled_by: Mapped[Code]


class SettlementGrade(AppendOnly, OfCollective, Base):
    """Per grade: what was weighed, what was bought (from the pool and directly), and for how much."""

    __tablename__ = "settlement_grades"
    __table_args__ = (
        UniqueConstraint("collective_id", "settlement_id", "grade"),
        within("settlements", "settlement_id"),
    )

    settlement_id: Mapped[Number]
    grade: Mapped[Code]
    weighed_grams: Mapped[Number]
    pool_bought_grams: Mapped[Number]
    pool_revenue_fen: Mapped[Number]
    direct_grams: Mapped[Number]
    direct_revenue_fen: Mapped[Number]
    owed_fen: Mapped[Number]


class Earnings(AppendOnly, Base):
    """What a household is owed for a season, by one settlement; one row a household, which is its key.

    `fruit` and `deduction_lines` are its lines as canonical JSON, because ten thousand households times several grades
    as rows of their own cost more than the settlement itself. For the same reason it points to its household alone, and to its collective
    through it: no key leads to the settlement, whose digest, sealed by the journal, says which lines it has. `fruit`: [grade, net_grams, direct_grams, direct_fen, common_grams, common_fen] by
    grade; `deduction_lines`: [code, due_fen, taken_fen, carried_fen] by code.
    """

    __tablename__ = "earnings"
    __table_args__ = (within("households", "household_id"),)

    collective_id: Mapped[Number] = mapped_column(primary_key=True)
    settlement_id: Mapped[Number] = mapped_column(primary_key=True)
    household_id: Mapped[Number] = mapped_column(primary_key=True, index=True)
    net_grams: Mapped[Number]
    gross_fen: Mapped[Number]
    deductions_fen: Mapped[Number]
    carried_fen: Mapped[Number]
    picking_fen: Mapped[Number]
    net_fen: Mapped[Number]
    fruit: Mapped[str] = mapped_column(Text)
    deduction_lines: Mapped[str] = mapped_column(Text)
