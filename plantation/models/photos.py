"""Photos of the scale, kept with the slip that they belong to."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import Base, Sealed, once_sealed, within


class SlipPhoto(Sealed, Base):
    """A small JPEG of the scale at a weighing. The journal seals its SHA-256, the row has the picture itself: so a backup has
    it too, and who swaps it is found."""

    __tablename__ = "slip_photos"
    __table_args__ = (
        once_sealed(),
        within("weighings", "weighing_id"),
        CheckConstraint("length(picture) BETWEEN 4 AND 81920", name="size"),
        Index("ix_slip_photos_weighings", "collective_id", "weighing_id", "entry"),
    )
    kind = "slip-photo"

    weighing_id: Mapped[str] = mapped_column(String(64))
    picture: Mapped[bytes] = mapped_column(LargeBinary)
