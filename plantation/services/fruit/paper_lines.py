"""Weighings from paper: many lines at once, each judged as the weighing form's, all recorded or none.

A line that says what a line above or a slip in the books says is asked about, not refused: `again` is the answer. What
lines refer to is gathered in a few queries, however many they are.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from plantation.domain.paper_lines import GradeTotal, totals_by_grade, twins_above
from plantation.errors import N_, Refusal
from plantation.models import Season, Weighing
from plantation.services import journal
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.fruit.intake import Intake
from plantation.services.fruit.quality import Delivery, graded, weigh_deliveries
from plantation.services.fruit.weighing_inputs import WeighingInput
from plantation.services.fruit.weighing_slips import Slip
from plantation.services.lookups import DayAhead, the_season
from plantation.services.people.households import match_households
from plantation.units import Grams, PartsPerMillion

# Paper seldom says the hour; the price goes by the day, and at noon no zone is far from it.
NOON = dt.time(12)


class TwinAbove(Refusal):
    """Typed twice, or weighed twice."""

    field = "again"
    template = N_("Line %(line)s has the same household, grade, weight and day. Tick it if both were weighed.")


class TwinInBooks(Refusal):
    """On paper and on a phone, or a sheet that somebody has typed before."""

    field = "again"
    template = N_("Slip %(slip)s has the same household, grade, weight and day. Tick it if this is another one.")


class LinesRefused(Refusal):
    """All or nothing: the lines are to be mended, then sent once more."""

    template = N_("Lines to mend first: %(count)s. Nothing is recorded.")

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        self.verdicts = verdicts
        super().__init__(count=sum(1 for verdict in verdicts if verdict.refusal))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """One line as it was typed. `number` counts from 1; `household` is a code or a whole name; `slip` is the number on the
    paper, or ""; `id` makes a line that is sent twice one weighing; `again` says that a twin of it is meant."""

    id: str
    number: int
    household: str
    grade: str
    day: dt.date
    gross_grams: Grams
    tare_grams: Grams
    deduction_ppm: PartsPerMillion = 0
    slip: str = ""
    impurity_ppm: PartsPerMillion | None = None
    moisture_ppm: PartsPerMillion | None = None
    again: bool = False


@dataclass(slots=True)
class Verdict:
    """What a line comes to: `slip` (net weight, grade and price as they will be), or the refusal. A twin that nobody has
    answered for is a refusal beside the slip."""

    line: PaperLine
    household: str = ""
    household_name: str = ""
    slip: Slip | None = None
    is_new: bool = True
    refusal: Refusal | None = None


def line_id(once: str, number: int) -> str:
    """The id of a line of the page whose id is `once`.

    >>> line_id("6f9619ff-8b86-d011-b42d-00cf4fc964ff", 1) == line_id("6f9619ff-8b86-d011-b42d-00cf4fc964ff", 1)
    True
    """
    return str(uuid.uuid5(uuid.UUID(once), str(number)))


def check_lines(desk: Desk, season: Season | str, lines: Sequence[PaperLine]) -> list[Verdict]:
    """One verdict a line, in their order; nothing is written."""
    season = the_season(desk, season)
    verdicts = _place(desk, lines)
    standing = [verdict for verdict in verdicts if verdict.refusal is None]
    found = graded(desk, [_delivery(desk, season, verdict) for verdict in standing])
    intake = Intake(desk, [given for given in found if isinstance(given, WeighingInput)])
    for verdict, given in zip(standing, found, strict=True):
        if isinstance(given, Refusal):
            verdict.refusal = given
            continue
        try:
            verdict.slip, verdict.is_new = intake.judge(given)
        except Refusal as refusal:
            verdict.refusal = refusal
    _ask_about_twins(desk, season, [verdict for verdict in standing if verdict.slip is not None])
    return verdicts


def record_lines(desk: Desk, season: Season | str, lines: Sequence[PaperLine]) -> list[Verdict]:
    """Record all of them; each verdict's slip has its number. Sent again, nothing is written and they are the same.

    :raises LinesRefused: with the verdicts, when one of them is refused or a twin is not answered for; nothing is written.
    """
    journal.lock(desk)
    season = the_season(desk, season)
    verdicts = check_lines(desk, season, lines)
    if any(verdict.refusal for verdict in verdicts):
        raise LinesRefused(verdicts)
    outcomes = weigh_deliveries(desk, [_delivery(desk, season, verdict) for verdict in verdicts])
    for verdict, outcome in zip(verdicts, outcomes, strict=True):
        verdict.refusal = outcome.refusal
        if verdict.slip is not None and outcome.slip is not None:
            verdict.slip.slip = outcome.slip
    if any(verdict.refusal for verdict in verdicts):
        raise LinesRefused(verdicts)
    return verdicts


def control_totals(verdicts: Sequence[Verdict]) -> list[GradeTotal]:
    """What the lines that can be weighed come to, by the grade that the paper says."""
    return totals_by_grade(
        (verdict.line.grade, verdict.slip.gross_grams, verdict.slip.net_grams) for verdict in verdicts if verdict.slip is not None
    )


def _place(desk: Desk, lines: Sequence[PaperLine]) -> list[Verdict]:
    matches = match_households(desk, (line.household for line in lines))
    verdicts = []
    for line in lines:
        verdict = Verdict(line)
        match = matches[line.household]
        if isinstance(match, Refusal):
            verdict.refusal = match
        else:
            verdict.household, verdict.household_name = match.code, match.name
            if line.day > desk.today:
                verdict.refusal = DayAhead(day=line.day, today=desk.today)
        verdicts.append(verdict)
    return verdicts


def _delivery(desk: Desk, season: Season, verdict: Verdict) -> Delivery:
    line = verdict.line
    given = WeighingInput(
        id=line.id,
        slip=line.slip or None,
        season=season.code,
        time=dt.datetime.combine(line.day, NOON, desk.zone),
        household=verdict.household,
        grade=line.grade,
        gross_grams=line.gross_grams,
        tare_grams=line.tare_grams,
        deduction_ppm=line.deduction_ppm,
    )
    return Delivery(given, line.impurity_ppm, line.moisture_ppm)


def _ask_about_twins(desk: Desk, season: Season, verdicts: Sequence[Verdict]) -> None:
    keys = [_key(verdict.slip) for verdict in verdicts if verdict.slip is not None]
    above = twins_above(keys)
    in_books = _slips_like(desk, season, verdicts)
    for verdict, key, place in zip(verdicts, keys, above, strict=True):
        if verdict.line.again or not verdict.is_new or verdict.refusal is not None:
            continue
        if place is not None:
            verdict.refusal = TwinAbove(line=verdicts[place].line.number)
        elif key in in_books:
            verdict.refusal = TwinInBooks(slip=in_books[key])


def _key(slip: Slip) -> tuple[int | None, str, Grams, dt.date]:
    # Gross less tare: a paper may have noted what was in the crate, and the phone the crate with it.
    return slip.household_id, slip.grade, slip.gross_grams - slip.tare_grams, slip.local_date


def _slips_like(desk: Desk, season: Season, verdicts: Sequence[Verdict]) -> dict[tuple[int | None, str, Grams, dt.date], str]:
    """The slips in the books that may be twins, by their key: not those of the lines themselves, nor any taken back."""
    own = {verdict.line.id for verdict in verdicts}
    back = aliased(Weighing)
    load = Weighing.gross_grams - Weighing.tare_grams
    found: dict[tuple[int | None, str, Grams, dt.date], str] = {}
    for chunk in in_chunks((_key(verdict.slip) for verdict in verdicts if verdict.slip is not None), 2_000):
        rows = desk.session.execute(
            select(Weighing.id, Weighing.slip, Weighing.household_id, Weighing.grade, load, Weighing.local_date).where(
                Weighing.collective_id == desk.collective_id,
                Weighing.season_id == season.id,
                Weighing.household_id.in_({household_id for household_id, *_ in chunk}),
                Weighing.local_date.in_({day for *_, day in chunk}),
                load.in_({grams for _, _, grams, _ in chunk}),
                Weighing.reverses_id.is_(None),
                ~exists().where(back.collective_id == Weighing.collective_id, back.reverses_id == Weighing.id),
            )
        )
        for id_, slip, *key in rows:
            if id_ not in own:
                found.setdefault(tuple(key), slip)
    return found
