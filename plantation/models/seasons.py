"""Picking seasons with their dated prices and their deductions."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import DeductionKind, SeasonMode
from plantation.models.base import Base, Code, Name, Number, OfCollective, OptionalNumber, Versioned, one_of, within


class Season(OfCollective, Versioned, Base):
    """A season from `starts_on` to `ends_on`, both days included, in the collective's time zone."""

    __tablename__ = "seasons"
    __table_args__ = (
        UniqueConstraint("collective_id", "code"),
        one_of("mode", SeasonMode),
        CheckConstraint("starts_on <= ends_on", name="dates"),
        CheckConstraint("tolerance_ppm BETWEEN 0 AND 1000000", name="tolerance"),
    )

    code: Mapped[Code]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    mode: Mapped[str] = mapped_column(String(20))
    tolerance_ppm: Mapped[Number]


class Price(OfCollective, Base):
    """The price of a grade from a date on. Never edited: a new price is a new row with a later date."""

    __tablename__ = "prices"
    __table_args__ = (
        UniqueConstraint("collective_id", "season_id", "grade", "valid_from"),
        within("seasons", "season_id"),
        CheckConstraint("price_fen_per_kg >= 0", name="price"),
    )

    season_id: Mapped[Number]
    grade: Mapped[Code]
    valid_from: Mapped[dt.date]
    price_fen_per_kg: Mapped[Number]


class Deduction(OfCollective, Base):
    """What is taken off a household's gross: `rate_ppm` of it, or `amount_fen` by net kg or by household."""

    __tablename__ = "deductions"
    __table_args__ = (
        UniqueConstraint("collective_id", "season_id", "code"),
        within("seasons", "season_id"),
        one_of("kind", DeductionKind),
        CheckConstraint(
            "(kind = 'percent' AND rate_ppm BETWEEN 0 AND 1000000 AND amount_fen IS NULL)"
            " OR (kind <> 'percent' AND amount_fen >= 0 AND rate_ppm IS NULL)",
            name="value",
        ),
    )

    season_id: Mapped[Number]
    code: Mapped[Code]
    name: Mapped[Name]
    kind: Mapped[str] = mapped_column(String(30))
    rate_ppm: Mapped[OptionalNumber]
    amount_fen: Mapped[OptionalNumber]
