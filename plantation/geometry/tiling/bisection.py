"""Divide a region by repeated cuts: fix which pieces lie on each side, then cut off exactly their area."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import shapely

from plantation.geometry.tiling import tours
from plantation.geometry.tiling.cuts import split_whole
from plantation.geometry.tiling.estimates import DECIMALS, promising, worth
from plantation.geometry.tiling.fans import corners_of, fan
from plantation.geometry.tiling.levels import Direction, Heights, below_of, heights, level_of
from plantation.geometry.tiling.rectangles import best_cut, step_of
from plantation.geometry.tiling.regions import Region, Tiling, perimeter
from plantation.geometry.tiling.sheets import sheet_of

# Directions tried beside the frame's own, as (cos, sin) of 15°, 30°, … 75°: written out, so that no machine's libm decides.
TURNS = (
    (0.9659258262890683, 0.25881904510252074),
    (0.8660254037844387, 0.5),
    (0.7071067811865476, 0.7071067811865476),
    (0.5, 0.8660254037844387),
    (0.25881904510252074, 0.9659258262890683),
)
# How much of its frame a region fills to be cut as a rectangle is, at once or if the parts turn out well.
RECTANGULAR = 0.93
TRIED = 0.6
GOOD = 0.70
FEW = 8
# What a region that touches itself, or nearly does, can make of a cut.
FAULTS = (ArithmeticError, AttributeError, LookupError, shapely.GEOSException)
# Ranks are compared to so many decimals of the largest: what lies behind is rounding.
RANKED = 12
# Up to this many pieces every count below the cut is tried.
MANY = 24


@dataclass(frozen=True, slots=True)
class Candidate:
    score: float
    direction: Direction
    level: float
    count: int
    crossings: int


class Divider:
    """Divides regions of one tiling. `sizes` are the wanted areas in the order in which they are laid out, `ranks` those by
    which it is decided where cuts lie: nearly the same.

    What is measured is the area; land of unequal worth is measured by a divider of its own (`quality`).
    """

    # What polygons count for, where that is not their area.
    values: tours.Values | None = None

    def __init__(self, tiling: Tiling, sizes: Sequence[float], frame: Direction, *, ranks: Sequence[float] | None = None) -> None:
        self.tiling = tiling
        self.sizes = list(sizes)
        self.sums = [0.0, *accumulate(self.sizes)]
        # As parts of the largest: whether areas or shares are asked for, cuts lie in the same places.
        by = np.array(self.sizes if ranks is None else ranks)
        self.ranks = np.round(by / by.max(initial=0.0), RANKED).tolist()
        self.rank_sums = [0.0, *accumulate(self.ranks)]
        self.frame = frame
        self.across = (-frame[1], frame[0])
        self.tours = 0

    def divide(self, region: Region, progress: Callable[[int], None] | None = None) -> list[Region]:
        """A region for each size, in their order; `progress` hears how many there are so far."""
        start, stop = 0, len(self.sizes)
        done: list[Region] = []
        waiting = [(region, start, stop)]
        while waiting:
            region, start, stop = waiting.pop()
            if stop - start == 1:
                done.append(region)
                if progress is not None:
                    progress(len(done))
                continue
            low, high, middle = self.bisect(region, start, stop)
            waiting.append((high, middle, stop))
            waiting.append((low, start, middle))
        return done

    def bisect(self, region: Region, start: int, stop: int) -> tuple[Region, Region, int]:
        """Two connected regions, and the index of the first size that the second one holds."""
        count = stop - start
        if len(region.rings) == 1:
            cut = self._plain(region, start, stop, count)
            if cut is not None:
                return cut
        return self._searched(region, start, stop) or self._toured(region, start, stop)

    def _plain(self, region, start, stop, count):
        """The cut of a region that is nearly a rectangle in the frame, or None."""
        rings = heights(region, self.frame)
        s, t = rings[0]
        length, width = max(s) - min(s), max(t) - min(t)
        full = region.area / (length * width)
        if full < TRIED:
            return None
        if self.ranks[start] == self.ranks[stop - 1]:
            _, across, part = best_cut(count, step_of(length / width))
        else:
            across, part = length >= width, self.half(start, stop)
        if not across:
            rings = [(t, [-value for value in s])]
        direction = self.frame if across else self.across
        level = level_of(rings, self._target(region, start, start + part, stop), region.area)
        cut = self._take(region, direction, level, start + part, rings, None if full >= RECTANGULAR else (part, count))
        return cut

    def half(self, start: int, stop: int) -> int:
        sums = self.rank_sums
        middle = (sums[start] + sums[stop]) / 2
        above = bisect_left(sums, middle, start + 1, stop - 1)
        lower = above > start + 1 and middle - sums[above - 1] <= sums[above] - middle
        return above - lower - start

    def measure(self, region: Region) -> float:
        """What a region counts for."""
        return region.area

    def under(self, region: Region, direction: Direction, rings: Heights) -> Callable[[float], float]:
        """What lies below each level along a direction, as `measure` counts it."""
        below = below_of(rings)
        return lambda level: below(level)[0]

    def level(self, region: Region, direction: Direction, rings: Heights, target: float, guess: float | None = None) -> float:
        """The level below which `target` lies, as `measure` counts it."""
        return level_of(rings, target, region.area, guess)

    def _share(self, start, middle, stop) -> float:
        return (self.sums[middle] - self.sums[start]) / (self.sums[stop] - self.sums[start])

    def _target(self, region, start, middle, stop) -> float:
        # Of what there is: a cut's rounding is shared by all pieces behind it.
        return self.measure(region) * self._share(start, middle, stop)

    def _target_m2(self, region, start, middle, stop) -> float:
        """The area below the cut, by which cuts are compared before one is made."""
        return self._target(region, start, middle, stop)

    def _take(self, region, direction, level, middle, rings=None, counts=None):
        side = self._whole(region, direction, level, rings)
        if side is None or (counts is not None and not promising(side, *counts)):
            return None
        self.tiling.mark(side.placed)
        return side.low[0], side.high[0], middle

    def _whole(self, region, direction, level, rings=None):
        return split_whole(self.tiling, region, direction, level, rings)

    def _searched(self, region, start, stop):
        first = self._directions(region)
        found = self._candidates(region, start, stop, first)
        most = 2 * len(region.rings)
        # The first cuts of many pieces decide little about their shapes: any that keeps both sides whole will do.
        good = GOOD if stop - start <= FEW else 0.0
        if not found or found[0].score < good or found[0].crossings > most:
            found = found + self._candidates(region, start, stop, turned(self.frame), own=0)
            found.sort(key=lambda one: (one.crossings > most, -one.score))
        # A line that crosses more often leaves more than two parts: each hole can join two of its pieces, no more.
        for one in [one for one in found if one.crossings <= most][:24]:
            cut = self.along(region, start, start + one.count, stop, one.direction, one.level)
            if cut is not None:
                return cut
        return None

    def along(self, region: Region, start: int, middle: int, stop: int, direction: Direction, guess: float):
        """The cut before size `middle` along a line near the level `guess`, or None where that leaves a side in parts."""
        rings = heights(region, direction)
        level = self.level(region, direction, rings, self._target(region, start, middle, stop), guess)
        return self._take(region, direction, level, middle, rings)

    def _directions(self, region) -> list[Direction]:
        points = region.rings[0][0]
        sides = [(math.dist(a, b), a, b) for a, b in zip(points, points[1:] + points[:1])]
        size, (x0, y0), (x1, y1) = max(sides)
        along = ((x1 - x0) / size, (y1 - y0) / size)
        return [self.frame, self.across, along, (-along[1], along[0])]

    def _candidates(self, region, start, stop, directions, own=2) -> list[Candidate]:
        count = stop - start
        parts = self.parts(start, stop)
        targets = np.array([self._target_m2(region, start, start + part, stop) for part in parts])
        tried = fan(corners_of(sheet_of([region])), np.array([directions]), np.zeros(len(parts), np.int64), targets)
        border = sum(perimeter(points) for points, _ in region.rings)
        score = worth(tried, np.array(parts), count, targets, region.area, border, own)
        # A line through a hole leaves both sides whole if it crosses nothing else twice.
        most = 2 * len(region.rings)
        order = np.lexsort((np.arange(score.size), -np.round(score.ravel(), DECIMALS), tried.crossings.ravel() > most))
        width = len(parts)
        return [
            Candidate(
                float(score.flat[i]), directions[i // width], float(tried.levels.flat[i]), parts[i % width], int(tried.crossings.flat[i])
            )
            for i in order[:24].tolist()
        ]

    def parts(self, start: int, stop: int) -> list[int]:
        count = stop - start
        if count <= MANY:
            return list(range(1, count))
        middle = self.half(start, stop)
        spread = max(1, count // MANY)
        return [part for i in range(-8, 9) if 0 < (part := middle + i * spread) < count]

    def _toured(self, region, start, stop):
        """Where no straight cut leaves both sides whole: a cut along the skeleton of a triangulation, which always does."""
        self.tours += 1
        middle = start + self.half(start, stop)
        low, high = tours.divide(self.tiling, region, self._target(region, start, middle, stop), self.values)
        return low, high, middle


def turned(frame: Direction) -> list[Direction]:
    """The directions between a frame's own two."""
    ux, uy = frame
    along = [(ux * c - uy * s, ux * s + uy * c) for c, s in TURNS]
    return along + [(-uy * c - ux * s, ux * c - uy * s) for c, s in TURNS]
