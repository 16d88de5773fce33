"""The queue of differences of a season: gathered set by set, judged by the rules of domain/differences, answered by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from plantation.domain.differences import Difference, GradeWeights, worth
from plantation.domain.seasons import is_over
from plantation.domain.words import DifferenceKind, DifferenceVerdict
from plantation.errors import N_, NotFound, Refusal
from plantation.models import (
    DifferenceAnswer,
    Parcel,
    Plot,
    Season,
)
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit.kept import Keeper
from plantation.services.fruit.match_figures import (
    buyers_off,
    drifts,
    grade_weights,
    land_bears,
    mean_price,
    odd_clocks,
    odd_days,
    over_land,
    over_parcel,
    seconds_apart,
)
from plantation.services.fruit.running_sums import running_sums
from plantation.services.fruit.slip_figures import Deliverer, SlipFigures, slip_figures
from plantation.services.lookups import the_season
from plantation.services.words import check_note
from plantation.units import Fen, Grams

# So many of those that moved are named.
MOST_NAMED = 5


class NothingExplained(Refusal):
    """An answer says why."""

    field = "text"
    template = N_("Say what was found out.")


class DifferencesMoved(Refusal):
    """What was on screen is not what would be answered."""

    template = N_("The figures have moved since you looked, or agree now: %(subjects)s. Nothing was written down. Look at them again.")


class AnsweredMeanwhile(Refusal):
    """Two look at the same difference: the second has not read what the first said."""

    template = N_("%(who)s answered this while you looked at it: %(subjects)s. Nothing of yours was written down. Look at it again.")


class Seen(NamedTuple):
    """A difference with the answer that holds for its figures, None while it is open, and what it is worth: where a slip has no
    price of its own, at the season's mean. (That moves with each purchase, so no answer hangs on it.)"""

    difference: Difference
    answer: DifferenceAnswer | None
    worth_fen: Fen


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
    found, grades, mean_fen = _gathered(desk, season, is_over(season.ends_on, desk.now, desk.zone))
    answers = {(one.difference, one.subject): one for one in _answers(desk, season)}
    seen = []
    for one in found:
        answer = answers.get((one.kind, one.subject))
        holds = answer is not None and answer.digest == one.digest
        seen.append(Seen(one, answer if holds else None, one.fen or worth(one.grams, mean_fen)))
    kinds = list(DifferenceKind)
    seen.sort(key=lambda each: (each.answer is not None, kinds.index(each.difference.kind), -abs(each.difference.grams)))
    return Match(seen, list(grades))


def _gather(desk: Desk, season: Season, *_: object) -> tuple[Sequence[Difference], Sequence[GradeWeights], Fen]:
    """The differences without their answers, the figures of grades, and what a kilogram brought in the mean."""
    sums = running_sums(desk, season)
    grades = grade_weights(desk, season, sums)
    slips = slip_figures(desk, season)
    bears = land_bears(desk, season, Parcel.household_id)
    mean_fen = mean_price(grades)
    found = (
        *buyers_off(desk, season, grades),
        *over_land(desk, season, mean_fen, bears),
        *over_parcel(desk, season, slips, _land_of(desk, season, slips, bears)),
        *seconds_apart(desk, slips),
        *odd_days(slips),
        *odd_clocks(slips),
        *drifts(desk, season, sums, {one.grade: one.price_fen_per_kg for one in grades}),
    )
    return found, grades, mean_fen


def _land_of(desk: Desk, season: Season, slips: SlipFigures, of_households: Mapping[int, Grams | None]) -> dict[Deliverer, Grams | None]:
    """What the land of each deliverer bears. Of plots it is asked for only where loads of whole plots came."""
    of_plots = land_bears(desk, season, Plot.id) if any(one.household_id is None for one in slips.largest) else {}
    return {Deliverer(id_, None): grams for id_, grams in of_households.items()} | {
        Deliverer(None, id_): grams for id_, grams in of_plots.items()
    }


# Everything that they follow from is in the journal, but for the season's end.
_gathered: Keeper[tuple[Sequence[Difference], Sequence[GradeWeights], Fen]] = Keeper(((), (), 0), _gather, most=16)


def load_difference(desk: Desk, season: Season | str, kind: str, subject: str) -> Seen:
    """:raises NotFound: there is none of that kind about that subject now."""
    for seen in find_differences(desk, season):
        if (seen.difference.kind, seen.difference.subject) == (kind, subject):
            return seen
    raise NotFound(what=N_("difference"), code=subject[:64])


def answer_differences(
    desk: Desk, season: Season | str, chosen: Sequence[tuple[str, str, str]], *, verdict: DifferenceVerdict, text: str,
    seen_entry: int | None = None,
) -> list[DifferenceAnswer]:  # fmt: skip
    """Say what became of differences: explained, corrected or accepted, by name; of all that are chosen or of none.

    `chosen` has (kind, subject, digest of the figures that were seen) of each, and `seen_entry` is the journal's last entry of then.

    :raises DifferencesMoved: some are gone, or their figures are others. :raises AnsweredMeanwhile: some have an answer that came
        after `seen_entry`. :raises NothingExplained: no text.
    """
    journal.lock(desk)
    season = the_season(desk, season)
    check_note(text)
    if not text.strip():
        raise NothingExplained()
    there = {(one.difference.kind, one.difference.subject, one.difference.digest) for one in find_differences(desk, season)}
    moved = {subject for kind, subject, digest in chosen if (kind, subject, digest) not in there}
    if moved:
        raise DifferencesMoved(subjects=_named(moved))
    if seen_entry is not None:
        _check_unanswered_since(desk, season, {(kind, subject) for kind, subject, _ in chosen}, seen_entry)
    return facts.seal(desk, [
        DifferenceAnswer(
            season_id=season.id, difference=DifferenceKind(kind), subject=subject, digest=digest,
            verdict=DifferenceVerdict(verdict), text=text.strip(),
        )
        for kind, subject, digest in dict.fromkeys(chosen)
    ])  # fmt: skip


def _check_unanswered_since(desk: Desk, season: Season, chosen: set[tuple[str, str]], entry: int) -> None:
    later = [one for one in _answers(desk, season) if one.entry > entry and (one.difference, one.subject) in chosen]
    if later:
        who = ", ".join(sorted({one.recorded_by for one in later}))
        raise AnsweredMeanwhile(who=who, subjects=_named({one.subject for one in later}))


def _named(subjects: set[str]) -> str:
    return ", ".join(sorted(subjects)[:MOST_NAMED]) + (" …" if len(subjects) > MOST_NAMED else "")


def plot_yields(desk: Desk, season: Season | str) -> Sequence[PlotYield]:
    """Plot by plot what it may bear at most and what was weighed of it, by code. A slip that names neither plot nor parcel is of
    its household's plot, where all the household's parcels lie in one."""
    return _plot_yields(desk, the_season(desk, season))


def _yield_plots(desk: Desk, season: Season, *_: object) -> Sequence[PlotYield]:
    plot_of_parcel: dict[int | None, int] = {}
    plots_of_household: dict[int | None, set[int]] = {}
    mine = Parcel.collective_id == desk.collective_id
    for parcel_id, plot_id, household_id in desk.session.execute(select(Parcel.id, Parcel.plot_id, Parcel.household_id).where(mine)):
        plot_of_parcel[parcel_id] = plot_id
        plots_of_household.setdefault(household_id, set()).add(plot_id)
    weighed: dict[int, Grams] = {}
    for place, (grams,) in slip_figures(desk, season).places.items():
        home = plots_of_household.get(place.household_id, set()) if place.household_id is not None and place.parcel_id is None else set()
        plot_id = place.plot_id or plot_of_parcel.get(place.parcel_id) or (next(iter(home)) if len(home) == 1 else None)
        if plot_id is not None:
            weighed[plot_id] = weighed.get(plot_id, 0) + grams
    bears = land_bears(desk, season, Plot.id)
    plots = desk.session.execute(select(Plot.id, Plot.code).where(Plot.collective_id == desk.collective_id).order_by(Plot.code))
    return [PlotYield(code, bears.get(id_), weighed.get(id_, 0)) for id_, code in plots]


_plot_yields: Keeper[Sequence[PlotYield]] = Keeper((), _yield_plots, most=16)


def _answers(desk: Desk, season: Season) -> list[DifferenceAnswer]:
    keys = DifferenceAnswer.difference, DifferenceAnswer.subject
    return facts.latest_facts(desk, DifferenceAnswer, *keys, conditions=(DifferenceAnswer.season_id == season.id,))


__all__ = [
    "AnsweredMeanwhile", "DifferencesMoved", "Match", "NothingExplained", "PlotYield", "Seen", "answer_differences", "find_differences", "load_difference",
    "match_season", "plot_yields",
]  # fmt: skip
