"""Whiskers: spikes of no width that rounding leaves on a border, taken off without moving any other point."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from plantation.errors import N_
from plantation.geometry.projection import LocalPlane
from plantation.geometry.repairs import Repair
from plantation.geometry.rings import leaves

THIN_M = 1e-4
BOW_M = 0.05  # as far apart as a side of a kilometre or two may lie in degrees and on the ground

SPIKE = N_("A spike of no width, %(size_m)s m long, was taken off the outline at (%(lon)s, %(lat)s).")


def is_sound(outline: Any) -> bool:
    """Whether an outline (degrees) crosses itself nowhere, neither as it is drawn nor on the ground.

    Between the two a long side is bowed by millimetres: a spike thinner than that crosses itself on the ground only.

    >>> is_sound(shapely.box(78.4, 40.9, 78.401, 40.901))
    True
    >>> spiked = shapely.Polygon([(78.4, 40.9), (78.406, 40.9), (78.403, 40.90000000001), (78.403, 40.902), (78.4, 40.902)])
    >>> spiked.is_valid, is_sound(spiked)
    (True, False)
    """
    if not outline.is_valid or outline.is_empty:
        return False
    west, south, east, north = outline.bounds
    # One plane for all that lies within some kilometres: making one takes longer than the rest.
    near = LocalPlane(round((west + east) / 2, 1), round((south + north) / 2, 1))
    return bool(near.forward(outline).is_valid)


def grounded(polygon: shapely.Polygon, repairs: list[Repair]) -> list[shapely.Polygon]:
    """A valid polygon (degrees) as it can be laid on the ground: itself, or without what crosses itself there (`is_sound`),
    which is added to `repairs`.

    >>> spiked = shapely.Polygon([(78.4, 40.9), (78.406, 40.9), (78.403, 40.90000000001), (78.403, 40.902), (78.4, 40.902)])
    >>> repairs = []
    >>> len(grounded(spiked, repairs)[0].exterior.coords), [str(repair) for repair in repairs]
    (5, ['A spike of no width, 252.79 m long, was taken off the outline at (78.406, 40.9).'])
    """
    plane = LocalPlane.around(polygon)
    flat = plane.forward(polygon)
    if flat.is_valid:
        return [polygon]
    made = [_trimmed(polygon, flat, BOW_M)]
    if not (made[0].is_valid and plane.forward(made[0]).is_valid):
        parts = [part for part in leaves(shapely.make_valid(flat, method="structure")) if not part.buffer(-BOW_M / 2).is_empty]
        made = [plane.inverse(part) for part in parts]
    corners = shapely.points(shapely.get_coordinates(flat))
    away_m = shapely.distance(corners, shapely.union_all(plane.forward(np.array(made, dtype=object))))
    tip = shapely.get_coordinates(polygon)[np.argmax(away_m)].round(7).tolist()
    repairs.append(Repair(SPIKE, (tip[0], tip[1]), float(away_m.max())))
    return made


def without_whiskers(outline: Any) -> Any:
    """The polygon `outline` (degrees) without spikes thinner than 0.1 mm; a sound one is given back as it is.

    Beside a parcel that stays, land that is given out again can have one: its border was rounded once before.

    >>> box = shapely.box(78.4, 40.9, 78.401, 40.901)
    >>> without_whiskers(box) is box
    True
    >>> spiked = shapely.Polygon([(78.4, 40.9), (78.4011, 40.9), (78.401, 40.9), (78.401, 40.901), (78.4, 40.901)])
    >>> spiked.is_valid, without_whiskers(spiked).wkt
    (False, 'POLYGON ((78.4 40.9, 78.401 40.9, 78.401 40.901, 78.4 40.901, 78.4 40.9))')
    >>> without_whiskers(shapely.Polygon()).is_empty
    True
    """
    if outline.is_valid or outline.geom_type != "Polygon":
        return outline
    plane = LocalPlane.around(outline)
    return _trimmed(outline, plane.forward(outline))


def shaved(shape: shapely.Polygon) -> shapely.Polygon:
    """A polygon of a plane in metres without such spikes; one that has none is given back as it is.

    >>> square = shapely.box(0, 0, 10, 10)
    >>> shaved(square) is square
    True
    >>> shaved(shapely.Polygon([(0, 0), (50, 0.00001), (10, 0.00001), (10, 10), (0, 10)])).area
    99.99995
    """
    xy, ring = shapely.get_coordinates(shape), shapely.get_rings(shape)
    step = np.diff(xy, axis=0)
    ahead, back = step[1:], -step[:-1]
    # Few borders turn back at all: whether one does, at a point or where its ring closes, is soon seen.
    turns = (ahead * back).sum(axis=1) > 0
    cross = np.abs(ahead[:, 0] * back[:, 1] - ahead[:, 1] * back[:, 0])
    thin = cross < THIN_M * np.sqrt(np.maximum((ahead * ahead).sum(axis=1), (back * back).sum(axis=1)))
    closes = any(_is_tip(points[-2], points[0], points[1]) for points in map(shapely.get_coordinates, ring))
    return _trimmed(shape, shape) if closes or (turns & thin).any() else shape


def _trimmed(outline: shapely.Polygon, plane: shapely.Polygon, thin_m: float = THIN_M) -> shapely.Polygon:
    rings = [
        _trimmed_ring(shapely.get_coordinates(ring)[:-1], shapely.get_coordinates(flat)[:-1], thin_m)
        for ring, flat in zip(shapely.get_rings(outline), shapely.get_rings(plane), strict=True)
    ]
    return shapely.Polygon(rings[0], [ring for ring in rings[1:] if len(ring) > 2])


def _trimmed_ring(ring: np.ndarray, flat: np.ndarray, thin_m: float) -> np.ndarray:
    place = 0
    while len(ring) > 3 and place < len(ring):
        if _is_tip(flat[place - 1], flat[place], flat[(place + 1) % len(flat)], thin_m):
            ring, flat = np.delete(ring, place, axis=0), np.delete(flat, place, axis=0)
            place = max(place - 2, 0)  # what stood beside the tip may be one now
        else:
            place += 1
    return ring


def _is_tip(before: np.ndarray, tip: np.ndarray, after: np.ndarray, thin_m: float = THIN_M) -> bool:
    """Whether the border turns back on itself at `tip`."""
    ahead, back = before - tip, after - tip
    if ahead @ back <= 0:
        return False
    longer, shorter = (ahead, back) if ahead @ ahead > back @ back else (back, ahead)
    width_m = abs(longer[0] * shorter[1] - longer[1] * shorter[0]) / np.hypot(*longer)
    return bool(width_m < thin_m)
