"""A recorded purchase with its lines, by codes and by ids, as it is read, sealed and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from plantation.models import Buyer, Household, Purchase, PurchaseLine, Season, new_ids
from plantation.services import journal
from plantation.services.bulk import in_chunks, insert_rows
from plantation.services.desk import Desk

KIND = "purchase"


class NoteLine(NamedTuple):
    """One line; `source` is a household's code, or None for the pool."""

    source_household_id: int | None
    source: str | None
    grade: str
    net_grams: int
    price_fen_per_kg: int
    amount_fen: int


@dataclass(slots=True, kw_only=True)
class Note:
    """A purchase. `season`, `buyer` and `reverses` (a number) are codes; a reversal's lines are negative."""

    id: int
    number: str
    season_id: int
    season: str
    buyer_id: int
    buyer: str
    buyer_name: str = ""
    entry: int = 0
    purchased_on: dt.date
    reverses_id: int | None = None
    reverses: str | None = None
    reason: str = ""
    recorded_at: dt.datetime
    recorded_by: str
    lines: tuple[NoteLine, ...] = ()

    @property
    def net_grams(self) -> int:
        return sum(line.net_grams for line in self.lines)

    @property
    def amount_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)


def fingerprint(text: str) -> str | None:
    """A free text as the journal holds it, so that a name in it can be erased; None for nothing.

    >>> fingerprint("wrong buyer")[:8], fingerprint("")
    ('a6380d80', None)
    """
    return sha256(text.encode()).hexdigest() if text else None


def note_payload(note: Note) -> dict[str, Any]:
    """What the journal seals of a purchase."""
    return {
        "id": note.id,
        "number": note.number,
        "season": note.season,
        "buyer": note.buyer,
        "date": note.purchased_on.isoformat(),
        "reverses": note.reverses,
        "reason": fingerprint(note.reason),
        "lines": [[line.source, line.grade, line.net_grams, line.price_fen_per_kg, line.amount_fen] for line in note.lines],
    }


_COLUMNS = tuple(column.name for column in Purchase.__table__.columns)
_LINE_COLUMNS = tuple(column.name for column in PurchaseLine.__table__.columns)


def write_notes(desk: Desk, notes: Sequence[Note]) -> None:
    """Seal and store new purchases, in this order; their `entry` is set. The journal must be locked."""
    if not notes:
        return
    entries = journal.append(desk, ((KIND, f"{note.season}/{note.number}", note_payload(note)) for note in notes))
    for note, entry in zip(notes, entries, strict=True):
        note.entry = entry
    read = attrgetter(*_COLUMNS[1:])
    insert_rows(desk.session, Purchase, _COLUMNS, ((desk.collective_id, *read(note)) for note in notes))
    ids = iter(new_ids(sum(len(note.lines) for note in notes)))
    rows = (
        {
            "collective_id": desk.collective_id,
            "id": next(ids),
            "purchase_id": note.id,
            "line": place,
            "season_id": note.season_id,
            "entry": note.entry,
            **line._asdict(),
        }
        for note in notes
        for place, line in enumerate(note.lines, 1)
    )
    insert_rows(desk.session, PurchaseLine, _LINE_COLUMNS, ([row[name] for name in _LINE_COLUMNS] for row in rows))


_reversed = aliased(Purchase)


def read_notes(desk: Desk, *conditions: ColumnElement[bool], by: Any = Purchase.entry, batch: int = 1_000) -> Iterator[Note]:
    """The collective's purchases that meet `conditions` on :class:`Purchase`, in the order of a column, some held at a time."""
    statement = (
        select(
            *[Purchase.__table__.c[name] for name in _COLUMNS[1:]],
            Season.code.label("season"),
            Buyer.code.label("buyer"),
            Buyer.name.label("buyer_name"),
            _reversed.number.label("reverses"),
        )
        .select_from(Purchase)
        .join(Season, (Season.collective_id == Purchase.collective_id) & (Season.id == Purchase.season_id))
        .join(Buyer, (Buyer.collective_id == Purchase.collective_id) & (Buyer.id == Purchase.buyer_id))
        .outerjoin(_reversed, (_reversed.collective_id == Purchase.collective_id) & (_reversed.id == Purchase.reverses_id))
        .where(Purchase.collective_id == desk.collective_id, *conditions)
        .order_by(by)
    )
    with desk.session.execute(statement.execution_options(yield_per=batch)) as result:
        for rows in result.mappings().partitions(batch):
            notes = {row["id"]: Note(**row) for row in rows}
            for ids in in_chunks(notes):
                for note_id, lines in _read_lines(desk, ids).items():
                    notes[note_id].lines = tuple(lines)
            yield from notes.values()


def _read_lines(desk: Desk, purchase_ids: Iterable[int]) -> dict[int, list[NoteLine]]:
    rows = desk.session.execute(
        select(
            PurchaseLine.purchase_id,
            PurchaseLine.source_household_id,
            Household.code,
            PurchaseLine.grade,
            PurchaseLine.net_grams,
            PurchaseLine.price_fen_per_kg,
            PurchaseLine.amount_fen,
        )
        .outerjoin(
            Household,
            (Household.collective_id == PurchaseLine.collective_id) & (Household.id == PurchaseLine.source_household_id),
        )
        .where(PurchaseLine.collective_id == desk.collective_id, PurchaseLine.purchase_id.in_(list(purchase_ids)))
        .order_by(PurchaseLine.purchase_id, PurchaseLine.line)
    )
    lines: dict[int, list[NoteLine]] = {}
    for purchase_id, *line in rows:
        lines.setdefault(purchase_id, []).append(NoteLine(*line))
    return lines
