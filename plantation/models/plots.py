"""Plots of the collective's land, what is cut out of them, and the lines from which parcels are reached."""

from __future__ import annotations

import datetime as dt

import shapely
from sqlalchemy import CheckConstraint, Float, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import ExclusionKind
from plantation.models.base import (
    Base,
    Code,
    Geometry,
    Name,
    Number,
    OfCollective,
    Versioned,
    one_of,
    within,
)


class Plot(OfCollective, Versioned, Base):
    """A mapped piece of the collective's plantation. `area_dm2` is what can be allocated: without its exclusions."""

    __tablename__ = "plots"
    __table_args__ = (UniqueConstraint("collective_id", "code"), CheckConstraint("area_dm2 > 0", name="area"))

    code: Mapped[Code]
    name: Mapped[Name]
    planted_on: Mapped[dt.date | None]
    variety: Mapped[str] = mapped_column(String(100), default="")
    row_bearing: Mapped[float | None] = mapped_column(Float)
    row_spacing_m: Mapped[float | None] = mapped_column(Float)
    outline: Mapped[shapely.Geometry] = mapped_column(Geometry)
    area_dm2: Mapped[Number]
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]


class Exclusion(OfCollective, Base):
    """A road, canal, rock or building inside a plot: a polygon, or a line with its width."""

    __tablename__ = "exclusions"
    __table_args__ = (within("plots", "plot_id"), one_of("kind", ExclusionKind), Index("ix_exclusions_plots", "collective_id", "plot_id"))

    plot_id: Mapped[Number]
    kind: Mapped[str] = mapped_column(String(20))
    outline: Mapped[shapely.Geometry] = mapped_column(Geometry)
    width_m: Mapped[float | None] = mapped_column(Float)


class AccessLine(OfCollective, Base):
    """A line from which parcels may be reached; where a collective has none, a plot's outer edge is access."""

    __tablename__ = "access_lines"

    kind: Mapped[str] = mapped_column(String(40), default="")
    line: Mapped[shapely.Geometry] = mapped_column(Geometry)
