"""Hired pickers: who they are, the days they worked for a wage, and what they were paid.

What they picked by the kilogram is on the slips that name them, by their code or by their name.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import Base, Code, Name, Number, OptionalId, Reason, Sealed, once_sealed, within


class Picker(Sealed, Base):
    """A picker as written down; the latest row of a code counts."""

    __tablename__ = "pickers"
    __table_args__ = (once_sealed(), Index("ix_pickers_latest", "collective_id", "code", "entry"))
    kind = "picker"
    texts = ("name", "phone")

    code: Mapped[Code]
    name: Mapped[Name]
    phone: Mapped[str] = mapped_column(String(30), default="")


class PickerDay(Sealed, Base):
    """A day's wage, owed to the picker and taken from the household's next settlement as an advance is."""

    __tablename__ = "picker_days"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "reverses_id"),
        within("households", "household_id"),
        within("picker_days", "reverses_id"),
        CheckConstraint("(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)", name="sign"),
        Index("ix_picker_days_pickers", "collective_id", "picker", "amount_fen"),
        Index("ix_picker_days_households", "collective_id", "household_id", "amount_fen"),
    )
    kind = "picker-day"
    texts = ("reason",)

    picker: Mapped[Code]
    household_id: Mapped[Number]
    worked_on: Mapped[dt.date]
    amount_fen: Mapped[Number]
    reverses_id: Mapped[OptionalId]
    reason: Mapped[Reason] = mapped_column(default="")


class PickerPayment(Sealed, Base):
    """Cash that a picker had, never more than is owed."""

    __tablename__ = "picker_payments"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "reverses_id"),
        within("picker_payments", "reverses_id"),
        CheckConstraint("(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)", name="sign"),
        Index("ix_picker_payments_pickers", "collective_id", "picker", "amount_fen"),
    )
    kind = "picker-payment"
    texts = ("reason",)

    picker: Mapped[Code]
    paid_on: Mapped[dt.date]
    amount_fen: Mapped[Number]
    reverses_id: Mapped[OptionalId]
    reason: Mapped[Reason] = mapped_column(default="")
