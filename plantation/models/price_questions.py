"""Slips whose paper says another price than the season's: a question, and what a manager answered."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import PriceDecision
from plantation.models.base import Base, Number, Reason, Sealed, once_sealed, one_of, within


class PriceQuestion(Sealed, Base):
    """The paper of a slip was printed with another price than the one it is recorded with: the price sheet changed
    meanwhile. The weighing has the season's price; the paper's, and what it would come to, stand here."""

    __tablename__ = "price_questions"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "weighing_id"),
        within("weighings", "weighing_id"),
        CheckConstraint("paper_price_fen_per_kg >= 0 AND paper_amount_fen >= 0", name="paper"),
    )
    kind = "price-question"

    weighing_id: Mapped[str] = mapped_column(String(64))
    paper_price_fen_per_kg: Mapped[Number]
    paper_amount_fen: Mapped[Number]


class PriceAnswer(Sealed, Base):
    """What a manager decided, once: the season's price stands; the difference is made good in the way the text says; or the
    paper's price counts, and the slip was taken back and recorded at it in the same moment."""

    __tablename__ = "price_answers"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "question_id"),
        within("price_questions", "question_id"),
        one_of("decision", PriceDecision),
    )
    kind = "price-answer"
    texts = ("text",)

    question_id: Mapped[Number]
    decision: Mapped[str] = mapped_column(String(20))
    text: Mapped[Reason]
