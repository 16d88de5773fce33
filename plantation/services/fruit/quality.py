"""Quality at the scale: limits posted with the prices, and what was found in a delivery kept beside its slip."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import select

from plantation.domain.quality import Limit, grade_delivery
from plantation.domain.words import QualityMeasure
from plantation.errors import N_, BadValue, Refusal
from plantation.models import Price, QualityCheck, QualityLimit, Season, Weighing
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_inputs import WeighingInput
from plantation.services.fruit.weighings import record_weighing
from plantation.services.lookups import the_season
from plantation.units import WHOLE_PPM, PartsPerMillion


class GradeUnknown(Refusal):
    """A grade that is not on the price sheet."""

    template = N_("Grade “%(grade)s” is not on the price sheet of season %(season)s.")


class RegradeSame(Refusal):
    """A limit that leads to its own grade."""

    field = "regrade"
    template = N_("Beyond the limit another grade is due, not %(grade)s again.")


class CheckOf(NamedTuple):
    """What was found in the delivery of a slip; `grade` is what the slip has."""

    offered_grade: str
    grade: str
    impurity_ppm: PartsPerMillion | None
    moisture_ppm: PartsPerMillion | None

    @property
    def is_regraded(self) -> bool:
        """True where the fruit got another grade than it was offered as."""
        return self.grade != self.offered_grade


def set_limit(
    desk: Desk, season: Season | str, *, grade: str, measure: QualityMeasure, limit_ppm: PartsPerMillion | None, regrade: str = ""
) -> QualityLimit:
    """Post a limit for fruit that is weighed from now on; None lifts it. What is weighed keeps its grade.

    :raises GradeUnknown, RegradeSame: as they say. :raises BadValue: a limit that is none.
    """
    journal.lock(desk)
    season = the_season(desk, season)
    known = set(
        desk.session.scalars(select(Price.grade).where(Price.collective_id == desk.collective_id, Price.season_id == season.id).distinct())
    )
    for one in filter(None, (grade, regrade)):
        if one not in known:
            raise GradeUnknown(grade=one[:64], season=season.code)
    if regrade == grade:
        raise RegradeSame(grade=grade)
    if limit_ppm is not None and not 0 <= limit_ppm < WHOLE_PPM:
        raise BadValue(value=str(limit_ppm), expected=N_("a part of the weight below 100 percent"))
    limit = QualityLimit(
        season_id=season.id, grade=grade, measure=QualityMeasure(measure), limit_ppm=limit_ppm,
        regrade=regrade if limit_ppm is not None else "",
    )  # fmt: skip
    return facts.seal(desk, [limit])[0]


def list_limits(desk: Desk, season: Season | str) -> list[Limit]:
    """The limits that hold in the season now, by grade and measure."""
    season = the_season(desk, season)
    keys = QualityLimit.grade, QualityLimit.measure
    rows = facts.latest_facts(desk, QualityLimit, *keys, conditions=(QualityLimit.season_id == season.id,))
    return [Limit(one.grade, QualityMeasure(one.measure), one.limit_ppm, one.regrade) for one in rows if one.limit_ppm is not None]


def weigh_checked(
    desk: Desk, given: WeighingInput, *, impurity_ppm: PartsPerMillion | None = None, moisture_ppm: PartsPerMillion | None = None
) -> Weighing:
    """Record a weighing in the grade that its fruit has, and what was found beside it.

    Without a finding it is a weighing like every other. Sent twice, it is one.

    :raises QualityRefused: beyond a limit that no lower grade takes. :raises Refusal: what a weighing is refused with.
    """
    found = {
        measure: ppm
        for measure, ppm in ((QualityMeasure.IMPURITY, impurity_ppm), (QualityMeasure.MOISTURE, moisture_ppm))
        if ppm is not None
    }
    if not found:
        return record_weighing(desk, given)
    journal.lock(desk)
    grade, _ = grade_delivery(given.grade, found, list_limits(desk, given.season))
    weighing = record_weighing(desk, replace(given, grade=grade))
    if check_of(desk, weighing.id) is None:
        check = QualityCheck(weighing_id=weighing.id, offered_grade=given.grade, impurity_ppm=impurity_ppm, moisture_ppm=moisture_ppm)
        facts.seal(desk, [check])
    return weighing


def check_of(desk: Desk, weighing_id: str) -> CheckOf | None:
    """What was found in the delivery of a weighing, None where nobody looked."""
    row = desk.session.execute(
        select(QualityCheck.offered_grade, Weighing.grade, QualityCheck.impurity_ppm, QualityCheck.moisture_ppm)
        .join(Weighing, (Weighing.collective_id == QualityCheck.collective_id) & (Weighing.id == QualityCheck.weighing_id))
        .where(QualityCheck.collective_id == desk.collective_id, QualityCheck.weighing_id == weighing_id)
    ).one_or_none()
    return None if row is None else CheckOf(*row)
