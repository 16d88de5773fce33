"""Frontage: how many metres of a parcel's border lie on a way by which it can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely

from plantation.geometry.walks import edges_of

LANDLOCKED_BELOW_M = 3.0
ON_THE_EDGE_M = 0.01
BESIDE_A_WAY_M = 1.0
# Land drawn as a road reaches so far from the line that runs in it, at most; and a road is so many times as long as it is wide.
ROAD_M, ALONG = 6.0, 3.0


def outer_edge(outline: Any) -> shapely.MultiLineString:
    """The outer edge of a plot, its holes not counted.

    >>> outer_edge(shapely.box(0, 0, 10, 10)).length
    40.0
    """
    return shapely.MultiLineString([part.exterior for part in shapely.get_parts(outline) if not part.is_empty])


def banks(way: Any, excluded: Iterable[tuple[Any, float | None]]) -> list[shapely.LineString]:
    """Where excluded land ends that a way runs along in: a road is reached wherever its land ends, not at its middle line.

    Each shape comes with its width, where it was drawn as a line. What a way only crosses, such as a canal, is no road.

    >>> road, canal = shapely.box(0, -3, 100, 3), shapely.box(40, -90, 44, 90)
    >>> [bank.length for bank in banks(shapely.LineString([(0, 0), (100, 0)]), [(road, 6.0), (canal, 4.0)])]
    [212.0]
    """
    found = []
    for shape, width_m in excluded:
        width = 2 * ROAD_M if width_m is None else width_m
        inside = shapely.get_parts(shapely.line_merge(shapely.intersection(way, shape)))
        along = inside[shapely.length(inside) > ALONG * width]
        beside = shapely.union_all(shapely.buffer(along, width / 2 + BESIDE_A_WAY_M))
        ends = shapely.get_parts(shapely.line_merge(shapely.intersection(shape.boundary, beside)))
        found += [line for line in ends if line.length > 0]
    return found


def frontages(parcels: Sequence[Any], way: Any, *, reach_m: float = ON_THE_EDGE_M) -> np.ndarray:
    """For each parcel the metres of its border that lie within `reach_m` of the lines of `way`, all in one plane.

    A way that runs through a parcel counts with its length inside.

    >>> square = shapely.box(0, 0, 10, 10)
    >>> frontages([square, shapely.box(20, 0, 30, 10)], outer_edge(square)).tolist()
    [40.0, 0.0]
    >>> frontages([square], shapely.LineString([(-5, 5), (15, 5)])).tolist()
    [10.0]
    >>> frontages([], outer_edge(square)).tolist(), frontages([square], shapely.MultiLineString()).tolist()
    ([], [0.0])
    """
    found = np.zeros(len(parcels))
    segments = _segments(way)
    if not len(parcels) or not len(segments):
        return found
    starts, ends, owner = edges_of(parcels)
    sides = shapely.linestrings(np.stack([starts, ends], axis=1))
    lengths = shapely.length(sides)
    near_side, near_way = shapely.STRtree(segments).query(sides, predicate="dwithin", distance=reach_m)
    if len(near_side):
        covered = _beside(starts[near_side], ends[near_side], segments[near_way], reach_m)
        np.add.at(found, owner, np.minimum(np.bincount(near_side, covered, len(sides)), lengths))
    return np.maximum(found, _inside(parcels, segments, len(found)))


def _segments(way: Any) -> np.ndarray:
    coords, line_of = shapely.get_coordinates(shapely.get_parts(way), return_index=True)
    inner = np.flatnonzero((line_of[1:] == line_of[:-1]) & (coords[1:] != coords[:-1]).any(axis=1))
    return shapely.linestrings(np.stack([coords[inner], coords[inner + 1]], axis=1)) if len(inner) else np.array([])


def _beside(starts: np.ndarray, ends: np.ndarray, segments: np.ndarray, reach_m: float) -> np.ndarray:
    """How much of each side lies within reach of its segment, measured along the segment: a side that only runs up to
    the way has no frontage."""
    points = shapely.get_coordinates(segments).reshape(-1, 2, 2)
    along = points[:, 1] - points[:, 0]
    length = np.hypot(*along.T)
    along /= length[:, None]
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    from_start, from_end = starts - points[:, 0], ends - points[:, 0]
    off_start, off_end = (from_start * normal).sum(axis=1), (from_end * normal).sum(axis=1)
    t_start, t_end = (from_start * along).sum(axis=1), (from_end * along).sum(axis=1)
    # The part of the side, as fractions from its start, that is within reach across and within the segment along.
    low_across, high_across = _between(off_start, off_end, -reach_m, reach_m)
    low_along, high_along = _between(t_start, t_end, 0.0, length)
    share = np.minimum(high_across, high_along) - np.maximum(low_across, low_along)
    return np.maximum(share, 0.0) * abs(t_end - t_start)


def _between(first: np.ndarray, last: np.ndarray, low: Any, high: Any) -> tuple[np.ndarray, np.ndarray]:
    change = last - first
    flat = abs(change) < 1e-12
    step = np.where(flat, 1.0, change)
    a, b = (low - first) / step, (high - first) / step
    inside = (first >= low) & (first <= high)
    enter = np.where(flat, np.where(inside, 0.0, 1.0), np.clip(np.minimum(a, b), 0, 1))
    leave = np.where(flat, np.where(inside, 1.0, 0.0), np.clip(np.maximum(a, b), 0, 1))
    return enter, leave


def _inside(parcels: Sequence[Any], segments: np.ndarray, count: int) -> np.ndarray:
    shapes = np.asarray(parcels, dtype=object)
    way, parcel = shapely.STRtree(shapes).query(segments, predicate="crosses")
    more_way, more_parcel = shapely.STRtree(shapes).query(segments, predicate="within")
    way, parcel = np.concatenate([way, more_way]), np.concatenate([parcel, more_parcel])
    pieces = shapely.intersection(segments[way], shapes[parcel]) if len(way) else np.array([])
    return np.bincount(parcel, shapely.length(pieces), count) if len(way) else np.zeros(count)


def landlocked(frontage_m: Sequence[float]) -> list[int]:
    """The indices of parcels with less than 3 m of frontage.

    >>> landlocked([4.0, 2.9, 0.0])
    [1, 2]
    """
    return [index for index, metres in enumerate(frontage_m) if metres < LANDLOCKED_BELOW_M]
