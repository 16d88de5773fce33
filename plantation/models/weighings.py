"""Weighings, and how a weighing for a whole plot is shared over its parcels."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import (
    AppendOnly,
    Base,
    Code,
    Moment,
    Number,
    OfCollective,
    OptionalId,
    OptionalNumber,
    Reason,
    within,
)

WEIGHING = ["weighings.collective_id", "weighings.id"]


# Few slips take another back: an index of these alone.
_TAKES_BACK = text("reverses_id IS NOT NULL")
# Not all name who picked for a wage.
_NAMES_A_PICKER = text("picker <> ''")


class Weighing(AppendOnly, Base):
    """One weigh-in. A reversal repeats the figures of the slip it names and counts them negative, so sums just add.

    `id` is made where the fruit was weighed (a UUID on a device). `entry` is the number of its journal entry: a
    settlement covers all rows up to an entry. `content_hash` tells a resend from another content under the same id.
    """

    __tablename__ = "weighings"
    __table_args__ = (
        UniqueConstraint("collective_id", "entry"),
        UniqueConstraint("collective_id", "slip"),
        UniqueConstraint("collective_id", "reverses_id"),
        within("seasons", "season_id"),
        within("households", "household_id"),
        within("plots", "plot_id"),
        within("parcels", "parcel_id"),
        within("weighings", "reverses_id"),
        CheckConstraint("gross_grams > tare_grams AND tare_grams >= 0", name="gross_above_tare"),
        CheckConstraint("gross_grams <= 100000000", name="gross_limit"),
        CheckConstraint("deduction_ppm >= 0 AND deduction_ppm < 1000000", name="deduction"),
        CheckConstraint("household_id IS NOT NULL OR plot_id IS NOT NULL", name="place"),
        CheckConstraint(
            "(reverses_id IS NULL AND net_grams >= 0 AND amount_fen >= 0 AND picking_fen >= 0)"
            " OR (reverses_id IS NOT NULL AND net_grams <= 0 AND amount_fen <= 0 AND picking_fen <= 0)",
            name="sign",
        ),
        Index(
            "ix_weighings_totals",
            "collective_id",
            "season_id",
            "household_id",
            "grade",
            "entry",
            "net_grams",
            "amount_fen",
            "picking_fen",
        ),
        Index("ix_weighings_days", "collective_id", "season_id", "local_date", "grade", "entry", "net_grams"),
        Index("ix_weighings_reversals", "collective_id", "season_id", "entry", sqlite_where=_TAKES_BACK, postgresql_where=_TAKES_BACK),
        Index("ix_weighings_seasons", "collective_id", "season_id", "weighed_at", "entry"),
        Index("ix_weighings_entries", "collective_id", "season_id", "entry"),
        Index("ix_weighings_pairs", "collective_id", "season_id", "household_id", "weighed_at", "entry", "reverses_id"),
        Index("ix_weighings_households", "collective_id", "household_id", "weighed_at"),
        Index("ix_weighings_times", "collective_id", "weighed_at"),
        Index(
            "ix_weighings_pickers",
            "collective_id",
            "picker",
            "weighed_at",
            "entry",
            "net_grams",
            "picking_fen",
            sqlite_where=_NAMES_A_PICKER,
            postgresql_where=_NAMES_A_PICKER,
        ),
        # The order of letters depends on PostgreSQL's language: the beginning of a slip number has an index of its own.
        Index(
            "ix_weighings_slips", "collective_id", "slip", postgresql_ops={"slip": "text_pattern_ops"}, info={"only_on": "postgresql"}
        ).ddl_if(dialect="postgresql"),
    )

    collective_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collectives.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    slip: Mapped[Code]
    season_id: Mapped[Number]
    entry: Mapped[Number]
    weighed_at: Mapped[Moment]
    utc_offset_minutes: Mapped[int]
    local_date: Mapped[dt.date]
    household_id: Mapped[OptionalId]
    plot_id: Mapped[OptionalId]
    parcel_id: Mapped[OptionalId]
    grade: Mapped[Code]
    gross_grams: Mapped[Number]
    tare_grams: Mapped[Number]
    deduction_ppm: Mapped[Number]
    net_grams: Mapped[Number]
    price_fen_per_kg: Mapped[OptionalNumber]
    amount_fen: Mapped[Number]
    picker: Mapped[str] = mapped_column(String(200), default="")
    piece_rate_fen_per_kg: Mapped[OptionalNumber]
    picking_fen: Mapped[Number]
    reverses_id: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[Reason] = mapped_column(default="")
    content_hash: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[Code]


class WeighingShare(AppendOnly, OfCollective, Base):
    """What one parcel's household has of a weighing for a whole plot; the shares sum to the weighing."""

    __tablename__ = "weighing_shares"
    __table_args__ = (
        UniqueConstraint("collective_id", "weighing_id", "parcel_id"),
        within("weighings", "weighing_id"),
        within("seasons", "season_id"),
        within("parcels", "parcel_id"),
        within("households", "household_id"),
        Index(
            "ix_weighing_shares_totals",
            "collective_id",
            "season_id",
            "household_id",
            "grade",
            "entry",
            "net_grams",
            "amount_fen",
            "picking_fen",
        ),
    )

    weighing_id: Mapped[str] = mapped_column(String(64))
    season_id: Mapped[Number]
    entry: Mapped[Number]
    parcel_id: Mapped[Number]
    household_id: Mapped[Number]
    area_dm2: Mapped[Number]
    grade: Mapped[Code]
    net_grams: Mapped[Number]
    amount_fen: Mapped[Number]
    picking_fen: Mapped[Number]


class SlipRange(OfCollective, Base):
    """The next slip number of a season; locked while a number is taken."""

    __tablename__ = "slip_ranges"
    __table_args__ = (UniqueConstraint("collective_id", "season_id"), within("seasons", "season_id"))

    season_id: Mapped[Number]
    next_number: Mapped[Number]
