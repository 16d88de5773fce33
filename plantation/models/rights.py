"""Usufruct rights: household × entitlement in mu × term × status (LADM: a RRR of a party over a spatial unit)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import RightStatus
from plantation.models.base import Base, Code, Number, OfCollective, Versioned, one_of, within


class Right(OfCollective, Versioned, Base):
    """`entitlement_millimu` thousandths of a mu, from `starts_on` to `ends_on`, both days included."""

    __tablename__ = "rights"
    __table_args__ = (
        UniqueConstraint("collective_id", "code"),
        within("households", "household_id"),
        one_of("status", RightStatus),
        CheckConstraint("entitlement_millimu > 0 AND entitlement_millimu <= 100000000", name="entitlement"),
        CheckConstraint("starts_on <= ends_on", name="term"),
        Index("ix_rights_households", "collective_id", "household_id", "code"),
    )

    code: Mapped[Code]
    household_id: Mapped[Number]
    entitlement_millimu: Mapped[Number]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    status: Mapped[str] = mapped_column(String(20))
