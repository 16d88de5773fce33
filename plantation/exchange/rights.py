"""A table of usufruct rights, CSV or sheet, on its own: every fault with its row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from plantation.domain.usufruct import Right, check_entitlement, check_term
from plantation.domain.words import RightStatus
from plantation.errors import N_, BadValue, Fault, Faulty, Refusal
from plantation.exchange.csv_tables import RawTable, read_csv
from plantation.exchange.folder_tables import TABLES
from plantation.exchange.maps import FileTooLarge, LayerUnclear, UnknownEnding
from plantation.exchange.table_faults import RowTwice
from plantation.exchange.tables import Row, read_table
from plantation.exchange.workbooks import read_workbook

READABLE = (".csv", ".xlsx")
MOST_BYTES = 100_000_000
# The folder's table, but a list made for one allocation may leave out what every right in it has in common.
COLUMNS = tuple(
    replace(column, blank=None, is_needed=False) if column.name in ("from", "to", "status") else column for column in TABLES["rights"]
)


def read_rights(path: Path) -> list[Right]:
    """The rights of a table, in its order. Without `status` a right is active, without `from` and `to` its term is open.

    :raises Faulty: all faults, each with its row and column. :raises Refusal: the file cannot be read at all.
    """
    table = read_table(_raw(path), COLUMNS)
    faults = list(table.faults)
    rights: list[Right] = []
    first: dict[str, int] = {}
    for row in table.rows:
        if row.get("code") is not None and first.setdefault(row["code"], row.number) != row.number:
            refusal = RowTwice(what=N_("right"), code=row["code"], row=first[row["code"]])
            faults.append(Fault(table.file, row.number, "code", refusal))
        right = _right(table.file, row, faults)
        if right is not None:
            rights.append(right)
    if faults:
        raise Faulty(sorted(faults, key=lambda fault: fault.row))
    return rights


def _raw(path: Path) -> RawTable:
    ending = path.suffix.lower()
    if ending not in READABLE:
        raise UnknownEnding(file=path.name, endings=", ".join(READABLE))
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise FileTooLarge(file=path.name, found=f"{size // 1_000_000:,} MB", most=f"{MOST_BYTES // 1_000_000:,} MB")
    if ending == ".csv":
        return read_csv(path.read_bytes(), path.name)
    sheets = read_workbook(path.read_bytes(), path.name)
    named = [name for name in sheets if name.strip().casefold() == "rights"]
    chosen = list(sheets) if len(sheets) == 1 else named
    if not sheets:
        return RawTable(path.name)
    if len(chosen) != 1:
        raise LayerUnclear(file=path.name, layers=", ".join(sheets)[:200], wanted="rights")
    return sheets[chosen[0]]


def _right(file: str, row: Row, faults: list[Fault]) -> Right | None:
    sound = row.is_whole

    def check(column: str, judge) -> None:
        nonlocal sound
        try:
            judge()
        except Refusal as refusal:
            faults.append(Fault(file, row.number, column, refusal))
            sound = False

    if row.get("entitlement_mu") is not None:
        check("entitlement_mu", lambda: check_entitlement(row["entitlement_mu"]))
    check("to", lambda: check_term(row.get("from"), row.get("to")))
    check("status", lambda: _status(row.get("status")))
    if not sound:
        return None
    return Right(
        row["code"], row["household"], row["entitlement_mu"], row["from"], row["to"], _status(row["status"]),
        row["beside"].strip(),
    )  # fmt: skip


def _status(word: str | None) -> RightStatus:
    try:
        return RightStatus(word or "active")
    except ValueError as error:
        raise BadValue(value=word, expected=N_("active, suspended or ended")) from error
