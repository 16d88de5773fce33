"""Which cuts must be lanes, so that pieces that cannot be reached are: the shortest ones that lead from them to a way out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from plantation.geometry.tiling.regions import REACH_M, Point, Region, Tiling

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


def spurs(divider: LaneDivider, regions: Sequence[Region], out_of_reach: Sequence[int]) -> set[Span]:
    """Cuts to be made lanes for those `regions`: first what serves most of them a metre, with what it needs to lead out."""
    if not out_of_reach:
        return set()
    cuts = _Cuts(divider, regions)
    waiting = set(out_of_reach)
    beside: dict[Span, set[int]] = defaultdict(set)
    for number in out_of_reach:
        for span, metres in cuts.borders[number].items():
            if metres >= REACH_M:
                beside[span].add(number)
    while waiting:
        paths = {span: cuts.path_out(span) for span, pieces in beside.items() if pieces & waiting}
        served = {span: len(beside[span] & waiting) / cuts.metres_of(path) for span, path in paths.items() if path}
        if not served:
            break
        best = max(served, key=lambda span: (round(served[span], 9), span))
        cuts.chosen |= set(paths[best])
        for span in paths[best]:
            waiting -= beside[span]
    return cuts.chosen or _around(divider, waiting)


def _around(divider: LaneDivider, waiting: set[int]) -> set[Span]:
    """Where no cut beside them leads out, as between strips: the least span around them all, for a lane anywhere in it."""
    first, last = min(waiting), max(waiting)
    spans = [span for span in divider.ends if span[0] <= first and last < span[1] and span not in divider.asked]
    return {min(spans, key=lambda span: (span[1] - span[0], span))} if spans else set()


class _Cuts:
    """The cuts of a plan that are no lanes: how long each is, which lead out, and which are `chosen` to be lanes."""

    def __init__(self, divider: LaneDivider, regions: Sequence[Region]) -> None:
        self.divider = divider
        self.chosen: set[Span] = set()
        self.borders: list[dict[Span, float]] = []
        self.metres: dict[Span, float] = defaultdict(float)
        sides: list[tuple[Point, Point]] = []
        spans: list[Span] = []
        for region in regions:
            border: dict[Span, float] = defaultdict(float)
            for points, lines in region.rings:
                for start, stop, line in zip(points, points[1:] + points[:1], lines):
                    span = None if line in divider.tiling.access else divider.span_of(line)
                    if span is not None:
                        border[span] += math.dist(start, stop)
                        self.metres[span] += math.dist(start, stop) / 2
                        sides.append((start, stop))
                        spans.append(span)
            self.borders.append(border)
        self.leading = {span for span, ends in divider.ends.items() if ends & divider.tiling.access}
        if divider.tiling.ways is not None and sides:
            meets = shapely.intersects(shapely.linestrings(np.array(sides)), divider.tiling.ways)
            self.leading |= {spans[index] for index in np.flatnonzero(meets).tolist()}

    def metres_of(self, path: Sequence[Span]) -> float:
        """How long the lanes of a path out would be."""
        return math.fsum(self.metres[span] for span in path)

    def path_out(self, span: Span) -> list[Span]:
        """The cuts, `span` last, that must be lanes for it to lead out; none where that is no use."""
        # A cut along a tour is as crooked as the ground.
        if span in self.chosen or span in self.divider.asked or span in self.divider.toured:
            return []
        # A cut ends on the ground's border or on a cut that was made before it.
        over = {other for line in self.divider.ends[span] if (other := self.divider.span_of(line)) is not None} - {span}
        if span in self.leading or self.chosen & over:
            return [span]
        paths = [path for other in sorted(over) if (path := self.path_out(other))]
        return [*min(paths, key=self.metres_of), span] if paths else []
