"""Dividends: what the collective, or a cooperative through it, pays out by household, member, mu or kg."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import (
    Base,
    Code,
    Hash,
    Name,
    Number,
    OptionalId,
    OptionalNumber,
    Reason,
    Sealed,
    once_sealed,
    within,
)


class Dividend(Sealed, Base):
    """A dividend as it was declared. `source` is who pays it: empty for the plantation itself, else the name of a
    cooperative whose money passes through. `mix`: [[basis, parts per million]] as canonical JSON, `each_fen` instead
    where everybody gets the same. `season_id` says whose kilograms count. `is_patronage`: a cooperative's surplus, which the
    law wants shared to 60 % at least by kilograms. `digest` is the SHA-256 of its lines."""

    __tablename__ = "dividends"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "code"),
        within("seasons", "season_id"),
        CheckConstraint("total_fen > 0", name="total"),
    )
    kind = "dividend"
    texts = ("name", "source")
    later = MappingProxyType({"is_patronage": False})

    code: Mapped[Code]
    name: Mapped[Name]
    source: Mapped[Name]
    declared_on: Mapped[dt.date]
    season_id: Mapped[OptionalId]
    total_fen: Mapped[Number]
    each_fen: Mapped[OptionalNumber]
    mix: Mapped[str] = mapped_column(Text)
    digest: Mapped[Hash]
    is_patronage: Mapped[bool] = mapped_column(default=False)


class DividendLine(Sealed, Base):
    """What one household gets, with what counted for it when the dividend was declared."""

    __tablename__ = "dividend_lines"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "dividend_id", "household_id"),
        within("dividends", "dividend_id"),
        within("households", "household_id"),
        CheckConstraint("amount_fen >= 0", name="amount"),
        Index("ix_dividend_lines_households", "collective_id", "household_id", "dividend_id"),
    )
    kind = "dividend-line"

    dividend_id: Mapped[Number]
    household_id: Mapped[Number]
    members: Mapped[Number]
    entitlement_millimu: Mapped[Number]
    net_grams: Mapped[Number]
    amount_fen: Mapped[Number]


class DividendPayment(Sealed, Base):
    """What was paid of a line; a reversal names the payment and has the amount negative."""

    __tablename__ = "dividend_payments"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "reverses_id"),
        within("dividends", "dividend_id"),
        within("households", "household_id"),
        within("dividend_payments", "reverses_id"),
        CheckConstraint("(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)", name="sign"),
        Index("ix_dividend_payments_totals", "collective_id", "dividend_id", "household_id", "amount_fen"),
        Index("ix_dividend_payments_households", "collective_id", "household_id", "dividend_id", "amount_fen"),
    )
    kind = "dividend-payment"
    texts = ("reference", "reason")

    dividend_id: Mapped[Number]
    household_id: Mapped[Number]
    paid_on: Mapped[dt.date]
    method: Mapped[str] = mapped_column(String(40))
    amount_fen: Mapped[Number]
    reference: Mapped[Name] = mapped_column(default="")
    reverses_id: Mapped[OptionalId]
    reason: Mapped[Reason] = mapped_column(default="")
