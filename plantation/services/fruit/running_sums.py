"""The running sums of a season by day and grade, kept between requests: only what came in since is added.

Rows are append-only and numbered by the journal, so a sum up to an entry never changes. What is kept is trusted only
while the journal still has that entry with that hash: after a restore, or in another database, it is added up anew. Only
a reader keeps: what a writer sees may be rolled back, and between its entries and its rows it sees the half of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import URL, Date, cast, func, null, select, union_all
from sqlalchemy.orm import aliased

from plantation.domain.earnings import GradeTotal
from plantation.models import JournalEntry, JournalHead, PurchaseLine, Season, Weighing
from plantation.services.desk import Desk
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams

MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class RunningSums:
    """Of a season, by now, over all households.

    `days`: by (local date, grade) how many weighings and grams, a reversal on its own day; `moved`: by (grade, day of the slip,
    day of the reversal) the grams that were taken back; `bought`: by (grade, whether from the pool) grams and fen.
    """

    days: Mapping[tuple[dt.date, str], tuple[int, Grams]] = field(default_factory=dict)
    moved: Mapping[tuple[str, dt.date, dt.date], tuple[Grams]] = field(default_factory=dict)
    bought: Mapping[tuple[str, bool], tuple[Grams, Fen]] = field(default_factory=dict)

    def by_grade(self) -> dict[str, GradeTotal]:
        """Per grade what was weighed and bought: what a pool's provisional shares follow from."""
        lines: dict[str, list[int]] = {}  # weighed, from the pool (grams, fen), directly (grams, fen)
        for (_, grade), (_, grams) in self.days.items():
            lines.setdefault(grade, [0] * 5)[0] += grams
        for (grade, is_pool), (grams, fen) in self.bought.items():
            place = 1 if is_pool else 3
            lines.setdefault(grade, [0] * 5)[place : place + 2] = [grams, fen]
        return {grade: GradeTotal(grade, *line, line[2] + line[4]) for grade, line in sorted(lines.items())}


@dataclass(frozen=True, slots=True)
class _Kept:
    sequence: int
    hash: str
    sums: RunningSums


_NOTHING = _Kept(0, "", RunningSums())
# By the database, the collective and the season. A season's number may be another one's after an import, with the same journal.
_kept: dict[tuple[URL, int, int, str], _Kept] = {}


def running_sums(desk: Desk, season: Season) -> RunningSums:
    """What was weighed and bought in `season` by now. One query while nothing came in, else three."""
    key = (desk.session.get_bind().engine.url, desk.collective_id, season.id, season.code)
    known = _kept.get(key) or _NOTHING
    sequence, hash_, hash_then = _journal_now_and_then(desk, known.sequence)
    if known.sequence > sequence or hash_then != known.hash:
        known = _NOTHING
    if known.sequence < sequence:
        known = _Kept(sequence, hash_, _added(known.sums, _sums_between(desk, season, known.sequence, sequence)))
        if desk.session.info.get("only_reads", False):
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            _kept[key] = known
    return known.sums


def _journal_now_and_then(desk: Desk, sequence: int) -> tuple[int, str, str]:
    """The journal's last sequence and head hash, and the hash of the entry `sequence` as it stands there now ("" for none)."""
    then = (JournalEntry.collective_id == JournalHead.collective_id) & (JournalEntry.sequence == sequence)
    row = desk.session.execute(
        select(JournalHead.sequence, JournalHead.hash, func.coalesce(JournalEntry.hash, ""))
        .outerjoin(JournalEntry, then)
        .where(JournalHead.collective_id == desk.collective_id)
    ).one()
    return row[0], row[1], row[2]


def _added(before: RunningSums, came: RunningSums) -> RunningSums:
    return RunningSums(
        _both(before.days, came.days),
        _both(before.moved, came.moved),
        _both(before.bought, came.bought),
    )


def _both(before: Mapping[Any, tuple[int, ...]], came: Mapping[Any, tuple[int, ...]]) -> dict[Any, Any]:
    added = dict(before)
    for key, line in came.items():
        known = added.get(key)
        added[key] = line if known is None else tuple(one + other for one, other in zip(known, line, strict=True))
    return added


def _sums_between(desk: Desk, season: Season, after: int, through: int) -> RunningSums:
    earlier = aliased(Weighing)
    by_day = (
        select(Weighing.grade, Weighing.local_date, cast(null(), Date), func.count(), sum_of(Weighing.net_grams))
        .group_by(Weighing.grade, Weighing.local_date)
    )  # fmt: skip
    back = (
        select(Weighing.grade, earlier.local_date, Weighing.local_date, func.count(), sum_of(Weighing.net_grams))
        .join(earlier, (earlier.collective_id == Weighing.collective_id) & (earlier.id == Weighing.reverses_id))
        .where(Weighing.reverses_id.is_not(None))
        .group_by(Weighing.grade, earlier.local_date, Weighing.local_date)
    )
    days: dict[tuple[dt.date, str], tuple[int, Grams]] = {}
    moved: dict[tuple[str, dt.date, dt.date], tuple[Grams]] = {}
    weighed = union_all(*(_between(one, Weighing, desk, season, after, through) for one in (by_day, back)))
    for grade, day, taken_back_on, count, grams in desk.session.execute(weighed):
        if taken_back_on is None:
            days[day, grade] = count, grams
        else:
            moved[grade, day, taken_back_on] = (grams,)
    from_pool = PurchaseLine.source_household_id.is_(None)
    lines = select(PurchaseLine.grade, from_pool, sum_of(PurchaseLine.net_grams), sum_of(PurchaseLine.amount_fen)).group_by(
        PurchaseLine.grade, from_pool
    )
    bought: dict[tuple[str, bool], tuple[Grams, Fen]] = {}
    for grade, is_pool, grams, fen in desk.session.execute(_between(lines, PurchaseLine, desk, season, after, through)):
        bought[grade, bool(is_pool)] = grams, fen
    return RunningSums(days, moved, bought)


def _between(statement: Any, table: Any, desk: Desk, season: Season, after: int, through: int) -> Any:
    statement = statement.where(table.collective_id == desk.collective_id, table.season_id == season.id, table.entry <= through)
    # From the beginning the season's index is the shorter way, later the index of the entries.
    return statement.where(table.entry > after) if after else statement
