"""Who changed something last: read from the journal, so that the second of two who saved is told by whom."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import select

from plantation.models import JournalEntry
from plantation.services.desk import Desk


class Change(NamedTuple):
    """The account that saved, and when."""

    actor: str
    recorded_at: dt.datetime


def last_change(desk: Desk, kind: str, subject: str) -> Change | None:
    """The last journal entry of `kind` about `subject`, None where there is none."""
    found = desk.session.execute(
        select(JournalEntry.actor, JournalEntry.recorded_at)
        .where(
            JournalEntry.collective_id == desk.collective_id,
            JournalEntry.kind == kind,
            JournalEntry.subject == subject,
        )
        .order_by(JournalEntry.sequence.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else Change(*found)
