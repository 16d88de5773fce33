"""From a folder: parcels, replaced by code."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.ops import nearest_points
from sqlalchemy import select, update

from plantation.errors import N_, Refusal
from plantation.exchange.geojson import read_area
from plantation.exchange.tables import Row, Table
from plantation.geometry.geodesics import distance_m, geodesic_area_m2
from plantation.models import Parcel, Plot, Right
from plantation.services.folder.import_desk import ImportDesk
from plantation.services.folder.import_plots import GEOMETRY, Repaired
from plantation.services.land.holdings import seal_holdings
from plantation.services.master_data import code_problems, upsert
from plantation.units import format_m2, m2_to_dm2

MOST_M2 = 1e10
TOLERATED = 0.01


class ParcelOutside(Refusal):
    """A parcel that does not even touch its plot."""

    template = N_("Parcel %(parcel)s lies outside plot %(plot)s, %(distance_m)s m away.")


class HeldByOther(Refusal, ValueError):
    """The right belongs to somebody else than the parcel says."""

    template = N_("Right %(right)s is held by household %(holder)s, not by %(household)s.")


class ParcelMoved(Refusal):
    """Slips say of the parcel that it lies in the other plot."""

    template = N_("Parcel %(parcel)s lies in plot %(there)s already; in plot %(plot)s it needs another code.")


class AreaOutOfRange(Refusal, ValueError):
    """No land."""

    template = N_("An area of %(area_m2)s m² is not possible: it must be more than 0.")


class AreaDiffers(Refusal):
    """The written area and the outline's do not agree; the written one holds."""

    template = N_("The outline has %(measured_m2)s m², %(written_m2)s m² are written; the written area holds.")


def import_parcels(work: ImportDesk) -> None:
    """parcels.geojson: create or change by code; a parcel that nobody holds has neither right nor household."""
    table = work.read("parcels")
    if table is None:
        return
    rights = _holders(work)
    plots = _plots_of(work)
    households = {row_id: code for code, row_id in work.ids("household").items()}
    sound: dict[str, dict[str, Any]] = {}
    places: dict[str, Row] = {}
    seen: dict[str, int] = {}
    faulty_plots: set[str] = set()
    for row in table.rows:
        columns = _read_parcel(work, table, row, seen, rights, households)
        there = plots.get(row.get("code") or "")
        if columns is not None and there is not None and there != row["plot"]:
            work.blame(table, row, "plot", ParcelMoved(parcel=row["code"], there=there, plot=row["plot"]))
            columns = None
        if columns is None:
            work.doubt("parcel", row.get("code"))
            faulty_plots |= {plot for plot in [row.get("plot")] if plot}
        else:
            sound[row["code"]], places[row["code"]] = columns, row
    work.counts["parcels"] = done = upsert(work.desk, Parcel, "parcel", sound, _describe)
    if done.changed_ids:
        # An allocation vouches for the parcels that it cut, not for what was put in their place.
        work.desk.session.execute(
            update(Parcel)
            .where(Parcel.collective_id == work.desk.collective_id, Parcel.id.in_(done.changed_ids))
            .values(allocation_id=None)
        )
    if done.created or done.changed:
        seal_holdings(work.desk, {columns["plot_id"] for columns in sound.values()})
    work.forget_ids("parcel")
    work.parcel_rows = {code: (table, row) for code, row in places.items()}
    for plot in faulty_plots:
        work.doubt("plot", plot)


def _read_parcel(
    work: ImportDesk,
    table: Table,
    row: Row,
    seen: dict[str, int],
    rights: dict[str, int],
    households: dict[int, str],
) -> dict[str, Any] | None:
    code = row.get("code")
    is_sound = row.is_whole
    if code is not None:
        is_sound &= work.once(table, row, seen, code, N_("Parcel"), code, "code")
        is_sound &= work.blame_all(table, row, code_problems(code))
    ids = {name: work.resolve(table, row, name, name) for name in ("plot", "right", "household")}
    is_sound &= all(ids[name] is not None for name in ids if row.get(name))
    holder = rights.get(row.get("right") or "")
    if holder is not None and ids["household"] is not None and holder != ids["household"]:
        figures = {"holder": households.get(holder, "?"), "household": row["household"]}
        work.blame(table, row, "household", HeldByOther(right=row["right"], **figures))
        is_sound = False
    features = work.folder.maps["parcels"]
    try:
        outline = read_area(features.geometries[row.number], features.crs)
    except Refusal as refusal:
        work.blame(table, row, GEOMETRY, refusal)
        return None
    for repair in outline.repairs:
        work.note(table, row, Repaired(repair.what, **repair.figures), GEOMETRY)
    area_dm2 = _area(work, table, row, outline.geometry)
    if not is_sound or area_dm2 is None:
        return None
    return {
        "plot_id": ids["plot"],
        "right_id": ids["right"],
        "household_id": ids["household"] if ids["household"] is not None else holder,
        "outline": outline.geometry,
        "area_dm2": area_dm2,
    }


def _area(work: ImportDesk, table: Table, row: Row, outline: Any) -> int | None:
    measured_dm2 = m2_to_dm2(geodesic_area_m2(outline))
    written_m2 = row.get("area_m2")
    if "area_m2" not in row.cells:
        return None
    area_dm2 = measured_dm2 if written_m2 is None else m2_to_dm2(min(max(written_m2, -1.0), MOST_M2))
    if area_dm2 < 1 or (written_m2 or 0) > MOST_M2:
        work.blame(table, row, "area_m2", AreaOutOfRange(area_m2=f"{written_m2 or 0:.15g}"))
        return None
    if abs(area_dm2 - measured_dm2) > TOLERATED * measured_dm2:
        work.note(
            table,
            row,
            AreaDiffers(measured_m2=format_m2(measured_dm2), written_m2=format_m2(area_dm2)),
            "area_m2",
        )
    return area_dm2


def _holders(work: ImportDesk) -> dict[str, int]:
    """Per right the id of the household that holds it."""
    rows = work.desk.session.execute(select(Right.code, Right.household_id).where(Right.collective_id == work.desk.collective_id))
    return dict(rows.all())


def _plots_of(work: ImportDesk) -> dict[str, str]:
    """Per parcel that is there already the code of its plot."""
    rows = work.desk.session.execute(
        select(Parcel.code, Plot.code)
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .where(Parcel.collective_id == work.desk.collective_id)
    )
    return dict(rows.all())


def _describe(code: str, row_id: int, columns: Any) -> dict[str, Any]:
    names = ("plot_id", "right_id", "household_id", "area_dm2")
    return {"id": row_id, "code": code, **{name: columns[name] for name in names}}


def check_parcels_inside(work: ImportDesk) -> None:
    """Every parcel of the collective touches its plot, as both are after the import."""
    if work.folder.maps.keys().isdisjoint({"plots", "parcels"}):
        return
    rows = work.desk.session.execute(
        select(Parcel.code, Plot.code, Parcel.outline, Plot.outline)
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .where(Parcel.collective_id == work.desk.collective_id)
    )
    for code, plot, outline, plot_outline in rows:
        if shapely.intersects(outline, plot_outline):
            continue
        near, far = nearest_points(outline, plot_outline)
        away_m = distance_m((near.x, near.y), (far.x, far.y))
        refusal = ParcelOutside(parcel=code, plot=plot, distance_m=f"{away_m:,.1f}")
        place = work.parcel_rows.get(code) or (Table(work.folder.maps["plots"].table.file), Row(0, {}))
        work.blame(*place, GEOMETRY, refusal)
