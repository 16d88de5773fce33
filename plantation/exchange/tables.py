"""Tables with a meaning: from the texts of a CSV or a sheet to values by column, with every fault there is.

Generous in what can mean one thing only (the order of columns, columns that nobody asked for, blank optional cells,
missing optional columns, capital letters in the header); strict in everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from plantation.errors import Fault, Refusal
from plantation.exchange.cells import read_code, read_text
from plantation.exchange.csv_tables import RawTable
from plantation.exchange.table_faults import CellBlank, ColumnMissing, ColumnTwice, NoHeader, NulCharacter, RowRagged


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. A blank cell is `blank`, or a fault where that is left out (`...`); a column that is not
    `is_needed` may be missing altogether, which is as good as blank in every row."""

    name: str
    read: Callable[[str], Any]
    expected: str
    blank: Any = ...
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts, and its values by column. A faulty cell has no value."""

    number: int
    cells: dict[str, Any]
    is_whole: bool = True

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]

    def get(self, column: str) -> Any:
        """The value, or None where the cell was faulty."""
        return self.cells.get(column)


@dataclass(slots=True)
class Table:
    """A table that was read. `is_readable` is False where rows could not even be told apart."""

    file: str
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    is_readable: bool = True


def read_table(raw: RawTable, columns: Sequence[Column]) -> Table:
    """The rows of `raw` by `columns`; every cell that cannot be read is a fault, and the others are read all the same.

    >>> from plantation.exchange.cells import read_code, read_whole
    >>> columns = [Column("code", read_code, "a code"), Column("members", read_whole, "a whole number")]
    >>> raw = RawTable("households.csv", ["Members", "code", "note"], [(2, ["4", "H001", "x"]), (3, ["four", "", ""])])
    >>> table = read_table(raw, columns)
    >>> table.rows[0]["code"], table.rows[0]["members"]
    ('H001', 4)
    >>> print(*table.faults, sep="\\n")
    households.csv, row 3, code: The cell is blank; a code is expected.
    households.csv, row 3, members: “four” is not a whole number, such as 4.
    """
    table = Table(raw.file, faults=list(raw.faults), is_readable=not any(not fault.column for fault in raw.faults))
    if not raw.header:
        if not raw.faults:
            names = ", ".join(column.name for column in columns)
            table.faults.append(Fault(raw.file, 0, "", NoHeader(columns=names)))
        table.is_readable = False
        return table
    places = _places(raw, columns, table)
    if places is None:
        table.is_readable = False
        return table
    readers = [(column, places.get(column.name), {}) for column in columns]
    width = len(raw.header)
    formulas = {(fault.row, fault.column.casefold()) for fault in raw.faults}
    for number, cells in raw.rows:
        if len(cells) != width and (len(cells) < width or any(cell.strip() for cell in cells[width:])):
            table.faults.append(Fault(raw.file, number, "", RowRagged(cells=len(cells), columns=width)))
            table.rows.append(_ragged(number, cells, places))
            continue
        table.rows.append(_read_row(table, number, cells, readers, formulas))
    return table


def _places(raw: RawTable, columns: Sequence[Column], table: Table) -> dict[str, int] | None:
    headings = [heading.strip().casefold() for heading in raw.header]
    is_sound = True
    places: dict[str, int] = {}
    for column in columns:
        count = headings.count(column.name)
        refusal: Refusal | None = None
        if count > 1:
            refusal = ColumnTwice(column=column.name)
        elif count == 1:
            places[column.name] = headings.index(column.name)
        elif column.is_needed:
            refusal = ColumnMissing(column=column.name, found=", ".join(raw.header)[:200])
        if refusal is not None:
            table.faults.append(Fault(raw.file, 1, column.name, refusal))
            is_sound = False
    return places if is_sound else None


def _ragged(number: int, cells: Sequence[str], places: dict[str, int]) -> Row:
    """All that is taken from a ragged row: its code, so that what names it is not called unknown."""
    place = places.get("code", len(cells))
    code = read_code(cells[place]) if place < len(cells) else ""
    return Row(number, {"code": code} if code else {}, is_whole=False)


def _read_row(
    table: Table,
    number: int,
    cells: Sequence[str],
    readers: Sequence[tuple[Column, int | None, dict[str, Any]]],
    formulas: set[tuple[int, str]],
) -> Row:
    values: dict[str, Any] = {}
    is_whole = True
    for column, place, known in readers:
        text = "" if place is None else cells[place]
        try:
            values[column.name] = known[text]
            continue
        except KeyError:
            pass
        if formulas and (number, column.name) in formulas:
            is_whole = False
            continue
        try:
            values[column.name] = known[text] = _read_cell(column, text)
        except Refusal as refusal:
            table.faults.append(Fault(table.file, number, column.name, refusal))
            is_whole = False
    return Row(number, values, is_whole)


def _read_cell(column: Column, text: str) -> Any:
    # A free text of blanks is not nothing: it was written so, and goes out again so.
    if not text or (text.isspace() and column.read is not read_text):
        if column.blank is ...:
            raise CellBlank(expected=column.expected)
        return column.blank
    if "\0" in text:
        raise NulCharacter()
    return column.read(text)
