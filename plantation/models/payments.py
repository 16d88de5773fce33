"""Payments to households for a season. A reversal (or a bounced bank row) is a payment with the amount negative."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import (
    AppendOnly,
    Base,
    Code,
    Moment,
    Name,
    Number,
    OfCollective,
    OptionalId,
    Reason,
    within,
)


class Payment(AppendOnly, OfCollective, Base):
    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("collective_id", "entry"),
        UniqueConstraint("collective_id", "reverses_id"),
        within("seasons", "season_id"),
        within("households", "household_id"),
        within("payments", "reverses_id"),
        CheckConstraint("(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)", name="sign"),
        Index("ix_payments_totals", "collective_id", "season_id", "household_id", "amount_fen"),
        Index("ix_payments_households", "collective_id", "household_id", "season_id", "amount_fen"),
    )

    season_id: Mapped[Number]
    household_id: Mapped[Number]
    entry: Mapped[Number]
    paid_on: Mapped[dt.date]
    method: Mapped[str] = mapped_column(String(40))
    amount_fen: Mapped[Number]
    reference: Mapped[Name] = mapped_column(default="")
    reverses_id: Mapped[OptionalId]
    reason: Mapped[Reason] = mapped_column(default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[Code]
