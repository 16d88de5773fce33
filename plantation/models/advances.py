"""Advances: money or goods that a household had before the settlement, taken from it later."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import AdvanceForm
from plantation.models.base import Base, Name, Number, OptionalId, Reason, Sealed, once_sealed, one_of, within


class Advance(Sealed, Base):
    """`amount_fen` is what is to be given back; a reversal names the advance and has it negative. What was taken from
    settlements are payments with the method `advance`: given less taken is what is open."""

    __tablename__ = "advances"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "reverses_id"),
        within("households", "household_id"),
        within("advances", "reverses_id"),
        one_of("form", AdvanceForm),
        CheckConstraint("(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)", name="sign"),
        Index("ix_advances_totals", "collective_id", "household_id", "amount_fen"),
    )
    kind = "advance"
    texts = ("text", "reason")

    household_id: Mapped[Number]
    form: Mapped[str] = mapped_column(String(20))
    text: Mapped[Name]
    given_on: Mapped[dt.date]
    amount_fen: Mapped[Number]
    reverses_id: Mapped[OptionalId]
    reason: Mapped[Reason] = mapped_column(default="")
