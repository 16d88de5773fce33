"""The collective's crates and bags, as a list of which the latest counts."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import Base, Sealed, once_sealed


class TareList(Sealed, Base):
    """All kinds of crates and bags: [[name, grams]] as canonical JSON, in the order of the buttons."""

    __tablename__ = "tare_lists"
    __table_args__ = (once_sealed(),)
    kind = "tare-list"

    lines: Mapped[str] = mapped_column(Text)
