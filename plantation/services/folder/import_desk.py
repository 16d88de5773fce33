"""A folder on its way into the database: what was read, what is known, what is wrong, and what was written.

An import goes on after a fault, so that one pass names them all. What depends on something faulty is then left out
without a word: it may be right. The caller rolls everything back when there is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from plantation.errors import N_, Fault, NotFound, Refusal
from plantation.exchange.folder_tables import MAPS, TABLES
from plantation.exchange.folders import Folder
from plantation.exchange.table_faults import RowTwice
from plantation.exchange.tables import Column, Row, Table, read_table
from plantation.models import Buyer, Household, Parcel, Plot, Right, Season
from plantation.services.desk import Desk
from plantation.services.master_data import Upserted

MODELS: dict[str, Any] = {"buyer": Buyer, "household": Household, "right": Right, "season": Season, "plot": Plot, "parcel": Parcel}
_KINDS = {"households": "household", "rights": "right", "seasons": "season", "plots": "plot", "parcels": "parcel"}

Progress = Callable[[str, int], None]


@dataclass(slots=True)
class ImportDesk:
    """The desk of one import. `doubtful` are codes that have a fault themselves, by kind; of a kind in `unreadable`
    some rows could not be read at all, so that any code may be among them."""

    desk: Desk
    folder: Folder
    progress: Progress = lambda table, rows: None
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    doubtful: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in MODELS})
    unreadable: set[str] = field(default_factory=set)
    counts: dict[str, Upserted] = field(default_factory=dict)
    doubtful_terms: set[str] = field(default_factory=set)
    parcel_rows: dict[str, tuple[Table, Row]] = field(default_factory=dict)
    _ids: dict[str, dict[str, int]] = field(default_factory=dict)

    def read(self, name: str, columns: Sequence[Column] | None = None) -> Table | None:
        """The table or map of that name with its rows, None where the folder has none; its faults are taken over.

        `columns` where they are not those of the contract's table of that name."""
        raw = self.folder.maps[name].table if name in self.folder.maps else self.folder.tables.get(name)
        kind = _KINDS.get(name, name)
        if raw is None:
            if any(fault.file.casefold().startswith(name) or ".xlsx" in fault.file for fault in self.folder.faults):
                self.unreadable.add(kind)
            return None
        table = read_table(raw, columns or (MAPS[name] if name in MAPS else TABLES[name]))
        self.faults += table.faults
        if not table.is_readable:
            self.unreadable.add(kind)
        self.progress(name, len(table.rows))
        return table

    def blame(self, table: Table, row: Row, column: str, refusal: Refusal) -> None:
        """Note a fault of a row."""
        self.faults.append(Fault(table.file, row.number, column, refusal))

    def note(self, table: Table, row: Row, refusal: Refusal, column: str = "") -> None:
        """Note something to know that forbids nothing."""
        self.notes.append(Fault(table.file, row.number, column, refusal))

    def blame_all(self, table: Table, row: Row, problems: Iterable[tuple[str, Refusal]], columns: dict[str, str] | None = None) -> bool:
        """Note each of `problems` (field, refusal) under the field's column; True when there was none."""
        before = len(self.faults)
        for name, refusal in problems:
            self.blame(table, row, (columns or {}).get(name, name), refusal)
        return len(self.faults) == before

    def once(self, table: Table, row: Row, seen: dict[Any, int], key: Any, what: str, shown: Any, column: str) -> bool:
        """Whether `key` is in no row above; a second one is a fault that names the first."""
        first = seen.setdefault(key, row.number)
        if first == row.number:
            return True
        self.blame(table, row, column, RowTwice(what=what, code=shown, row=first))
        return False

    def ids(self, kind: str) -> dict[str, int]:
        """All codes of a kind that are in the database now, with their ids."""
        if kind not in self._ids:
            model = MODELS[kind]
            rows = self.desk.session.execute(select(model.code, model.id).where(model.collective_id == self.desk.collective_id))
            self._ids[kind] = dict(rows.all())
        return self._ids[kind]

    def forget_ids(self, kind: str) -> None:
        """Rows of this kind were written."""
        self._ids.pop(kind, None)

    def doubt(self, kind: str, code: str | None) -> None:
        """A row about `code` is faulty: what names it is neither right nor wrong."""
        if code:
            self.doubtful[kind].add(code)

    def doubt_terms(self, season: str | None) -> None:
        """A price or a deduction of `season` is faulty: what was weighed and bought in it can't be judged."""
        if season:
            self.doubtful_terms.add(season)

    def is_doubtful(self, kind: str, code: str | None) -> bool:
        """Whether nothing can be said about what names `code`."""
        return code is not None and (code in self.doubtful[kind] or (kind in self.unreadable and code not in self.ids(kind)))

    def is_season_doubtful(self, code: str | None) -> bool:
        """Whether nothing can be said about fruit and money of season `code`: its prices and deductions count too."""
        if code in self.doubtful_terms or not self.unreadable.isdisjoint({"prices", "deductions"}):
            return True
        return self.is_doubtful("season", code)

    def resolve(self, table: Table, row: Row, kind: str, column: str) -> int | None:
        """The id of the code in a row's cell; None where it is blank, doubtful, or unknown, which is a fault."""
        code = row.get(column)
        if code is None or self.is_doubtful(kind, code):
            return None
        found = self.ids(kind).get(code)
        if found is None:
            self.blame(table, row, column, NotFound(what=WORDS[kind], code=code[:64]))
        return found


WORDS = {
    "buyer": N_("buyer"),
    "household": N_("household"),
    "right": N_("right"),
    "season": N_("season"),
    "plot": N_("plot"),
    "parcel": N_("parcel"),
}
