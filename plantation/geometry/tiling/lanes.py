"""Lay lanes and the pieces that they serve together: a cut that is a lane takes its width from both sides alike.

Lanes further down take land too, more on one side than on the other, and how much is known only when they lie: `settling`
lays a plan several times, and each time every cut allows for the lanes of the time before.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

import shapely

from plantation.geometry.tiling.bisection import Divider
from plantation.geometry.tiling.levels import Direction, below_of, enough, heights, level_where
from plantation.geometry.tiling.regions import Region, Tiling
from plantation.geometry.tiling.strips import StripDivider

# A lane that is somewhere narrower than so much of its width is two.
PASSABLE = 0.9
# A block is at most this many pieces deep between its lanes: two, back to back.
DEEP = 2.4
# After so many rounds cuts stay where they have been before, and a lane that finds no room is given up: else two plans can
# take turns for ever. After more no other lane is begun.
FREE, LAST = 6, 12
# A cut that where it now lies would leave a side in parts is turned by as little as helps: (cos, sin) of 0°, ±1°, ±2°, ±4°, ±8°.
_SMALL = ((0.9998476951563913, 0.01745240643728351), (0.9993908270190958, 0.03489949670250097),
          (0.9975640502598242, 0.0697564737441253), (0.9902680687415704, 0.13917310096006544))  # fmt: skip
NEARLY = ((1.0, 0.0), *((c, sign * s) for c, s in _SMALL for sign in (1, -1)))


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
        # Spans whose cut is asked to be a lane, and those where lanes were given up.
        self.asked: set[tuple[int, int]] = set(before.asked) if same else set()
        self.given_up: set[tuple[int, int]] = set(before.given_up) if same else set()
        # Spans that no straight cut parts.
        self.toured: set[tuple[int, int]] = set(before.toured) if same else set()
        # From which line on lines are of which span's cut, and the lines on which each cut ends.
        self.first_lines: list[int] = []
        self.spans: list[tuple[int, int]] = []
        self.ends: dict[tuple[int, int], set[int]] = {}

    def lanes_within(self, start: int, stop: int) -> float:
        """What the lanes laid among the pieces from `start` to before `stop` count for."""
        return math.fsum(measure for measure, (a, b) in zip(self.measures, self.ranges) if start <= a and b <= stop)

    def _target(self, region, start, middle, stop) -> float:
        low, high = self.taken(start, middle), self.taken(middle, stop)
        return low + (self.measure(region) - low - high) * self._share(start, middle, stop)

    def ask(self, spans: set[tuple[int, int]]) -> None:
        """Let these cuts be lanes from the next round on; plans are free to change again."""
        self.asked |= spans
        self.rounds = 0

    def span_of(self, line: int) -> tuple[int, int] | None:
        """From which piece to before which other a cut parts that made a line; None for the ground's own."""
        place = bisect_right(self.first_lines, line)
        return self.spans[place - 1] if place else None

    def bisect(self, region: Region, start: int, stop: int) -> tuple[Region, Region, int]:
        first_line = self.tiling.numbers.given
        self.first_lines.append(first_line)
        self.spans.append((start, stop))
        lane = self._lane(region, start, stop)
        if lane is not None:
            return lane
        cut, tours = self._as_before(region, start, stop), self.tours
        if cut is None:
            self.last = None
            cut = super().bisect(region, start, stop)
        self.plain[start, stop] = self.last
        if self.tours > tours:
            self.toured.add((start, stop))
        self.ends[start, stop] = _ends(cut[0], first_line)
        return cut

    def _as_before(self, region, start, stop):
        # With other lanes further down, another cut would start the search for exact areas all over again.
        self.last = self.same_plain.get((start, stop)) if self.taken(start, stop) or self.rounds > FREE else None
        if self.last is None:
            return self._toured(region, start, stop) if self.rounds > FREE and (start, stop) in self.toured else None
        (x, y), middle = self.last
        for c, s in NEARLY:
            direction = (x * c - y * s, x * s + y * c)
            rings = heights(region, direction)
            level = self.level(region, direction, rings, self._target(region, start, middle, stop))
            cut = self._take(region, direction, level, middle, rings)
            if cut is not None:
                return cut
        return None

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
                return self._spur(region, start, stop)
            cut = self._lane_along(region, start, stop, *settled)
            if cut is not None:
                return cut
            if self.rounds > FREE:
                self.chosen[start, stop] = None
                self.given_up.add((start, stop))
                return None
        if self.rounds > LAST:
            self.chosen[start, stop] = None
            return None
        for direction, blocks in self._blocks(region, stop - start):
            cut = self._searched_lane(region, start, stop, direction, blocks)
            if cut is not None:
                return cut
        self.chosen[start, stop] = None
        return None

    def _spur(self, region, start, stop):
        """The lane that is asked for, where the cut was before or anywhere that it leads out."""
        if (start, stop) not in self.asked or (start, stop) in self.given_up:
            return None
        plain = self.same_plain.get((start, stop))
        cut = plain and self._lane_along(region, start, stop, *plain)
        for direction, blocks in self._anywhere():
            cut = cut or self._searched_lane(region, start, stop, direction, blocks)
        return cut

    def _anywhere(self) -> Sequence[tuple[Direction, int]]:
        """The directions in which a lane is looked for that may lie anywhere, and at the ends of how many blocks."""
        return (self.across, 2), (self.frame, 2)

    def _blocks(self, region: Region, count: int) -> Iterator[tuple[Direction, int]]:
        """The directions in which a region of so many pieces needs lanes, and into how many blocks."""
        each = math.sqrt(region.area / count)
        for direction in (self.across, self.frame):
            columns = _extent(region, direction) / each
            if columns <= DEEP or count <= 3:
                return
            yield direction, max(2, round(columns / 2))

    def _lane_along(self, region, start, stop, direction, middle):
        """A lane before size `middle` along a direction."""
        rings = heights(region, direction)
        return self._strip(region, start, middle, stop, direction, rings, self.under(region, direction, rings))

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
        # A lane leads to the ground's edge or to a way, or to a lane that does, and no bend of the border cuts it in two.
        if not self.tiling.leads_out(lane) or _is_pinched(lane, self.width_m):
            return None
        self.tiling.mark(first.placed + second.placed)
        kept = {line for _, lines in region.rings for line in lines}
        self.tiling.access |= {line for _, lines in lane.rings for line in lines} - kept
        self.lanes.append(lane)
        self.ranges.append((start, stop))
        self.measures.append(self.measure(lane))
        self.chosen[start, stop] = (direction, middle)
        return first.low[0], second.high[0], middle


def _ends(region: Region, first_line: int) -> set[int]:
    """The lines on which a cut ends; its own are those from `first_line` on."""
    ends = set()
    for _, lines in region.rings:
        for line, following in zip(lines, lines[1:] + lines[:1]):
            if (line < first_line) != (following < first_line):
                ends.add(min(line, following))
    return ends


def _is_pinched(lane: Region, width_m: float) -> bool:
    return shapely.get_num_geometries(shapely.buffer(lane.polygon(), -PASSABLE * width_m / 2, quad_segs=2)) > 1


def _extent(region: Region, direction: Direction) -> float:
    s, _ = heights(region, direction)[0]
    return max(s) - min(s)


class LanedStrips(LaneDivider, StripDivider):
    """Strips from lane to lane: lanes run across the rows where strips over their whole length would be too narrow."""

    def _anywhere(self) -> Sequence[tuple[Direction, int]]:
        return ((self.frame, 4),)

    def _blocks(self, region: Region, count: int) -> Iterator[tuple[Direction, int]]:
        blocks = math.ceil(self.least_m * count / _extent(region, self.across))
        if blocks > 1:
            yield self.frame, blocks
