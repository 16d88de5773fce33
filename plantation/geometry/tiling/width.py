"""Where a piece is narrower than it should be, and whether the ground is to blame.

A piece is opened: shrunk by half the width and grown again to its sharp corners. What is lost is narrower than the
width. What the ground itself loses there is the ground's own shape. A neck between a corner and a cut may be a hair wide
and lose next to nothing: it is known by the parts into which the shrunk piece falls.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely

from plantation.geometry.tiling.ragged import firsts, heads

Geometries = TypeVar("Geometries", shapely.Geometry, np.ndarray)

# Part of the width that is asked for: a piece of exactly the width is wide enough.
ALLOWANCE = 0.995
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


def narrow(pieces: Sequence[shapely.Polygon], grounds: Sequence[shapely.Geometry], widths_m: Sequence[float]) -> dict[int, Narrow]:
    """Those of `pieces` that are somewhere narrower than their width, by index; each has its ground. A width of 0 asks for nothing.

    >>> ground = shapely.box(0, 0, 20, 20)
    >>> sorted(narrow([shapely.box(0, 0, 2, 20), shapely.box(2, 0, 20, 20)], [ground] * 2, [3.0] * 2))
    [0]
    """
    every, wanted = np.array(pieces, dtype=object), np.array(widths_m, float)
    of = np.flatnonzero(_suspect(every, wanted)) if len(every) else np.arange(0)
    suspects = _Suspects(every[of], np.array(grounds, dtype=object)[of], wanted[of])
    found = suspects.lost()
    # Of a piece that a cut is to blame for, necks would say nothing new.
    necks = suspects.necks({index for index, one in found.items() if one.is_of_cut})
    found |= {index: neck for index, neck in necks.items() if neck.is_of_cut or index not in found}
    return {int(of[index]): found[index] for index in sorted(found)}


class _Suspects:
    """Pieces of one ground or of many, each with the width it is measured against."""

    def __init__(self, pieces: np.ndarray, grounds: np.ndarray, width: np.ndarray) -> None:
        self.pieces, self.grounds, self.width = pieces, grounds, width
        self.shrunk = _shrunk(pieces, width)

    def lost(self) -> dict[int, Narrow]:
        """Those that lose more than a corner when they are opened."""
        opened = _grown(self.shrunk, self.width)
        gone = shapely.area(self.pieces) - shapely.area(opened) + MORE_M * shapely.length(self.pieces)
        changed = np.flatnonzero(np.abs(gone) > SAME_M2)
        lost = _without(self.pieces[changed], opened[changed])
        lost_m2 = shapely.area(lost)
        corner = CORNER * self.width[changed] ** 2
        more = lost_m2 > corner
        changed, lost, lost_m2, corner = changed[more], lost[more], lost_m2[more], corner[more]
        cut_m2 = shapely.area(_without(lost, self._ground_lost(changed, lost)))
        cut_m2[cut_m2 <= corner] = 0.0
        parts, of = shapely.get_parts(lost, return_index=True)
        largest = np.lexsort((-shapely.area(parts), of))[heads(of)]
        places = shapely.get_coordinates(shapely.point_on_surface(parts[largest])).tolist()
        figures = zip(lost_m2.tolist(), cut_m2.tolist(), map(tuple, places))
        return {index: Narrow(*each) for index, each in zip(changed.tolist(), figures)}

    def _ground_lost(self, which: np.ndarray, lost: np.ndarray) -> np.ndarray:
        """Where the ground itself is too narrow, near a place: whether a point is lost depends on what lies around it."""
        ground, width = self._ground_near(which, lost), self.width[which]
        opened = _grown(_shrunk(ground, width), width)
        # Somewhat wider, since a cut beside a narrow place loses a little more than the place itself.
        return shapely.buffer(_without(ground, opened), width / 2, quad_segs=2)

    def _ground_near(self, which: np.ndarray, near: np.ndarray) -> np.ndarray:
        far = AROUND * self.width[which][:, None] * [-1, -1, 1, 1]
        boxes = (shapely.bounds(near).reshape(-1, 4) + far).tolist()
        clipped = [shapely.clip_by_rect(ground, *box) for ground, box in zip(self.grounds[which], boxes)]
        return np.array(clipped, dtype=object)

    def necks(self, known: Iterable[int]) -> dict[int, Narrow]:
        """Those, but for what is `known`, that fall into parts when they are shrunk, with the neck there; one that a cut made before
        one of the ground's own."""
        is_torn = shapely.get_num_geometries(self.shrunk) > 1
        is_torn[list(known)] = False
        torn = np.flatnonzero(is_torn)
        parts, of = shapely.get_parts(self.shrunk[torn], return_index=True)
        area = shapely.area(parts)
        real = area > SPECK * self.width[torn][of] ** 2
        parts, of, area = parts[real], of[real], area[real]
        order = np.lexsort((*shapely.bounds(parts).reshape(-1, 4).T[::-1], -area, of))
        parts, of = parts[order], of[order]
        first = np.zeros(len(parts), bool)
        first[heads(of)] = True
        # Every part but the largest hangs by a neck.
        hung = np.flatnonzero(~first)
        others = self._others(parts, of, hung)
        which = torn[of[hung]]
        found: dict[int, Narrow] = {}
        for index, neck in zip(which.tolist(), self._measured(which, parts[hung], others)):
            if index not in found or neck.cut_m2 > found[index].cut_m2:
                found[index] = neck
        return found

    def _others(self, parts: np.ndarray, of: np.ndarray, hung: np.ndarray) -> np.ndarray:
        """For each part that hangs by a neck, all others of its piece."""
        counts = np.bincount(of, minlength=1)
        begins = firsts(counts)
        made = parts[begins[of[hung]]]
        for at in np.flatnonzero(counts[of[hung]] > 2).tolist():
            mine = parts[begins[of[hung[at]]] :][: counts[of[hung[at]]]]
            made[at] = shapely.union_all(mine[mine != parts[hung[at]]])
        return made

    def _measured(self, which: np.ndarray, part: np.ndarray, others: np.ndarray) -> list[Narrow]:
        pieces, width = self.pieces[which], self.width[which]
        grown = shapely.buffer(self.shrunk[which], width / 2 * ALLOWANCE + MORE_M)
        middles = shapely.line_interpolate_point(shapely.shortest_line(part, others), 0.5, normalized=True)
        # Beside a sharp corner it lies in the corner: then the neck is what growing again leaves out between them.
        for at in np.flatnonzero(~shapely.covers(pieces, middles)).tolist():
            middles[at] = _left_out(pieces[at], part[at], others[at], grown[at]) or middles[at]
        near = shapely.buffer(middles, width)
        lost_m2 = shapely.area(_without(shapely.intersection(pieces, near), grown))
        ground, of = shapely.get_parts(_shrunk(self._ground_near(which, near), width), return_index=True)
        joins = shapely.intersects(ground, part[of]) & shapely.intersects(ground, others[of])
        by_cut = np.bincount(of, joins, len(which)) > 0
        cut_m2 = np.where(by_cut, np.maximum(lost_m2, 1e-9), 0.0)
        places = map(tuple, shapely.get_coordinates(middles).tolist())
        return [Narrow(*each) for each in zip(lost_m2.tolist(), cut_m2.tolist(), places)]


def _left_out(piece, part, others, grown) -> shapely.Point | None:
    """The middle of what lies between a part of a shrunk piece and the others; `grown`: all parts as they were before."""
    left = shapely.get_parts(_without(piece, grown))
    if not len(left):
        return None
    return min(left, key=lambda one: (round(max(one.distance(part), one.distance(others)), 3), one.bounds)).representative_point()


def _shrunk(polygons, width):
    return shapely.buffer(polygons, -width / 2 * ALLOWANCE, quad_segs=8)


def _grown(shrunk, width):
    return shapely.buffer(shrunk, width / 2 * ALLOWANCE + MORE_M, join_style="mitre", mitre_limit=4.0)


def _without(one: Geometries, other: Geometries) -> Geometries:
    try:
        return shapely.difference(one, other)
    except shapely.GEOSException:
        if isinstance(one, np.ndarray):
            return np.array([_without(*each) for each in zip(one, other)], dtype=object)
        # Borders that nearly coincide confuse the overlay; on a grid of a centimetre they coincide.
        plain = [shapely.buffer(shapely.set_precision(shapely.make_valid(g), 0.01), 0) for g in (one, other)]
        return shapely.difference(*plain)


def _suspect(pieces: np.ndarray, width: np.ndarray) -> np.ndarray:
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
    sharp |= (size < width[owner]) & (turning | turned)
    count = len(pieces)
    bent = (np.bincount(owner, left, count) > 0) & (np.bincount(owner, right, count) > 0)
    # A convex piece is at least 2A/P wide somewhere.
    slim = 2 * shapely.area(pieces) < width * shapely.length(pieces)
    return (width > 0) & (bent | rings | slim | (np.bincount(owner, sharp, count) > 0))
