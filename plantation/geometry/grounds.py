"""What there is to allocate: plots without exclusions and without the parcels that stay, in connected pieces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely

from plantation.errors import N_, Refusal
from plantation.geometry.access import banks, outer_edge
from plantation.geometry.geodesics import geodesic_area_m2, with_points_every
from plantation.geometry.outline import GPS_ERROR_M, areas_of, footprint, overlapping, without
from plantation.geometry.projection import LocalPlane
from plantation.geometry.rings import leaves
from plantation.geometry.standing import Lane
from plantation.geometry.tiling.quality import apart, value_of
from plantation.geometry.whiskers import shaved

SPECK_M2 = 1.0
BENT_M2, STEP_M = 0.001, 100.0
CLOSE_M = 1e-6


class PlotsOverlap(Refusal):
    """Two plots cover the same land by more than a GPS error."""

    template = N_("Plots %(first)s and %(second)s overlap by %(area_m2)s m², %(width_m)s m wide, at (%(lon)s, %(lat)s).")


class Twice(Refusal):
    """The same code twice."""

    template = N_("There are two %(what)s with the code “%(code)s”.")


@dataclass(frozen=True, slots=True)
class PlotInput:
    """A plot: its outline in degrees, as `read_outline` gives it, and its planting rows, where they are known."""

    code: str
    outline: Any
    row_bearing: float | None = None
    row_spacing_m: float | None = None


@dataclass(frozen=True, slots=True)
class ExclusionInput:
    """Land that cannot be allocated, in degrees; a line takes `width_m`. Without a plot's code it counts for all plots."""

    geometry: Any
    width_m: float | None = None
    plot: str = ""


@dataclass(frozen=True, slots=True)
class ZoneInput:
    """A polygon in degrees where a square metre is worth `factor` square metres of ordinary land; the first zone wins."""

    geometry: Any
    factor: float


@dataclass(frozen=True, slots=True)
class ExistingParcel:
    """A parcel from an earlier allocation, geometry in degrees; `draw` says which draw gave it."""

    code: str
    plot: str
    right: str
    household: str
    area_m2: float
    geometry: Any
    entitlement_millimu: int = 0
    draw: str = ""


@dataclass(slots=True)
class Piece:
    """A connected piece of a plot in the plot's own plane (metres), and what it is worth in ordinary square metres."""

    plot: PlotGround
    shape: shapely.Polygon
    area_m2: float
    value_m2: float

    @property
    def scale(self) -> float:
        """Square metres on the ellipsoid for one in the plane; values are taken in the plane."""
        return 1.0 if self.plot.zones else self.area_m2 / self.shape.area


@dataclass(slots=True)
class PlotGround:
    """One plot in its plane: what is free, where it may be reached from, and zones of quality."""

    plot: PlotInput
    plane: LocalPlane
    edge: shapely.MultiLineString
    way: Any  # given access lines, or None: then the outer edge is the way
    zones: list[tuple[Any, float]]
    lanes: list[Any] = field(default_factory=list)  # those of earlier allocations that stay
    ways: Any = None  # all lines by which a piece can be reached: the given ways or the outer edge, and the edges of `lanes`
    pieces: list[Piece] = field(default_factory=list)
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Trim:
    """Land on which two plots overlap by no more than a GPS error stays with the first."""

    first: str
    second: str
    area_m2: float


def lay_grounds(
    plots: Sequence[PlotInput],
    *,
    exclusions: Iterable[ExclusionInput] = (),
    kept: Sequence[ExistingParcel] = (),
    lanes: Iterable[Lane] = (),
    access: Any = None,
    zones: Sequence[ZoneInput] = (),
) -> tuple[list[PlotGround], list[Trim]]:
    """The plots in order of their codes, each with its free connected pieces, the largest first.

    :raises PlotsOverlap: with the pair of least codes. :raises Twice: two plots of one code.
    """
    plots = sorted(plots, key=lambda plot: plot.code)
    for first, second in zip(plots, plots[1:], strict=False):
        if first.code == second.code:
            raise Twice(what=N_("plots"), code=first.code)
    trims: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for pair in overlapping([(plot.code, plot.outline) for plot in plots], wider_than_m=0.0):
        if pair.width_m > GPS_ERROR_M:
            raise PlotsOverlap(first=pair.first, second=pair.second, area_m2=f"{pair.area_m2:,.2f}",
                               width_m=f"{pair.width_m:.1f}", lon=pair.place[0], lat=pair.place[1])  # fmt: skip
        trims[pair.second].append((pair.first, pair.area_m2))
    outlines = {plot.code: plot.outline for plot in plots}
    exclusions = list(exclusions)
    stay: dict[str, list[Any]] = defaultdict(list)
    for parcel in kept:
        stay[parcel.plot].append(parcel.geometry)
    lanes_of: dict[str, list[Any]] = defaultdict(list)
    for lane in lanes:
        lanes_of[lane.plot].append(lane.geometry)
    grounds = []
    for plot in plots:
        taken = [outlines[first] for first, _ in trims[plot.code]]
        grounds.append(_ground(plot, taken, stay[plot.code], lanes_of[plot.code], exclusions, access, zones))
    return grounds, [Trim(first, code, area) for code, pairs in sorted(trims.items()) for first, area in pairs]


def _ground(
    plot: PlotInput, taken: list[Any], kept: list[Any], lanes: list[Any], exclusions: list[ExclusionInput], access: Any,
    zones: Sequence[ZoneInput],
) -> PlotGround:  # fmt: skip
    plane = LocalPlane.around(plot.outline)
    whole = plane.forward(plot.outline)
    if abs(whole.area - geodesic_area_m2(plot.outline)) > BENT_M2:
        whole = plane.forward(with_points_every(plot.outline, STEP_M))
    whole = sound_area(whole)  # an outline that nobody read anew since spikes are taken off
    land = without(whole, [plane.forward(other) for other in taken])
    ground = PlotGround(plot, plane, outer_edge(land), None if access is None else plane.forward(access), [])
    ground.lanes = [plane.forward(geometry) for geometry in lanes]
    blocked = [*(plane.forward(geometry) for geometry in kept), *ground.lanes]
    near = shapely.box(*shapely.total_bounds(plot.outline)).buffer(0.01)  # 0.01° is wider than any exclusion
    excluded = [
        (footprint(plane.forward(exclusion.geometry), exclusion.width_m), exclusion.width_m)
        for exclusion in exclusions
        if exclusion.plot in ("", plot.code) and shapely.intersects(near, shapely.box(*shapely.bounds(exclusion.geometry)))
    ]
    blocked += [shape for shape, _ in excluded]
    if ground.way is not None:
        ground.way = shapely.MultiLineString([*leaves(ground.way), *banks(ground.way, excluded)])
    ground.ways = ground.edge if ground.way is None else ground.way
    if ground.lanes:
        lines = [ground.ways, *(lane.exterior for lane in ground.lanes)]
        ground.ways = shapely.MultiLineString([line for part in lines for line in leaves(part)])
    shapely.prepare([ground.edge, ground.ways])  # once for all pieces
    free = without(land, blocked)
    ground.is_whole = free is whole
    near_zones = [(sound_area(plane.forward(zone.geometry)), float(zone.factor)) for zone in zones]
    ground.zones = [(shape, factor) for shape, factor in apart(near_zones) if factor != 1 and shape.intersects(land)]
    parts = [part for part in leaves(areas_of(free)) if part.area > SPECK_M2]
    # Beside a border that was rounded once before a difference leaves spikes of no width.
    parts = [part if free is whole else shaved(part) for part in map(sound, parts)]
    parts = [one for part in parts for one in _apart_in_degrees(part, plane)]
    pieces = [Piece(ground, part, geodesic_area_m2(plane.inverse(part)), 0.0) for part in parts]
    for piece in pieces:
        piece.value_m2 = value_of(piece.shape, ground.zones) if ground.zones else piece.area_m2
    ground.pieces = sorted(pieces, key=lambda piece: (-piece.area_m2, piece.shape.bounds))
    return ground


def _apart_in_degrees(part: shapely.Polygon, plane: LocalPlane) -> list[shapely.Polygon]:
    """The part itself where it stays whole in degrees. Borders nanometres apart cross there: then they are made one."""
    if plane.inverse(part).is_valid:
        return [part]
    merged = leaves(areas_of(shapely.set_precision(part, CLOSE_M)))
    return [shaved(sound(one)) for one in merged if one.area > SPECK_M2]


def sound_area(shape: Any) -> Any:
    """The shape itself if it is valid, else made valid."""
    return shape if shape.is_valid else areas_of(shapely.make_valid(shape, method="structure"))


def sound(polygon: shapely.Polygon) -> shapely.Polygon:
    """The polygon that will be cut: counterclockwise, its points not repeated.

    >>> sound(shapely.Polygon([(0, 0), (0, 1), (0, 1), (1, 0)])).wkt
    'POLYGON ((0 0, 1 0, 0 1, 0 0))'
    """
    return shapely.orient_polygons(shapely.remove_repeated_points(polygon))
