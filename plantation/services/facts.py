"""Facts: rows of :class:`plantation.models.Sealed` tables, written once, sealed by the journal, read as they stand.

One way for all of them, so that a new noun is a model and its rule and nothing else has to be written again: sealing,
bulk insert, and (in proof/row_checks) the comparison of every row with its entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, LargeBinary, exists, func, select
from sqlalchemy.orm import aliased

from plantation.errors import N_, Refusal
from plantation.models import Sealed, new_id
from plantation.services import journal
from plantation.services.bulk import insert_rows
from plantation.services.desk import Desk
from plantation.services.words import check_note

Fact = TypeVar("Fact", bound=Sealed)

_OWN = {"collective_id", "entry", "recorded_at", "recorded_by"}


def tables() -> list[type[Sealed]]:
    """Every table of facts, by the kind under which the journal knows it."""
    return sorted(Sealed.__subclasses__(), key=lambda table: table.kind)


def payload_of(fact: Sealed) -> dict[str, Any]:
    """What the journal seals of a fact: all its columns, typed texts and pictures as fingerprints; columns of later only when they say more."""
    later = fact.later
    return {
        name: _plain(fact, name)
        for name in _columns(type(fact))
        if name not in _OWN and not (name in later and getattr(fact, name) == later[name])
    }


def _plain(fact: Sealed, name: str) -> Any:
    value = getattr(fact, name)
    if name in fact.texts:
        return sha256(value.encode()).hexdigest() if value else None
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value  # a word of an enumeration is its text


def _columns(table: type[Sealed]) -> list[str]:
    return [column.name for column in table.__table__.columns]


def seal(desk: Desk, facts: Sequence[Fact]) -> Sequence[Fact]:
    """Write `facts`, all of one table and not yet in a session, in this order: signed by the desk, each with its entry.

    Those without an id get one. They are given back, no longer to be changed.
    """
    if not facts:
        return facts
    for fact in facts:
        if fact.id is None:
            fact.id = new_id()
        fact.collective_id, fact.recorded_at, fact.recorded_by = desk.collective_id, desk.now, desk.actor
    entries = journal.append(desk, ((fact.kind, str(fact.id), payload_of(fact)) for fact in facts))
    for fact, entry in zip(facts, entries, strict=True):
        fact.entry = entry
    table = type(facts[0])
    columns = _columns(table)
    insert_rows(desk.session, table, columns, ([getattr(fact, name) for name in columns] for fact in facts))
    return facts


class ReasonNeeded(Refusal):
    """What is taken back says why."""

    field = "reason"
    template = N_("Say why it is taken back.")


class TakenBackBefore(Refusal):
    """A reversal, or reversed before."""

    template = N_("This was taken back before.")


def check_open(desk: Desk, fact: Any, reason: str) -> None:
    """Pass when `fact`, of a table with `reverses_id`, may be taken back for that reason.

    :raises ReasonNeeded, TakenBackBefore: as they say. :raises BadValue: a reason that is too long.
    """
    if not reason.strip():
        raise ReasonNeeded()
    check_note(reason)
    table = type(fact)
    later = select(table.id).where(table.collective_id == desk.collective_id, table.reverses_id == fact.id)
    if fact.reverses_id is not None or desk.session.scalar(later) is not None:
        raise TakenBackBefore()


def take_back(desk: Desk, fact: Any, *, reason: str) -> Any:
    """Seal the mirror of `fact`: today, with the amount negative, the reason, and all else as it was.

    :raises ReasonNeeded, TakenBackBefore: as :func:`check_open`.
    """
    check_open(desk, fact, reason)
    table = type(fact)
    same = {name: getattr(fact, name) for name in _columns(table) if name not in {*_OWN, "id"}}
    day = next(column.name for column in table.__table__.columns if isinstance(column.type, Date))
    mirror = {day: desk.today, "amount_fen": -fact.amount_fen, "reverses_id": fact.id, "reason": reason.strip()}
    return seal(desk, [table(**same | mirror)])[0]


def stands(desk: Desk, table: type[Any], **same: Any) -> bool:
    """Whether a row of `table`, which has `reverses_id`, says the `same` in the columns that are named and was not taken back."""
    later = aliased(table)
    taken_back = exists().where(later.collective_id == table.collective_id, later.reverses_id == table.id)
    statement = select(table.id).filter_by(collective_id=desk.collective_id, reverses_id=None, **same).where(~taken_back)
    return desk.session.scalar(statement.limit(1)) is not None


def latest_facts(desk: Desk, table: type[Fact], *keys: Any, conditions: Sequence[ColumnElement[bool]] = ()) -> list[Fact]:
    """The last word about each thing that `keys`, columns of `table`, name: facts of which the latest row counts."""
    last = select(func.max(table.entry)).where(table.collective_id == desk.collective_id, *conditions).group_by(*keys)
    statement = select(table).where(table.collective_id == desk.collective_id, table.entry.in_(last)).order_by(*keys)
    return list(desk.session.scalars(statement))


def read_facts(desk: Desk, table: type[Fact], *conditions: ColumnElement[bool]) -> Iterator[Fact]:
    """The collective's facts of `table` that meet `conditions`, by entry, a few thousand held at a time (of pictures a few)."""
    statement = select(table).where(table.collective_id == desk.collective_id, *conditions).order_by(table.entry)
    with desk.session.scalars(statement.execution_options(yield_per=50 if _has_pictures(table) else 2_000)) as rows:
        yield from rows


def _has_pictures(table: type[Sealed]) -> bool:
    return any(isinstance(column.type, LargeBinary) for column in table.__table__.columns)
