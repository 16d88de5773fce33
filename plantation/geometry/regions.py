"""Ground as rings of points whose edges carry the number of the line they lie on.

Two neighbours that share a cut share its number. A point that a later cut puts on that line is marked there once,
and every ring that runs along the line takes it up at the end: borders are identical by construction, without
comparing coordinates with a tolerance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain

import numpy as np
import shapely

Point = tuple[float, float]
Ring = tuple[list[Point], list[int]]

# New points lie on a grid of 15 nm: the last bits, in which machines differ, are cut off; areas move by < 1e-5 m².
GRID = 2.0**26


# Border this close to a road lies on it: surveys of the same road differ by as much.
NEAR_M = 1.0


class Region:
    """One connected ground: `rings[0]` the outer ring (counter-clockwise), then its holes (clockwise)."""

    __slots__ = ("area", "rings")

    def __init__(self, rings: list[Ring], area: float) -> None:
        self.rings = rings
        self.area = area

    def polygon(self) -> shapely.Polygon:
        """The region as a polygon, from the tiling's origin."""
        (outer, _), *holes = self.rings
        return shapely.Polygon(outer, [points for points, _ in holes])


def ring_area(points: list[Point]) -> float:
    """Signed area of a ring, counter-clockwise positive.

    >>> ring_area([(0, 0), (2, 0), (2, 1), (0, 1)])
    2.0
    """
    x0, y0 = points[0]
    total = 0.0
    px = py = 0.0
    for x, y in points[1:]:
        qx, qy = x - x0, y - y0
        total += px * qy - qx * py
        px, py = qx, qy
    return total / 2


def perimeter(points: list[Point]) -> float:
    """Length of a ring.

    >>> perimeter([(0, 0), (2, 0), (2, 1), (0, 1)])
    6.0
    """
    return sum(map(math.dist, points, points[1:])) + math.dist(points[-1], points[0])


def compactness(area: float, length: float) -> float:
    """Polsby-Popper: 4πA/P², 1 for a circle, 0.785 for a square."""
    return 4 * math.pi * area / (length * length) if length else 0.0


@dataclass(slots=True)
class Sheet:
    """Closed rings, end to end: points and the lines of the edges that leave them, the ring of each point, and the
    region of each ring."""

    xy: np.ndarray
    lines: np.ndarray
    ring_of: np.ndarray
    owner: np.ndarray

    def polygons(self, origin: np.ndarray) -> list[shapely.Polygon]:
        """One polygon a region, `origin` added back."""
        return _polygons(shapely.linearrings(self.xy + origin, indices=self.ring_of), self.owner)

    def regions(self) -> list[Region]:
        """The sheet as regions again."""
        points = list(map(tuple, self.xy.tolist()))
        lines = self.lines.tolist()
        stops = np.cumsum(np.bincount(self.ring_of)).tolist()
        made: list[Region] = [Region([], 0.0) for _ in range(int(self.owner[-1]) + 1)]
        for start, stop, owner in zip([0, *stops], stops, self.owner.tolist()):
            made[owner].rings.append((points[start:stop], lines[start:stop]))
            made[owner].area += ring_area(points[start:stop])
        return made

    def areas(self) -> np.ndarray:
        """Per region its area."""
        x, y = (self.xy - self.xy[0]).T
        after = following_points(self.ring_of)
        return np.bincount(self.owner[self.ring_of], (x * y[after] - x[after] * y) / 2)

    def border(self, among: set[int] | None = None) -> np.ndarray:
        """Per region the length of its border, or of its border on some lines."""
        step = self.xy[following_points(self.ring_of)] - self.xy
        size = np.sqrt((step * step).sum(axis=1))
        if among is not None:
            counted = np.zeros(int(self.lines.max()) + 1, bool)
            counted[[line for line in among if line < len(counted)]] = True
            size[~counted[self.lines]] = 0.0
        return np.bincount(self.owner[self.ring_of], size)


def following_points(ring_of: np.ndarray) -> np.ndarray:
    """For each point of closed rings laid end to end, the index of the next one."""
    ends = np.cumsum(np.bincount(ring_of))
    after = np.arange(1, len(ring_of) + 1)
    after[ends - 1] = np.concatenate([[0], ends[:-1]])
    return after


def sheet_of(regions: list[Region]) -> Sheet:
    """Regions that already share all points, as a sheet."""
    rings = [ring for region in regions for ring in region.rings]
    counts = np.array([len(points) for points, _ in rings])
    lines = np.fromiter(chain.from_iterable(edges for _, edges in rings), np.int64, int(counts.sum()))
    owner = np.repeat(np.arange(len(regions)), [len(region.rings) for region in regions])
    return Sheet(_flat(rings, counts), lines, np.repeat(np.arange(len(rings)), counts), owner)


class Tiling:
    """The lines of one piece of ground, the points that cuts have put on them, and which lines give access."""

    def __init__(self, ground: shapely.Polygon, access: shapely.Geometry | None = None) -> None:
        self.origin = _origin(ground)
        self.marks: dict[int, list[Point]] = {}
        self.lines = 0
        ground = shapely.orient_polygons(ground)
        near = None if access is None else shapely.transform(shapely.buffer(access, NEAR_M), lambda xy: xy - self.origin)
        rings = [self._ring(ground.exterior, near)]
        # Lines of the ground's edge or beside a road or lane: a piece with border on them can be reached.
        self.access = set(range(self.lines)) if near is None else set()
        rings += [self._ring(hole, near) for hole in ground.interiors]
        if near is not None:
            self.access = {line for points, lines in rings for line in _lines_within(points, lines, near)}
        corners = [point for points, _ in rings for point in points]
        # Holes may touch each other and the edge: cuts can then leave parts that hang together by a point.
        self.touching = len(set(corners)) < len(corners)
        self.ground = Region(rings, math.fsum(ring_area(points) for points, _ in rings))

    def _ring(self, ring: shapely.LinearRing, near: shapely.Geometry | None) -> Ring:
        coords = shapely.get_coordinates(ring)[:-1] - self.origin
        if near is not None:
            coords = _with_ends(coords, near)
        points: list[Point] = []
        for point in map(tuple, coords.tolist()):
            if not points or point != points[-1]:
                points.append(point)
        while len(points) > 1 and points[0] == points[-1]:
            points.pop()
        edges = list(range(self.lines, self.lines + len(points)))
        self.lines += len(points)
        return points, edges

    def line(self) -> int:
        """A number for a new line."""
        self.lines += 1
        return self.lines - 1

    def mark(self, placed: list[tuple[int, Point]]) -> None:
        """Remember points put on lines, for the neighbours on the other side."""
        marks = self.marks
        for line, point in placed:
            if line in marks:
                marks[line].append(point)
            else:
                marks[line] = [point]

    def close(self, regions: list[Region]) -> Sheet:
        """Put every point of a shared line into both neighbours."""
        sheet = sheet_of(regions)
        marked, marked_lines = self._marked()
        xy, marked = _merged(sheet.xy, marked, marked_lines)
        return Sheet(*self._with_marks(xy, sheet.lines, sheet.ring_of, marked, marked_lines), sheet.owner)

    def _marked(self) -> tuple[np.ndarray, np.ndarray]:
        lines = np.fromiter(chain.from_iterable([k] * len(v) for k, v in self.marks.items()), np.int64)
        points = np.fromiter(chain.from_iterable(chain.from_iterable(self.marks.values())), float).reshape(-1, 2)
        return points, lines

    def _with_marks(self, xy, lines, ring_of, marked, marked_lines):
        if not len(marked):
            return xy, lines, ring_of
        goal = xy[following_points(ring_of)]
        dx = np.bincount(lines, np.abs(goal[:, 0] - xy[:, 0]), self.lines)
        dy = np.bincount(lines, np.abs(goal[:, 1] - xy[:, 1]), self.lines)
        steep = dy > dx
        value = np.where(steep[marked_lines], marked[:, 1], marked[:, 0])
        touched = np.zeros(self.lines, bool)
        touched[marked_lines] = True
        which = np.flatnonzero(touched[lines])
        side = steep[lines[which]].astype(np.int64)
        start, stop = xy[which, side], goal[which, side]
        low, high = np.minimum(start, stop), np.maximum(start, stop)
        m, n = len(marked), len(which)
        # One sort ranks marks among edge ends: an end's low value counts marks up to it, its high value those before it.
        kind = np.repeat([1, 2, 0], [m, n, n])
        order = np.lexsort((kind, np.concatenate([value, low, high]), np.concatenate([marked_lines, lines[which], lines[which]])))
        is_mark = order < m
        rank = np.empty(m + 2 * n, np.int64)
        rank[order] = np.cumsum(is_mark)
        first, last = rank[m : m + n], rank[m + n :]
        by_value = order[is_mark]
        extra = np.maximum(last - first, 0)
        total = int(extra.sum())
        if not total:
            return xy, lines, ring_of
        offset = np.arange(total) - np.repeat(np.cumsum(extra) - extra, extra)
        backwards = np.repeat(start > stop, extra)
        pick = np.where(backwards, np.repeat(last, extra) - 1 - offset, np.repeat(first, extra) + offset)
        at = np.repeat(which, extra)
        keys = np.concatenate([np.arange(len(xy)), at])
        position = np.lexsort((np.concatenate([np.zeros(len(xy), np.int64), offset + 1]), keys))
        xy = np.concatenate([xy, marked[by_value[pick]]])[position]
        ring_of = np.concatenate([ring_of, ring_of[at]])[position]
        lines = np.concatenate([lines, lines[at]])[position]
        keep = np.ones(len(xy), bool)
        keep[1:] = (ring_of[1:] != ring_of[:-1]) | (xy[1:] != xy[:-1]).any(axis=1)
        # Of two equal points the later one goes, and the edge before it has no length: its line goes with it.
        drop = np.flatnonzero(~keep)
        lines[drop - 1] = lines[drop]
        return xy[keep], lines[keep], ring_of[keep]


def _lines_within(points: list[Point], lines: list[int], near: shapely.Geometry) -> list[int]:
    here = np.array(points)
    middle = (here + np.roll(here, -1, axis=0)) / 2
    shapely.prepare(near)
    return [line for line, inside in zip(lines, shapely.contains_xy(near, middle).tolist()) if inside]


def _with_ends(coords: np.ndarray, near: shapely.Geometry) -> np.ndarray:
    """The ring with a corner wherever it comes near an access or leaves it: each edge is near or not as a whole."""
    ring = shapely.linearrings(coords)
    ends = shapely.get_coordinates(shapely.intersection(ring, shapely.boundary(near)))
    if not len(ends):
        return coords
    ends = np.floor(ends * GRID + 0.5) / GRID
    step = np.diff(np.vstack([coords, coords[:1]]), axis=0)
    reached = np.concatenate([[0.0], np.cumsum(np.sqrt((step * step).sum(axis=1)))])[:-1]
    at = np.concatenate([reached, shapely.line_locate_point(ring, shapely.points(ends))])
    return np.vstack([coords, ends])[np.argsort(at, kind="stable")]


def _origin(ground: shapely.Polygon) -> np.ndarray:
    # Subtracting a whole number no larger than the coordinates is exact, and so is adding it back.
    low_x, low_y, high_x, high_y = ground.bounds
    return np.array([_anchor(low_x, high_x), _anchor(low_y, high_y)])


def _anchor(low: float, high: float) -> float:
    if low > 0 and high <= 2 * low:
        return float(math.floor(low))
    if high < 0 and low >= 2 * high:
        return float(math.ceil(high))
    return 0.0


def _merged(xy, marked, lines):
    """Cuts that meet a line from both sides within a micrometre meet it in one point: one stands for the other."""
    order = np.lexsort((marked[:, 1], marked[:, 0], lines))
    near = np.zeros(len(order), bool)
    step = np.abs(marked[order[1:]] - marked[order[:-1]]).max(axis=1, initial=0.0)
    near[1:] = (lines[order[1:]] == lines[order[:-1]]) & (step < 1e-6)
    if not near.any():
        return xy, marked
    z = marked[:, 0] + 1j * marked[:, 1]
    stands = order[np.maximum.accumulate(np.where(near, 0, np.arange(len(order))))]
    old, first = np.unique(z[order[near]], return_index=True)
    new = marked[stands[near][first]]

    def moved(points):
        at = np.minimum(np.searchsorted(old, key := points[:, 0] + 1j * points[:, 1]), len(old) - 1)
        return np.where((old[at] == key)[:, None], new[at], points)

    return moved(xy), moved(marked)


def _flat(rings: list[Ring], counts: np.ndarray) -> np.ndarray:
    values = chain.from_iterable(chain.from_iterable(points for points, _ in rings))
    return np.fromiter(values, float, 2 * int(counts.sum())).reshape(-1, 2)


def _polygons(rings: np.ndarray, owner: np.ndarray) -> list[shapely.Polygon]:
    first = np.ones(len(owner), bool)
    first[1:] = owner[1:] != owner[:-1]
    polygons = shapely.polygons(rings[first])
    for index in np.unique(owner[~first]).tolist():
        mine = rings[owner == index]
        polygons[index] = shapely.polygons(mine[0], mine[1:])
    return list(polygons)
