"""Households: a code, a name, how many members, a phone number, and nothing more."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import Base, Code, Name, OfCollective, Versioned


class Household(OfCollective, Versioned, Base):
    __tablename__ = "households"
    __table_args__ = (
        UniqueConstraint("collective_id", "code"),
        CheckConstraint("members BETWEEN 0 AND 100", name="members"),
    )

    code: Mapped[Code]
    name: Mapped[Name]
    members: Mapped[int]
    phone: Mapped[str] = mapped_column(String(30), default="")
