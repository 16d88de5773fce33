"""Cut a region along a straight line, and know the connected regions that this leaves on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plantation.geometry.tiling.crossings import Crossing, crossings
from plantation.geometry.tiling.levels import Direction, heights
from plantation.geometry.tiling.regions import Point, Region, Ring, Tiling, ring_area


@dataclass(slots=True)
class Side:
    """What a cut leaves: the connected regions `low` and `high` of the line, and the points placed on lines."""

    low: list[Region]
    high: list[Region]
    placed: list[tuple[int, Point]]


def split(tiling: Tiling, region: Region, direction: Direction, level: float, rings=None) -> Side | None:
    """Cut along the whole line. Each side lists its connected regions. None where nothing is cut off."""
    if rings is None:
        rings = heights(region, direction)
    found = crossings(region, rings, level)
    if not found or len(found) % 2:
        return None
    if len(found) == 2 and found[0].ring == found[1].ring == 0:
        side = _split_once(tiling, region, rings, level, found)
    else:
        chords = [(found[i], found[i + 1]) for i in range(0, len(found), 2)]
        side = split_along(tiling, region, chords, rings, level)
    if side is not None and tiling.touching:
        side.low = [part for one in side.low for part in untied(one)]
        side.high = [part for one in side.high for part in untied(one)]
        # A chain of holes from edge to edge hangs together by points alone: not a region.
        if not all(part.polygon().is_valid for part in side.low + side.high):
            return None
    return side


def split_whole(tiling: Tiling, region: Region, direction: Direction, level: float, rings=None) -> Side | None:
    """The same where each side is one connected region; None where it is not."""
    side = split(tiling, region, direction, level, rings)
    return side if side is not None and len(side.low) == len(side.high) == 1 else None


def untied(region: Region) -> list[Region]:
    """A region whose outer ring meets itself in points, as rings that do not: parts that only touch come apart, and
    what the ring goes round is a hole.

    >>> ring = [(0, 0), (2, 0), (2, 2), (1, 1), (2, 3), (0, 3), (1, 1)]
    >>> [part.area for part in untied(Region([(ring, list(range(7)))], 3.0))]
    [2.0, 2.0]
    """
    points, edges = region.rings[0]
    if len(set(points)) == len(points):
        return [region]
    loops: list[Ring] = []
    open_points: list[Point] = []
    open_edges: list[int] = []
    places: dict[Point, int] = {}
    for point, edge in zip(points, edges):
        if (at := places.get(point)) is not None:
            for left in open_points[at:]:
                del places[left]
            loops.append((open_points[at:], open_edges[at:]))
            del open_points[at:], open_edges[at:]
        places[point] = len(open_points)
        open_points.append(point)
        open_edges.append(edge)
    loops.append((open_points, open_edges))
    outers = [([loop], True) for loop in loops if ring_area(loop[0]) > 0]
    for hole in [loop for loop in loops if ring_area(loop[0]) < 0] + region.rings[1:]:
        home = _home(hole, outers)
        if home is not None:
            home.append(hole)
    return [_region(own) for own, _ in outers]


def _split_once(tiling, region, rings, level, found) -> Side | None:
    up, down = found if found[0].up else (found[1], found[0])
    points, edges = region.rings[0]
    cut = tiling.line()
    low = _run(points, edges, down, up, cut)
    high = _run(points, edges, up, down, cut)
    if len(low[0]) < 3 or len(high[0]) < 3:
        return None
    low_rings, high_rings = [low], [high]
    for hole, (s, _) in zip(region.rings[1:], rings[1:]):
        (low_rings if s[0] < level else high_rings).append(hole)
    placed = [(one.on, one.point) for one in found if one.on >= 0]
    return Side([_region(low_rings)], [_region(high_rings)], placed)


def _run(points, edges, first: Crossing, last: Crossing, cut: int) -> Ring:
    start, stop = first.index + 1, last.index + 1
    if first.index < last.index:
        middle, lines = points[start:stop], edges[start:stop]
    else:
        middle, lines = points[start:] + points[:stop], edges[start:] + edges[:stop]
    ring = ([first.point, *middle, last.point], [edges[first.index], *lines, cut])
    return ring if first.on >= 0 and last.on >= 0 else _tidy(ring)


def _tidy(ring: Ring) -> Ring:
    points, edges = ring
    keep = [i for i in range(len(points)) if points[i] != points[(i + 1) % len(points)]]
    return [points[i] for i in keep], [edges[i] for i in keep]


def _region(rings: list[Ring]) -> Region:
    return Region(rings, sum(ring_area(points) for points, _ in rings))


def split_along(tiling: Tiling, region: Region, chords: Sequence[tuple[Crossing, Crossing]], rings, level: float) -> Side | None:
    """Cut along some chords of a line only; each chord joins an upward and a downward crossing."""
    if any(a.up == b.up for a, b in chords):
        return None
    loops = _loops(tiling, region, chords)
    touched = {one.ring for chord in chords for one in chord}
    loops += [(ring, rings[number][0][0] < level) for number, ring in enumerate(region.rings) if number not in touched]
    outers, holes = [], []
    for ring, is_low in loops:
        area = ring_area(ring[0]) if len(ring[0]) > 2 else 0.0
        if area > 0:
            outers.append(([ring], is_low))
        elif area < 0:
            holes.append(ring)
    for hole in holes:
        home = _home(hole, outers)
        if home is None:
            return None
        home.append(hole)
    placed = [(one.on, one.point) for chord in chords for one in chord if one.on >= 0]
    made = [(_region(own), is_low) for own, is_low in outers]
    return Side([one for one, is_low in made if is_low], [one for one, is_low in made if not is_low], placed)


def _loops(tiling, region, chords) -> list[tuple[Ring, bool]]:
    lines = {}
    partner = {}
    by_ring: dict[int, list[Crossing]] = {}
    for a, b in chords:
        lines[id(a)] = lines[id(b)] = tiling.line()
        partner[id(a)], partner[id(b)] = b, a
        for one in (a, b):
            by_ring.setdefault(one.ring, []).append(one)
    chunks = {}
    for number, nodes in by_ring.items():
        nodes.sort(key=lambda one: one.index)
        points, edges = region.rings[number]
        for first, last in zip(nodes, nodes[1:] + nodes[:1]):
            chunks[id(first)] = (first, last, points, edges)
    loops = []
    while chunks:
        start = next(iter(chunks))
        points, edges, at = [], [], start
        while at in chunks:
            first, last, ring_points, ring_edges = chunks.pop(at)
            run_points, run_edges = _whole_run(ring_points, ring_edges, first, last, lines[id(last)])
            points += run_points
            edges += run_edges
            at = id(partner[id(last)])
        loops.append((_tidy((points, edges)), not first.up))
    return loops


def _whole_run(points, edges, first, last, cut) -> Ring:
    start, stop = first.index + 1, last.index + 1
    if first is last:
        middle, lines = points[start:] + points[:stop], edges[start:] + edges[:stop]
    elif start <= stop:
        middle, lines = points[start:stop], edges[start:stop]
    else:
        middle, lines = points[start:] + points[:stop], edges[start:] + edges[:stop]
    return [first.point, *middle, last.point], [edges[first.index], *lines, cut]


def _home(hole: Ring, outers) -> list[Ring] | None:
    if len(outers) == 1:
        return outers[0][0]
    for own, _ in outers:
        if contains(own[0][0], hole[0][0]):
            return own
    # The first point may lie on a border: ask for the others.
    for own, _ in outers:
        if any(contains(own[0][0], point) for point in hole[0]):
            return own
    return None


def contains(points: list[Point], place: Point) -> bool:
    """Whether `place` lies inside the ring (even-odd).

    >>> contains([(0, 0), (2, 0), (2, 2)], (1.5, 1)), contains([(0, 0), (2, 0), (2, 2)], (0.5, 1))
    (True, False)
    """
    x, y = place
    inside = False
    x0, y0 = points[-1]
    for x1, y1 in points:
        if (y0 > y) != (y1 > y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0):
            inside = not inside
        x0, y0 = x1, y1
    return inside
