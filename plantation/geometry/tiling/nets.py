"""Finished plans as nets: knots where borders meet, threads between them. A knot inside moves freely, one on the ground's
edge goes along it; what lies on both sides of a thread changes together, so that pieces tile their ground whatever moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from plantation.geometry.tiling.edges import Edges, cross
from plantation.geometry.tiling.knots import names, opposite
from plantation.geometry.tiling.ragged import firsts, following, runs
from plantation.geometry.tiling.regions import GRID, Tiling
from plantation.geometry.tiling.sheets import Sheet, stacked


class Net:
    """Threads run from their `knot` to that of the thread `after`, with their `cell` on the left: straight between two
    cells, along the edge where `on_edge`. `plan` is the plan of a cell, `owner` that of a knot."""

    def __init__(self, tilings: Sequence[Tiling], sheets: Sequence[Sheet]) -> None:
        self.tilings = tilings
        self.edges = Edges(tilings)
        self.sheet = sheet = stacked(sheets)
        self.count = sheet.count
        self.plan = np.repeat(np.arange(len(sheets)), [one.count for one in sheets])
        knot = names(sheet.xy, self.plan[sheet.region_of])
        inside = opposite(knot, knot[following(sheet.sizes)]) >= 0
        knots = int(knot.max()) + 1
        leaving = np.bincount(knot[~inside], minlength=knots)
        edge = np.where(inside, -1, self.edges.of_lines(sheet.lines))
        # A point where the edge touches itself, or border that is on no edge: such plans are left as they are.
        odd = (~inside & (edge < 0)) | (leaving[knot] > 1)
        self.fits = np.bincount(self.plan[sheet.region_of], odd, len(sheets)) == 0
        is_knot = np.bincount(knot, inside, knots) > 0
        kept = np.flatnonzero(is_knot[knot])
        self.at = kept
        self.knot, self.cell, self.on_edge = knot[kept], sheet.region_of[kept], ~inside[kept]
        self.after = following(_filled(sheet.ring_of[kept]))
        self.before = np.empty_like(self.after)
        self.before[self.after] = np.arange(len(kept))
        self.next = self.knot[self.after]
        self.xy = np.zeros((knots, 2))
        self.xy[knot] = sheet.xy
        self.owner = np.zeros(knots, np.int64)
        self.owner[knot] = self.plan[sheet.region_of]
        self.free = is_knot & (leaving == 0)
        self.sliding = np.flatnonzero(is_knot & (leaving == 1))
        self.edge = np.zeros(knots, np.int64)
        self.metres = np.zeros(knots)
        self.edge[self.knot[self.on_edge]] = np.maximum(edge[kept][self.on_edge], 0)
        step = self.xy - self.edges.xy[self.edge]
        self.metres[self.sliding] = np.sqrt((step * step).sum(axis=1))[self.sliding]
        self._constant(inside, is_knot[knot])
        self._in_order()

    def _constant(self, inside: np.ndarray, is_knot: np.ndarray) -> None:
        """Rings that no cut touches: a piece around a hole."""
        sheet = self.sheet
        rings = np.bincount(sheet.ring_of, is_knot, len(sheet.owner)) == 0
        self.untouched = np.flatnonzero(rings[sheet.ring_of])
        after = following(sheet.sizes)[self.untouched]
        cells = sheet.region_of[self.untouched]
        self._land = np.bincount(cells, cross(sheet.xy[self.untouched], sheet.xy[after]), self.count)
        self._border = np.bincount(cells, sheet.edges_m()[self.untouched], self.count)

    def _in_order(self) -> None:
        """Knots on the edge as they follow each other along it."""
        ring, round_m = self.edges.ring[self.edge], self.edges.metres[self.edge] + self.metres
        self.order = self.sliding[np.lexsort((round_m[self.sliding], ring[self.sliding]))]
        self.next_along = self.order[following(_filled(ring[self.order]))]

    def gaps(self) -> np.ndarray:
        """Metres along the edge from each knot of `order` to the next one."""
        place = self.edges.metres[self.edge] + self.metres
        gap = place[self.next_along] - place[self.order]
        return np.where(gap <= 0, gap + self.edges.round_m[self.edge[self.order]], gap)

    def place(self) -> None:
        """Put knots on the edge where their metres say."""
        mine = self.sliding
        self.edge[mine], self.metres[mine] = self.edges.moved(self.edge[mine], self.metres[mine])
        self.xy[mine] = self.edges.points(self.edge[mine], self.metres[mine])

    def measure(self) -> tuple[np.ndarray, np.ndarray]:
        """Area and border of each cell; keeps each thread's length and its directions at both ends."""
        here, there = self.xy[self.knot], self.xy[self.next]
        step = there - here
        self.length = np.sqrt((step * step).sum(axis=1))
        along = step / np.maximum(self.length, 1e-9)[:, None]
        edge = self.on_edge[:, None]
        self.leaving = np.where(edge, self.edges.along[self.edge[self.knot]], along)
        self.arriving = np.where(edge, self.edges.along[self.edge[self.next]], along)
        land = cross(here, there)
        mine, one, two = self.on_edge, self.edge[self.knot[self.on_edge]], self.edge[self.next[self.on_edge]]
        start = self.edges.metres[one] + self.metres[self.knot[mine]]
        stop = self.edges.metres[two] + self.metres[self.next[mine]]
        around = stop <= start
        self.length[mine] = stop - start + np.where(around, self.edges.round_m[one], 0.0)
        passed = (
            self.edges.land[two] + cross(self.edges.xy[two], there[mine]) - self.edges.land[one] - cross(self.edges.xy[one], here[mine])
        )
        land[mine] = passed + np.where(around, self.edges.round_land[one], 0.0)
        areas = (np.bincount(self.cell, land, self.count) + self._land) / 2
        return areas, np.bincount(self.cell, self.length, self.count) + self._border

    def gradients(self) -> np.ndarray:
        """Per thread: how its cell's area changes with the place of its knot."""
        here = self.xy[self.knot]
        out = np.where(self.on_edge[:, None], here, self.xy[self.next])
        back = self.before
        into = np.where(self.on_edge[back][:, None], here, self.xy[self.knot[back]])
        turn = out - into
        return np.stack([turn[:, 1], -turn[:, 0]], axis=1) / 2

    def to_sheet(self) -> Sheet:
        """The cells as they lie now."""
        xy = np.floor(self.xy * GRID + 0.5) / GRID
        start, stop = self.edge[self.knot], self.edge[self.next]
        between = np.where(self.on_edge, (stop - start) % self.edges.count[start], 0)
        same = self.on_edge & (start == stop) & (self.metres[self.next] <= self.metres[self.knot])
        between = np.where(same, self.edges.count[start], between)
        # A knot on a corner of the edge is that corner.
        between -= self.on_edge & (self.metres[self.next] == 0.0) & (between > 0)
        first = self.edges.first[start].repeat(between)
        step = (start - self.edges.first[start]).repeat(between) + runs(np.ones(len(between), np.int64), between)
        corner = first + step % self.edges.count[start].repeat(between)
        size = between + 1
        where = firsts(size)
        points = np.empty((int(size.sum()), 2))
        lines = np.empty(len(points), np.int64)
        rest = np.ones(len(points), bool)
        rest[where] = False
        points[where], points[rest] = xy[self.knot], self.edges.xy[corner]
        lines[where] = np.where(self.on_edge, self.edges.line[start], self.sheet.lines[self.at])
        lines[rest] = self.edges.line[corner]
        ring = np.concatenate([self.sheet.ring_of[self.at].repeat(size), self.sheet.ring_of[self.untouched]])
        by_ring = np.argsort(ring, kind="stable")
        points = np.concatenate([points, self.sheet.xy[self.untouched]])[by_ring]
        lines = np.concatenate([lines, self.sheet.lines[self.untouched]])[by_ring]
        return Sheet(points, lines, ring[by_ring], self.sheet.owner)


def _filled(rows: np.ndarray) -> np.ndarray:
    """How many items lie in each row that has any."""
    counts = np.bincount(rows)
    return counts[counts > 0]
