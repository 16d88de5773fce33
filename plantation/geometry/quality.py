"""Divide by value instead of area: zones of land that is worth more or less than the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely

from plantation.geometry import tours
from plantation.geometry.bisection import Divider, estimate, turned
from plantation.geometry.cuts import split
from plantation.geometry.levels import Direction, below, heights
from plantation.geometry.regions import Region, Tiling, perimeter

Zone = tuple[shapely.Geometry, float]


def apart(zones: Sequence[Zone]) -> list[Zone]:
    """The zones without overlaps: where two overlap, the first one counts."""
    taken = shapely.Polygon()
    free = []
    for polygon, factor in zones:
        own = shapely.difference(polygon, taken)
        taken = shapely.union(taken, polygon)
        if own.area > 0:
            free.append((own, float(factor)))
    return free


def value_of(polygon: shapely.Geometry, zones: Sequence[Zone]) -> float:
    """∫ factor dA over a polygon; 1.0 outside the zones.

    >>> value_of(shapely.box(0, 0, 2, 1), [(shapely.box(0, 0, 1, 1), 0.5)])
    1.5
    """
    return polygon.area + math.fsum((factor - 1) * shapely.intersection(polygon, zone).area for zone, factor in zones)


class ValueDivider(Divider):
    """Sizes are values. Levels are found on the value below the line, which is exact: area plus what zones add."""

    def __init__(self, tiling: Tiling, sizes: Sequence[float], frame: Direction, zones: Sequence[Zone]) -> None:
        super().__init__(tiling, sizes, frame)
        self.zones = [(shapely.transform(zone, lambda xy: xy - tiling.origin), factor) for zone, factor in zones]

    def value(self, region: Region) -> float:
        return value_of(region.polygon(), self.zones)

    def bisect(self, region: Region, start: int, stop: int) -> tuple[Region, Region, int]:
        count = stop - start
        middle = self.half(start, stop) + start
        middles = [m for m in (middle, middle - 1, middle + 1, middle - 2, middle + 2) if start < m < stop]
        parts = self._parts_in(region)
        total = self.value(region)
        found = []
        for number, direction in enumerate(self._directions(region) + turned(self.frame)):
            if number >= 4 and found and found[0][0] > 0.6:
                break
            rings = heights(region, direction)
            valued = [(_heights(zone, direction), factor - 1) for zone, factor in parts]
            for m in middles if count < 9 else middles[:1]:
                target = total * (self.sums[m] - self.sums[start]) / (self.sums[stop] - self.sums[start])
                level = _level(rings, valued, target)
                side = split(self.tiling, region, direction, level)
                if side is not None and len(side.low) == len(side.high) == 1:
                    found.append((_score(side, m - start, count) - 0.02 * (number > 1), -len(found), side, m))
            found.sort(key=lambda one: one[:2], reverse=True)
        if not found:
            return self._valued_tour(region, start, middle, stop, total)
        _, _, side, m = found[0]
        self.tiling.mark(side.placed)
        return side.low[0], side.high[0], m

    def _parts_in(self, region: Region):
        whole = region.polygon()
        cut = [(shapely.intersection(whole, zone), factor) for zone, factor in self.zones]
        return [(part, factor) for part, factor in cut if part.area > 0]

    def _valued_tour(self, region, start, middle, stop, total):
        self.tours += 1
        target = total * (self.sums[middle] - self.sums[start]) / (self.sums[stop] - self.sums[start])
        low, high = tours.divide(self.tiling, region, target, self.zones and (lambda p: value_of(p, self.zones)))
        return low, high, middle


def _score(side, part: int, count: int) -> float:
    total = 0.0
    for region, pieces in ((side.low[0], part), (side.high[0], count - part)):
        border = sum(perimeter(points) for points, _ in region.rings)
        total += pieces * float(estimate(pieces, region.area, border))
    return total / count


def _level(rings, valued, target: float) -> float:
    low, high = min(rings[0][0]), max(rings[0][0])
    for _ in range(90):
        level = (low + high) / 2
        if not low < level < high:
            break
        value = below(rings, level)[0] + sum(extra * below(zone, level)[0] for zone, extra in valued)
        low, high = (level, high) if value < target else (low, level)
        if abs(value - target) < 1e-8:
            break
    return level


def _heights(zone: shapely.Geometry, direction: Direction):
    dx, dy = direction
    rings = []
    for part in shapely.get_parts(shapely.orient_polygons(zone)):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            xy = np.asarray(ring.coords)[:-1]
            rings.append(((xy[:, 0] * dx + xy[:, 1] * dy).tolist(), (xy[:, 1] * dx - xy[:, 0] * dy).tolist()))
    return rings
