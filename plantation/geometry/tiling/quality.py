"""Divide by value instead of area: zones of land that is worth more or less than the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely

from plantation.geometry.tiling.bisection import FEW, Divider, turned
from plantation.geometry.tiling.cuts import Side
from plantation.geometry.tiling.estimates import estimate
from plantation.geometry.tiling.levels import Direction, Heights, below_of, heights, level_where
from plantation.geometry.tiling.regions import REACH_M, Region, Tiling, perimeter

Zone = tuple[shapely.Geometry, float]
# What a piece that cannot be reached weighs against compactness.
LANDLOCKED = 0.24


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
    return float(values_of(np.array([polygon], dtype=object), zones)[0])


def values_of(polygons: np.ndarray, zones: Sequence[Zone]) -> np.ndarray:
    """`value_of` each of many polygons."""
    values = shapely.area(polygons)
    for zone, factor in zones:
        values = values + (factor - 1) * shapely.area(shapely.intersection(polygons, zone))
    return values


class ValueDivider(Divider):
    """Sizes are values. Levels are found on the value below the line, which is exact: area plus what zones add."""

    def __init__(self, tiling: Tiling, sizes: Sequence[float], frame: Direction, *, zones: Sequence[Zone], **more: Any) -> None:
        super().__init__(tiling, sizes, frame, **more)
        self.zones = [(shapely.transform(zone, lambda xy: xy - tiling.origin), factor) for zone, factor in zones]
        self._parts: tuple[Region | None, list[Zone]] = (None, [])

    def values(self, polygons: np.ndarray) -> np.ndarray:
        return values_of(polygons, self.zones)

    def measure(self, region: Region) -> float:
        return value_of(region.polygon(), self.zones)

    def under(self, region: Region, direction: Direction, rings: Heights) -> Callable[[float], float]:
        valued = [(below_of(_heights(zone, direction)), factor - 1) for zone, factor in self._parts_in(region)]
        below = below_of(rings)
        return lambda level: below(level)[0] + sum(extra * zone(level)[0] for zone, extra in valued)

    def level(self, region: Region, direction: Direction, rings: Heights, target: float, guess: float | None = None) -> float:
        under = self.under(region, direction, rings)
        return level_where(lambda level: under(level) - target, min(rings[0][0]), max(rings[0][0]), 1e-8)

    def _target_m2(self, region, start, middle, stop) -> float:
        return region.area * self._share(start, middle, stop)

    def bisect(self, region: Region, start: int, stop: int) -> tuple[Region, Region, int]:
        count = stop - start
        middle = self.half(start, stop) + start
        middles = [m for m in (middle, middle - 1, middle + 1, middle - 2, middle + 2) if start < m < stop]
        targets = {m: self._target(region, start, m, stop) for m in middles}
        found = []
        for number, direction in enumerate(self._directions(region) + turned(self.frame)):
            if number >= 4 and found and found[0][0] > 0.6:
                break
            rings = heights(region, direction)
            for m in middles if count < 9 else middles[:1]:
                level = self.level(region, direction, rings, targets[m])
                side = self._whole(region, direction, level)
                if side is not None:
                    found.append((self._score(side, m - start, count) - 0.02 * (number > 1), -len(found), direction, level, m))
            found.sort(key=lambda one: one[:2], reverse=True)
        if not found:
            return self._toured(region, start, stop)
        _, _, direction, level, m = found[0]
        return self._take(region, direction, level, m)

    def _parts_in(self, region: Region) -> list[Zone]:
        """The zones' parts in a region; those of the last one are kept."""
        if self._parts[0] is not region:
            whole = region.polygon()
            cut = [(shapely.intersection(whole, zone), factor) for zone, factor in self.zones]
            self._parts = (region, [(part, factor) for part, factor in cut if part.area > 0])
        return self._parts[1]

    def _score(self, side: Side, part: int, count: int) -> float:
        """Compactness to expect of the pieces on both sides; of few pieces, less what it weighs if one is out of reach."""
        total = 0.0
        for region, pieces in ((side.low[0], part), (side.high[0], count - part)):
            border = sum(perimeter(points) for points, _ in region.rings)
            total += pieces * float(estimate(pieces, region.area, border))
            if count <= FEW and self.tiling.access and self.tiling.reach_m(region) < pieces * REACH_M:
                total -= LANDLOCKED
        return total / count


def _heights(zone: shapely.Geometry, direction: Direction) -> Heights:
    dx, dy = direction
    rings = []
    for part in shapely.get_parts(shapely.orient_polygons(zone)):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            xy = np.asarray(ring.coords)[:-1]
            rings.append(((xy[:, 0] * dx + xy[:, 1] * dy).tolist(), (xy[:, 1] * dx - xy[:, 0] * dy).tolist()))
    return rings
