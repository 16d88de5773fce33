"""The collective's crates and bags: set as a whole list, journaled, the latest counts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select

from plantation.domain.journal import canonical
from plantation.domain.tares import DEFAULT_TARES, Tare, check_tares
from plantation.models import TareList
from plantation.services import facts, journal
from plantation.services.changes import check_seen, last_fact
from plantation.services.desk import Desk
from plantation.services.words import check_note

NAME_LENGTH = 20


def list_tares(desk: Desk) -> tuple[Tare, ...]:
    """The kinds of crates and bags in their order; the defaults before the collective has named its own."""
    lines = desk.session.scalar(
        select(TareList.lines).where(TareList.collective_id == desk.collective_id).order_by(TareList.entry.desc()).limit(1)
    )
    return DEFAULT_TARES if lines is None else tuple(Tare(*line) for line in json.loads(lines))


def set_tares(desk: Desk, tares: Sequence[Tare], *, seen_entry: int | None = None) -> tuple[Tare, ...]:
    """Set the list from now on; slips keep the tare that they have. Nothing is written where nothing changes.
    `seen_entry` is the journal's last entry when the list was on screen.

    :raises SaidMeanwhile: somebody set another one since. :raises Refusal: as :func:`.tares.check_tares`. :raises BadValue: a name of more than 20 characters.
    """
    tares = tuple(Tare(tare.name.strip(), tare.grams) for tare in tares)
    check_tares(tares)
    for tare in tares:
        check_note(tare.name, NAME_LENGTH)
    journal.lock(desk)
    if tares != list_tares(desk):
        check_seen(last_fact(desk, TareList), seen_entry)
        facts.seal(desk, [TareList(lines=canonical([list(tare) for tare in tares]).decode())])
    return tares
