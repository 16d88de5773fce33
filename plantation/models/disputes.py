"""Disputes: a household says that a slip is wrong, and is answered."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import DisputeAbout
from plantation.models.base import Base, Number, Reason, Sealed, once_sealed, one_of, within


class Dispute(Sealed, Base):
    """The slip is frozen from here to its `DisputeAnswer`, which is due on `due_on`."""

    __tablename__ = "disputes"
    __table_args__ = (
        once_sealed(),
        within("weighings", "weighing_id"),
        within("households", "household_id"),
        one_of("about", DisputeAbout),
        Index("ix_disputes_weighings", "collective_id", "weighing_id", "entry"),
        Index("ix_disputes_households", "collective_id", "household_id", "entry"),
    )
    kind = "dispute"
    texts = ("text",)

    weighing_id: Mapped[str] = mapped_column(String(64))
    household_id: Mapped[Number]
    about: Mapped[str] = mapped_column(String(20))
    text: Mapped[Reason]
    due_on: Mapped[dt.date]


class DisputeAnswer(Sealed, Base):
    """What the office decided, once: upheld, the slip is reversed in the same moment; else it stands."""

    __tablename__ = "dispute_answers"
    __table_args__ = (once_sealed(), UniqueConstraint("collective_id", "dispute_id"), within("disputes", "dispute_id"))
    kind = "dispute-answer"
    texts = ("text",)

    dispute_id: Mapped[Number]
    is_upheld: Mapped[bool]
    text: Mapped[Reason]
