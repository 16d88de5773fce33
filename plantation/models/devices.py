"""What is kept of devices at the field's edge: slip numbers lent to them, and what they told at their last contact."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import AppendOnly, Base, Code, Moment, Number, OfCollective, OptionalMoment, within


class SlipLease(AppendOnly, OfCollective, Base):
    """Numbers `first_number` to `last_number` of a season: this device gives them out, and nobody else.

    `request` is the id that the device made for asking: asked twice, it is one lease.
    """

    __tablename__ = "slip_leases"
    __table_args__ = (
        within("device_tokens", "device_id"),
        within("seasons", "season_id"),
        UniqueConstraint("collective_id", "device_id", "request"),
        UniqueConstraint("collective_id", "season_id", "first_number"),
        CheckConstraint("first_number <= last_number", name="numbers"),
    )

    device_id: Mapped[Number]
    season_id: Mapped[Number]
    request: Mapped[Code]
    first_number: Mapped[Number]
    last_number: Mapped[Number]
    leased_at: Mapped[Moment]


class DeviceState(Base):
    """What a device told at its last contact: how much waited on it, since when, who held it, how far its clock was off.

    One row a device, written over: it is no record of fruit or money. `clock_offset_seconds` is positive where the
    device's clock is ahead of the server's.
    """

    __tablename__ = "device_states"
    __table_args__ = (
        within("device_tokens", "device_id"),
        CheckConstraint("waiting >= 0 AND waiting_grams >= 0", name="waiting"),
    )

    collective_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collectives.id"), primary_key=True)
    device_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    told_at: Mapped[Moment]
    waiting: Mapped[Number]
    waiting_grams: Mapped[Number]
    waiting_since: Mapped[OptionalMoment]
    held_by: Mapped[Code]
    clock_offset_seconds: Mapped[Number]
