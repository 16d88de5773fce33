"""What buyers pay for what they bought. A reversal is a row with the amount negative."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import Base, Name, Number, OptionalId, Reason, Sealed, once_sealed, within


class BuyerPayment(Sealed, Base):
    __tablename__ = "buyer_payments"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "reverses_id"),
        within("buyers", "buyer_id"),
        within("buyer_payments", "reverses_id"),
        CheckConstraint("(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)", name="sign"),
        Index("ix_buyer_payments_totals", "collective_id", "buyer_id", "amount_fen"),
    )
    kind = "buyer-payment"
    texts = ("reference", "reason")

    buyer_id: Mapped[Number]
    paid_on: Mapped[dt.date]
    method: Mapped[str] = mapped_column(String(40))
    amount_fen: Mapped[Number]
    reference: Mapped[Name] = mapped_column(default="")
    reverses_id: Mapped[OptionalId]
    reason: Mapped[Reason] = mapped_column(default="")
