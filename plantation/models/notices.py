"""The public notice (公示) of a settlement, and what households object to it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import Base, Hash, Number, Reason, Sealed, once_sealed, within


class Notice(Sealed, Base):
    """What was posted: `lines` as canonical JSON, [household code, net_grams, gross_fen, deductions_fen, picking_fen,
    net_fen] by code; `digest` is the SHA-256 of them. It hangs from `posted_on` through `ends_on`."""

    __tablename__ = "notices"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "season_id", "number"),
        within("seasons", "season_id"),
        CheckConstraint("number > 0 AND posted_on <= ends_on", name="days"),
    )
    kind = "notice"
    texts = ("lines",)

    season_id: Mapped[Number]
    number: Mapped[int]
    posted_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    lines: Mapped[str] = mapped_column(Text)
    digest: Mapped[Hash]


class Objection(Sealed, Base):
    """What a household says against its line of a notice; `ObjectionAnswer` ends it."""

    __tablename__ = "objections"
    __table_args__ = (once_sealed(), within("notices", "notice_id"), within("households", "household_id"))
    kind = "objection"
    texts = ("text",)

    notice_id: Mapped[Number]
    household_id: Mapped[Number]
    text: Mapped[Reason]


class ObjectionAnswer(Sealed, Base):
    """What the office answered, once."""

    __tablename__ = "objection_answers"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "objection_id"),
        within("objections", "objection_id"),
    )
    kind = "objection-answer"
    texts = ("text",)

    objection_id: Mapped[Number]
    is_upheld: Mapped[bool]
    text: Mapped[Reason]
