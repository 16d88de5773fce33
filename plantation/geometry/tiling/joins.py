"""Join regions along the edges that they share point for point."""

from __future__ import annotations

from plantation.geometry.tiling.regions import Point, Region, ring_area


def joined(one: Region, two: Region) -> Region | None:
    """The union of two neighbours; None where it is not one connected region with simple rings."""
    edges: dict[tuple[Point, Point], int] = {}
    for region in (one, two):
        for points, lines in region.rings:
            for a, b, line in zip(points, points[1:] + points[:1], lines):
                edges[a, b] = line
    following: dict[Point, tuple[Point, int]] = {}
    for (a, b), line in edges.items():
        if (b, a) not in edges:
            if a in following:
                return None
            following[a] = (b, line)
    rings = []
    while following:
        start = at = next(iter(following))
        points, lines = [], []
        while at in following:
            points.append(at)
            at, line = following.pop(at)
            lines.append(line)
        if at != start:
            return None
        rings.append((points, lines))
    areas = [ring_area(points) for points, _ in rings]
    outer = [index for index, area in enumerate(areas) if area > 0]
    if len(outer) != 1:
        return None
    rings.insert(0, rings.pop(outer[0]))
    return Region(rings, sum(areas))


def insert_points(region: Region, placed: list[tuple[int, Point]]) -> Region:
    """The region with those of the placed points that lie on its edges taken up as corners."""
    rings = []
    for points, lines in region.rings:
        new_points: list[Point] = []
        new_lines: list[int] = []
        for a, b, line in zip(points, points[1:] + points[:1], lines):
            on = [p for at, p in placed if at == line and p != a and p != b and _between(a, p, b)]
            on.sort(key=lambda p: abs(p[0] - a[0]) + abs(p[1] - a[1]))
            new_points += [a, *on]
            new_lines += [line] * (1 + len(on))
        rings.append((new_points, new_lines))
    return Region(rings, region.area)


def _between(a: Point, p: Point, b: Point) -> bool:
    axis = 0 if abs(b[0] - a[0]) >= abs(b[1] - a[1]) else 1
    return min(a[axis], b[axis]) < p[axis] < max(a[axis], b[axis])
