"""Buyers, and what they bought: lines of grade × weight × price, from the collective's pool or from a household."""

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
    Versioned,
    within,
)


class Buyer(OfCollective, Versioned, Base):
    """Who buys fruit, addressed by code: what purchases.csv has in its `buyer` column."""

    __tablename__ = "buyers"
    __table_args__ = (
        UniqueConstraint("collective_id", "code"),
        CheckConstraint("terms_days BETWEEN 0 AND 365", name="terms"),
    )

    code: Mapped[Code]
    name: Mapped[Name]
    phone: Mapped[str] = mapped_column(String(30), default="")
    # Days after a purchase within which it is to be paid.
    terms_days: Mapped[int] = mapped_column(default=30)


class Purchase(AppendOnly, OfCollective, Base):
    """One purchase note. A reversal is a purchase of its own whose lines are the negatives of the one it names."""

    __tablename__ = "purchases"
    __table_args__ = (
        UniqueConstraint("collective_id", "entry"),
        UniqueConstraint("collective_id", "season_id", "number"),
        UniqueConstraint("collective_id", "reverses_id"),
        within("seasons", "season_id"),
        within("buyers", "buyer_id"),
        within("purchases", "reverses_id"),
    )

    number: Mapped[Code]
    season_id: Mapped[Number]
    buyer_id: Mapped[Number] = mapped_column(index=True)
    entry: Mapped[Number]
    purchased_on: Mapped[dt.date]
    reverses_id: Mapped[OptionalId]
    reason: Mapped[Reason] = mapped_column(default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[Code]


class PurchaseLine(AppendOnly, OfCollective, Base):
    """`source_household_id` is empty where the fruit came from the pool."""

    __tablename__ = "purchase_lines"
    __table_args__ = (
        UniqueConstraint("collective_id", "purchase_id", "line"),
        within("purchases", "purchase_id"),
        within("seasons", "season_id"),
        within("households", "source_household_id"),
        CheckConstraint("price_fen_per_kg >= 0", name="price"),
        CheckConstraint("(net_grams >= 0 AND amount_fen >= 0) OR (net_grams <= 0 AND amount_fen <= 0)", name="sign"),
        Index(
            "ix_purchase_lines_totals",
            "collective_id",
            "season_id",
            "source_household_id",
            "grade",
            "entry",
            "net_grams",
            "amount_fen",
        ),
    )

    purchase_id: Mapped[Number]
    line: Mapped[int]
    season_id: Mapped[Number]
    entry: Mapped[Number]
    source_household_id: Mapped[OptionalId]
    grade: Mapped[Code]
    net_grams: Mapped[Number]
    price_fen_per_kg: Mapped[Number]
    amount_fen: Mapped[Number]
