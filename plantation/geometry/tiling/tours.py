"""A division that always exists: walk once around the inside of a triangulated region, with the wall at the right hand.

The walk passes every part of the region once and comes back to where it began (a spanning tree of the triangles is
walked around), so any stretch of it is connected, and so is the rest. Stretches of exactly the wanted area are
everywhere; the one with the shortest border is taken. Ideas: a triangulation refined at its midpoints has a
Hamiltonian cycle; Hert and Lumelsky proved that such a division exists for every polygon.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import chain

import numpy as np
import shapely

from plantation.geometry.tiling.levels import level_where
from plantation.geometry.tiling.regions import GRID, Point, Region, Tiling, ring_area

Triangle = tuple[Point, Point, Point]
Values = Callable[[np.ndarray], np.ndarray]
STARTS = 192


def divide(tiling: Tiling, region: Region, target: float, values: Values | None = None) -> tuple[Region, Region]:
    """Two connected regions, the first with area `target`; or with that value, where `values` of polygons are counted."""
    strip = walk(region)
    sizes = _areas(strip)
    strip = [one for one, size in zip(strip, sizes.tolist()) if size]
    lines = {}
    for points, edges in region.rings:
        for a, b, line in zip(points, points[1:] + points[:1], edges):
            lines[_key(a, b)] = line
    worth = np.abs(sizes[sizes != 0]) if values is None else values(shapely.polygons(np.array(strip)))
    begin, end, part = _best_stretch(strip, worth, target)
    pivot, p, q = strip[end]
    if values is not None:
        part = _valued_part(strip[end], part * worth[end], values)
    x = _grid(p[0] + (q[0] - p[0]) * part, p[1] + (q[1] - p[1]) * part)
    inside = [strip[i % len(strip)] for i in range(begin, end if end >= begin else end + len(strip))]
    outside = [strip[i % len(strip)] for i in range(end + 1, begin + len(strip) if end >= begin else begin)]
    if x != p:
        inside.append((pivot, p, x))
    if x != q:
        outside.append((pivot, x, q))
    on = lines.get(_key(p, q))
    if x not in (p, q):
        inside = _with_point(inside, p, q, x)
        outside = _with_point(outside, p, q, x)
        if on is not None:
            tiling.mark([(on, x)])
            lines[_key(p, x)] = lines[_key(x, q)] = on
    return _joined(tiling, inside, lines), _joined(tiling, outside, lines)


def walk(region: Region) -> list[Triangle]:
    """Triangles (pivot, from, to) that tile the region, in the order of the walk; each shares an edge with the next."""
    triangles = _triangles(region)
    owner = {}
    for number, (a, b, c) in enumerate(triangles):
        for edge in ((a, b), (b, c), (c, a)):
            owner[edge] = number
    gates = _tree(triangles, owner)
    strip: list[Triangle] = []
    if not gates:
        a, b, c = triangles[0]
        return [(a, b, c)]
    at = entry = min(gates)
    while True:
        at = _pass(triangles[owner[at]], at, gates, strip)
        if at == entry:
            return strip


def _pass(triangle, entry, gates, strip):
    """Walk through one triangle from the gate `entry`; add what is passed; return the next gate as its owner sees it."""
    i = triangle.index(entry[0])
    a, b, c = triangle[i], triangle[(i + 1) % 3], triangle[(i + 2) % 3]
    middle = _middle(a, b)
    after, last = (b, c) in gates, (c, a) in gates
    if after:
        goal = _middle(b, c)
        if last:
            centre = _grid((a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3)
            strip += [(b, middle, centre), (b, centre, goal)]
        else:
            strip.append((b, middle, goal))
        return (c, b)
    if last:
        goal = _middle(c, a)
        # The quadrangle's diagonal runs between the same two points from whichever end it is walked.
        strip += [(middle, b, c), (c, middle, goal)]
        return (a, c)
    strip += [(middle, b, c), (middle, c, a)]
    return (b, a)


def _triangles(region: Region) -> list[Triangle]:
    outer, *holes = [points for points, _ in region.rings]
    made = shapely.constrained_delaunay_triangles(shapely.Polygon(outer, holes))
    coords = shapely.get_coordinates(shapely.orient_polygons(shapely.get_parts(made))).reshape(-1, 4, 2).tolist()
    return [tuple(map(tuple, one[:3])) for one in coords]


def _tree(triangles, owner) -> set[tuple[Point, Point]]:
    """The gates: diagonals of a spanning tree with the widest ones first, in both directions."""
    shared = [edge for edge in owner if edge[::-1] in owner and edge < edge[::-1]]
    shared.sort(key=lambda edge: (-math.dist(*edge), edge))
    root = list(range(len(triangles)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    gates = set()
    for edge in shared:
        one, two = find(owner[edge]), find(owner[edge[::-1]])
        if one != two:
            root[one] = two
            gates |= {edge, edge[::-1]}
    return gates


def _valued_part(corners: Triangle, target: float, values: Values) -> float:
    pivot, p, q = np.array(corners)
    return level_where(lambda part: float(values(shapely.polygons([[pivot, p, p + (q - p) * part]]))[0]) - target, 0.0, 1.0, 1e-9)


def _best_stretch(strip, areas, target) -> tuple[int, int, float]:
    """Where the stretch begins, the triangle in which it ends, and the part of that triangle's far side it takes."""
    size = len(strip)
    sums = np.concatenate([[0.0], np.cumsum(np.concatenate([areas, areas]))])
    begins = np.unique(np.linspace(0, size - 1, min(size, STARTS)).astype(np.int64))
    goals = sums[begins] + target
    ends = np.clip(np.searchsorted(sums, goals, side="right") - 1, begins, begins + size - 1)
    parts = np.clip((goals - sums[ends]) / areas[ends % size], 0.0, 1.0)
    owner: dict = {}
    pairs = []
    for number, (a, b, c) in enumerate(strip):
        for edge in (_key(a, b), _key(b, c), _key(c, a)):
            if edge in owner:
                pairs.append((owner[edge], number, math.dist(*edge)))
            owner[edge] = number
    one, two, length = (np.array(column) for column in zip(*pairs)) if pairs else (np.zeros(0, int),) * 3
    cost = np.empty(len(begins))
    inside = np.empty(size, bool)
    for i, (begin, end) in enumerate(zip(begins.tolist(), ends.tolist())):
        inside[:] = False
        inside[begin:end] = inside[: max(0, end - size)] = True
        cost[i] = length[inside[one] != inside[two]].sum()
    best = int(np.argmin(np.round(cost, 6)))
    return int(begins[best]), int(ends[best] % size), float(parts[best])


def _with_point(triangles, p, q, x):
    """The triangles with `x` put on their edge p-q, as a further corner."""
    added = []
    for corners in triangles:
        for i in range(len(corners)):
            if _key(corners[i - 1], corners[i]) == _key(p, q):
                corners = (*corners[:i], x, *corners[i:])
                break
        added.append(corners)
    return added


def _joined(tiling: Tiling, parts, lines) -> Region:
    corners = np.array(list(chain.from_iterable(parts)))
    rings = shapely.linearrings(corners, indices=np.arange(len(parts)).repeat([len(one) for one in parts]))
    joined = shapely.coverage_union_all(shapely.polygons(rings))
    joined = shapely.orient_polygons(joined)
    rings = []
    for ring in (joined.exterior, *joined.interiors):
        points = list(map(tuple, shapely.get_coordinates(ring)[:-1].tolist()))
        edges = []
        for edge in zip(points, points[1:] + points[:1]):
            key = _key(*edge)
            if key not in lines:
                lines[key] = tiling.line()
            edges.append(lines[key])
        rings.append((points, edges))
    return Region(rings, sum(ring_area(points) for points, _ in rings))


def _key(a: Point, b: Point) -> tuple[Point, Point]:
    return (a, b) if a < b else (b, a)


def _grid(x: float, y: float) -> Point:
    return math.floor(x * GRID + 0.5) / GRID, math.floor(y * GRID + 0.5) / GRID


def _middle(a: Point, b: Point) -> Point:
    return _grid((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def _areas(triangles: list[Triangle]) -> np.ndarray:
    a, b, c = np.array(triangles).transpose(1, 2, 0)
    b, c = b - a, c - a
    return (b[0] * c[1] - c[0] * b[1]) / 2
