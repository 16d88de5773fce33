"""The journal of a collective: each change that matters is one entry of its hash chain (plantation/domain/journal.py).

Payloads hold ids, codes and figures, never a person's name or phone, so that a person can be erased and the chain
still verifies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select, update

from plantation.domain.journal import GENESIS, Entry
from plantation.domain.journal import append as continue_chain
from plantation.models import JournalEntry, JournalHead
from plantation.services.bulk import insert_rows
from plantation.services.desk import Desk

_COLUMNS = (
    "collective_id",
    "sequence",
    "previous_hash",
    "recorded_at",
    "actor",
    "kind",
    "subject",
    "payload",
    "hash",
)


def lock(desk: Desk) -> tuple[int, str]:
    """Wait for every other writer of this collective, then give the journal's (last sequence, head hash).

    A use case that checks before it writes calls this before its first check: nobody can write in between. (On SQLite
    a writing transaction is alone already.)
    """
    head = desk.session.execute(
        select(JournalHead.sequence, JournalHead.hash).where(JournalHead.collective_id == desk.collective_id).with_for_update()
    ).one()
    return head.sequence, head.hash


def head(desk: Desk) -> tuple[int, str]:
    """The journal's (last sequence, head hash) as it is now: what closing sheets print."""
    found = find_head(desk)
    if found is None:
        raise LookupError("the journal has no head")
    return found


def find_head(desk: Desk) -> tuple[int, str] | None:
    """As :func:`head`, None where somebody removed it."""
    found = desk.session.execute(
        select(JournalHead.sequence, JournalHead.hash).where(JournalHead.collective_id == desk.collective_id)
    ).one_or_none()
    return None if found is None else (found.sequence, found.hash)


def append(desk: Desk, entries: Iterable[tuple[str, str, dict[str, Any]]]) -> range:
    """Seal (kind, subject, payload) one after the other; the sequences they got, in that order."""
    before, before_hash = lock(desk)
    last = Entry(before, "", desk.now, "", "", "", "", before_hash) if before else None
    collective_id, now, actor = desk.collective_id, desk.now, desk.actor
    sealed = []
    for kind, subject, payload in entries:
        last = continue_chain(last, now, actor, kind, subject, payload)
        sealed.append((collective_id, *last))
    insert_rows(desk.session, JournalEntry, _COLUMNS, sealed)
    if last is not None:
        desk.session.execute(
            update(JournalHead).where(JournalHead.collective_id == desk.collective_id).values(sequence=last.sequence, hash=last.hash)
        )
    return range(before + 1, before + 1 + len(sealed))


def start_journal(desk: Desk) -> None:
    """Give a new collective its journal, empty."""
    desk.session.add(JournalHead(collective_id=desk.collective_id, sequence=0, hash=GENESIS))
    desk.session.flush()


def read_entries(desk: Desk, *, after: int = 0, through: int | None = None, kind: str | None = None) -> Iterator[Entry]:
    """The entries after sequence `after` (up to `through`, of one `kind`), in order, a few thousand held at a time."""
    statement = (
        select(
            JournalEntry.sequence,
            JournalEntry.previous_hash,
            JournalEntry.recorded_at,
            JournalEntry.actor,
            JournalEntry.kind,
            JournalEntry.subject,
            JournalEntry.payload,
            JournalEntry.hash,
        )
        .where(JournalEntry.collective_id == desk.collective_id, JournalEntry.sequence > after)
        .order_by(JournalEntry.sequence)
    )
    if through is not None:
        statement = statement.where(JournalEntry.sequence <= through)
    if kind is not None:
        statement = statement.where(JournalEntry.kind == kind)
    # Closed even when the reader stops halfway: a cursor on the server outlives its result else.
    with desk.session.execute(statement.execution_options(yield_per=2_000)) as result:
        for row in result:
            yield Entry(*row)
