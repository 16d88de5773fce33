"""Strips along the planting rows, cut between rows as far as exact areas allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plantation.geometry.tiling.bisection import Candidate, Divider
from plantation.geometry.tiling.joins import insert_points, joined
from plantation.geometry.tiling.levels import Direction, heights
from plantation.geometry.tiling.regions import Region, Tiling


class StripDivider(Divider):
    """Cuts run along `frame`, the rows. Where a strip would be narrower than `least_m`, rows are cut across first.

    With `spacing_m`, rows are taken to lie half a spacing, one and a half … from the ground's low edge. A cut then runs
    between two rows and steps over one row where that makes the area exact.
    """

    def __init__(
        self, tiling: Tiling, sizes: Sequence[float], frame: Direction, *, least_m: float, spacing_m: float | None, **more: Any
    ) -> None:
        super().__init__(tiling, sizes, frame, **more)
        self.least_m = max(least_m, 2 * (spacing_m or 0.0))
        self.spacing_m = spacing_m
        self.low_edge = min(heights(tiling.ground, self.across)[0][0])

    def bisect(self, region: Region, start: int, stop: int) -> tuple[Region, Region, int]:
        rings = heights(region, self.across)
        extent = max(rings[0][0]) - min(rings[0][0])
        if extent >= self.least_m * (stop - start):
            found = self._candidates(region, start, stop, [self.across])
            found.sort(key=lambda one: (one.crossings > 2 * len(region.rings), abs(2 * one.count - (stop - start)), one.count))
            for one in found[:16]:
                cut = self._along_rows(region, one, start, stop)
                if cut is not None:
                    return cut
        found = self._candidates(region, start, stop, [self.frame])
        found.sort(key=lambda one: (one.crossings > 2 * len(region.rings), abs(2 * one.count - (stop - start)), one.count))
        for one in found[:16]:
            cut = self.along(region, start, start + one.count, stop, one.direction, one.level)
            if cut is not None:
                return cut
        return super().bisect(region, start, stop)

    def _along_rows(self, region: Region, one: Candidate, start: int, stop: int):
        rings = heights(region, self.across)
        target = self._target(region, start, start + one.count, stop)
        level = self.level(region, self.across, rings, target, one.level)
        if self.spacing_m:
            stepped = self._stepped(region, rings, level, target)
            if stepped is not None:
                return *stepped, start + one.count
        return self._take(region, self.across, level, start + one.count, rings)

    def _stepped(self, region, rings, level, target):
        """Cut between rows, with one step over a row; None where the ground's shape has no place for it."""
        gap = (level - self.low_edge) // self.spacing_m
        low_level = self.low_edge + gap * self.spacing_m
        high_level = low_level + self.spacing_m
        need = target - self.under(region, self.across, rings)(low_level)
        first = self._whole(region, self.across, low_level)
        if first is None:
            return None
        if need < 1e-6 * target:
            self.tiling.mark(first.placed)
            return first.low[0], first.high[0]
        second = self._whole(first.high[0], self.across, high_level)
        if second is None:
            return None
        row = second.low[0]
        along = heights(row, self.frame)
        third = self._whole(row, self.frame, self.level(row, self.frame, along, need)) if 0 < need < self.measure(row) else None
        if third is None:
            return None
        # The step's ends lie on the cuts below and above the row; the parts there take them up before they are joined.
        parts = [insert_points(part, third.placed) for part in (first.low[0], second.high[0])]
        low = joined(parts[0], insert_points(third.low[0], second.placed))
        high = joined(parts[1], insert_points(third.high[0], first.placed))
        if low is None or high is None:
            return None
        self.tiling.mark(first.placed + second.placed + third.placed)
        return low, high
