"""From a folder: plots with what is cut out of them, and access lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from plantation.errors import N_, Refusal
from plantation.exchange.geojson import Features, WrongGeometry, check_kind, read_area, read_line
from plantation.exchange.tables import Row, Table
from plantation.geometry.outline import read_outline
from plantation.models import Plot
from plantation.services.folder.import_desk import ImportDesk
from plantation.services.land.exclusions import (
    ExclusionInput,
    ExclusionOutside,
    exclusion_problems,
    replace_access,
    replace_exclusions,
)
from plantation.services.land.plot_ground import NothingLeft, exclusions_of
from plantation.services.land.plots import PlotInput, plot_columns, plot_problems, upsert_plots
from plantation.services.master_data import Upserted, stored_rows

GEOMETRY = "geometry"
_PLOT_FIELDS = ("name", "planted_on", "variety", "row_bearing", "row_spacing_m")
_LINES = ("LineString", "MultiLineString")


class Repaired(Refusal):
    """What was mended in an outline; `template` is the repair's own."""

    def __init__(self, template: str, **figures: Any) -> None:
        super().__init__(**figures)
        self.template = template


class WrongKind(Refusal, ValueError):
    """A word that nothing is called by."""

    template = N_("“%(kind)s” is not a kind of at most 40 printable characters.")


def import_plots(work: ImportDesk) -> None:
    """plots.geojson and exclusions.geojson: plots by code; where exclusions are given, those and no others hold."""
    plots = _read_plots(work)
    cut_out = _read_exclusions(work, plots)
    named = set(plots) | set(cut_out or {})
    stored = stored_rows(work.desk, Plot, named)
    for code in named - set(plots):
        if code in stored:
            row = stored[code]
            plots[code] = None, PlotInput(code=code, outline=row.outline, **{f: getattr(row, f) for f in _PLOT_FIELDS})
    ids = [row.id for row in stored.values()]
    kept = exclusions_of(work.desk, ids) if cut_out is None else {}
    columns = {}
    for code, (place, plot) in plots.items():
        if cut_out is None:
            shapes = kept[stored[code].id] if code in stored else []
        else:
            shapes = [(one.outline, one.width_m) for one in cut_out.get(code, [])]
        try:
            columns[code] = plot_columns(plot, shapes)
        except NothingLeft as refusal:
            work.blame(*(place or _place_of(work, code)), GEOMETRY, refusal)
            work.doubt("plot", code)
    done = upsert_plots(work.desk, columns)
    work.forget_ids("plot")
    if "plots" in work.folder.maps:
        work.counts["plots"] = done
    if cut_out is not None:
        by_id = {work.ids("plot")[code]: (code, cut_out.get(code, [])) for code in columns}
        changed = replace_exclusions(work.desk, by_id)
        work.counts["exclusions"] = Upserted(changed=changed, unchanged=len(by_id) - changed)


_Plots = dict[str, tuple[tuple[Table, Row] | None, PlotInput]]


def _read_plots(work: ImportDesk) -> _Plots:
    """The sound plots of the folder by code, each with its row."""
    plots: _Plots = {}
    table = work.read("plots")
    if table is None:
        return plots
    features = work.folder.maps["plots"]
    seen: dict[str, int] = {}
    for row in table.rows:
        code = row.get("code")
        is_sound = code is None or work.once(table, row, seen, code, N_("Plot"), code, "code")
        outline = None
        try:
            outline = read_outline(given_geometry(features, row), crs=features.crs)
        except Refusal as refusal:
            work.blame(table, row, GEOMETRY, refusal)
        if row.is_whole:
            shape = outline.geometry if outline else None
            given = PlotInput(row["code"], row["name"].strip() or row["code"], shape,
                              *(row[field] for field in _PLOT_FIELDS[1:]))  # fmt: skip
            is_sound &= work.blame_all(table, row, plot_problems(given))
        if not (is_sound and row.is_whole and outline):
            work.doubt("plot", code)
            continue
        plots[given.code] = (table, row), given
        for repair in outline.repairs:
            work.note(table, row, Repaired(repair.what, **repair.figures), GEOMETRY)
    return plots


def given_geometry(features: Features, row: Row) -> Mapping[str, Any]:
    """The geometry of a feature. :raises WrongGeometry: it has none."""
    geometry = features.geometries[row.number]
    if geometry is None:
        raise WrongGeometry(found=N_("missing"), expected=N_("a Polygon or MultiPolygon"))
    return geometry


def _read_exclusions(work: ImportDesk, plots: _Plots) -> dict[str, list[ExclusionInput]] | None:
    """The sound exclusions by plot; None where the folder says nothing about them. A faulty one makes its plot doubtful."""
    table = work.read("exclusions")
    if table is None:
        return None
    features = work.folder.maps["exclusions"]
    found: dict[str, list[ExclusionInput]] = {}
    for row in table.rows:
        plot = row.get("plot")
        is_known = plot in plots or work.resolve(table, row, "plot", "plot") is not None
        given = _read_exclusion(work, table, row, features)
        if given is None or not row.is_whole:
            work.doubt("plot", plot)
        elif is_known:
            found.setdefault(row["plot"], []).append(given)
            if plot in plots and not shapely.intersects(given.outline, plots[plot][1].outline):
                work.note(table, row, ExclusionOutside(kind=given.kind, plot=plot), GEOMETRY)
    return found


def _read_exclusion(work: ImportDesk, table: Table, row: Row, features: Features) -> ExclusionInput | None:
    geometry = features.geometries[row.number]
    is_line = (geometry or {}).get("type") in _LINES
    try:
        check_kind(geometry, {"Polygon", "MultiPolygon", *_LINES}, N_("a polygon, or a line with its width"))
        outline = read_line(geometry, features.crs) if is_line else read_area(geometry, features.crs).geometry
    except Refusal as refusal:
        work.blame(table, row, GEOMETRY, refusal)
        return None
    given = ExclusionInput(row.get("kind") or "other", outline, row.get("width_m") if is_line else None)
    if "width_m" not in row.cells or not work.blame_all(table, row, exclusion_problems(given)):
        return None
    return given


def _place_of(work: ImportDesk, plot: str) -> tuple[Table, Row]:
    """Where exclusions.geojson first names a plot that plots.geojson does not name."""
    table = Table(work.folder.maps["exclusions"].table.file)
    for number, cells in work.folder.maps["exclusions"].table.rows:
        if plot in cells:
            return table, Row(number, {})
    return table, Row(0, {})


def import_access(work: ImportDesk) -> None:
    """access.geojson: these lines and no others."""
    table = work.read("access")
    if table is None:
        return
    features = work.folder.maps["access"]
    lines = []
    for row in table.rows:
        try:
            line = read_line(features.geometries[row.number], features.crs)
        except Refusal as refusal:
            work.blame(table, row, GEOMETRY, refusal)
            continue
        kind = row.get("kind") or ""
        if len(kind) > 40 or not kind.isprintable():
            work.blame(table, row, "kind", WrongKind(kind=kind[:40]))
        else:
            lines.append((kind, line))
    changed = replace_access(work.desk, lines)
    work.counts["access"] = Upserted(changed=int(changed), unchanged=int(not changed))
