"""Which regions of a closed sheet lie beside each other, and what many pairs of neighbours are as one region.

`joins` does for one pair of any shape what is done here for many at once where it is plain: their outer rings meet along
one run of edges.
"""

from __future__ import annotations

import numpy as np

from plantation.geometry.knots import names, opposite
from plantation.geometry.ragged import distinct, firsts, following, heads, runs
from plantation.geometry.sheets import Sheet

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
        """Which of the pairs join plainly, and these as regions.

        >>> from plantation.geometry.regions import Region
        >>> from plantation.geometry.sheets import sheet_of
        >>> left, right = ([(x, 0.0), (x + 1.0, 0.0), (x + 1.0, 1.0), (x, 1.0)] for x in (0.0, 1.0))
        >>> sheet = sheet_of([Region([(left, [0, 1, 2, 3])], 1.0), Region([(right, [4, 5, 6, 1])], 1.0)])
        >>> plain, both = Seams(sheet, np.zeros(2, int)).joined(np.array([0]), np.array([1]))
        >>> plain.tolist(), both.areas().tolist()
        ([True], [2.0])
        """
        (plain_one, begin_one, free_one), (plain_two, begin_two, free_two) = self._free(one, two), self._free(two, one)
        plain = plain_one & plain_two

        def both(a: np.ndarray, b: np.ndarray) -> np.ndarray:
            return np.stack([a, b], axis=1)[plain].ravel()

        cell, begin, free = both(one, two), both(begin_one, begin_two), both(free_one, free_two)
        step = runs(begin, free)
        points = self._first[cell].repeat(free) + step % self._size[cell].repeat(free)
        ring_of = np.arange(len(free) // 2).repeat(free[::2] + free[1::2])
        # A ring that meets itself again is no outer ring of one region.
        name = self.name[points] + ring_of * (int(self.name.max(initial=0)) + 1)
        once = np.bincount(ring_of, minlength=len(free) // 2)
        name.sort()
        once -= np.bincount(name[heads(name)] // (int(self.name.max(initial=0)) + 1), minlength=len(once))
        joined = Sheet(self.sheet.xy[points], self.sheet.lines[points], ring_of, np.arange(len(once)))
        holes = self._rings[cell] - 1
        if holes.any():
            rings = runs(self._outer[cell] + 1, holes)
            joined = joined.with_holes(self.sheet.rings(rings), np.arange(len(cell)).repeat(holes) // 2)
        simple = once == 0
        plain = plain.copy()
        plain[plain.nonzero()[0][~simple]] = False
        return plain, joined.take(simple.nonzero()[0])

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
