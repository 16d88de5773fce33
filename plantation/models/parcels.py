"""Parcels, and the allocations that made them."""

from __future__ import annotations

import shapely
from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import AllocationRule, ParcelShape
from plantation.models.base import (
    AppendOnly,
    Base,
    Code,
    Geometry,
    Moment,
    Number,
    OfCollective,
    OptionalId,
    one_of,
    within,
)


class Allocation(AppendOnly, OfCollective, Base):
    """One run that turned plots and rights into parcels; `report` is its JSON with the rule, the draw and all figures."""

    __tablename__ = "allocations"
    __table_args__ = (one_of("rule", AllocationRule), one_of("shape", ParcelShape))

    rule: Mapped[str] = mapped_column(String(20))
    shape: Mapped[str] = mapped_column(String(20))
    seed: Mapped[str] = mapped_column(String(200))
    asked_millimu: Mapped[Number]
    available_millimu: Mapped[Number]
    report: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[Code]


class Parcel(OfCollective, Base):
    """The polygon that one right covers. Where nobody holds it any more, `right_id` and `household_id` are empty."""

    __tablename__ = "parcels"
    __table_args__ = (
        UniqueConstraint("collective_id", "code"),
        within("plots", "plot_id"),
        within("rights", "right_id"),
        within("households", "household_id"),
        within("allocations", "allocation_id"),
        CheckConstraint("area_dm2 > 0", name="area"),
        # With the collective in front: SQLite, which keeps no figures about its rows, would rather walk the key.
        Index("ix_parcels_plots", "collective_id", "plot_id", "code"),
        Index("ix_parcels_rights", "collective_id", "right_id"),
        Index("ix_parcels_households", "collective_id", "household_id"),
    )

    code: Mapped[Code]
    plot_id: Mapped[Number]
    right_id: Mapped[OptionalId]
    household_id: Mapped[OptionalId]
    allocation_id: Mapped[OptionalId]
    outline: Mapped[shapely.Geometry] = mapped_column(Geometry)
    area_dm2: Mapped[Number]
