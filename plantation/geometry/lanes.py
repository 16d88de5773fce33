"""Lay lanes and the pieces that they serve together: a cut that is a lane takes its width from both sides alike.

Lanes further down take land too, more on one side than on the other, and how much is known only when they lie. So the
plan is laid several times: each time every cut allows for the lanes of the time before, until the areas are exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from plantation.geometry.bisection import Divider
from plantation.geometry.cuts import split
from plantation.geometry.levels import Direction, below, heights, level_of
from plantation.geometry.regions import Region, Tiling

# A block is at most this many pieces deep between its lanes: two, back to back.
DEEP = 2.4
ROUNDS = 40
# An area is exact when it is this close, in m² and as a part of itself.
EXACT_M2, EXACT_PART = 0.001, 2e-7
# A rest of less than this part is none.
SPARE = 1e-6


class LaneDivider(Divider):
    """Cuts deep regions by lanes until each block is two pieces deep. Sizes are shares of what the lanes leave.

    `before` is the divider of the round before: where its lanes lay, and how much land they took.
    """

    def __init__(self, tiling: Tiling, sizes: Sequence[float], frame: Direction, width_m: float, before: LaneDivider | None = None) -> None:
        super().__init__(tiling, sizes, frame)
        self.width_m = width_m
        self.lanes: list[Region] = []
        self.ranges: list[tuple[int, int]] = []
        self.chosen: dict[tuple[int, int], tuple[Direction, int] | None] = {}
        self.plain: dict[tuple[int, int], tuple[Direction, int] | None] = {}
        self.last: tuple[Direction, int] | None = None
        same = before is not None and len(before.sizes) == len(self.sizes)
        self.settled = before.chosen if same else {}
        self.same_plain = before.plain if same else {}
        self.taken = before.lanes_within if same else (lambda start, stop: 0.0)

    def lanes_within(self, start: int, stop: int) -> float:
        """Square metres of lanes laid among the pieces from `start` to before `stop`."""
        return math.fsum(lane.area for lane, (a, b) in zip(self.lanes, self.ranges) if start <= a and b <= stop)

    def _target(self, region, start, middle, stop) -> float:
        low, high = self.taken(start, middle), self.taken(middle, stop)
        share = (self.sums[middle] - self.sums[start]) / (self.sums[stop] - self.sums[start])
        return low + (region.area - low - high) * share

    def bisect(self, region: Region, start: int, stop: int) -> tuple[Region, Region, int]:
        cut = self._lane(region, start, stop) or self._as_before(region, start, stop)
        if cut is None:
            self.last = None
            cut = super().bisect(region, start, stop)
        self.plain[start, stop] = self.last
        return cut

    def _as_before(self, region, start, stop):
        # With other lanes further down, another cut would start the search for exact areas all over again.
        self.last = self.same_plain.get((start, stop)) if self.taken(start, stop) else None
        if self.last is None:
            return None
        direction, middle = self.last
        rings = heights(region, direction)
        level = level_of(rings, self._target(region, start, middle, stop), region.area)
        return self._take(region, direction, level, middle, rings)

    def _take(self, region, direction, level, middle, rings=None, counts=None):
        cut = super()._take(region, direction, level, middle, rings, counts)
        if cut is not None:
            self.last = (direction, middle)
        return cut

    def _lane(self, region, start, stop):
        if (start, stop) in self.settled:
            settled = self.settled[start, stop]
            if settled is None:
                self.chosen[start, stop] = None
                return None
            cut = self._strip(region, start, settled[1], stop, settled[0])
            if cut is not None:
                return cut
        each = math.sqrt(region.area / (stop - start))
        for direction in (self.across, self.frame):
            s, _ = heights(region, direction)[0]
            columns = (max(s) - min(s)) / each
            if columns <= DEEP or stop - start <= 3:
                break
            cut = self._searched_lane(region, start, stop, direction, max(2, round(columns / 2)))
            if cut is not None:
                return cut
        self.chosen[start, stop] = None
        return None

    def _searched_lane(self, region, start, stop, direction, doubles):
        """A lane after a whole number of double columns, as near the middle as the shape allows."""
        rings = heights(region, direction)
        s, _ = rings[0]
        low, high = min(s), max(s)
        for part in sorted(range(1, doubles), key=lambda i: (abs(2 * i - doubles), i)):
            area, _ = below(rings, low + (high - low) * part / doubles)
            goal = self.sums[start] + area / region.area * (self.sums[stop] - self.sums[start])
            nearest = min(range(start + 1, stop), key=lambda i: (abs(self.sums[i] - goal), i))
            for middle in (nearest, nearest + 1, nearest - 1):
                cut = self._strip(region, start, middle, stop, direction) if start < middle < stop else None
                if cut is not None:
                    return cut
        return None

    def _strip(self, region, start, middle, stop, direction):
        rings = heights(region, direction)
        share = (self.sums[middle] - self.sums[start]) / (self.sums[stop] - self.sums[start])
        spare_low, spare_high = self.taken(start, middle), self.taken(middle, stop)
        half = self.width_m / 2
        low, high = min(rings[0][0]), max(rings[0][0])
        for _ in range(70):
            level = (low + high) / 2
            under = below(rings, level - half)[0] - spare_low
            over = region.area - below(rings, level + half)[0] - spare_high
            low, high = (level, high) if under * (1 - share) < over * share else (low, level)
        first = self._whole(region, direction, level - half)
        second = first and self._whole(first.high[0], direction, level + half)
        if not second:
            return None
        lane = second.low[0]
        # A lane leads to the ground's edge, or to a lane that does.
        if not any(line in self.tiling.access for _, lines in lane.rings for line in lines):
            return None
        self.tiling.mark(first.placed + second.placed)
        kept = {line for _, lines in region.rings for line in lines}
        self.tiling.access |= {line for _, lines in lane.rings for line in lines} - kept
        self.lanes.append(lane)
        self.ranges.append((start, stop))
        self.chosen[start, stop] = (direction, middle)
        return first.low[0], second.high[0], middle

    def _whole(self, region, direction, level):
        side = split(self.tiling, region, direction, level)
        return side if side is not None and len(side.low) == len(side.high) == 1 else None


Make = Callable[[Sequence[float], LaneDivider | None], tuple[list[Region], LaneDivider]]


def settle(make: Make, ground_m2: float, sizes: Sequence[float]) -> tuple[tuple[list[Region], LaneDivider] | None, float]:
    """Repeat `make(sizes, before)` until every piece is exact; what lanes and pieces leave is a last size, the rest.

    Returns what `make` made, or None where lanes leave too little, and the land that lanes take.
    """
    asked = math.fsum(sizes)
    full, lanes_m2 = spread(make, sizes)
    rest = ground_m2 - lanes_m2 - asked
    if full is None or rest < -SPARE * asked:
        return None, lanes_m2
    if rest <= SPARE * asked:
        return full, lanes_m2
    before = None
    for _ in range(ROUNDS):
        regions, before = make([*sizes, rest], before)
        lanes_m2 = math.fsum(lane.area for lane in before.lanes)
        rest = ground_m2 - lanes_m2 - asked
        if rest <= 0:
            break
        if all(abs(region.area - size) <= EXACT_M2 + EXACT_PART * size for region, size in zip(regions, sizes)):
            return (regions, before), lanes_m2
    return None, lanes_m2


def spread(make: Make, shares: Sequence[float]) -> tuple[tuple[list[Region], LaneDivider] | None, float]:
    """Repeat `make(shares, before)` until all regions are the same multiple of their shares."""
    before = None
    for _ in range(ROUNDS):
        regions, before = make(shares, before)
        lanes_m2 = math.fsum(lane.area for lane in before.lanes)
        if even(regions, shares) <= 1:
            return (regions, before), lanes_m2
    return None, lanes_m2


def even(regions: Sequence[Region], sizes: Sequence[float]) -> float:
    """How far the regions are from being the same multiple of their sizes: up to 1 is exact."""
    scale = math.fsum(region.area for region in regions[: len(sizes)]) / math.fsum(sizes)
    return max(abs(r.area - s * scale) / (EXACT_M2 + EXACT_PART * s * scale) for r, s in zip(regions, sizes))
