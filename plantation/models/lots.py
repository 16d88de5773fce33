"""Lots: fruit of one grade that was packed and labelled, what purchase took it, and what was unpacked again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from plantation.models.base import Base, Code, Number, Reason, Sealed, once_sealed, within


class Lot(Sealed, Base):
    """So many grams of one grade under a label of their own. Where they were picked follows from the rule of origins: the
    oldest fruit that was there on `packed_on` and in no lot yet."""

    __tablename__ = "lots"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "code"),
        within("seasons", "season_id"),
        CheckConstraint("net_grams > 0", name="weight"),
    )
    kind = "lot"

    code: Mapped[Code]
    season_id: Mapped[Number]
    grade: Mapped[Code]
    net_grams: Mapped[Number]
    packed_on: Mapped[dt.date]


class LotSale(Sealed, Base):
    """Line `line` of purchase `number` is this lot. A purchase that is taken back gives its lots back."""

    __tablename__ = "lot_sales"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "season_id", "number", "line"),
        within("lots", "lot_id"),
        within("seasons", "season_id"),
        ForeignKeyConstraint(
            ["collective_id", "season_id", "number"],
            ["purchases.collective_id", "purchases.season_id", "purchases.number"],
        ),
    )
    kind = "lot-sale"

    lot_id: Mapped[Number]
    season_id: Mapped[Number]
    number: Mapped[Code]
    line: Mapped[int]


class LotOpening(Sealed, Base):
    """A lot that was unpacked: its fruit is loose again, its label says so."""

    __tablename__ = "lot_openings"
    __table_args__ = (once_sealed(), UniqueConstraint("collective_id", "lot_id"), within("lots", "lot_id"))
    kind = "lot-opening"
    texts = ("reason",)

    lot_id: Mapped[Number]
    reason: Mapped[Reason]
