"""What a mu bears by the age of its trees, as the collective sees it: a table of which the latest counts."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import Base, Sealed, once_sealed


class YieldTable(Sealed, Base):
    """The whole table: [[from years, stage, low, mid, high in kg per mu]] as canonical JSON."""

    __tablename__ = "yield_tables"
    __table_args__ = (once_sealed(),)
    kind = "yield-table"

    lines: Mapped[str] = mapped_column(Text)
