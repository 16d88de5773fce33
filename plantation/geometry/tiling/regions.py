"""Ground as rings of points whose edges carry the number of the line they lie on.

Two neighbours that share a cut share its number. A point that a later cut puts on that line is marked there once,
and every ring that runs along the line takes it up at the end: borders are identical by construction, without
comparing coordinates with a tolerance.
"""

from __future__ import annotations

import math

import numpy as np
import shapely

Point = tuple[float, float]
Ring = tuple[list[Point], list[int]]

# New points lie on a grid of 15 nm: the last bits, in which machines differ, are cut off; areas move by < 1e-5 m².
GRID = 2.0**26


# Border this close to a road lies on it: surveys of the same road differ by as much.
NEAR_M = 1.0
# Border on the edge or a lane by which a piece can be reached.
REACH_M = 3.0


# A hole this close to another ring touches it.
TOUCH_M = 1e-9


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
    return 4 * math.pi * area / (length * length)


class Numbers:
    """Numbers for lines, each given once."""

    def __init__(self) -> None:
        self.given = 0

    def take(self, count: int = 1) -> int:
        """The first of `count` new numbers."""
        self.given += count
        return self.given - count


class Tiling:
    """The lines of one piece of ground, the points that cuts have put on them, and which lines give access."""

    def __init__(self, ground: shapely.Polygon, access: shapely.Geometry | None = None, numbers: Numbers | None = None) -> None:
        self.origin = _origin(ground)
        self.marks: dict[int, list[Point]] = {}
        self.numbers = Numbers() if numbers is None else numbers
        ground = _with_contacts(shapely.orient_polygons(ground))
        # What is given as access, wherever it runs; `access` are lines of the ground's border beside it.
        self.ways = None if access is None else shapely.transform(access, lambda xy: xy - self.origin)
        near = None if self.ways is None else shapely.buffer(self.ways, NEAR_M)
        rings = [self._ring(ground.exterior, near)]
        # Lines of the ground's edge or beside a road or lane: a piece with border on them can be reached.
        self.access = set(rings[0][1]) if near is None else set()
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
        first = self.numbers.take(len(points))
        return points, list(range(first, first + len(points)))

    def reach_m(self, region: Region) -> float:
        """Metres of a region's border on the access lines."""
        total = 0.0
        for points, lines in region.rings:
            for index, line in enumerate(lines):
                if line in self.access:
                    total += math.dist(points[index], points[(index + 1) % len(points)])
        return total

    def leads_out(self, lane: Region) -> bool:
        """Whether a lane comes to an access line, or to a way inside."""
        if any(line in self.access for _, lines in lane.rings for line in lines):
            return True
        return self.ways is not None and bool(shapely.intersects(self.ways, lane.polygon()))

    def line(self) -> int:
        """A number for a new line."""
        return self.numbers.take()

    def mark(self, placed: list[tuple[int, Point]]) -> None:
        """Remember points put on lines, for the neighbours on the other side."""
        marks = self.marks
        for line, point in placed:
            if line in marks:
                marks[line].append(point)
            else:
                marks[line] = [point]


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
    return _with_points(coords, ring, np.floor(ends * GRID + 0.5) / GRID)


def _with_points(coords: np.ndarray, ring: shapely.LinearRing, points: np.ndarray) -> np.ndarray:
    step = np.diff(np.vstack([coords, coords[:1]]), axis=0)
    reached = np.concatenate([[0.0], np.cumsum(np.sqrt((step * step).sum(axis=1)))])[:-1]
    at = np.concatenate([reached, shapely.line_locate_point(ring, shapely.points(points))])
    return np.vstack([coords, points])[np.argsort(at, kind="stable")]


def _with_contacts(ground: shapely.Polygon) -> shapely.Polygon:
    """The ground with a corner on both rings wherever one ring touches another between its corners."""
    if not ground.interiors:
        return ground
    rings = [ground.exterior, *ground.interiors]
    corners = [shapely.get_coordinates(ring)[:-1] for ring in rings]
    made = []
    for number, ring in enumerate(rings):
        others = np.vstack(corners[:number] + corners[number + 1 :])
        low_x, low_y, high_x, high_y = ring.bounds
        near = (others >= [low_x - TOUCH_M, low_y - TOUCH_M]).all(axis=1) & (others <= [high_x + TOUCH_M, high_y + TOUCH_M]).all(axis=1)
        shapely.prepare(ring)
        others = others[near]
        others = others[shapely.dwithin(ring, shapely.points(others), TOUCH_M)]
        own = set(map(tuple, corners[number].tolist()))
        new = np.array([point for point in others.tolist() if tuple(point) not in own])
        made.append(_with_points(corners[number], ring, new) if len(new) else corners[number])
    return shapely.Polygon(made[0], made[1:])


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
