"""The corners of a parcel, as a certificate lists them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import shapely

from plantation.geometry.geodesics import distance_m
from plantation.geometry.projection import LocalPlane

STRAIGHT_M = 0.05


class Corner(NamedTuple):
    """A corner as a certificate lists it: numbered from 1, clockwise from the north-west; holes follow the boundary.

    `ring` is 0 for the (first) outer boundary; `metres` is the way along the border to the next corner of that ring.
    """

    number: int
    ring: int
    lon: float
    lat: float
    metres: float


def corners_of(outline: Any) -> list[Corner]:
    """The corners of a parcel's `outline` (longitude, latitude). Points on a straight border, to 5 cm, are no corners.

    >>> corners = corners_of(shapely.box(78.4, 40.9, 78.401, 40.901))
    >>> [(corner.number, corner.lon, corner.lat) for corner in corners]
    [(1, 78.4, 40.901), (2, 78.401, 40.901), (3, 78.401, 40.9), (4, 78.4, 40.9)]
    >>> [round(corner.metres, 2) for corner in corners]
    [84.26, 111.05, 84.26, 111.05]
    >>> corners_of(shapely.Polygon())
    []
    """
    corners: list[Corner] = []
    rings = [ring for part in shapely.get_parts(outline) if not part.is_empty for ring in (part.exterior, *part.interiors)]
    for index, ring in enumerate(rings):
        places = _turning_points(shapely.get_coordinates(ring)[:-1])
        ahead = places[1:] + places[:1]
        for (lon, lat), (next_lon, next_lat) in zip(places, ahead, strict=True):
            metres = distance_m((lon, lat), (next_lon, next_lat))
            corners.append(Corner(len(corners) + 1, index, lon, lat, metres))
    return corners


def _turning_points(ring: np.ndarray) -> list[tuple[float, float]]:
    plane = LocalPlane.around(shapely.multipoints(ring))
    flat = shapely.get_coordinates(plane.forward(shapely.multipoints(ring)))
    if not shapely.is_ccw(shapely.linearrings(flat)):
        ring, flat = ring[::-1], flat[::-1]
    start = int(np.argmax(flat[:, 1] - flat[:, 0]))  # the corner furthest to the north-west is never on a straight border
    order = [(start - step) % len(ring) for step in range(len(ring))]  # clockwise
    line = shapely.simplify(shapely.linestrings(flat[[*order, start]]), STRAIGHT_M, preserve_topology=False)
    kept = set(map(tuple, shapely.get_coordinates(line).tolist()))
    chosen = [place for place in order if tuple(flat[place].tolist()) in kept]
    if len(chosen) < 3:
        chosen = order
    return [(float(ring[place][0]), float(ring[place][1])) for place in chosen]
