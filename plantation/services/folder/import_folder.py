"""Importing a collective's folder: everything or nothing, and every fault at once."""

from __future__ import annotations

from dataclasses import dataclass

from plantation.errors import Fault, Faulty
from plantation.exchange.folders import Folder
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.folder.fact_files import import_facts
from plantation.services.folder.import_desk import ImportDesk, Progress
from plantation.services.folder.import_parcels import check_parcels_inside, import_parcels
from plantation.services.folder.import_people import import_households, import_rights
from plantation.services.folder.import_plots import import_access, import_plots
from plantation.services.folder.import_purchases import read_purchases
from plantation.services.folder.import_seasons import import_deductions, import_prices, import_seasons
from plantation.services.folder.import_settlements import import_payments, write_fruit_and_money
from plantation.services.folder.import_weighings import read_weighings
from plantation.services.folder.land_notes import note_land
from plantation.services.fruit.season_figures import collection_paused
from plantation.services.master_data import Upserted


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote: by table how many rows were created, changed and left alone; and what is worth knowing."""

    counts: dict[str, Upserted]
    notes: tuple[Fault, ...]


def import_folder(desk: Desk, folder: Folder, progress: Progress = lambda table, rows: None) -> Imported:
    """Write what `folder` holds. `progress(table, rows)` is told of rows as they are read and written.

    Master data is created or changed by code, exclusions and access lines are replaced as a whole, prices and
    deductions are added; weighings, purchases and payments are added once: sent again, nothing happens.

    :raises Faulty: all faults there are, by file, row and column. The caller rolls the transaction back.
    """
    journal.lock(desk)
    work = ImportDesk(desk, folder, progress, faults=list(folder.faults), notes=list(folder.notes))
    with collection_paused():
        _import_all(work)
    if work.faults:
        raise Faulty(sorted(work.faults, key=_place))
    return Imported(work.counts, tuple(sorted(work.notes, key=_place)))


def _import_all(work: ImportDesk) -> None:
    import_households(work)
    import_rights(work)
    import_seasons(work)
    import_prices(work)
    import_deductions(work)
    import_plots(work)
    import_access(work)
    import_parcels(work)
    check_parcels_inside(work)
    note_land(work)
    import_payments(work, write_fruit_and_money(work, read_weighings(work), read_purchases(work)))
    import_facts(work)


def _place(fault: Fault) -> tuple[str, int, str, str]:
    return fault.file, fault.row, fault.column, str(fault.refusal)
