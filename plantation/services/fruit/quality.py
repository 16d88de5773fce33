"""Quality at the scale: limits posted with the prices, and what was found in a delivery kept beside its slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import select

from plantation.domain.quality import Limit, QualityRefused, grade_delivery
from plantation.domain.words import QualityMeasure
from plantation.errors import N_, BadValue, Refusal
from plantation.models import Price, QualityCheck, QualityLimit, Season, Weighing
from plantation.services import facts, journal
from plantation.services.changes import check_seen, last_fact
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_inputs import Outcome, Status, WeighingInput
from plantation.services.fruit.weighings import record_weighings
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
    desk: Desk, season: Season | str, *, grade: str, measure: QualityMeasure, limit_ppm: PartsPerMillion | None, regrade: str = "",
    seen_entry: int | None = None,
) -> QualityLimit:  # fmt: skip
    """Post a limit for fruit that is weighed from now on; None lifts it. What is weighed keeps its grade. `seen_entry` is the journal's
    last entry when the limits were on screen; posted unchanged, it is not posted again.

    :raises SaidMeanwhile: somebody posted another one since. :raises GradeUnknown, RegradeSame: as they say. :raises BadValue: a limit that is none.
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
    regrade = regrade if limit_ppm is not None else ""
    same = QualityLimit.season_id == season.id, QualityLimit.grade == grade, QualityLimit.measure == QualityMeasure(measure)
    for last in facts.latest_facts(desk, QualityLimit, QualityLimit.grade, conditions=same):
        if (last.limit_ppm, last.regrade) == (limit_ppm, regrade):
            return last
    check_seen(last_fact(desk, QualityLimit, *same), seen_entry)
    limit = QualityLimit(season_id=season.id, grade=grade, measure=QualityMeasure(measure), limit_ppm=limit_ppm, regrade=regrade)
    return facts.seal(desk, [limit])[0]


def list_limits(desk: Desk, season: Season | str) -> list[Limit]:
    """The limits that hold in the season now, by grade and measure."""
    season = the_season(desk, season)
    keys = QualityLimit.grade, QualityLimit.measure
    rows = facts.latest_facts(desk, QualityLimit, *keys, conditions=(QualityLimit.season_id == season.id,))
    return [Limit(one.grade, QualityMeasure(one.measure), one.limit_ppm, one.regrade) for one in rows if one.limit_ppm is not None]


class Delivery(NamedTuple):
    """A weighing as it was offered, and what a sample of it showed."""

    given: WeighingInput
    impurity_ppm: PartsPerMillion | None = None
    moisture_ppm: PartsPerMillion | None = None

    @property
    def found(self) -> dict[QualityMeasure, PartsPerMillion]:
        """What was measured, by measure; empty where nobody looked."""
        measured = ((QualityMeasure.IMPURITY, self.impurity_ppm), (QualityMeasure.MOISTURE, self.moisture_ppm))
        return {measure: ppm for measure, ppm in measured if ppm is not None}


def graded(desk: Desk, deliveries: Sequence[Delivery]) -> list[WeighingInput | Refusal]:
    """Each delivery in the grade that its fruit has, or the refusal of one that no grade takes; the limits are read once a season."""
    limits = {code: list_limits(desk, code) for code in {one.given.season for one in deliveries if one.found}}
    results: list[WeighingInput | Refusal] = []
    for one in deliveries:
        try:
            grade = grade_delivery(one.given.grade, one.found, limits[one.given.season])[0] if one.found else one.given.grade
        except QualityRefused as refusal:
            results.append(refusal)
        else:
            results.append(replace(one.given, grade=grade))
    return results


def weigh_deliveries(desk: Desk, deliveries: Sequence[Delivery]) -> list[Outcome]:
    """Record each in the grade that its fruit has, and what was found beside it: one outcome a delivery, in their order.

    Without a finding it is a weighing like every other. Sent twice, it is one.
    """
    journal.lock(desk)
    found = graded(desk, deliveries)
    inputs = [given for given in found if isinstance(given, WeighingInput)]
    recorded = iter(record_weighings(desk, inputs))
    outcomes = [
        Outcome(one.given.id, Status.REFUSED, refusal=given) if isinstance(given, Refusal) else next(recorded)
        for one, given in zip(deliveries, found, strict=True)
    ]
    checks = [
        QualityCheck(weighing_id=one.given.id, offered_grade=one.given.grade, impurity_ppm=one.impurity_ppm, moisture_ppm=one.moisture_ppm)
        for one, outcome in zip(deliveries, outcomes, strict=True)
        if one.found and outcome.status == Status.CREATED
    ]
    facts.seal(desk, checks)
    return outcomes


def weigh_checked(
    desk: Desk, given: WeighingInput, *, impurity_ppm: PartsPerMillion | None = None, moisture_ppm: PartsPerMillion | None = None
) -> Weighing:
    """Record one, as :func:`weigh_deliveries`.

    :raises QualityRefused: beyond a limit that no lower grade takes. :raises Refusal: what a weighing is refused with.
    """
    outcome = weigh_deliveries(desk, [Delivery(given, impurity_ppm, moisture_ppm)])[0]
    if outcome.refusal is not None:
        raise outcome.refusal
    return desk.session.get_one(Weighing, (desk.collective_id, given.id))


def check_of(desk: Desk, weighing_id: str) -> CheckOf | None:
    """What was found in the delivery of a weighing, None where nobody looked."""
    row = desk.session.execute(
        select(QualityCheck.offered_grade, Weighing.grade, QualityCheck.impurity_ppm, QualityCheck.moisture_ppm)
        .join(Weighing, (Weighing.collective_id == QualityCheck.collective_id) & (Weighing.id == QualityCheck.weighing_id))
        .where(QualityCheck.collective_id == desk.collective_id, QualityCheck.weighing_id == weighing_id)
    ).one_or_none()
    return None if row is None else CheckOf(*row)
