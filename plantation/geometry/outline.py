"""Read a boundary: repair what is a matter of centimetres and say so, refuse the rest with the reason and the place.

An outline is a Polygon or MultiPolygon in degrees (longitude, latitude), its sides being the shortest lines between
its points. Points that need no repair keep their coordinates to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from plantation.errors import N_, Refusal
from plantation.geometry import rings
from plantation.geometry.coordinates import NotAnArea, Part, read_parts
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.places import NoFieldThere, NotDegrees, OutsideTheEarth, TooWide, check_extent, check_on_earth
from plantation.geometry.projection import LocalPlane, to_lonlat
from plantation.geometry.repairs import CrossesItself, Place, Repair, widest
from plantation.geometry.whiskers import grounded

__all__ = [
    "NoFieldThere", "NotDegrees", "Outline", "OutsideTheEarth", "Overlap", "TooWide", "areas_of", "exclude", "footprint",
    "overlapping", "read_outline", "without",
]  # fmt: skip

MOST_POINTS = 200_000
SMALLEST_M2 = 1.0
SLIVER_M = 0.1
NOTHING_M2 = 0.001
MICROMETRE = 1e-6
GPS_ERROR_M = 3.0


class TooManyPoints(Refusal):
    """The boundary has more points than a walked or surveyed one ever has."""

    template = N_("The outline has %(points)s points; at most %(most)s can be read.")


class NoArea(Refusal):
    """The outline encloses nothing."""

    template = N_("The outline at (%(lon)s, %(lat)s) encloses %(area_m2)s m²; a plot has at least 1 m².")


class HoleLeaves(Refusal):
    """A hole lies outside the outline that it belongs to."""

    template = N_("A hole leaves the outline by %(width_m)s m at (%(lon)s, %(lat)s).")


@dataclass(frozen=True)
class Outline:
    """A boundary that can be worked with, and what was repaired to make it one."""

    geometry: shapely.Polygon | shapely.MultiPolygon
    repairs: tuple[Repair, ...] = ()

    @cached_property
    def area_m2(self) -> float:
        """The geodesic area."""
        return geodesic_area_m2(self.geometry)


def read_outline(source: Any, *, crs: Any = None) -> Outline:
    """An outline from a shapely geometry, a GeoJSON mapping or text, WKT, or typed coordinates, one point a line.

    `crs` is the coordinate reference system the coordinates are in; without it they are degrees, longitude first.

    >>> read_outline("78.40 40.90\\n78.41 40.90\\n78.41 40.91").geometry.geom_type
    'Polygon'
    >>> outline = read_outline("POLYGON ((78.4 40.9, 78.41 40.9, 78.41 40.9, 78.41 40.91, 78.4 40.9))")
    >>> print(*outline.repairs)
    1 repeated point was left out, first at (78.41, 40.9).
    >>> read_outline("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", crs=4326)
    Traceback (most recent call last):
    plantation.geometry.places.TooWide: The outline is 156.9 km across, at most 50 km can be read: is (1, 1) right?

    :raises Refusal: one of this module's, of `coordinates` or of `projection`, with the place and the figures.
    """
    parts, is_geojson = read_parts(source, most_points=MOST_POINTS)
    points = sum(len(ring) for part in parts for ring in part)
    if points > MOST_POINTS:
        raise TooManyPoints(points=f"{points:,}", most=f"{MOST_POINTS:,}")
    if not points:
        raise NotAnArea(what=N_("nothing"))
    if crs is not None:
        parts = [[_ring_to_lonlat(ring, crs) for ring in part] for part in parts]
    coords = np.concatenate([ring for part in parts for ring in part])
    check_on_earth(coords)
    check_extent(coords)
    repairs: list[Repair] = []
    if is_geojson:
        repairs += rings.wrong_orientation(parts)
    polygons = [polygon for part in parts for polygon in _read_part(part, repairs)]
    geometry = _join(polygons, repairs)
    place = _place(parts[0][0])
    area_m2 = geodesic_area_m2(geometry)
    if area_m2 < SMALLEST_M2:
        raise NoArea(lon=place[0], lat=place[1], area_m2=f"{area_m2:.3f}")
    return Outline(shapely.orient_polygons(geometry), tuple(repairs))


def exclude(outline: Any, exclusions: Iterable[tuple[Any, float | None]]) -> shapely.Polygon | shapely.MultiPolygon:
    """What of `outline` (an Outline or its geometry) can be allocated: without the `exclusions`, each (geometry in
    degrees, width in metres).

    A polygon is taken out as it is; a line is taken out `width_m` wide, with flat ends and square corners, so that a
    straight canal of 3 m over 100 m takes 300 m². Empty where nothing is left.

    >>> field = read_outline(shapely.box(78.400, 40.900, 78.401, 40.901))
    >>> canal = shapely.LineString([(78.3995, 40.9005), (78.4015, 40.9005)])
    >>> round(field.area_m2 - geodesic_area_m2(exclude(field, [(canal, 3.0)])), 1)
    252.8
    >>> exclude(field, []) == field.geometry
    True
    """
    whole = outline.geometry if isinstance(outline, Outline) else outline
    plane = LocalPlane.around(whole)
    ground = plane.forward(whole)
    left = without(ground, [footprint(plane.forward(geometry), width_m) for geometry, width_m in exclusions])
    return whole if left is ground else shapely.orient_polygons(areas_of(plane.inverse(left)))


def without(ground: Any, taken: Iterable[Any]) -> Any:
    """`ground` without the polygons `taken`, all in one plane in metres; `ground` itself where they leave it whole.

    Borders that lie on each other within a micrometre count as one, so that no hair of land is left between them; points
    that were there before keep their coordinates.

    >>> without(shapely.box(0, 0, 2, 1), [shapely.box(1, 0, 2, 1)]).area
    1.0
    """
    shapes = [shape for shape in taken if not shape.is_empty and shape.intersects(ground)]
    if not shapes:
        return ground
    left = areas_of(shapely.difference(ground, shapely.union_all(shapes, grid_size=MICROMETRE), grid_size=MICROMETRE))
    known = shapely.points(shapely.get_coordinates([ground, *shapes]))
    moved = shapely.get_coordinates(left)
    index, near = shapely.STRtree(known).query_nearest(shapely.points(moved), max_distance=2 * MICROMETRE, all_matches=False)
    moved[index] = shapely.get_coordinates(known)[near]
    restored = shapely.set_coordinates(left, moved)
    return restored if restored.is_valid else left


def footprint(shape: Any, width_m: float | None) -> Any:
    """The land that an exclusion takes in the plane: a polygon as it is, a line as wide as it is.

    >>> footprint(shapely.LineString([(0, 0), (100, 0)]), 3.0).area
    300.0
    """
    polygons = [part for part in rings.leaves(shape) if part.geom_type == "Polygon"]
    lines = [part for part in rings.leaves(shape) if part.geom_type == "LineString"]
    made = [part if part.is_valid else shapely.make_valid(part, method="structure") for part in polygons]
    if width_m and lines:
        joined = shapely.line_merge(shapely.MultiLineString(lines))
        made.append(shapely.buffer(joined, width_m / 2, cap_style="flat", join_style="mitre", mitre_limit=4.0))
    return shapely.union_all(made)


def areas_of(geometry: Any) -> shapely.Polygon | shapely.MultiPolygon:
    """The polygons of `geometry` that have an area: lines and points that an overlay left behind are dropped.

    >>> areas_of(shapely.from_wkt("GEOMETRYCOLLECTION (POINT (0 0), POLYGON ((0 0, 1 0, 0 1, 0 0)))")).wkt
    'POLYGON ((0 0, 1 0, 0 1, 0 0))'
    """
    polygons = [part for part in rings.leaves(geometry) if part.geom_type == "Polygon" and part.area > 0]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two plots that cover the same land: their codes, how much, how wide and where (longitude, latitude)."""

    first: str
    second: str
    area_m2: float
    width_m: float
    place: Place


def overlapping(plots: Sequence[tuple[str, Any]], *, wider_than_m: float = GPS_ERROR_M) -> list[Overlap]:
    """The pairs of (code, geometry in degrees) that overlap wider than a GPS error, in order of their codes.

    >>> a, b = shapely.box(78.400, 40.9, 78.401, 40.901), shapely.box(78.4009, 40.9, 78.402, 40.901)
    >>> [(pair.first, pair.second, round(pair.area_m2)) for pair in overlapping([("P2", b), ("P1", a)])]
    [('P1', 'P2', 936)]
    >>> overlapping([("P1", a), ("P2", shapely.box(78.401, 40.9, 78.402, 40.901))])
    []
    """
    ordered = sorted(plots, key=lambda plot: plot[0])
    plane = LocalPlane.around([geometry for _, geometry in ordered])
    shapes = plane.forward(np.array([geometry for _, geometry in ordered], dtype=object))
    found = []
    for index, other in sorted(map(tuple, shapely.STRtree(shapes).query(shapes, predicate="intersects").T.tolist())):
        if index >= other:
            continue
        shared = areas_of(shapely.intersection(shapes[index], shapes[other]))
        if shared.area < NOTHING_M2 or shapely.buffer(shared, -wider_than_m / 2).is_empty:
            continue
        width_m, middle = widest(shared)
        lon, lat = shapely.get_coordinates(plane.inverse(middle))[0].tolist()
        found.append(Overlap(ordered[index][0], ordered[other][0], shared.area, width_m, (round(lon, 7), round(lat, 7))))
    return found


def _ring_to_lonlat(ring: np.ndarray, crs: Any) -> np.ndarray:
    return shapely.get_coordinates(to_lonlat(shapely.multipoints(ring), crs))


def _read_part(part: Part, repairs: list[Repair]) -> list[shapely.Polygon]:
    """One shell with its holes, repaired; none where the shell encloses nothing."""
    cleaned = [rings.without_repeats(ring, repairs) for ring in part]
    if len(cleaned[0]) < 4:
        return []
    polygon = shapely.Polygon(cleaned[0], [hole for hole in cleaned[1:] if len(hole) >= 4])
    polygons = [polygon]
    if not polygon.is_valid:
        plane = LocalPlane.around(polygon)
        shell = rings.untangle(cleaned[0], plane, repairs)
        holes = [rings.untangle(hole, plane, repairs) for hole in cleaned[1:] if len(hole) >= 4]
        polygons = rings.cut_holes(shell, holes, plane, repairs, HoleLeaves)
    return [one for polygon in polygons for one in grounded(polygon, repairs)]


def _join(polygons: list[shapely.Polygon], repairs: list[Repair]) -> Any:
    if not polygons:
        return shapely.Polygon()
    geometry = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    if not geometry.is_valid:
        plane = LocalPlane.around(geometry)
        for pair in overlapping([(f"{index:06d}", polygon) for index, polygon in enumerate(polygons)]):
            raise CrossesItself(lon=pair.place[0], lat=pair.place[1], width_m=f"{pair.width_m:.1f}")
        repairs.append(Repair(rings.PARTS_JOINED, _place(shapely.get_coordinates(polygons[0])), GPS_ERROR_M, 1))
        geometry = areas_of(plane.inverse(shapely.union_all(plane.forward(np.array(polygons, dtype=object)))))
    return rings.without_slivers(geometry, SLIVER_M, repairs)


def _place(coords: np.ndarray) -> Place:
    return float(round(coords[0][0], 7)), float(round(coords[0][1], 7))
