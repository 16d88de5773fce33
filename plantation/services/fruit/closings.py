"""The closing of a day: what a device says it weighed, beside what is recorded of it here, every difference by slip."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from plantation.domain import closing as rules
from plantation.domain.closing import DaySlip, Difference, Total
from plantation.domain.journal import canonical
from plantation.domain.words import SlipDifference
from plantation.errors import N_, BadValue
from plantation.models import Closing, Household, Season, SlipLease, Weighing
from plantation.services import facts, journal
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.fruit.slip_numbers import slip_number
from plantation.services.lookups import the_season
from plantation.services.pages import Page, paginate
from plantation.services.words import check_code
from plantation.units import Grams

MOST_SLIPS = 5_000


@dataclass(frozen=True, slots=True)
class Closed:
    """A closing, opened up. `device` is who told it."""

    closing: Closing
    season: str
    device: str
    told: list[Total]
    recorded: list[Total]
    differences: list[Difference]
    skipped: list[str]

    @property
    def recorded_grams(self) -> Grams:
        """What is recorded here of the device's day."""
        return sum(total.net_grams for total in self.recorded)


def close_day(desk: Desk, device_id: int, *, code: str, season: Season | str, day: dt.date, slips: Sequence[DaySlip]) -> Closed:
    """Compare the device's slips of a day with the books, and seal both totals and every difference with the journal's head.

    Recorded of the device are the slips that it sent itself, and those of its list that came in by another way. Told again
    under the same `code`, it is the first closing.

    :raises NotFound: no such season. :raises BadValue: a code that is none, or too many slips.
    """
    sequence, head = journal.lock(desk)
    check_code(code, N_("an id of 1 to 64 printable characters"))
    season = the_season(desk, season)
    if len(slips) > MOST_SLIPS:
        raise BadValue(value=str(len(slips)), expected=N_("at most 5,000 slips a day"))
    known = desk.session.scalar(select(Closing).where(Closing.collective_id == desk.collective_id, Closing.code == code))
    if known is not None:
        return _opened(known, season.code)
    told = list({one.id: one for one in slips}.values())
    recorded = _recorded(desk, season, day, told)
    differing = rules.differences(told, recorded)
    lines = {
        "told": [list(total) for total in rules.totals(told)],
        "recorded": [list(total) for total in rules.totals(recorded)],
        "differences": [[str(one.kind), *one[1:]] for one in differing],
        "skipped": _skipped(desk, device_id, season, [*told, *recorded]),
    }
    closing = Closing(
        code=code, season_id=season.id, local_date=day, slips=len(told), net_grams=sum(one.net_grams for one in told),
        differing=len(differing), lines=canonical(lines).decode(), head_sequence=sequence, head_hash=head,
    )  # fmt: skip
    return _opened(facts.seal(desk, [closing])[0], season.code)


def list_closings(desk: Desk, *, page: int = 1) -> Page:
    """Rows of (closing, season code), the latest day first; of each device and day the latest closing."""
    latest = (
        select(func.max(Closing.entry))
        .where(Closing.collective_id == desk.collective_id)
        .group_by(Closing.season_id, Closing.local_date, Closing.recorded_by)
    )
    statement = (
        select(Closing, Season.code.label("season"))
        .join(Season, (Season.collective_id == Closing.collective_id) & (Season.id == Closing.season_id))
        .where(Closing.collective_id == desk.collective_id, Closing.entry.in_(latest))
        .order_by(Closing.local_date.desc(), Closing.entry.desc())
    )
    return paginate(desk.session, statement, page)


def differing_days(desk: Desk, season: Season, limit: int = 20) -> list[tuple[dt.date, str, int]]:
    """(day, device, how many slips differ) where a device's latest closing of a day of the season does not agree, by day."""
    mine = (Closing.collective_id == desk.collective_id, Closing.season_id == season.id)
    latest = select(func.max(Closing.entry)).where(*mine).group_by(Closing.local_date, Closing.recorded_by)
    rows = desk.session.execute(
        select(Closing.local_date, Closing.recorded_by, Closing.differing)
        .where(*mine, Closing.entry.in_(latest), Closing.differing > 0)
        .order_by(Closing.local_date, Closing.recorded_by)
        .limit(limit)
    )
    return [tuple(row) for row in rows]


@dataclass(frozen=True, slots=True)
class DaySheet:
    """A whole day of a season: what is recorded, per grade and household, and each device's latest closing.

    `unclosed` are (who recorded, slips, grams) of the day without a closing of their own.
    """

    season: Season
    day: dt.date
    totals: list[Total]
    closings: list[Closed]
    unclosed: list[tuple[str, int, Grams]]
    head_sequence: int
    head_hash: str

    @property
    def net_grams(self) -> Grams:
        """All that is recorded of the day."""
        return sum(total.net_grams for total in self.totals)

    def by_grade(self) -> list[tuple[str, int, Grams]]:
        """(grade, slips, grams), by grade."""
        sums: dict[str, tuple[int, Grams]] = {}
        for total in self.totals:
            count, grams = sums.get(total.grade, (0, 0))
            sums[total.grade] = count + total.slips, grams + total.net_grams
        return [(grade, *sums[grade]) for grade in sorted(sums)]


def day_sheet(desk: Desk, season: Season | str, day: dt.date) -> DaySheet:
    """The closing sheet of a day, with the journal's head as it is now. :raises NotFound: no such season."""
    season = the_season(desk, season)
    of_day = Weighing.collective_id == desk.collective_id, Weighing.season_id == season.id, Weighing.local_date == day
    rows = desk.session.execute(
        select(Weighing.grade, Household.code, Weighing.recorded_by, func.count(), func.sum(Weighing.net_grams))
        .outerjoin(Household, (Household.collective_id == Weighing.collective_id) & (Household.id == Weighing.household_id))
        .where(*of_day)
        .group_by(Weighing.grade, Household.code, Weighing.recorded_by)
    ).all()
    totals: dict[tuple[str, str], tuple[int, Grams]] = {}
    by_whom: dict[str, tuple[int, Grams]] = {}
    for grade, household, who, count, grams in rows:
        for sums, key in ((totals, (grade, household or "")), (by_whom, who)):
            before = sums.get(key, (0, 0))  # type: ignore[call-overload]
            sums[key] = before[0] + count, before[1] + int(grams)  # type: ignore[index]
    closings: dict[str, Closing] = {}
    for closing in desk.session.scalars(
        select(Closing)
        .where(Closing.collective_id == desk.collective_id, Closing.season_id == season.id, Closing.local_date == day)
        .order_by(Closing.entry)
    ):
        closings[closing.recorded_by] = closing
    sequence, head = journal.head(desk)
    return DaySheet(
        season=season, day=day, totals=[Total(*key, *totals[key]) for key in sorted(totals)],
        closings=[_opened(closings[device], season.code) for device in sorted(closings)],
        unclosed=[(who, *by_whom[who]) for who in sorted(by_whom) if who not in closings],
        head_sequence=sequence, head_hash=head,
    )  # fmt: skip


def _recorded(desk: Desk, season: Season, day: dt.date, told: Sequence[DaySlip]) -> list[DaySlip]:
    statement = (
        select(Weighing.id, Weighing.slip, func.coalesce(Household.code, ""), Weighing.grade, Weighing.net_grams)
        .outerjoin(Household, (Household.collective_id == Weighing.collective_id) & (Household.id == Weighing.household_id))
        .where(Weighing.collective_id == desk.collective_id, Weighing.season_id == season.id)
    )
    own = (Weighing.local_date == day) & (Weighing.recorded_by == desk.actor)
    found = {row[0]: DaySlip(*row) for row in desk.session.execute(statement.where(own))}
    for ids in in_chunks([one.id for one in told if one.id not in found]):
        found.update({row[0]: DaySlip(*row) for row in desk.session.execute(statement.where(Weighing.id.in_(ids)))})
    return list(found.values())


def _skipped(desk: Desk, device_id: int, season: Season, slips: Iterable[DaySlip]) -> list[str]:
    ranges = desk.session.execute(
        select(SlipLease.first_number, SlipLease.last_number)
        .where(SlipLease.collective_id == desk.collective_id, SlipLease.device_id == device_id, SlipLease.season_id == season.id)
        .order_by(SlipLease.first_number)
    ).all()
    used = (one.slip.rpartition("-")[2] for one in slips)
    numbers = [int(digits) for digits in used if digits.isascii() and digits.isdigit() and len(digits) < 19]
    return [slip_number(season.code, number) for number in rules.skipped(numbers, [tuple(row) for row in ranges])]


def _opened(closing: Closing, season: str) -> Closed:
    lines: dict[str, Any] = json.loads(closing.lines)
    return Closed(
        closing=closing, season=season, device=closing.recorded_by,
        told=[Total(*line) for line in lines["told"]], recorded=[Total(*line) for line in lines["recorded"]],
        differences=[Difference(SlipDifference(line[0]), *line[1:]) for line in lines["differences"]],
        skipped=lines["skipped"],
    )  # fmt: skip
