"""The intake of purchases: what a batch refers to is gathered in a few queries, then each input gets its verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from plantation.domain.season_totals import DirectPurchaseInPostedSeason
from plantation.domain.weighing import amount_fen
from plantation.domain.words import SeasonMode
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Household, Purchase, Season, new_id
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.fruit.intake import check_rate
from plantation.services.fruit.purchase_inputs import (
    LINE_LIMIT_GRAMS,
    LineInput,
    LinesDiffer,
    NothingBought,
    NumberTaken,
    PurchaseInput,
    PurchaseReversed,
    ReversalOfReversal,
    WeightOutOfRange,
)
from plantation.services.fruit.purchase_notes import Note, NoteLine, note_payload, read_notes
from plantation.services.fruit.weighing_inputs import ReasonMissing, Status
from plantation.services.lookups import DayAhead, ids_by_code, seasons_by_code
from plantation.services.once import id_of
from plantation.services.words import check_code, check_note
from plantation.units import format_kg

POOL = "pool"


@dataclass(frozen=True, slots=True)
class PurchaseOutcome:
    """What became of an input; `line` counts from 0 and says which line the refusal is about, None: the purchase."""

    number: str | None
    status: Status
    refusal: Refusal | None = None
    line: int | None = None


class _AtLine(Exception):
    def __init__(self, line: int, refusal: Refusal) -> None:
        self.line, self.refusal = line, refusal


class PurchaseIntake:
    """The verdicts on one batch; `created` are the new ones. The journal must be locked before it is made."""

    def __init__(self, desk: Desk, inputs: Sequence[PurchaseInput], buyers: Mapping[str, int]) -> None:
        self._desk = desk
        self._buyers = buyers
        self._seasons = seasons_by_code(desk, (one.season for one in inputs))
        self._households = ids_by_code(desk, Household, (line.source for one in inputs for line in one.lines))
        self._by_number: dict[tuple[int, str], Note] = {}
        self._by_id: dict[int, Note] = {}
        numbers = [number for one in inputs for number in (one.number, one.reverses) if number]
        for column, values in (
            (Purchase.number, dict.fromkeys(numbers)),
            (Purchase.id, dict.fromkeys(id_of(one.once) for one in inputs if one.once)),
        ):
            for chunk in in_chunks(values):
                for note in read_notes(desk, column.in_(chunk)):
                    self._know(note)
        self._reversed_by = self._reversals()
        self._spoken_for = {(one.season, one.number) for one in inputs if one.number}
        self._next: dict[int, int] = {}
        self.created: list[Note] = []

    def _know(self, note: Note) -> None:
        self._by_number[note.season_id, note.number] = note
        self._by_id[note.id] = note

    def _reversals(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for chunk in in_chunks(self._by_id):
            rows = self._desk.session.execute(
                select(Purchase.reverses_id, Purchase.number).where(
                    Purchase.collective_id == self._desk.collective_id, Purchase.reverses_id.in_(chunk)
                )
            )
            found.update((reverses_id, number) for reverses_id, number in rows if reverses_id is not None)
        return found

    def judge(self, given: PurchaseInput) -> PurchaseOutcome:
        """What becomes of `given`; a new one is among `created` from now on."""
        try:
            note = self._note(given)
            known = self._by_id.get(note.id) or self._by_number.get((note.season_id, note.number))
            if known is not None:
                if not _same(known, note):
                    return PurchaseOutcome(given.number, Status.CONFLICT, NumberTaken(number=known.number, season=known.season))
                return PurchaseOutcome(known.number, Status.DUPLICATE)
            if note.reverses_id is not None:
                if note.reverses_id in self._reversed_by:
                    raise PurchaseReversed(number=note.reverses, by=self._reversed_by[note.reverses_id])
                self._reversed_by[note.reverses_id] = note.number
            note.number = note.number or self._next_number(note)
        except _AtLine as fault:
            return PurchaseOutcome(given.number, Status.REFUSED, fault.refusal, fault.line)
        except Refusal as refusal:
            return PurchaseOutcome(given.number, Status.REFUSED, refusal)
        self._know(note)
        self.created.append(note)
        return PurchaseOutcome(note.number, Status.CREATED)

    def _note(self, given: PurchaseInput) -> Note:
        if given.number:
            check_code(given.number, N_("a purchase number of 1 to 64 printable characters"))
        check_note(given.reason)
        season = self._seasons.get(given.season)
        if season is None:
            raise NotFound(what=N_("season"), code=given.season)
        if given.buyer not in self._buyers:
            raise NotFound(what=N_("buyer"), code=given.buyer)
        if given.date > self._desk.today + dt.timedelta(days=1):
            raise DayAhead(day=given.date, today=self._desk.today)
        note = Note(
            id=id_of(given.once) if given.once else new_id(),
            number=given.number or "",
            season_id=season.id,
            season=season.code,
            buyer_id=self._buyers[given.buyer],
            buyer=given.buyer,
            purchased_on=given.date,
            reason=given.reason,
            recorded_at=self._desk.now,
            recorded_by=self._desk.actor,
        )
        if given.reverses:
            return self._mirror(given, note)
        if not given.lines:
            raise NothingBought()
        note.lines = tuple(self._line(season, place, line) for place, line in enumerate(given.lines))
        return note

    def _mirror(self, given: PurchaseInput, note: Note) -> Note:
        original = self._by_number.get((note.season_id, str(given.reverses)))
        if original is None:
            raise NotFound(what=N_("purchase"), code=given.reverses)
        if not given.reason.strip():
            raise ReasonMissing()
        if original.reverses_id is not None:
            raise ReversalOfReversal(number=original.number)
        lines = tuple(line._replace(net_grams=-line.net_grams, amount_fen=-line.amount_fen) for line in original.lines)
        said = [(_source(line), line.grade, line.net_grams, line.price_fen_per_kg) for line in given.lines]
        if note.buyer_id != original.buyer_id or (
            said and said != [(line.source, line.grade, line.net_grams, line.price_fen_per_kg) for line in lines]
        ):
            raise LinesDiffer(number=original.number)
        return replace(note, reverses_id=original.id, reverses=original.number, lines=lines)

    def _line(self, season: Season, place: int, given: LineInput) -> NoteLine:
        try:
            check_code(given.grade, N_("a grade of 1 to 64 printable characters"))
            if not 0 < given.net_grams <= LINE_LIMIT_GRAMS:
                raise WeightOutOfRange(net_kg=format_kg(given.net_grams), limit_kg=format_kg(LINE_LIMIT_GRAMS))
            check_rate(given.price_fen_per_kg)
            source = _source(given)
            household_id = self._households.get(source) if source else None
            if source and household_id is None:
                raise NotFound(what=N_("household"), code=source)
            if source and season.mode == SeasonMode.POSTED:
                raise DirectPurchaseInPostedSeason(season=season.code, grade=given.grade, household=source)
        except Refusal as refusal:
            raise _AtLine(place, refusal) from refusal
        amount = amount_fen(given.net_grams, given.price_fen_per_kg)
        return NoteLine(household_id, source, given.grade, given.net_grams, given.price_fen_per_kg, amount)

    def _next_number(self, note: Note) -> str:
        if note.season_id not in self._next:
            self._next[note.season_id] = (
                self._desk.session.scalar(
                    select(func.count()).where(Purchase.collective_id == self._desk.collective_id, Purchase.season_id == note.season_id)
                )
                or 0
            )
        while True:
            self._next[note.season_id] += 1
            number = f"P{self._next[note.season_id]:05d}"
            if (note.season, number) not in self._spoken_for and not self._is_taken(note.season_id, number):
                return number

    def _is_taken(self, season_id: int, number: str) -> bool:
        return (season_id, number) in self._by_number or self._desk.session.scalar(
            select(Purchase.id).where(
                Purchase.collective_id == self._desk.collective_id,
                Purchase.season_id == season_id,
                Purchase.number == number,
            )
        ) is not None


def _source(line: LineInput) -> str | None:
    return None if not line.source or line.source.casefold() == POOL else line.source


def _same(known: Note, note: Note) -> bool:
    return _content(known) == _content(note) and note.number in ("", known.number)


def _content(note: Note) -> dict[str, Any]:
    return note_payload(replace(note, id=0, number=""))
