"""Which regions of a closed sheet lie beside each other, and what many pairs of neighbours are as one region."""

from __future__ import annotations

import numpy as np

from plantation.geometry.tiling.joins import joined
from plantation.geometry.tiling.knots import names, opposite
from plantation.geometry.tiling.ragged import distinct, firsts, following, runs
from plantation.geometry.tiling.sheets import Sheet, sheet_of, stacked

# Borders alike to so many decimals of a metre are equally long.
DECIMALS = 6


class Seams:
    """The edges at which the regions of a sheet meet; `ground` says of which ground each region is.

    `across` is per edge the one on its other side, `beyond` the region there; -1 where there is none.
    """

    def __init__(self, sheet: Sheet, ground: np.ndarray) -> None:
        self.sheet = sheet
        region = sheet.region_of
        self.name = names(sheet.xy, ground[region])
        self.across = opposite(self.name, self.name[following(sheet.sizes)])
        self.beyond = np.where(self.across >= 0, region[self.across], -1)
        self._rings = np.bincount(sheet.owner, minlength=sheet.count)
        self._outer = firsts(self._rings)
        self._first = firsts(sheet.sizes)[self._outer]
        self._size = sheet.sizes[self._outer]

    def neighbours(self) -> tuple[np.ndarray, np.ndarray]:
        """Every region with each of its neighbours, those with the longest border first."""
        inner = np.flatnonzero(self.beyond >= 0)
        count = self.sheet.count
        key, at = np.unique(self.sheet.region_of[inner] * count + self.beyond[inner], return_inverse=True)
        metres = np.round(np.bincount(at, self.sheet.edges_m()[inner], len(key)), DECIMALS)
        one, two = key // max(count, 1), key % max(count, 1)
        order = np.lexsort((two, -metres, one))
        return one[order], two[order]

    def near(self, which: np.ndarray, steps: int) -> np.ndarray:
        """A mask of the regions that `which` masks, and of what lies no more than so many neighbours away."""
        one, two = self.neighbours()
        reached = which.copy()
        for _ in range(steps):
            reached[two[reached[one]]] = True
        return reached

    def own_lines(self) -> tuple[np.ndarray, int]:
        """Per edge the number, from 0 on, of the seam it is a side of, and how many seams there are; -1 on the outer border."""
        inner = np.flatnonzero(self.across >= 0)
        lines = np.full(len(self.across), -1)
        seam = np.minimum(inner, self.across[inner])
        kept = distinct(seam)
        lines[inner] = np.searchsorted(kept, seam)
        return lines, len(kept)

    def joined(self, one: np.ndarray, two: np.ndarray) -> tuple[np.ndarray, Sheet]:
        """Which of the pairs are one connected region with simple rings, and these as regions.

        >>> from plantation.geometry.tiling.regions import Region
        >>> from plantation.geometry.tiling.sheets import sheet_of
        >>> left, right = ([(x, 0.0), (x + 1.0, 0.0), (x + 1.0, 1.0), (x, 1.0)] for x in (0.0, 1.0))
        >>> sheet = sheet_of([Region([(left, [0, 1, 2, 3])], 1.0), Region([(right, [4, 5, 6, 1])], 1.0)])
        >>> whole, both = Seams(sheet, np.zeros(2, int)).joined(np.array([0]), np.array([1]))
        >>> whole.tolist(), both.areas().tolist()
        ([True], [2.0])
        """
        whole, sheet = self._along_one_run(one, two)
        # Such as two that go round a hole between them.
        left = (~whole).nonzero()[0]
        regions = self.sheet.take(np.stack([one[left], two[left]], axis=1).ravel()).regions()
        others = [joined(*pair) for pair in zip(regions[::2], regions[1::2])]
        more = [region for region in others if region is not None]
        if not more:
            return whole, sheet
        order = np.concatenate([whole.nonzero()[0], left[[region is not None for region in others]]])
        whole[order] = True
        return whole, stacked([sheet, sheet_of(more)]).take(np.argsort(order))

    def _along_one_run(self, one: np.ndarray, two: np.ndarray) -> tuple[np.ndarray, Sheet]:
        """Which of the pairs' outer rings meet along one run of edges and nowhere else, and what they are joined."""
        (plain_one, begin_one, free_one), (plain_two, begin_two, free_two) = self._free(one, two), self._free(two, one)
        plain = plain_one & plain_two

        def both(a: np.ndarray, b: np.ndarray) -> np.ndarray:
            return np.stack([a, b], axis=1)[plain].ravel()

        cell, begin, free = both(one, two), both(begin_one, begin_two), both(free_one, free_two)
        points = self._first[cell].repeat(free) + runs(begin, free) % self._size[cell].repeat(free)
        count = len(free) // 2
        ring_of = np.arange(count).repeat(free[::2] + free[1::2])
        sheet = Sheet(self.sheet.xy[points], self.sheet.lines[points], ring_of, np.arange(count))
        holes = self._rings[cell] - 1
        if holes.any():
            rings = runs(self._outer[cell] + 1, holes)
            sheet = sheet.with_holes(self.sheet.rings(rings), np.arange(len(cell)).repeat(holes) // 2)
        # A ring that meets itself again is no outer ring of one region.
        step = int(self.name.max(initial=0)) + 1
        name = distinct(self.name[points] + ring_of * step)
        simple = np.bincount(name // step, minlength=count) == np.bincount(ring_of, minlength=count)
        plain[plain.nonzero()[0]] = simple
        return plain, sheet.take(simple.nonzero()[0])

    def _free(self, mine: np.ndarray, theirs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Whether the outer ring of each of `mine` meets `theirs` along one run of edges, where the run after that
        begins, and how many edges it has."""
        size = self._size[mine]
        pair = np.arange(len(mine)).repeat(size)
        shared = self.beyond[runs(self._first[mine], size)] == theirs[pair]
        after = following(size)
        ends = np.flatnonzero(shared & ~shared[after])
        begin = np.zeros(len(mine), np.int64)
        begin[pair[ends]] = after[ends] - firsts(size)[pair[ends]]
        return np.bincount(pair[ends], minlength=len(mine)) == 1, begin, size - np.bincount(pair, shared, len(mine)).astype(np.int64)
