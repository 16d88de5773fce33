"""From a folder: purchases. Rows of one season and number are the lines of one purchase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plantation.domain.season_totals import DirectPurchaseInPostedSeason
from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.exchange.table_faults import CellBlank
from plantation.exchange.tables import Row, Table
from plantation.services.folder.import_desk import ImportDesk
from plantation.services.folder.import_weighings import SettledWithout
from plantation.services.fruit.buyers import EXPECTED_CODE
from plantation.services.fruit.purchase_inputs import (
    NumberTaken,
    PurchaseReversed,
    ReversalOfReversal,
    WeightOutOfRange,
)
from plantation.services.fruit.purchases import LineInput, PurchaseInput, record_purchases
from plantation.services.fruit.weighing_inputs import RateOutOfRange, ReasonMissing, Status
from plantation.services.lookups import DayAhead
from plantation.services.master_data import Upserted
from plantation.services.people.households import POOL
from plantation.services.words import check_code

_COLUMNS: dict[type[Refusal], str] = {
    DayAhead: "date",
    DirectPurchaseInPostedSeason: "source",
    NumberTaken: "number",
    PurchaseReversed: "reverses",
    RateOutOfRange: "price_yuan_per_kg",
    ReasonMissing: "reason",
    ReversalOfReversal: "reverses",
    WeightOutOfRange: "net_kg",
}
EXPECTED_NUMBER = N_("a purchase number of 1 to 64 printable characters")
_HEAD = ("date", "buyer", "settlement", "reverses", "reason")
_LINE = {
    "source": N_("`pool` or a household's code"),
    "grade": N_("a grade"),
    "net_kg": N_("a weight in kg with at most three decimals, such as 12.345"),
    "price_yuan_per_kg": N_("an amount in yuan with at most two decimals, such as 5.20"),
}


class LinesDisagree(Refusal):
    """Two lines of one purchase that cannot both be right."""

    template = N_("Purchase %(number)s says %(first)s in row %(row)s; the lines of one purchase agree.")


@dataclass(slots=True)
class Purchases:
    """The sound purchases of purchases.csv in the order of the file, each with its rows."""

    table: Table | None = None
    notes: list[tuple[list[Row], PurchaseInput]] = field(default_factory=list)
    done: Upserted = field(default_factory=Upserted)


def read_purchases(work: ImportDesk) -> Purchases:
    """purchases.csv, each row held against what it names; nothing is written yet."""
    found = Purchases(work.read("purchases"))
    if found.table is None:
        return found
    groups: dict[tuple[str, str], list[Row]] = {}
    faulty: set[tuple[str | None, str | None]] = set()
    for row in found.table.rows:
        key = row.get("season"), row.get("number")
        is_sound = row.is_whole and _check_texts(work, found.table, row)
        is_sound &= work.resolve(found.table, row, "season", "season") is not None
        is_sound &= not work.is_season_doubtful(row.get("season")) and _check_line(work, found.table, row)
        if not is_sound:
            faulty.add(key)
        elif all(key):
            rows = groups.setdefault((str(key[0]), str(key[1])), [])
            rows.append(row)
            if not _agrees(work, found.table, rows[0], row):
                faulty.add(key)
    found.notes = [(rows, _input(rows)) for key, rows in groups.items() if key not in faulty]
    return found


def _check_texts(work: ImportDesk, table: Table, row: Row) -> bool:
    is_sound = True
    for column, expected in (("number", EXPECTED_NUMBER), ("buyer", EXPECTED_CODE)):
        try:
            check_code(row[column], expected)
        except BadValue as refusal:
            work.blame(table, row, column, refusal)
            is_sound = False
    return is_sound


def _check_line(work: ImportDesk, table: Table, row: Row) -> bool:
    """Whether a line says all that it must; a reversal may leave its lines to what it reverses."""
    is_blank = [row.get(column) is None and column in row.cells for column in _LINE]
    if row.get("reverses") and all(is_blank):
        return True
    is_sound = True
    for column, blank in zip(_LINE, is_blank, strict=True):
        if blank:
            work.blame(table, row, column, CellBlank(expected=_LINE[column]))
            is_sound = False
    source = row.get("source")
    if source is None or source.casefold() == POOL or work.is_doubtful("household", source):
        return is_sound and not (source and source.casefold() != POOL)
    return work.resolve(table, row, "household", "source") is not None and is_sound


def _agrees(work: ImportDesk, table: Table, first: Row, row: Row) -> bool:
    is_sound = True
    for column in _HEAD:
        if row[column] != first[column]:
            said = f"{column} {first[column]}"
            work.blame(table, row, column, LinesDisagree(number=row["number"], first=said, row=first.number))
            is_sound = False
    return is_sound


def _input(rows: Sequence[Row]) -> PurchaseInput:
    head = rows[0]
    return PurchaseInput(
        number=head["number"],
        season=head["season"],
        date=head["date"],
        buyer=head["buyer"],
        reverses=head["reverses"],
        reason=head["reason"],
        lines=[
            LineInput(
                source=None if row["source"].casefold() == POOL else row["source"],
                grade=row["grade"],
                net_grams=row["net_kg"],
                price_fen_per_kg=row["price_yuan_per_kg"],
            )
            for row in rows
            if row["source"] is not None
        ],
    )


def write_purchases(
    work: ImportDesk,
    found: Purchases,
    notes: Sequence[tuple[list[Row], PurchaseInput]],
    frozen: Mapping[str, int],
) -> None:
    """Record `notes` of `found`, those that reverse another one last. `frozen`: the settlements there were, by season."""
    if found.table is None or not notes:
        return
    ordered = sorted(notes, key=lambda note: bool(note[1].reverses))
    for (rows, given), outcome in zip(ordered, record_purchases(work.desk, [one for _, one in ordered]), strict=True):
        if outcome.refusal is not None:
            row = rows[outcome.line if outcome.line is not None and outcome.line < len(rows) else 0]
            work.blame(found.table, row, _column_of(outcome.refusal), outcome.refusal)
        elif outcome.status != Status.CREATED:
            found.done.unchanged += 1
        else:
            found.done.created += 1
            if rows[0]["settlement"] and rows[0]["settlement"] <= frozen.get(given.season, 0):
                refusal = SettledWithout(settlement=rows[0]["settlement"], season=given.season)
                work.blame(found.table, rows[0], "settlement", refusal)
    work.progress("purchases", sum(len(rows) for rows, _ in notes))


def _column_of(refusal: Refusal) -> str:
    if isinstance(refusal, NotFound):
        return {"purchase": "reverses", "household": "source"}.get(refusal.figures["what"], refusal.figures["what"])
    return _COLUMNS.get(type(refusal), "grade" if isinstance(refusal, BadValue) else "")
