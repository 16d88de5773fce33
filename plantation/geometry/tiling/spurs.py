"""Which cuts must be lanes, so that pieces that cannot be reached are: the shortest ones that lead from them to a way out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import shapely

from plantation.geometry.tiling.regions import REACH_M, Region, Tiling

if TYPE_CHECKING:
    from plantation.geometry.tiling.lanes import LaneDivider

# The pieces from one index to before another, which a cut parts.
Span = tuple[int, int]


def shut(tiling: Tiling, regions: Sequence[Region]) -> list[int]:
    """Those that have too little border on the ground's edge, a way or a lane."""
    return [number for number, region in enumerate(regions) if not _is_reached(tiling, region)]


def _is_reached(tiling: Tiling, region: Region) -> bool:
    metres = tiling.reach_m(region)
    if metres < REACH_M and tiling.ways is not None:
        metres += shapely.length(shapely.intersection(region.polygon(), tiling.ways))
    return metres >= REACH_M


def spurs(
    divider: LaneDivider, regions: Sequence[Region], out_of_reach: Sequence[int], barred: set[Span], at_once: int | None = None
) -> set[Span]:
    """Cuts to be made lanes for those `regions`: first what serves most of them a metre, with what it needs to lead out.

    None that is `barred`; at most `at_once` of them, if it is said how many, and what these need.
    """
    if not out_of_reach or not divider.tiling.access:
        return set()
    cuts = _Cuts(divider, regions, divider.asked | barred)
    waiting = set(out_of_reach)
    beside: dict[Span, set[int]] = defaultdict(set)
    for number in out_of_reach:
        for span, metres in cuts.borders[number].items():
            if metres >= REACH_M:
                beside[span].add(number)
    while waiting and at_once != 0:
        ways = {span: cuts.way_out(span) for span, pieces in beside.items() if pieces & waiting}
        served = {span: len(beside[span] & waiting) / cuts.metres_of(way) for span, way in ways.items() if way}
        if not served:
            break
        best = max(served, key=lambda span: (round(served[span], 9), span))
        cuts.chosen |= set(ways[best])
        for span in ways[best]:
            waiting -= beside[span]
        at_once = at_once and at_once - 1
    return cuts.chosen


class _Cuts:
    """The cuts of a plan that are no lanes: how long each is, where it ends, and which are `chosen` to be lanes."""

    def __init__(self, divider: LaneDivider, regions: Sequence[Region], no_more: set[Span]) -> None:
        self.divider = divider
        self.no_more = no_more
        self.access = divider.tiling.access
        self.chosen: set[Span] = set()
        self.borders = [self._metres_by_cut(region) for region in regions]
        self.metres: dict[Span, float] = defaultdict(float)
        for border in self.borders:
            for span, metres in border.items():
                self.metres[span] += metres / 2

    def metres_of(self, way: Sequence[Span]) -> float:
        """How long the lanes of a way out would be."""
        return math.fsum(self.metres[span] for span in way)

    def way_out(self, span: Span) -> list[Span]:
        """The cuts, `span` last, that must be lanes for it to lead out; none where that is no use."""
        # A cut along a tour is as crooked as the ground.
        if span in self.chosen or span in self.no_more or span in self.divider.toured:
            return []
        ends = self.divider.ends[span]
        if ends & self.access:
            return [span]
        # A cut ends on the ground's border or on a cut that was made before it.
        over = sorted({other for line in ends if (other := self.divider.span_of(line)) is not None and other != span})
        if self.chosen.intersection(over):
            return [span]
        ways = [way for other in over if (way := self.way_out(other))]
        return [*min(ways, key=self.metres_of), span] if ways else []

    def _metres_by_cut(self, region: Region) -> dict[Span, float]:
        found: dict[Span, float] = defaultdict(float)
        for points, lines in region.rings:
            for index, line in enumerate(lines):
                span = None if line in self.access else self.divider.span_of(line)
                if span is not None:
                    found[span] += math.dist(points[index], points[(index + 1) % len(points)])
        return found
