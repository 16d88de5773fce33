"""Differences between yield, scale and buyer: what the office said of each."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import DifferenceKind, DifferenceVerdict
from plantation.models.base import Base, Hash, Name, Number, Reason, Sealed, once_sealed, one_of, within


class DifferenceAnswer(Sealed, Base):
    """`digest` is that of the difference's figures when it was answered: once they move, it is open again."""

    __tablename__ = "difference_answers"
    __table_args__ = (
        once_sealed(),
        within("seasons", "season_id"),
        one_of("difference", DifferenceKind),
        one_of("verdict", DifferenceVerdict),
        Index("ix_difference_answers_seasons", "collective_id", "season_id", "entry"),
    )
    kind = "difference-answer"
    texts = ("text",)

    season_id: Mapped[Number]
    difference: Mapped[str] = mapped_column(String(20))
    subject: Mapped[Name]
    digest: Mapped[Hash]
    verdict: Mapped[str] = mapped_column(String(20))
    text: Mapped[Reason]
