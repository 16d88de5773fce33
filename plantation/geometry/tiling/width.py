"""Where a piece is narrower than it should be, and whether the ground is to blame.

A piece is opened: shrunk by half the width and grown again to its sharp corners. What is lost is narrower than the
width. What the ground itself loses there is the ground's own shape. A neck between a corner and a cut may be a hair wide
and lose next to nothing: it is known by the parts into which the shrunk piece falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

# Part of the width that is asked for: a piece of exactly the width is wide enough.
ALLOWANCE = 0.98
# Lost ground of less than this many squares of the width is a corner, not an arm or a neck.
CORNER = 0.25
# A part of so many squares of the width is too little for a neck to lead to.
SPECK = 0.004
# What is shrunk is grown by so much more, so that only what is really lost differs.
MORE_M = 0.001
# A piece that has gained or lost less is the same: where a spike is lost, what grows at its foot may outweigh it.
SAME_M2 = 0.02
# So many widths around a place decide whether the ground is too narrow there.
AROUND = 8


@dataclass(frozen=True, slots=True)
class Narrow:
    """Square metres of a piece that are too narrow, how many of them the ground is not to blame for, and where."""

    lost_m2: float
    cut_m2: float
    place: tuple[float, float]

    @property
    def is_of_cut(self) -> bool:
        """Whether a cut is to blame: the ground itself is wide enough."""
        return self.cut_m2 > 0


class Gauge:
    """Measures pieces of one ground against a width."""

    def __init__(self, ground: shapely.Geometry, width_m: float) -> None:
        self.width_m = width_m
        self.corner_m2 = CORNER * width_m * width_m
        self.ground = ground

    def _ground_near(self, near: shapely.Geometry) -> shapely.Geometry:
        low_x, low_y, high_x, high_y = near.bounds
        far = AROUND * self.width_m
        return shapely.clip_by_rect(self.ground, low_x - far, low_y - far, high_x + far, high_y + far)

    def _ground_lost(self, near: shapely.Geometry) -> shapely.Geometry:
        """Where the ground itself is too narrow, near a place: whether a point is lost depends on what lies around it."""
        ground = self._ground_near(near)
        lost = _without(ground, self._opened(ground))
        # Somewhat wider, since a cut beside a narrow place loses a little more than the place itself.
        return shapely.buffer(lost, self.width_m / 2, quad_segs=2)

    def _shrunk(self, polygons):
        return shapely.buffer(polygons, -self.width_m / 2 * ALLOWANCE, quad_segs=8)

    def _grown(self, shrunk):
        return shapely.buffer(shrunk, self.width_m / 2 * ALLOWANCE + MORE_M, join_style="mitre", mitre_limit=4.0)

    def _opened(self, polygons):
        return self._grown(self._shrunk(polygons))

    def narrow(self, polygons: Sequence[shapely.Polygon]) -> dict[int, Narrow]:
        """Those of `polygons` that are somewhere too narrow, by index.

        >>> gauge = Gauge(shapely.box(0, 0, 20, 20), 3.0)
        >>> sorted(gauge.narrow([shapely.box(0, 0, 2, 20), shapely.box(2, 0, 20, 20)]))
        [0]
        """
        pieces = np.array(polygons, dtype=object)
        # For a few pieces, finding out which to measure takes longer than to measure them.
        suspects = np.flatnonzero(_suspect(pieces, self.width_m)) if len(pieces) > 8 else np.arange(len(pieces))
        if not len(suspects):
            return {}
        shrunk = self._shrunk(pieces[suspects])
        opened = self._grown(shrunk)
        gone = shapely.area(pieces[suspects]) - shapely.area(opened) + MORE_M * shapely.length(pieces[suspects])
        changed = np.abs(gone) > SAME_M2
        found = {}
        for index, whole in zip(suspects[changed].tolist(), opened[changed]):
            lost = _without(pieces[index], whole)
            if lost.area > self.corner_m2:
                by_cut = _without(lost, self._ground_lost(lost)).area
                place = max(shapely.get_parts(lost), key=lambda part: part.area).representative_point()
                found[index] = Narrow(lost.area, by_cut if by_cut > self.corner_m2 else 0.0, (place.x, place.y))
        torn = shapely.get_num_geometries(shrunk) > 1
        for index, fallen in zip(suspects[torn].tolist(), shrunk[torn]):
            neck = self._neck(pieces[index], fallen)
            if neck is not None and (index not in found or neck.cut_m2 > found[index].cut_m2):
                found[index] = neck
        return found

    def _neck(self, piece: shapely.Polygon, shrunk: shapely.Geometry) -> Narrow | None:
        """A neck at which a piece falls into parts when it is shrunk; one that a cut made before one of the ground's own."""
        parts = [part for part in shapely.get_parts(shrunk) if part.area > SPECK * self.width_m * self.width_m]
        parts.sort(key=lambda part: (-part.area, part.bounds))
        grown = shapely.buffer(parts, self.width_m / 2 * ALLOWANCE + MORE_M)
        necks = []
        for number in range(1, len(parts)):
            others = shapely.union_all(np.delete(parts, number))
            place = _between(piece, parts[number], others, grown)
            near = shapely.buffer(place, self.width_m)
            lost_m2 = _without(shapely.intersection(piece, near), shapely.union_all(grown)).area
            ground = shapely.get_parts(self._shrunk(self._ground_near(near)))
            by_cut = (shapely.intersects(ground, parts[number]) & shapely.intersects(ground, others)).any()
            necks.append(Narrow(lost_m2, max(lost_m2, 1e-9) if by_cut else 0.0, (place.x, place.y)))
        return max(necks, key=lambda neck: neck.cut_m2, default=None)


def _between(piece: shapely.Polygon, part: shapely.Polygon, others: shapely.Geometry, grown: np.ndarray) -> shapely.Point:
    """The middle of the neck between a part of a shrunk piece and the others; `grown`: all parts as they were before."""
    middle = shapely.line_interpolate_point(shapely.shortest_line(part, others), 0.5, normalized=True)
    if piece.covers(middle):
        return middle
    # Beside a sharp corner it lies in the corner: then the neck is what growing again leaves out between them.
    left = shapely.get_parts(_without(piece, shapely.union_all(grown)))
    if not len(left):
        return middle
    return min(left, key=lambda one: (round(max(one.distance(part), one.distance(others)), 3), one.bounds)).representative_point()


def _without(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    try:
        return shapely.difference(one, other)
    except shapely.GEOSException:
        # Borders that nearly coincide confuse the overlay; on a grid of a centimetre they coincide.
        plain = [shapely.buffer(shapely.set_precision(shapely.make_valid(g), 0.01), 0) for g in (one, other)]
        return shapely.difference(*plain)


def _suspect(pieces: np.ndarray, width: float) -> np.ndarray:
    """False for convex pieces whose least width is surely enough: most of a large plan is not measured at all."""
    coords, owner = shapely.get_coordinates(pieces, return_index=True)
    rings = shapely.get_num_interior_rings(pieces) > 0
    same = owner[1:] == owner[:-1]
    step = np.where(same[:, None], coords[1:] - coords[:-1], 0.0)
    moving = np.flatnonzero(same & ((step != 0).any(axis=1)))
    step, owner = step[moving], owner[1:][moving]
    size = np.sqrt((step * step).sum(axis=1))
    first = np.ones(len(owner), bool)
    first[1:] = owner[1:] != owner[:-1]
    starts = np.flatnonzero(first)
    following = np.arange(1, len(owner) + 1)
    following[np.append(starts[1:], len(owner)) - 1] = starts
    cross = step[:, 0] * step[following, 1] - step[:, 1] * step[following, 0]
    dot = (step * step[following]).sum(axis=1)
    sizes = size * size[following]
    # A corner sharper than 60°, or one that turns both ways: measured. Points along a straight line do not count.
    turning = np.abs(cross) > 1e-6 * sizes
    left, right = turning & (cross > 0), turning & (cross < 0)
    sharp = dot < -0.5 * sizes
    # A piece that tapers ends in a side shorter than the width, or in parts of one between a neighbour's corners.
    turned = np.empty_like(turning)
    turned[following] = turning
    sharp |= (size < width) & (turning | turned)
    count = len(pieces)
    bent = (np.bincount(owner, left, count) > 0) & (np.bincount(owner, right, count) > 0)
    # A convex piece is at least 2A/P wide somewhere.
    slim = 2 * shapely.area(pieces) < width * shapely.length(pieces)
    return bent | rings | slim | (np.bincount(owner, sharp, count) > 0)
