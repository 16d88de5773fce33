"""Mend single rings: repeated points, open ends, loops and slivers of a GPS error's size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from plantation.errors import N_, Refusal
from plantation.geometry.coordinates import Part, Ring
from plantation.geometry.geodesics import distance_m
from plantation.geometry.projection import LocalPlane
from plantation.geometry.repairs import CrossesItself, Repair, widest

LOOP_M = 1.0  # a loop up to this wide is a wobble of the receiver, a wider one may be land

REPEATED_ONE = N_("%(count)s repeated point was left out, first at (%(lon)s, %(lat)s).")
REPEATED = N_("%(count)s repeated points were left out, first at (%(lon)s, %(lat)s).")
CLOSED = N_("The ring was closed over %(size_m)s m at (%(lon)s, %(lat)s).")
TURNED_ONE = N_("%(count)s ring ran the wrong way round and was turned, at (%(lon)s, %(lat)s).")
TURNED = N_("%(count)s rings ran the wrong way round and were turned, first at (%(lon)s, %(lat)s).")
UNTANGLED_ONE = N_("A loop where the outline crossed itself, %(size_m)s m wide, was removed at (%(lon)s, %(lat)s).")
UNTANGLED = N_("%(count)s loops where the outline crossed itself were removed, the widest %(size_m)s m, at (%(lon)s, %(lat)s).")
TOUCHES = N_("The outline touches itself at (%(lon)s, %(lat)s); it was taken apart there.")
HOLE_CUT = N_("A hole stood out of the outline by %(size_m)s m at (%(lon)s, %(lat)s) and was cut back.")
SLIVERS_ONE = N_("A sliver, at most %(size_m)s m wide, was left out at (%(lon)s, %(lat)s).")
SLIVERS = N_("%(count)s slivers, at most %(size_m)s m wide, were left out, first at (%(lon)s, %(lat)s).")
PARTS_JOINED = N_("Parts of the outline overlap by less than %(size_m)s m at (%(lon)s, %(lat)s); they were joined.")


class RoundAgain(CrossesItself):
    """A walk that went on after it was back where it began."""

    template = N_("The outline goes round the same land %(times)s times, at (%(lon)s, %(lat)s): leave in one walk and take out the others.")


def leaves(geometry: Any) -> Iterator[Any]:
    """The single geometries in `geometry`, however deep; empty ones are left out.

    >>> [leaf.geom_type for leaf in leaves(shapely.MultiPoint([(0, 0), (1, 1)]))], list(leaves(shapely.Polygon()))
    (['Point', 'Point'], [])
    """
    for part in shapely.get_parts(geometry):
        if hasattr(part, "geoms"):
            yield from leaves(part)
        elif not part.is_empty:
            yield part


def wrong_orientation(parts: list[Part]) -> list[Repair]:
    """GeoJSON's shells run counterclockwise, its holes clockwise (RFC 7946): a repair where they do not."""
    wrong = [
        ring for part in parts for index, ring in enumerate(part) if len(ring) > 3 and _signed_area(ring) * (1 if index == 0 else -1) < 0
    ]
    return [Repair(TURNED if len(wrong) > 1 else TURNED_ONE, _spot(wrong[0][0]), 0.0, len(wrong))] if wrong else []


def _signed_area(ring: Ring) -> float:
    x, y = (ring - ring[0]).T
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


def without_repeats(ring: Ring, repairs: list[Repair]) -> Ring:
    """The ring closed and without points that repeat the one before; fewer than 4 points where nothing is enclosed."""
    if not len(ring):
        return ring
    if (ring[0] != ring[-1]).any():
        gap_m = distance_m(tuple(ring[-1].tolist()), tuple(ring[0].tolist()))
        repairs.append(Repair(CLOSED, _spot(ring[0]), gap_m))
        ring = np.concatenate([ring, ring[:1]])
    keep = np.ones(len(ring), bool)
    keep[1:] = (ring[1:] != ring[:-1]).any(axis=1)
    if not keep.all():
        count = int((~keep).sum())
        repairs.append(Repair(REPEATED_ONE if count == 1 else REPEATED, _spot(ring[~keep][0]), 0.0, count))
    return ring[keep]


def untangle(ring: Ring, plane: LocalPlane, repairs: list[Repair]) -> Any:
    """What a ring that crosses itself encloses (degrees), its loops up to 1 m wide removed or filled.

    The faces that the ring's lines enclose are told apart by how often the ring winds round them: wound round once is
    land, not at all is a hole; wound round twice or the other way is a loop, and a loop wider than a GPS error is
    refused, because which side of it is the plot cannot be told.

    :raises CrossesItself: such a loop, at its middle. :raises RoundAgain: nearly all of it is wound round twice or more.
    """
    if shapely.is_valid(polygon := shapely.Polygon(ring)):
        return polygon
    line = shapely.node(shapely.linestrings(ring))
    faces = list(shapely.polygonize([line]).geoms)
    if not faces:
        return shapely.Polygon()
    metric = plane.forward(np.array(faces, dtype=object))
    biggest = max(range(len(faces)), key=lambda index: metric[index].area)
    turns = [_winding(ring, face.representative_point()) for face in faces]
    sign = 1 if turns[biggest] >= 0 else -1
    if abs(turns[biggest]) > 1:
        lon, lat = _spot(shapely.get_coordinates(faces[biggest].representative_point())[0])
        raise RoundAgain(times=abs(turns[biggest]), lon=lon, lat=lat)
    narrow = shapely.is_empty(shapely.buffer(metric, -LOOP_M / 2))
    land, loops, touched = [], [], None
    for index, face in enumerate(faces):
        if narrow[index] and index != biggest:
            loops.append(index)
            if turns[index]:
                land.append(face)
        elif turns[index] == sign:
            land.append(face)
            touched = touched if index == biggest else face
        elif turns[index] or index == biggest:
            width_m, middle = widest(metric[index])
            lon, lat = _spot(shapely.get_coordinates(plane.inverse(middle))[0])
            raise CrossesItself(lon=lon, lat=lat, width_m=f"{width_m:.1f}")
    merged = _without_narrow_parts(shapely.union_all(land), plane, LOOP_M)
    if loops:
        width_m, middle = max((widest(metric[index]) for index in loops), key=lambda found: found[0])
        spot = _spot(shapely.get_coordinates(plane.inverse(middle))[0])
        repairs.append(Repair(UNTANGLED if len(loops) > 1 else UNTANGLED_ONE, spot, width_m, len(loops)))
    elif touched is not None or shapely.get_num_geometries(merged) > 1:
        repairs.append(Repair(TOUCHES, _spot(shapely.get_coordinates(merged)[0]), 0.0))
    else:
        repairs.append(Repair(UNTANGLED_ONE, _spot(ring[0]), 0.0, 1))
    return merged


def _winding(ring: Ring, point: shapely.Point) -> int:
    x, y = ring[:, 0] - point.x, ring[:, 1] - point.y
    left = x[:-1] * y[1:] - x[1:] * y[:-1]
    up = (y[:-1] <= 0) & (y[1:] > 0) & (left > 0)
    down = (y[:-1] > 0) & (y[1:] <= 0) & (left < 0)
    return int(up.sum()) - int(down.sum())


def _without_narrow_parts(shape: Any, plane: LocalPlane, width_m: float) -> Any:
    """Parts and holes that are nowhere wider than `width_m` are dropped and filled."""
    kept = []
    for polygon in leaves(shape):
        holes = [hole for hole in polygon.interiors if not _is_narrow(shapely.Polygon(hole), plane, width_m)]
        polygon = shapely.Polygon(polygon.exterior, holes)
        if not _is_narrow(polygon, plane, width_m):
            kept.append(polygon)
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _is_narrow(polygon: Any, plane: LocalPlane, width_m: float) -> bool:
    return shapely.buffer(plane.forward(polygon), -width_m / 2).is_empty


def cut_holes(
    shell: Any, holes: list[Any], plane: LocalPlane, repairs: list[Repair], leaves_refusal: type[Refusal]
) -> list[shapely.Polygon]:
    """The polygons of `shell` without its `holes`; a hole that stands out by less than a GPS error is cut back."""
    if not holes:
        return list(leaves(shell))
    metric_shell = plane.forward(shell)
    for hole in holes:
        outside = shapely.difference(plane.forward(hole), metric_shell)
        if outside.is_empty or outside.area == 0:
            continue
        width_m, middle = widest(shapely.MultiPolygon([part for part in leaves(outside) if part.geom_type == "Polygon"]))
        lon, lat = _spot(shapely.get_coordinates(plane.inverse(middle))[0])
        if width_m > LOOP_M:
            raise leaves_refusal(width_m=f"{width_m:.1f}", lon=lon, lat=lat)
        repairs.append(Repair(HOLE_CUT, (lon, lat), width_m))
    left = shapely.difference(shell, shapely.union_all(holes))
    return [part for part in leaves(left) if part.geom_type == "Polygon"]


def without_slivers(geometry: Any, width_m: float, repairs: list[Repair]) -> Any:
    """Without parts and holes that are nowhere wider than `width_m`; the geometry itself where there are none."""
    polygons = list(leaves(geometry))
    plane = LocalPlane.around(geometry)
    flat = np.array(polygons + [shapely.Polygon(hole) for part in polygons for hole in part.interiors], dtype=object)
    thin = shapely.is_empty(shapely.buffer(plane.forward(flat), -width_m / 2)) if len(flat) > 1 else np.zeros(1, bool)
    if not thin.any():
        return geometry
    first = shapely.get_coordinates(flat[np.flatnonzero(thin)[0]])[0]
    repairs.append(Repair(SLIVERS if thin.sum() > 1 else SLIVERS_ONE, _spot(first), width_m, int(thin.sum())))
    return _without_narrow_parts(geometry, plane, width_m)


def _spot(point: Any) -> tuple[float, float]:
    return float(round(point[0], 7)), float(round(point[1], 7))
