"""Lay lanes and the pieces that they serve together: a cut that is a lane takes its width from both sides alike.

Lanes further down take land too, more on one side than on the other, and how much is known only when they lie. So the
plan is laid several times: each time every cut allows for the lanes of the time before, until the areas are exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from plantation.geometry.tiling.bisection import Divider
from plantation.geometry.tiling.levels import Direction, below_of, enough, heights, level_where
from plantation.geometry.tiling.orders import shareable
from plantation.geometry.tiling.regions import Region, Tiling
from plantation.geometry.tiling.strips import StripDivider

# A block is at most this many pieces deep between its lanes: two, back to back.
DEEP = 2.4
ROUNDS = 40
# After so many rounds cuts stay where they have been before, and a lane that finds no room is given up: else two plans can
# take turns for ever.
FREE = 6
# An area is exact when it is this close, in m² and as a part of itself, and never further off than the last.
EXACT_M2, EXACT_PART, MOST_M2 = 0.001, 2e-7, 0.003
# Lanes are laid wider at most so many times, to at most so many times their width.
WIDENED, WIDEST = 8, 1.5


class LaneDivider(Divider):
    """Cuts deep regions by lanes until each block is two pieces deep. Sizes are shares of what the lanes leave.

    `before` is the divider of the round before: where its lanes lay, and how much land they took.
    """

    def __init__(
        self, tiling: Tiling, sizes: Sequence[float], frame: Direction, *, width_m: float, before: LaneDivider | None, **more: Any
    ) -> None:
        super().__init__(tiling, sizes, frame, **more)
        self.width_m = width_m
        self.lanes: list[Region] = []
        self.ranges: list[tuple[int, int]] = []
        self.measures: list[float] = []
        self.chosen: dict[tuple[int, int], tuple[Direction, int] | None] = {}
        self.plain: dict[tuple[int, int], tuple[Direction, int] | None] = {}
        self.last: tuple[Direction, int] | None = None
        same = before is not None and len(before.sizes) == len(self.sizes)
        self.rounds = before.rounds + 1 if same else 1
        self.settled = before.settled | before.chosen if same else {}
        self.same_plain = before.same_plain | before.plain if same else {}
        self.taken = before.lanes_within if same else (lambda start, stop: 0.0)

    def lanes_within(self, start: int, stop: int) -> float:
        """What the lanes laid among the pieces from `start` to before `stop` count for."""
        return math.fsum(measure for measure, (a, b) in zip(self.measures, self.ranges) if start <= a and b <= stop)

    def _target(self, region, start, middle, stop) -> float:
        low, high = self.taken(start, middle), self.taken(middle, stop)
        return low + (self.measure(region) - low - high) * self._share(start, middle, stop)

    def bisect(self, region: Region, start: int, stop: int) -> tuple[Region, Region, int]:
        lane = self._lane(region, start, stop)
        if lane is not None:
            return lane
        cut = self._as_before(region, start, stop)
        if cut is None:
            self.last = None
            cut = super().bisect(region, start, stop)
        self.plain[start, stop] = self.last
        return cut

    def _as_before(self, region, start, stop):
        # With other lanes further down, another cut would start the search for exact areas all over again.
        self.last = self.same_plain.get((start, stop)) if self.taken(start, stop) or self.rounds > FREE else None
        if self.last is None:
            return None
        direction, middle = self.last
        rings = heights(region, direction)
        level = self.level(region, direction, rings, self._target(region, start, middle, stop))
        return self._take(region, direction, level, middle, rings)

    def _take(self, region, direction, level, middle, rings=None, counts=None):
        cut = super()._take(region, direction, level, middle, rings, counts)
        if cut is not None:
            self.last = (direction, middle)
        return cut

    def _lane(self, region, start, stop):
        if not self.width_m:
            return None
        if (start, stop) in self.settled:
            settled = self.settled[start, stop]
            if settled is None:
                self.chosen[start, stop] = None
                return None
            rings = heights(region, settled[0])
            cut = self._strip(region, start, settled[1], stop, settled[0], rings, self.under(region, settled[0], rings))
            if cut is not None:
                return cut
            if self.rounds > FREE:
                self.chosen[start, stop] = None
                return None
        for direction, blocks in self._blocks(region, stop - start):
            cut = self._searched_lane(region, start, stop, direction, blocks)
            if cut is not None:
                return cut
        self.chosen[start, stop] = None
        return None

    def _blocks(self, region: Region, count: int) -> Iterator[tuple[Direction, int]]:
        """The directions in which a region of so many pieces needs lanes, and into how many blocks."""
        each = math.sqrt(region.area / count)
        for direction in (self.across, self.frame):
            columns = _extent(region, direction) / each
            if columns <= DEEP or count <= 3:
                return
            yield direction, max(2, round(columns / 2))

    def _searched_lane(self, region, start, stop, direction, blocks):
        """A lane after a whole number of blocks, as near the middle as the shape allows."""
        rings = heights(region, direction)
        s, _ = rings[0]
        low, high = min(s), max(s)
        area_below, under = below_of(rings), self.under(region, direction, rings)
        for part in sorted(range(1, blocks), key=lambda i: (abs(2 * i - blocks), i)):
            area, _ = area_below(low + (high - low) * part / blocks)
            goal = self.rank_sums[start] + area / region.area * (self.rank_sums[stop] - self.rank_sums[start])
            nearest = min(range(start + 1, stop), key=lambda i: (abs(self.rank_sums[i] - goal), i))
            for middle in (nearest, nearest + 1, nearest - 1):
                cut = self._strip(region, start, middle, stop, direction, rings, under) if start < middle < stop else None
                if cut is not None:
                    return cut
        return None

    def _strip(self, region, start, middle, stop, direction, rings, under_level):
        share, whole = self._share(start, middle, stop), self.measure(region)
        spare_low, spare_high = self.taken(start, middle), self.taken(middle, stop)
        half = self.width_m / 2

        def miss(level: float) -> float:
            under = under_level(level - half) - spare_low
            over = whole - under_level(level + half) - spare_high
            return under * (1 - share) - over * share

        level = level_where(miss, min(rings[0][0]), max(rings[0][0]), enough(whole))
        first = self._whole(region, direction, level - half, rings)
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
        self.measures.append(self.measure(lane))
        self.chosen[start, stop] = (direction, middle)
        return first.low[0], second.high[0], middle


def _extent(region: Region, direction: Direction) -> float:
    s, _ = heights(region, direction)[0]
    return max(s) - min(s)


class LanedStrips(LaneDivider, StripDivider):
    """Strips from lane to lane: lanes run across the rows where strips over their whole length would be too narrow."""

    def _blocks(self, region: Region, count: int) -> Iterator[tuple[Direction, int]]:
        blocks = math.ceil(self.least_m * count / _extent(region, self.across))
        if blocks > 1:
            yield self.frame, blocks


Laid = tuple[list[Region], LaneDivider]
Make = Callable[[Sequence[float], LaneDivider | None, float], Laid]


def settle(make: Make, whole: float, sizes: Sequence[float], width_m: float) -> tuple[Laid | None, float]:
    """Repeat `make(sizes, before, width)` until every piece is exact; what lanes and pieces leave of the `whole` is a last
    size, the rest.

    Where so little is left that no cut beside it settles, the lanes take it: they are laid that much wider. Returns what
    `make` made, or None where lanes leave too little, and what they take (as dividers measure).
    """
    asked = math.fsum(sizes)
    full, lanes = spread(make, sizes, width_m)
    rest = whole - lanes - asked
    if rest < -shareable(asked, sizes):
        return None, lanes
    if full is not None and rest <= shareable(asked, sizes):
        return full, lanes
    before = None
    for _ in range(ROUNDS):
        if rest <= 0:
            break
        regions, before = make([*sizes, rest], before, width_m)
        taken = math.fsum(before.measures)
        rest = whole - taken - asked
        if rest > 0 and all(abs(before.measure(region) - size) <= exact(size) for region, size in zip(regions, sizes)):
            return (regions, before), taken
    if lanes:
        return _with_wider_lanes(make, whole - asked, lanes, sizes, width_m, full and full[1]), lanes
    # Beside a rest lanes were laid that the pieces alone need not: without them it is a plain division.
    return make([*sizes, whole - asked], None, 0.0), lanes


def _with_wider_lanes(
    make: Make, spare: float, lanes: float, sizes: Sequence[float], width_m: float, before: LaneDivider | None
) -> Laid | None:
    """Lanes that take all of `spare`, where those of `width_m`, laid by `before`, take `lanes`."""
    wide = width_m
    for _ in range(WIDENED):
        if not 0 < spare < lanes * WIDEST < spare * WIDEST * WIDEST:
            return None
        wide *= spare / lanes
        full, lanes = spread(make, sizes, wide, before)
        if full is not None and abs(spare - lanes) <= shareable(math.fsum(sizes), sizes):
            return full
    return None


def spread(make: Make, shares: Sequence[float], width_m: float, before: LaneDivider | None = None) -> tuple[Laid | None, float]:
    """Repeat `make(shares, before, width)` until all regions are the same multiple of their shares; and what lanes take."""
    seen: list[tuple] = []
    for _ in range(ROUNDS):
        regions, before = make(shares, before, width_m)
        lanes = math.fsum(before.measures)
        if even([before.measure(region) for region in regions], shares) <= 1:
            return (regions, before), lanes
        # As two rounds ago and not as a round ago: from here on two plans take turns.
        seen.append((*before.ranges, *(round(measure, 3) for measure in before.measures)))
        if len(seen) > FREE and seen[-1] == seen[-3] != seen[-2]:
            break
    return None, lanes


def even(measures: Sequence[float], sizes: Sequence[float]) -> float:
    """How far what regions measure is from being the same multiple of their sizes: up to 1 is exact."""
    scale = math.fsum(measures[: len(sizes)]) / math.fsum(sizes)
    return max(abs(m - s * scale) / exact(s * scale) for m, s in zip(measures, sizes))


def exact(size: float) -> float:
    """How far a piece may be from its size."""
    return min(MOST_M2, EXACT_M2 + EXACT_PART * size)
