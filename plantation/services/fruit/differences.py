"""The queue of differences of a season: gathered set by set, judged by the rules of domain/differences, answered by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from plantation.domain.differences import Difference, GradeWeights
from plantation.domain.words import DifferenceKind, DifferenceVerdict
from plantation.errors import N_, NotFound, Refusal
from plantation.models import (
    DifferenceAnswer,
    Parcel,
    Plot,
    Season,
    Weighing,
)
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit.match_figures import (
    buyers_off,
    drifts,
    grade_weights,
    land_bears,
    mean_price,
    odd_days,
    over_land,
    over_parcel,
    seconds_apart,
)
from plantation.services.fruit.running_sums import running_sums
from plantation.services.lookups import the_season
from plantation.services.sums import sum_of
from plantation.services.words import check_note
from plantation.units import Grams

# So many of those that moved are named.
MOST_NAMED = 5


class NothingExplained(Refusal):
    """An answer says why."""

    field = "text"
    template = N_("Say what was found out.")


class DifferencesMoved(Refusal):
    """What was on screen is not what would be answered."""

    template = N_("The figures have moved since you looked, or agree now: %(subjects)s. Nothing was written down. Look at them again.")


class Seen(NamedTuple):
    """A difference with the answer that holds for its figures, None while it is open."""

    difference: Difference
    answer: DifferenceAnswer | None


class Match(NamedTuple):
    """The queue of a season, open ones first, and what the scale and the buyers say grade by grade."""

    differences: list[Seen]
    grades: list[GradeWeights]


class PlotYield(NamedTuple):
    """What a plot may bear in the season, and what the scale has of it; None where nobody said when it was planted."""

    plot: str
    bears_at_most: Grams | None
    weighed_grams: Grams


def find_differences(desk: Desk, season: Season | str) -> list[Seen]:
    """Everything that does not agree or looks odd, by kind, the largest first, with its answer where it has one."""
    return match_season(desk, season).differences


def match_season(desk: Desk, season: Season | str) -> Match:
    """The three-way match of a season: what does not agree, and the figures of grades that it was found in."""
    season = the_season(desk, season)
    sums = running_sums(desk, season)
    grades = grade_weights(desk, season, sums)
    bears = land_bears(desk, season, Parcel.household_id)
    found = [
        *buyers_off(desk, season, grades),
        *over_land(desk, season, mean_price(grades), bears),
        *over_parcel(desk, season, bears),
        *seconds_apart(desk, season),
        *odd_days(desk, season),
        *drifts(desk, season, sums, {one.grade: one.price_fen_per_kg for one in grades}),
    ]
    answers = {(one.difference, one.subject): one for one in _answers(desk, season)}
    seen = []
    for one in found:
        answer = answers.get((one.kind, one.subject))
        seen.append(Seen(one, answer if answer is not None and answer.digest == one.digest else None))
    kinds = list(DifferenceKind)
    seen.sort(key=lambda each: (each.answer is not None, kinds.index(each.difference.kind), -abs(each.difference.grams)))
    return Match(seen, grades)


def load_difference(desk: Desk, season: Season | str, kind: str, subject: str) -> Seen:
    """:raises NotFound: there is none of that kind about that subject now."""
    for seen in find_differences(desk, season):
        if (seen.difference.kind, seen.difference.subject) == (kind, subject):
            return seen
    raise NotFound(what=N_("difference"), code=subject[:64])


def answer_differences(
    desk: Desk, season: Season | str, chosen: Sequence[tuple[str, str, str]], *, verdict: DifferenceVerdict, text: str
) -> list[DifferenceAnswer]:
    """Say what became of differences: explained, corrected or accepted, by name; of all that are chosen or of none.

    `chosen` has (kind, subject, digest of the figures that were seen) of each.

    :raises DifferencesMoved: some are gone, or their figures are others. :raises NothingExplained: no text.
    """
    journal.lock(desk)
    season = the_season(desk, season)
    check_note(text)
    if not text.strip():
        raise NothingExplained()
    there = {(one.difference.kind, one.difference.subject, one.difference.digest) for one in find_differences(desk, season)}
    moved = sorted({subject for kind, subject, digest in chosen if (kind, subject, digest) not in there})
    if moved:
        raise DifferencesMoved(subjects=", ".join(moved[:MOST_NAMED]) + (" …" if len(moved) > MOST_NAMED else ""))
    return facts.seal(desk, [
        DifferenceAnswer(
            season_id=season.id, difference=DifferenceKind(kind), subject=subject, digest=digest,
            verdict=DifferenceVerdict(verdict), text=text.strip(),
        )
        for kind, subject, digest in dict.fromkeys(chosen)
    ])  # fmt: skip


def plot_yields(desk: Desk, season: Season | str) -> list[PlotYield]:
    """Plot by plot what it may bear at most and what was weighed of it, by code."""
    season = the_season(desk, season)
    bears = land_bears(desk, season, Plot.id)
    # Added up by what the slips name in one walk; what is joined after that is few.
    places = (
        select(Weighing.household_id, Weighing.parcel_id, Weighing.plot_id, sum_of(Weighing.net_grams).label("grams"))
        .where(Weighing.collective_id == desk.collective_id, Weighing.season_id == season.id)
        .group_by(Weighing.household_id, Weighing.parcel_id, Weighing.plot_id)
        .subquery()
    )
    # A slip that names neither: of the household's plot, where all its parcels lie in one.
    only = (
        select(Parcel.household_id, func.min(Parcel.plot_id).label("plot_id"))
        .where(Parcel.collective_id == desk.collective_id, Parcel.household_id.is_not(None))
        .group_by(Parcel.household_id)
        .having(func.min(Parcel.plot_id) == func.max(Parcel.plot_id))
        .subquery()
    )
    of_parcel = (Parcel.collective_id == desk.collective_id) & (Parcel.id == places.c.parcel_id)
    of_household = (only.c.household_id == places.c.household_id) & places.c.parcel_id.is_(None)
    plot_id = func.coalesce(places.c.plot_id, Parcel.plot_id, only.c.plot_id)
    weighed = (
        select(plot_id.label("plot_id"), sum_of(places.c.grams).label("grams"))
        .select_from(places)
        .outerjoin(Parcel, of_parcel)
        .outerjoin(only, of_household)
        .group_by(plot_id)
        .subquery()
    )
    rows = desk.session.execute(
        select(Plot.code, bears.c.grams, func.coalesce(weighed.c.grams, 0))
        .outerjoin(bears, bears.c.owner == Plot.id)
        .outerjoin(weighed, weighed.c.plot_id == Plot.id)
        .where(Plot.collective_id == desk.collective_id)
        .order_by(Plot.code)
    )
    return [PlotYield(*row) for row in rows]


def _answers(desk: Desk, season: Season) -> list[DifferenceAnswer]:
    keys = DifferenceAnswer.difference, DifferenceAnswer.subject
    return facts.latest_facts(desk, DifferenceAnswer, *keys, conditions=(DifferenceAnswer.season_id == season.id,))


__all__ = [
    "DifferencesMoved", "Match", "NothingExplained", "PlotYield", "Seen", "answer_differences", "find_differences", "load_difference",
    "match_season", "plot_yields",
]  # fmt: skip
