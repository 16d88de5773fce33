"""The running totals of a season by grade, kept between requests: only what came in since is added.

Rows are append-only and numbered by the journal, so a sum up to an entry never changes. What is kept is trusted only
while the journal still has that entry with that hash: after a restore it is added up anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from plantation.domain.earnings import GradeTotal
from plantation.models import JournalEntry, JournalHead, PurchaseLine, Season, Weighing
from plantation.services.desk import Desk
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams

MOST_KEPT = 256

_Sums = dict[str, tuple[Grams, Grams, Fen, Grams, Fen]]  # weighed, from the pool (grams, fen), directly (grams, fen)


@dataclass(frozen=True, slots=True)
class _Kept:
    sequence: int
    hash: str
    sums: _Sums


_NOTHING = _Kept(0, "", {})
_kept: dict[tuple[int, int], _Kept] = {}


def running_totals(desk: Desk, season: Season) -> dict[str, GradeTotal]:
    """Per grade what was weighed and bought in `season` by now, over all households."""
    key = (desk.collective_id, season.id)
    known = _kept.get(key) or _NOTHING
    sequence, hash_, hash_then = _journal_now_and_then(desk, known.sequence)
    if known.sequence > sequence or hash_then != known.hash:
        known = _NOTHING
    if known.sequence < sequence:
        known = _Kept(sequence, hash_, _add(known.sums, _sums_between(desk, season, known.sequence, sequence)))
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = known
    return {grade: GradeTotal(grade, *line, line[2] + line[4]) for grade, line in sorted(known.sums.items())}


def _journal_now_and_then(desk: Desk, sequence: int) -> tuple[int, str, str]:
    """The journal's last sequence and head hash, and the hash of the entry `sequence` as it stands there now ("" for none)."""
    then = (JournalEntry.collective_id == JournalHead.collective_id) & (JournalEntry.sequence == sequence)
    row = desk.session.execute(
        select(JournalHead.sequence, JournalHead.hash, func.coalesce(JournalEntry.hash, ""))
        .outerjoin(JournalEntry, then)
        .where(JournalHead.collective_id == desk.collective_id)
    ).one()
    return row[0], row[1], row[2]


def _add(before: _Sums, came: _Sums) -> _Sums:
    nothing = (0, 0, 0, 0, 0)
    added = dict(before)
    for grade, line in came.items():
        a, b, c, d, e = (one + other for one, other in zip(before.get(grade, nothing), line, strict=True))
        added[grade] = (a, b, c, d, e)
    return added


def _sums_between(desk: Desk, season: Season, after: int, through: int) -> _Sums:
    sums: dict[str, list[int]] = {}
    for grade, grams in desk.session.execute(
        _between(select(Weighing.grade, sum_of(Weighing.net_grams)), Weighing, desk, season, after, through).group_by(Weighing.grade)
    ):
        sums.setdefault(grade, [0] * 5)[0] = grams
    from_pool = PurchaseLine.source_household_id.is_(None)
    columns = select(PurchaseLine.grade, from_pool, sum_of(PurchaseLine.net_grams), sum_of(PurchaseLine.amount_fen))
    bought = _between(columns, PurchaseLine, desk, season, after, through).group_by(PurchaseLine.grade, from_pool)
    for grade, is_pool, grams, fen in desk.session.execute(bought):
        place = 1 if is_pool else 3
        sums.setdefault(grade, [0] * 5)[place : place + 2] = [grams, fen]
    return {grade: (line[0], line[1], line[2], line[3], line[4]) for grade, line in sums.items()}


def _between(statement: Any, table: Any, desk: Desk, season: Season, after: int, through: int) -> Any:
    statement = statement.where(table.collective_id == desk.collective_id, table.season_id == season.id, table.entry <= through)
    # From the beginning the season's index is the shorter way, later the index of the entries.
    return statement.where(table.entry > after) if after else statement
