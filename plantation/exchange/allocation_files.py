"""The files of an allocation from file to file: plots, exclusions, access, zones and parcels, as allocation takes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

from plantation.domain.draw import DrawnParcel
from plantation.errors import N_, BadValue, Fault, Faulty, NotFound, Refusal
from plantation.exchange.cells import read_number
from plantation.exchange.map_files import write_map
from plantation.exchange.maps import MapFeature, read_layer
from plantation.exchange.table_faults import CellBlank, RowTwice
from plantation.geometry.allocation import ExclusionInput, ExistingParcel, Land, Lane, ParcelPlan, PlotInput, ZoneInput
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.repairs import Repair
from plantation.geometry.rules import to_millimu


class NoWidth(Refusal):
    """A line takes no land unless it is said how wide it is."""

    template = N_("A line takes land only with a width_m of more than 0.")


class WrongKind(Refusal):
    """A point where a line is needed, and the like."""

    template = N_("The geometry is a %(found)s; %(expected)s is expected.")


@dataclass(slots=True)
class Plots:
    """Plots that were read, and what was repaired in each: (plot, repair)."""

    plots: list[PlotInput] = field(default_factory=list)
    repairs: list[tuple[str, Repair]] = field(default_factory=list)


def read_plots(path: Path) -> Plots:
    """The plots of a map file: `code`, and `row_bearing` and `row_spacing_m` where they are known.

    :raises Faulty: every plot without a code or with one that another has, every outline that cannot be repaired.
    """
    found = Plots()
    first: dict[str, int] = {}

    def read(feature: MapFeature) -> None:
        code = _code(feature, "code", "name" if path.suffix.lower() in (".kml", ".kmz", ".gpx") else "code")
        if first.setdefault(code, feature.number) != feature.number:
            raise _Blamed("code", RowTwice(what=N_("plot"), code=code, row=first[code]))
        bearing = _number(feature, "row_bearing", -360, 360, N_("a bearing from -360 to 360 degrees"))
        spacing = _number(feature, "row_spacing_m", 0, 100, N_("metres between rows, up to 100"))
        outline = feature.outline()
        found.repairs += [(code, repair) for repair in outline.repairs]
        found.plots.append(PlotInput(code, outline.geometry, bearing, spacing or None))

    _each(path, "plots", read)
    return found


def read_exclusions(path: Path, plots: Collection[str] | None = None) -> list[ExclusionInput]:
    """Polygons, and lines with `width_m`; `plot` says which of the `plots` they count for, all where it is blank.

    :raises Faulty: a plot that is not among `plots` (where they are known), and what cannot be read.
    """
    found: list[ExclusionInput] = []

    def read(feature: MapFeature) -> None:
        plot = feature.text("plot")
        if plot and plots is not None and plot not in plots:
            raise _Blamed("plot", NotFound(what=N_("plot"), code=plot[:40]))
        geometry = feature.geometry()
        width_m = _number(feature, "width_m", most=200, expected=N_("a width of at most 200 metres"))
        if "Line" in geometry.geom_type and not (width_m and width_m > 0):
            raise _Blamed("width_m", NoWidth())
        if "Point" in geometry.geom_type:
            raise WrongKind(found=geometry.geom_type, expected=N_("a polygon, or a line with width_m,"))
        found.append(ExclusionInput(geometry, width_m, plot))

    _each(path, "exclusions", read, may_be_empty=True)
    return found


def read_access(path: Path) -> Any:
    """The lines from which parcels may be reached, as one geometry; the edge of an area (a yard, a road) is one too.

    None where the file has none.
    """
    found: list[Any] = []

    def read(feature: MapFeature) -> None:
        geometry = feature.geometry()
        if "Point" in geometry.geom_type:
            raise WrongKind(found=geometry.geom_type, expected=N_("a line"))
        found.append(geometry.boundary if "Polygon" in geometry.geom_type else geometry)

    _each(path, "access", read, may_be_empty=True)
    lines = [line for geometry in found for line in shapely.get_parts(geometry)]
    return shapely.MultiLineString(lines) if lines else None


def read_zones(path: Path) -> list[ZoneInput]:
    """Areas with a `factor`: what a square metre there is worth, ordinary land being worth 1."""
    found: list[ZoneInput] = []

    def read(feature: MapFeature) -> None:
        factor = _number(feature, "factor")
        if factor is None or not 0.01 <= factor <= 100:
            raise _Blamed("factor", BadValue(value=feature.text("factor"), expected=N_("a factor from 0.01 to 100")))
        found.append(ZoneInput(feature.outline().geometry, factor))

    _each(path, "zones", read, may_be_empty=True)
    return found


def read_existing(path: Path) -> list[ExistingParcel]:
    """The parcels of an earlier allocation, to the last digit.

    :raises Faulty: a code or a right that stands twice, and what cannot be read.
    """
    found: list[ExistingParcel] = []
    codes: dict[str, int] = {}
    rights: dict[str, int] = {}

    def read(feature: MapFeature) -> None:
        code, right = _code(feature, "code"), feature.text("right")
        if codes.setdefault(code, feature.number) != feature.number:
            raise _Blamed("code", RowTwice(what=N_("parcel"), code=code, row=codes[code]))
        if right and rights.setdefault(right, feature.number) != feature.number:
            raise _Blamed("right", RowTwice(what=N_("right"), code=right, row=rights[right]))
        geometry = feature.as_stated()
        area_m2 = _number(feature, "area_m2")
        found.append(
            ExistingParcel(
                code, _code(feature, "plot"), right, feature.text("household"),
                geodesic_area_m2(geometry) if area_m2 is None else area_m2, geometry,
                round((_number(feature, "for_mu") or 0) * 1000), feature.text("draw"),
            )
        )  # fmt: skip

    _each(path, "parcels", read, may_be_empty=True)
    return found


def read_lanes(path: Path) -> list[Lane]:
    """The lanes of an earlier allocation, to the last digit; `plot` says in which plot each lies."""
    found: list[Lane] = []

    def read(feature: MapFeature) -> None:
        geometry = feature.as_stated()
        if "Polygon" not in geometry.geom_type:
            raise WrongKind(found=geometry.geom_type, expected=N_("a polygon"))
        found.extend(Lane(_code(feature, "plot"), part) for part in shapely.get_parts(geometry))

    _each(path, "lanes", read, may_be_empty=True)
    return found


def write_lanes(path: Path, lanes: Sequence[Land]) -> None:
    """Write lanes with `plot` and `area_m2`. :raises Refusal: see `map_files.write_map`."""
    columns = {"plot": [lane.plot for lane in lanes], "area_m2": [round(lane.area_m2, 2) for lane in lanes]}
    write_map(path, columns, [lane.geometry for lane in lanes], layer="lanes")


def read_drawn(path: Path) -> list[DrawnParcel]:
    """The parcels of a file as a draw is checked with them; parcels that nobody holds are left out."""
    found: list[DrawnParcel] = []

    def read(feature: MapFeature) -> None:
        code = _code(feature, "code")
        area_mu, area_m2, for_mu = (_number(feature, name) for name in ("area_mu", "area_m2", "for_mu"))
        if area_mu is None and area_m2 is None:
            raise _Blamed("area_mu", CellBlank(expected=N_("an area in mu")))
        area = round(area_mu * 1000) if area_mu is not None else to_millimu(area_m2 or 0.0)
        if feature.text("right"):
            entitlement = None if for_mu is None else round(for_mu * 1000)
            found.append(DrawnParcel(code, feature.text("right"), area, entitlement, feature.text("draw")))

    _each(path, "parcels", read)
    return found


def write_parcels(path: Path, parcels: Iterable[ParcelPlan]) -> None:
    """Write parcels with `code, plot, right, household, area_mu, area_m2`, and `for_mu` (the entitlement that each was
    cut for) and `draw` (which draw gave it), by which the draw can be checked.

    :raises Refusal: see `map_files.write_map`.
    """
    parcels = list(parcels)
    columns = {
        "code": [parcel.code for parcel in parcels],
        "plot": [parcel.plot for parcel in parcels],
        "right": [parcel.right for parcel in parcels],
        "household": [parcel.household for parcel in parcels],
        "area_mu": [to_millimu(parcel.area_m2) / 1000 for parcel in parcels],
        "area_m2": [round(parcel.area_m2, 2) for parcel in parcels],
        "for_mu": [parcel.entitlement_millimu / 1000 for parcel in parcels],
        "draw": [parcel.draw for parcel in parcels],
    }
    write_map(path, columns, [parcel.geometry for parcel in parcels], layer="parcels")


class _Blamed(Exception):
    """A refusal that names its column."""

    def __init__(self, column: str, refusal: Refusal) -> None:
        super().__init__(column)
        self.column, self.refusal = column, refusal


def _each(path: Path, wanted: str, read: Callable[[MapFeature], None], *, may_be_empty: bool = False) -> None:
    """Read every feature; all faults at once, each with the number of its feature."""
    faults = []
    for feature in read_layer(path, wanted=wanted, may_be_empty=may_be_empty):
        try:
            read(feature)
        except _Blamed as blamed:
            faults.append(Fault(path.name, feature.number, blamed.column, blamed.refusal))
        except Refusal as refusal:
            faults.append(Fault(path.name, feature.number, "geometry", refusal))
    if faults:
        raise Faulty(faults)


def _code(feature: MapFeature, *names: str) -> str:
    for name in names:
        if code := feature.text(name):
            if not code.isprintable() or len(code) > 60:
                raise _Blamed(name, BadValue(value=code[:40], expected=N_("a code of at most 60 characters")))
            return code
    raise _Blamed(names[0], CellBlank(expected=N_("a code")))


def _number(feature: MapFeature, name: str, least: float = -math.inf, most: float = math.inf, expected: str = "") -> float | None:
    text = feature.text(name)
    if not text:
        return None
    try:
        number = read_number(text)
    except Refusal as refusal:
        raise _Blamed(name, refusal) from refusal
    if not least <= number <= most:
        raise _Blamed(name, BadValue(value=text[:40], expected=expected))
    return number
