"""What is kept of a season between requests: figures up to a journal entry, to which only what came in since is added.

Rows are append-only and numbered by the journal, so figures up to an entry never change. What is kept is trusted only
while the journal still has that entry with that hash: after a restore, or in another database, it is computed anew. Only
a reader keeps: what a writer sees may be rolled back, and between its entries and its rows it sees the half of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import URL, func, select

from plantation.models import JournalEntry, JournalHead, Season
from plantation.services.desk import Desk

Figures = TypeVar("Figures")
# The database, the collective, the season, and what else the figures follow from. A season's number may be another one's after an
# import, with the same journal.
Key = tuple[URL, int, int, str, Hashable]


@dataclass(frozen=True, slots=True)
class Kept(Generic[Figures]):
    """Figures, and the journal's entry up to which they are."""

    sequence: int
    hash: str
    figures: Figures


class Keeper(Generic[Figures]):
    """Keeps figures of seasons, in this process.

    `follow(desk, season, figures, after, through)` gives the figures up to the entry `through`, where `figures` are those up
    to `after`; `nothing` are those before the first entry. Figures are never changed in place. Of more than `most` seasons
    nothing is kept.
    """

    def __init__(self, nothing: Figures, follow: Callable[[Desk, Season, Figures, int, int], Figures], *, most: int = 256) -> None:
        self._nothing = Kept(0, "", nothing)
        self._follow = follow
        self.most = most
        self.kept: dict[Key, Kept[Figures]] = {}

    def __call__(self, desk: Desk, season: Season, also: Hashable = None) -> Figures:
        """The figures of `season` by now; `also`: what they follow from beside the journal. One query while nothing came in."""
        key = (desk.session.get_bind().engine.url, desk.collective_id, season.id, season.code, also)
        known = self.kept.get(key, self._nothing)
        sequence, hash_, hash_then = _journal_now_and_then(desk, known.sequence)
        if known.sequence > sequence or hash_then != known.hash:
            known = self._nothing
        if known.sequence < sequence:
            known = Kept(sequence, hash_, self._follow(desk, season, known.figures, known.sequence, sequence))
            if desk.session.info.get("only_reads", False):
                if len(self.kept) >= self.most:
                    self.kept.clear()
                self.kept[key] = known
        return known.figures


def _journal_now_and_then(desk: Desk, sequence: int) -> tuple[int, str, str]:
    """The journal's last sequence and head hash, and the hash of the entry `sequence` as it stands there now ("" for none).

    A reader sees one moment, so it asks once; it begins anew after the request has written.
    """
    transaction = desk.session.get_transaction()
    if transaction is None or not desk.session.info.get("only_reads", False):
        return _ask_journal(desk, sequence)
    moment, seen = desk.session.info.get("journal_seen", (None, {}))
    if moment is not transaction:
        desk.session.info["journal_seen"] = transaction, (seen := {})
    if (desk.collective_id, sequence) not in seen:
        seen[desk.collective_id, sequence] = _ask_journal(desk, sequence)
    return seen[desk.collective_id, sequence]


def _ask_journal(desk: Desk, sequence: int) -> tuple[int, str, str]:
    then = (JournalEntry.collective_id == JournalHead.collective_id) & (JournalEntry.sequence == sequence)
    row = desk.session.execute(
        select(JournalHead.sequence, JournalHead.hash, func.coalesce(JournalEntry.hash, ""))
        .outerjoin(JournalEntry, then)
        .where(JournalHead.collective_id == desk.collective_id)
    ).one()
    return row[0], row[1], row[2]


def between(statement: Any, table: Any, desk: Desk, season: Season, after: int, through: int) -> Any:
    """The statement over the season's rows of `table` that were recorded after the one entry and through the other."""
    statement = statement.where(table.collective_id == desk.collective_id, table.season_id == season.id, table.entry <= through)
    # From the beginning the season's index is the shorter way, later the index of the entries.
    return statement.where(table.entry > after) if after else statement


def added(before: Mapping[Any, tuple[int, ...]], came: Mapping[Any, tuple[int, ...]]) -> dict[Any, Any]:
    """Two mappings to sums in one."""
    both = dict(before)
    for key, line in came.items():
        known = both.get(key)
        both[key] = line if known is None else tuple(one + other for one, other in zip(known, line, strict=True))
    return both
