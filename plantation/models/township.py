"""Who of the township may read this collective's totals: given by its own manager, and taken back."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from plantation.models.base import Base, Code, Sealed, once_sealed


class TownshipGrant(Sealed, Base):
    """The account `reader` of the collective `reader_collective` may read totals, or no longer; the latest row of the pair counts."""

    __tablename__ = "township_grants"
    __table_args__ = (
        once_sealed(),
        Index("ix_township_grants_readers", "collective_id", "reader_collective", "reader", "entry"),
    )
    kind = "township-grant"

    reader_collective: Mapped[Code]
    reader: Mapped[Code]
    is_given: Mapped[bool]
