"""A collective's folder: which file holds which table, as CSV, as a sheet of a workbook, or as GeoJSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from plantation.errors import N_, Fault, Refusal
from plantation.exchange.csv_tables import RawTable, read_csv
from plantation.exchange.folder_tables import FACTS, MAPS, TABLES
from plantation.exchange.geojson import Features, read_features
from plantation.exchange.table_faults import TableTwice
from plantation.exchange.workbooks import read_workbook

MOST_FILE_BYTES = 500_000_000
WRITTEN_ONLY = {"earnings"}


class NothingToRead(Refusal):
    """An empty folder, or the wrong one."""

    template = N_("%(folder)s holds none of the files of a collective's folder (plots.geojson, households.csv, …).")


class FileLeft(Refusal):
    """A file that looks as if it belonged here."""

    template = N_("This is none of the folder's files; it was left.")


class SheetsLeft(Refusal):
    """A workbook none of whose sheets is one of the tables."""

    template = N_("No sheet is named like one of the tables; it was left.")


class FileTooLarge(Refusal):
    """More than any village's season."""

    template = N_("The file has %(found_mb)s MB; at most %(most_mb)s MB are read.")


@dataclass(slots=True)
class Folder:
    """What a folder holds, as texts: tables and maps by name. `faults` are of whole files, `notes` of what was left."""

    tables: dict[str, RawTable] = field(default_factory=dict)
    maps: dict[str, Features] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def read_folder(path: Path) -> Folder:
    """Read every file that is one of a collective's folder, whatever the case of its name.

    :raises NothingToRead: there is none.
    """
    folder = Folder()
    is_something = False
    for file in sorted(path.iterdir()):
        stem, ending = file.stem.strip().casefold(), file.suffix.casefold()
        if file.name.startswith(("~$", ".")) or not file.is_file() or ending not in (".csv", ".xlsx", ".geojson"):
            continue
        if stem in WRITTEN_ONLY:
            continue
        if (ending == ".csv" and stem not in TABLES and stem not in FACTS) or (ending == ".geojson" and stem not in MAPS):
            folder.notes.append(Fault(file.name, 0, "", FileLeft()))
            continue
        is_something = True
        size = file.stat().st_size
        if size > MOST_FILE_BYTES:
            refusal = FileTooLarge(found_mb=f"{size // 1_000_000:,}", most_mb=f"{MOST_FILE_BYTES // 1_000_000:,}")
            folder.faults.append(Fault(file.name, 0, "", refusal))
        elif ending == ".csv":
            _add(folder, stem, read_csv(file.read_bytes(), file.name))
        elif ending == ".geojson":
            features = read_features(file.read_bytes(), file.name, [column.name for column in MAPS[stem]])
            if stem in folder.maps:
                other = folder.maps[stem].table.file
                folder.faults.append(Fault(file.name, 0, "", TableTwice(table=stem, other=other)))
            folder.maps[stem] = features
        else:
            _add_workbook(folder, file.name, stem, file.read_bytes())
    if not is_something:
        raise NothingToRead(folder=path)
    return folder


def _add(folder: Folder, name: str, table: RawTable) -> None:
    if name in folder.tables:
        folder.faults.append(Fault(table.file, 0, "", TableTwice(table=name, other=folder.tables[name].file)))
    else:
        folder.tables[name] = table


def _add_workbook(folder: Folder, file: str, stem: str, content: bytes) -> None:
    sheets = read_workbook(content, file)
    if "" in sheets:
        folder.faults += sheets[""].faults
        return
    known = {name.strip().casefold(): table for name, table in sheets.items() if name.strip().casefold() in TABLES.keys() | FACTS}
    if not known and stem in TABLES.keys() | FACTS and sheets:
        known = {stem: next(iter(sheets.values()))}
    for name, table in known.items():
        _add(folder, name, table)
    if not known:
        folder.notes.append(Fault(file, 0, "", SheetsLeft()))
