"""Many regions at once, as flat arrays: what `regions` holds as lists for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import shapely

from plantation.geometry.tiling.ragged import firsts, following, heads, runs
from plantation.geometry.tiling.regions import Region, Ring, ring_area


@dataclass(slots=True)
class Sheet:
    """Closed rings, end to end: points and the lines of the edges that leave them, the ring of each point, and the
    region of each ring (the outer ring first)."""

    xy: np.ndarray
    lines: np.ndarray
    ring_of: np.ndarray
    owner: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """Points of each ring."""
        return np.bincount(self.ring_of, minlength=len(self.owner))

    @property
    def count(self) -> int:
        """Regions."""
        return int(self.owner[-1]) + 1 if len(self.owner) else 0

    @property
    def region_of(self) -> np.ndarray:
        """The region of each point."""
        return self.owner[self.ring_of]

    def take(self, which: np.ndarray) -> Sheet:
        """Some of the regions, in the order of their indices in `which`."""
        if len(which) == self.count and (which == np.arange(len(which))).all():
            return self
        if len(self.owner) == self.count:
            return self._rings(which, np.arange(len(which)))
        each = np.bincount(self.owner, minlength=self.count)
        return self._rings(runs(firsts(each)[which], each[which]), np.arange(len(which)).repeat(each[which]))

    def replaced(self, which: np.ndarray, others: Sheet) -> Sheet:
        """The sheet with the regions of `others` in place of those that `which` names."""
        order = np.arange(self.count)
        order[which] = self.count + np.arange(len(which))
        return stacked([self, others]).take(order)

    def _rings(self, which: np.ndarray, owner: np.ndarray) -> Sheet:
        sizes = self.sizes
        kept = sizes[which]
        points = runs(firsts(sizes)[which], kept)
        return Sheet(self.xy[points], self.lines[points], np.arange(len(which)).repeat(kept), owner)

    def with_holes(self, holes: Sheet, owner: np.ndarray) -> Sheet:
        """The sheet with further rings, each in the region that `owner` says."""
        owners = np.concatenate([self.owner, owner])
        order = owners.argsort(kind="stable")
        both = Sheet(
            np.concatenate([self.xy, holes.xy]),
            np.concatenate([self.lines, holes.lines]),
            np.concatenate([self.ring_of, holes.ring_of + len(self.owner)]),
            owners,
        )
        return both._rings(order, owners[order])

    def rings(self, which: np.ndarray) -> Sheet:
        """Some of the rings, each as a region."""
        return self._rings(which, np.arange(len(which)))

    def parts(self, counts: np.ndarray) -> list[Sheet]:
        """The sheet cut into sheets of so many regions each."""
        regions = np.concatenate([[0], np.cumsum(counts)])
        rings = np.searchsorted(self.owner, regions)
        points = np.concatenate([[0], np.cumsum(self.sizes)])[rings]
        return [
            Sheet(self.xy[p:q], self.lines[p:q], self.ring_of[p:q] - r, self.owner[r:t] - first)
            for first, r, t, p, q in zip(regions.tolist(), rings.tolist(), rings[1:].tolist(), points.tolist(), points[1:].tolist())
        ]

    def polygons(self, origins: np.ndarray) -> np.ndarray:
        """One polygon a region, its origin added back (`origins`: one for all, or one a region)."""
        shift = origins if origins.ndim == 1 else origins[self.region_of]
        rings = shapely.linearrings(self.xy + shift, indices=self.ring_of)
        outer = heads(self.owner)
        polygons = shapely.polygons(rings[outer])
        each = np.diff(outer, append=len(rings))
        for index in (each > 1).nonzero()[0].tolist():
            mine = rings[outer[index] : outer[index] + each[index]]
            polygons[index] = shapely.polygons(mine[0], mine[1:])
        return polygons

    def regions(self) -> list[Region]:
        """The sheet as regions."""
        points = list(map(tuple, self.xy.tolist()))
        lines = self.lines.tolist()
        stops = np.cumsum(self.sizes).tolist()
        made: list[Region] = [Region([], 0.0) for _ in range(self.count)]
        for start, stop, owner in zip([0, *stops], stops, self.owner.tolist()):
            made[owner].rings.append((points[start:stop], lines[start:stop]))
            made[owner].area += ring_area(points[start:stop])
        return made

    def areas(self) -> np.ndarray:
        """Per region its area."""
        sizes = self.sizes
        x, y = (self.xy - np.repeat(self.xy[firsts(sizes)], sizes, axis=0)).T
        after = following(sizes)
        return np.bincount(self.region_of, (x * y[after] - x[after] * y) / 2, self.count)

    def edges_m(self) -> np.ndarray:
        """The length of the edge that leaves each point."""
        step = self.xy[following(self.sizes)] - self.xy
        return np.sqrt((step * step).sum(axis=1))

    def longest_sides(self) -> np.ndarray:
        """Per region the direction of the longest edge of its outer ring, of length 1."""
        starts, sizes = firsts(self.sizes), self.sizes
        length = self.edges_m()
        longest = np.flatnonzero(length == np.maximum.reduceat(length, starts).repeat(sizes))
        outer = firsts(np.bincount(self.owner, minlength=self.count))
        longest = longest[heads(self.ring_of[longest])][outer]
        starts, sizes = starts[outer], sizes[outer]
        ends = np.where(longest + 1 == starts + sizes, starts, longest + 1)
        return (self.xy[ends] - self.xy[longest]) / length[longest, None]

    def border(self, among: np.ndarray | None = None) -> np.ndarray:
        """Per region the length of its border, or of its border on the lines that are true in `among`."""
        size = self.edges_m()
        if among is not None:
            size[~among[self.lines]] = 0.0
        return np.bincount(self.region_of, size, self.count)


def sheet_of(regions: Sequence[Region]) -> Sheet:
    """Regions as a sheet."""
    rings = [ring for region in regions for ring in region.rings]
    counts = np.array([len(points) for points, _ in rings], np.int64)
    lines = np.fromiter(chain.from_iterable(edges for _, edges in rings), np.int64, int(counts.sum()))
    owner = np.arange(len(regions)).repeat(np.array([len(region.rings) for region in regions], np.int64))
    return Sheet(_flat(rings, counts), lines, np.repeat(np.arange(len(rings)), counts), owner)


def stacked(sheets: Sequence[Sheet]) -> Sheet:
    """Sheets laid one after the other."""
    rings = np.cumsum([0, *(len(one.owner) for one in sheets)])
    regions = np.cumsum([0, *(one.count for one in sheets)])
    return Sheet(
        np.concatenate([one.xy for one in sheets]),
        np.concatenate([one.lines for one in sheets]),
        np.concatenate([one.ring_of + first for one, first in zip(sheets, rings)]),
        np.concatenate([one.owner + first for one, first in zip(sheets, regions)]),
    )


def _flat(rings: list[Ring], counts: np.ndarray) -> np.ndarray:
    values = chain.from_iterable(chain.from_iterable(points for points, _ in rings))
    return np.fromiter(values, float, 2 * int(counts.sum())).reshape(-1, 2)
