"""Reject limits: what a grade may hold of impurity and moisture, and what becomes of a delivery beyond it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from plantation.domain.words import QualityMeasure
from plantation.errors import N_, Refusal
from plantation.units import PartsPerMillion, format_percent


class Limit(NamedTuple):
    """Fruit of `grade` has at most `limit_ppm` of `measure`; beyond it is weighed as `regrade`, refused where that is empty."""

    grade: str
    measure: QualityMeasure
    limit_ppm: PartsPerMillion
    regrade: str


class Step(NamedTuple):
    """A limit that a delivery went beyond, with what was found."""

    limit: Limit
    found_ppm: PartsPerMillion


class QualityRefused(Refusal):
    """A delivery beyond a limit that no lower grade takes."""

    template = N_("Grade %(grade)s has at most %(limit_pct)s %% %(measure)s; %(found_pct)s %% were found. The delivery is refused.")


def grade_delivery(offered: str, found: Mapping[QualityMeasure, PartsPerMillion], limits: Sequence[Limit]) -> tuple[str, tuple[Step, ...]]:
    """The grade that a delivery gets, and every limit on the way that it went beyond.

    6 % impurity: more than the 3 % of grade A, so B; B takes 5 %, so C, which takes 8 %.

    >>> impurity = QualityMeasure.IMPURITY
    >>> limits = [Limit("A", impurity, 30_000, "B"), Limit("B", impurity, 50_000, "C"), Limit("C", impurity, 80_000, "")]
    >>> grade, steps = grade_delivery("A", {impurity: 60_000}, limits)
    >>> grade, [step.limit.grade for step in steps]
    ('C', ['A', 'B'])
    >>> grade_delivery("A", {impurity: 30_000}, limits), grade_delivery("A", {}, limits)
    (('A', ()), ('A', ()))
    >>> grade_delivery("B", {impurity: 80_001}, limits)
    Traceback (most recent call last):
    plantation.domain.quality.QualityRefused: Grade C has at most 8 % impurity; 8.0001 % were found. The delivery is refused.

    :raises QualityRefused: a limit that leads to no other grade, or grades that lead in a circle.
    """
    grade, steps, seen = offered, [], {offered}
    while True:
        beyond = next((limit for limit in limits if limit.grade == grade and found.get(limit.measure, 0) > limit.limit_ppm), None)
        if beyond is None:
            return grade, tuple(steps)
        step = Step(beyond, found[beyond.measure])
        if not beyond.regrade or beyond.regrade in seen:
            raise QualityRefused(
                grade=grade, measure=NAMES[beyond.measure], limit_pct=format_percent(beyond.limit_ppm),
                found_pct=format_percent(step.found_ppm),
            )  # fmt: skip
        steps.append(step)
        grade = beyond.regrade
        seen.add(grade)


NAMES = {QualityMeasure.IMPURITY: N_("impurity"), QualityMeasure.MOISTURE: N_("moisture")}
