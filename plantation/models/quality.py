"""Quality: the limits that were posted for a season, and what was found in a delivery."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import QualityMeasure
from plantation.models.base import Base, Code, Number, OptionalNumber, Sealed, once_sealed, one_of, within


class QualityLimit(Sealed, Base):
    """Fruit of `grade` has at most `limit_ppm` of `measure`; beyond it is weighed as `regrade`, or not at all where
    that is empty. The latest row of (season, grade, measure) counts; no `limit_ppm` lifts the limit."""

    __tablename__ = "quality_limits"
    __table_args__ = (
        once_sealed(),
        within("seasons", "season_id"),
        one_of("measure", QualityMeasure),
        CheckConstraint("limit_ppm IS NULL OR (limit_ppm >= 0 AND limit_ppm < 1000000)", name="limit"),
        Index("ix_quality_limits_latest", "collective_id", "season_id", "grade", "measure", "entry"),
    )
    kind = "quality-limit"

    season_id: Mapped[Number]
    grade: Mapped[Code]
    measure: Mapped[str] = mapped_column(String(20))
    limit_ppm: Mapped[OptionalNumber]
    regrade: Mapped[str] = mapped_column(String(64), default="")


class QualityCheck(Sealed, Base):
    """What was found in the delivery of one slip, and as which grade it was offered; the slip has the grade it got."""

    __tablename__ = "quality_checks"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "weighing_id"),
        within("weighings", "weighing_id"),
        CheckConstraint("impurity_ppm IS NULL OR (impurity_ppm >= 0 AND impurity_ppm < 1000000)", name="impurity"),
        CheckConstraint("moisture_ppm IS NULL OR (moisture_ppm >= 0 AND moisture_ppm < 1000000)", name="moisture"),
    )
    kind = "quality-check"

    weighing_id: Mapped[str] = mapped_column(String(64))
    offered_grade: Mapped[Code]
    impurity_ppm: Mapped[OptionalNumber]
    moisture_ppm: Mapped[OptionalNumber]
