"""Who changed something last: so that the second of two who saved is told by whom, and nobody writes over what he has not seen."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from plantation.errors import N_, Refusal, Stale
from plantation.models import JournalEntry, Sealed
from plantation.services.desk import Desk


class SaidMeanwhile(Stale):
    """Of facts the later one counts; who writes it must have seen the one before."""

    template = N_("%(who)s saved something else here at %(when)s, after you opened this page. Yours is not saved yet.")


class ChangedPlaces(Refusal):
    """Over a form that comes back because somebody else was first: nothing in it is wrong."""

    template = N_("Somebody else changed these %(count)s places meanwhile. Look at them, then save again:")


class ChangedPlace(ChangedPlaces):
    """Where it is one."""

    template = N_("Somebody else changed this place meanwhile. Look at it, then save again:")


class ChangedPage(ChangedPlaces):
    """Where it is none that can be pointed at."""

    template = N_("Somebody else saved here meanwhile. Look at this page, then save again:")


class Change(NamedTuple):
    """The account that saved, when, and under which entry of the journal."""

    actor: str
    recorded_at: dt.datetime
    entry: int


def last_change(desk: Desk, kind: str, subject: str) -> Change | None:
    """The last journal entry of `kind` about `subject`, None where there is none."""
    found = desk.session.execute(
        select(JournalEntry.actor, JournalEntry.recorded_at, JournalEntry.sequence)
        .where(
            JournalEntry.collective_id == desk.collective_id,
            JournalEntry.kind == kind,
            JournalEntry.subject == subject,
        )
        .order_by(JournalEntry.sequence.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else Change(*found)


def last_fact(desk: Desk, table: type[Sealed], *conditions: ColumnElement[bool]) -> Change | None:
    """The last change by a fact of `table` that meets `conditions`, None where there is none."""
    found = desk.session.execute(
        select(table.recorded_by, table.recorded_at, table.entry)
        .where(table.collective_id == desk.collective_id, *conditions)
        .order_by(table.entry.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else Change(*found)


def overtaken(places: int) -> ChangedPlaces:
    """What stands over a form that somebody else saved meanwhile, who changed so many `places` of it.

    >>> str(overtaken(2)), type(overtaken(0)).__name__
    ('Somebody else changed these 2 places meanwhile. Look at them, then save again:', 'ChangedPage')
    """
    return ChangedPlaces(count=places) if places > 1 else ChangedPlace() if places else ChangedPage()


def check_seen(last: Change | None, seen_entry: int | None) -> None:
    """Pass when the `last` change had been made when the journal stood at `seen_entry`, as it did when a form was opened; None asks for
    no check.

    :raises SaidMeanwhile: it came after.
    """
    if seen_entry is not None and last is not None and last.entry > seen_entry:
        raise SaidMeanwhile(who=last.actor, when=last.recorded_at)
