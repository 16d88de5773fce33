"""The closing of a day at the scale: what the device says it weighed, beside what is recorded of it here."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import Base, Code, Hash, Number, Sealed, once_sealed, within


class Closing(Sealed, Base):
    """A device's closing of `local_date`; who recorded it is the device.

    `code` is the id that the device made for it: told twice, it is one closing. `slips` and `net_grams` are the device's own
    totals, `differing` says how many slips are not the same on both sides. `lines` is canonical JSON: `told` and `recorded` as
    [grade, household, slips, net_grams], `differences` as [kind, slip, household, grade, told_grams, recorded_grams],
    `skipped` the numbers that carry no slip. `head_sequence` and `head_hash` are the journal's head when it was closed.
    """

    __tablename__ = "closings"
    __table_args__ = (
        once_sealed(),
        within("seasons", "season_id"),
        UniqueConstraint("collective_id", "code"),
        CheckConstraint("slips >= 0 AND differing >= 0 AND head_sequence >= 0", name="counts"),
        Index("ix_closings_days", "collective_id", "local_date", "entry"),
    )
    kind = "closing"
    texts = ("lines",)

    code: Mapped[Code]
    season_id: Mapped[Number]
    local_date: Mapped[dt.date]
    slips: Mapped[Number]
    net_grams: Mapped[Number]
    differing: Mapped[Number]
    lines: Mapped[str] = mapped_column(Text)
    head_sequence: Mapped[Number]
    head_hash: Mapped[Hash]
