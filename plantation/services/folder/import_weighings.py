"""From a folder: weighings, each once. What is there already and says the same is left; what says something else is a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from plantation.domain.pricing import NoPriceInForce
from plantation.domain.seasons import OutsideSeason
from plantation.domain.weighing import PLOT_LIMIT_GRAMS, DeductionOutOfRange, TareBelowZero, net_grams
from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.exchange.folder_tables import KG
from plantation.exchange.table_faults import CellBlank
from plantation.exchange.tables import Row, Table
from plantation.models import Weighing
from plantation.services.bulk import in_chunks
from plantation.services.folder.import_desk import ImportDesk
from plantation.services.fruit import weighing_inputs as wrong
from plantation.services.fruit.slip_numbers import SlipHeld, SlipLent, SlipTaken
from plantation.services.fruit.weighing_inputs import ShareInput
from plantation.services.fruit.weighings import Status, WeighingInput, record_weighings
from plantation.services.master_data import Upserted

BATCH = 5_000
_COLUMNS: dict[type[Refusal], str] = {
    DeductionOutOfRange: "deduction_pct",
    NoPriceInForce: "grade",
    OutsideSeason: "time",
    SlipTaken: "slip",
    SlipHeld: "slip",
    SlipLent: "slip",
    TareBelowZero: "tare_kg",
    wrong.IdReused: "id",
    wrong.ParcelElsewhere: "parcel",
    wrong.ParcelUnheld: "parcel",
    wrong.PlaceMissing: "household",
    wrong.PlotUnshared: "plot",
    wrong.RateOutOfRange: "piece_rate_yuan_per_kg",
    wrong.ReasonMissing: "reason",
    wrong.ReversalReversed: "reverses",
    wrong.ReversedTwice: "reverses",
    wrong.SharesDiffer: "gross_kg",
    wrong.TimeAhead: "time",
}


_SCALE = {"grade": N_("a grade"), "gross_kg": KG, "tare_kg": KG}


class SettledWithout(Refusal):
    """A row that claims to be in a settlement which was frozen without it."""

    template = N_("Settlement %(settlement)s of season %(season)s is final without this row; leave the cell blank.")


@dataclass(slots=True)
class Weighings:
    """The sound rows of weighings.csv, in the order of the file, each with its input; `table` is None without a file.
    `left` are ids and slips of faulty rows: what reverses these is neither right nor wrong."""

    table: Table | None = None
    rows: list[tuple[Row, WeighingInput]] = field(default_factory=list)
    slip_of: dict[str, str] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    done: Upserted = field(default_factory=Upserted)


def read_weighings(work: ImportDesk) -> Weighings:
    """weighings.csv, each row held against what it names and against its own arithmetic; nothing is written yet."""
    found = Weighings(work.read("weighings"))
    if found.table is None:
        return found
    seen: dict[str, int] = {}
    for row in found.table.rows:
        is_sound = row.get("id") is None or work.once(found.table, row, seen, row["id"], N_("Id"), row["id"], "id")
        names = [name for name in ("season", "household", "plot", "parcel") if row.get(name)]
        ids = [work.resolve(found.table, row, name, name) for name in names]
        is_sound &= row.is_whole and None not in ids and not work.is_season_doubtful(row.get("season"))
        is_sound &= names != ["season", "plot"] or "parcel" not in work.unreadable
        is_sound &= _check_scale(work, found.table, row)
        if is_sound:
            found.rows.append((row, _input(row)))
        else:
            found.left |= {row.get("id"), row.get("slip")} - {None}
    _add_shares(work, found)
    found.slip_of = _slips_by_id(work, found)
    return found


def _add_shares(work: ImportDesk, found: Weighings) -> None:
    """weighing_shares.csv: how weighings of whole plots were shared when they were recorded."""
    table = work.read("weighing_shares")
    if table is None:
        return
    places = {given.id: place for place, (_, given) in enumerate(found.rows)}
    shares: dict[str, list[ShareInput]] = {}
    seen: dict[Any, int] = {}
    for row in table.rows:
        ids = [work.resolve(table, row, name, name) for name in ("parcel", "household")]
        weighing = row.get("weighing")
        is_known = weighing in places
        if weighing is not None and not is_known and weighing not in found.left:
            work.blame(table, row, "weighing", NotFound(what=N_("weighing"), code=weighing[:64]))
        if row.is_whole and not work.once(table, row, seen, (weighing, row["parcel"]), N_("The share of parcel"), row["parcel"], "parcel"):
            is_known = False
        if row.is_whole and is_known and None not in ids:
            share = ShareInput(row["parcel"], row["household"], row["area_m2"], row["net_kg"])
            shares.setdefault(row["weighing"], []).append(share)
        elif weighing in places:
            found.left.add(row["weighing"])
    for weighing, parts in shares.items():
        row, given = found.rows[places[weighing]]
        found.rows[places[weighing]] = row, replace(given, shares=tuple(parts))
    found.rows = [(row, given) for row, given in found.rows if given.id not in found.left]


def _check_scale(work: ImportDesk, table: Table, row: Row) -> bool:
    """Whether a row that reverses nothing says a grade and weights that can be."""
    if row.get("reverses"):
        return True
    blank = [column for column in _SCALE if column in row.cells and row[column] in (None, "")]
    for column in blank:
        work.blame(table, row, column, CellBlank(expected=_SCALE[column]))
    gross, tare, deduction = row.get("gross_kg"), row.get("tare_kg"), row.get("deduction_pct")
    if gross is None or tare is None:
        return not blank
    try:
        net_grams(gross, tare, deduction or 0, limit_grams=PLOT_LIMIT_GRAMS)
    except Refusal as refusal:
        work.blame(table, row, _COLUMNS.get(type(refusal), "gross_kg"), refusal)
        return False
    return not blank


def _input(row: Row) -> WeighingInput:
    cells = row.cells
    return WeighingInput(
        id=cells["id"],
        slip=cells["slip"],
        season=cells["season"],
        time=cells["time"],
        household=cells["household"],
        plot=cells["plot"],
        parcel=cells["parcel"],
        grade=cells["grade"],
        gross_grams=cells["gross_kg"],
        tare_grams=cells["tare_kg"],
        deduction_ppm=cells["deduction_pct"],
        picker=cells["picker"],
        piece_rate_fen_per_kg=cells["piece_rate_yuan_per_kg"],
        reverses=cells["reverses"],
        reason=cells["reason"],
    )


def _slips_by_id(work: ImportDesk, found: Weighings) -> dict[str, str]:
    """Which slip a `reverses` means that names an id, for ids in the database; blank where a slip has that name."""
    wanted = {given.reverses for _, given in found.rows if given.reverses}
    wanted -= {given.slip for _, given in found.rows if given.slip}
    slips: dict[str, str] = {}
    for chunk in in_chunks(sorted(wanted)):
        rows = work.desk.session.execute(
            select(Weighing.id, Weighing.slip).where(
                Weighing.collective_id == work.desk.collective_id, Weighing.id.in_(chunk) | Weighing.slip.in_(chunk)
            )
        ).all()
        there = {slip for _, slip in rows}
        slips.update({id_: slip for id_, slip in rows if id_ not in there})
    known = {given.slip for _, given in found.rows if given.slip}
    slips.update({given.id: given.slip for _, given in found.rows if given.slip and given.id not in known})
    return slips


def write_weighings(work: ImportDesk, found: Weighings, rows: Sequence[tuple[Row, WeighingInput]], frozen: Mapping[str, int]) -> None:
    """Record `rows` of `found`, those that reverse another one last. `frozen`: the settlements there were, by season."""
    if found.table is None:
        return
    originals = [(row, given) for row, given in rows if not given.reverses]
    _write(work, found, originals, frozen)
    reversals = [(row, given) for row, given in rows if given.reverses and given.reverses not in found.left]
    _write(work, found, [(row, _aim(given, found.slip_of)) for row, given in reversals], frozen)


def _aim(given: WeighingInput, slip_of: Mapping[str, str]) -> WeighingInput:
    return replace(given, reverses=slip_of.get(str(given.reverses), given.reverses))


def _write(work: ImportDesk, found: Weighings, rows: Iterable[tuple[Row, WeighingInput]], frozen: Mapping[str, int]) -> None:
    assert found.table is not None
    for batch in in_chunks(rows, BATCH):
        for (row, given), outcome in zip(batch, record_weighings(work.desk, [one for _, one in batch]), strict=True):
            if outcome.refusal is not None:
                work.blame(found.table, row, column_of(outcome.refusal, row), outcome.refusal)
                found.left |= {given.id, given.slip or given.id}
                continue
            found.slip_of.setdefault(given.id, outcome.slip or "")
            if outcome.status != Status.CREATED:
                found.done.unchanged += 1
                continue
            found.done.created += 1
            if row["settlement"] and row["settlement"] <= frozen.get(given.season, 0):
                refusal = SettledWithout(settlement=row["settlement"], season=given.season)
                work.blame(found.table, row, "settlement", refusal)
        work.progress("weighings", len(batch))


def column_of(refusal: Refusal, row: Row) -> str:
    """The column of weighings.csv that a refusal is about.

    >>> column_of(NotFound(what="slip", code="7"), Row(2, {})), column_of(wrong.PlaceMissing(), Row(2, {}))
    ('reverses', 'household')
    >>> column_of(BadValue(value="Ma\\a", expected="a picker"), Row(2, {"id": "w1", "picker": "Ma\\a"}))
    'picker'
    """
    if isinstance(refusal, NotFound):
        what: Any = refusal.figures["what"]
        return "reverses" if what == "slip" else str(what)
    if isinstance(refusal, wrong.ReversalDiffers):
        return str(refusal.figures["field"])
    if isinstance(refusal, BadValue):
        return next((name for name, cell in row.cells.items() if str(cell)[:40] == refusal.figures["value"]), "")
    return _COLUMNS.get(type(refusal), "gross_kg" if "gross_kg" in refusal.figures else "")
