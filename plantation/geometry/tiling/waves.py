"""Divide many grounds at once, a whole level of the recursion at a time: every region that is open is cut in one go.

What `bisection` does for one region is done here for all of them in flat arrays. A region's cut depends on the region
alone, so that a ground comes out the same whether it is divided alone or among others. The few that no plain cut serves
(lines that run through holes, cross the border often or pass a corner closely) go to `bisection`, one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from plantation.geometry.tiling.bisection import FAULTS, RECTANGULAR, TRIED, Divider
from plantation.geometry.tiling.estimates import PROMISING, estimate
from plantation.geometry.tiling.fronts import Front, Grounds, joined
from plantation.geometry.tiling.marks import marks_of
from plantation.geometry.tiling.ragged import firsts
from plantation.geometry.tiling.rectangles import best_cut, step_of
from plantation.geometry.tiling.regions import Numbers
from plantation.geometry.tiling.searches import best_lines
from plantation.geometry.tiling.sheets import Sheet, sheet_of
from plantation.geometry.tiling.slices import levels_of, sliced, turned


class Waves:
    """The work on the tilings of some dividers, whose line numbers come from the same `numbers`."""

    def __init__(self, dividers: Sequence[Divider], numbers: Numbers) -> None:
        self.grounds = Grounds(dividers)
        self.dividers = dividers
        self.numbers = numbers
        self.failed = np.zeros(len(dividers), bool)
        self.marked: list[np.ndarray] = []
        self.marked_lines: list[np.ndarray] = []

    def run(self, progress: Callable[[int], None] | None = None) -> Sheet:
        """All pieces, by divider and size, but for dividers that `failed`; `progress` hears how many there are so far."""
        whole = [divider.tiling.ground for divider in self.dividers]
        count = len(whole)
        counts = np.array([len(divider.sizes) for divider in self.dividers])
        front = Front(sheet_of(whole), np.array([one.area for one in whole]), np.arange(count), np.zeros(count, np.int64), counts)
        done: list[Front] = []
        pieces = 0
        while True:
            single = front.stop - front.start == 1
            done.append(front.take(single.nonzero()[0]))
            pieces += len(done[-1])
            if single.all():
                made = joined(done)
                return made.sheet.take((~self.failed[made.of]).nonzero()[0])
            front = self._wave(front.take((~single).nonzero()[0]))
            if progress is not None:
                progress(pieces + len(front))

    def marks(self) -> tuple[np.ndarray, np.ndarray]:
        """The points that cuts have put on lines, and the lines."""
        alone = [marks_of(divider.tiling.marks) for divider in self.dividers]
        return (
            np.concatenate([*self.marked, *(points for points, _ in alone)]),
            np.concatenate([*self.marked_lines, *(lines for _, lines in alone)]),
        )

    def _wave(self, front: Front) -> Front:
        """Both halves of every region."""
        is_open = np.ones(len(front), bool)
        # Parts that hang together by a point need a closer look than arrays give them.
        is_simple = ~self.grounds.touching[front.of]
        made: list[Front] = []
        for cut, serves in ((self._as_rectangles, is_simple), (self._along_the_best, is_simple), (self._one_by_one, is_open)):
            left = (is_open & serves).nonzero()[0]
            if len(left):
                done, halves = cut(front.take(left))
                made.append(halves)
                is_open[left[done]] = False
        wave = joined(made)
        return wave.take((~self.failed[wave.of]).nonzero()[0]) if self.failed.any() else wave

    def _as_rectangles(self, front: Front) -> tuple[np.ndarray, Front]:
        """Cut what has no holes and is nearly a rectangle in its frame as a rectangle is: which were cut, and their halves."""
        frames = self.grounds.frames[front.of]
        s, t = turned(front.sheet, frames)
        rings = np.bincount(front.sheet.owner, minlength=len(front))
        starts = firsts(front.sheet.sizes)[firsts(rings)]
        length = np.maximum.reduceat(s, starts) - np.minimum.reduceat(s, starts)
        width = np.maximum.reduceat(t, starts) - np.minimum.reduceat(t, starts)
        full = front.areas / (length * width)
        chosen = ((full >= TRIED) & (rings == 1)).nonzero()[0]
        done = np.zeros(len(front), bool)
        few = front.take(chosen)
        if len(few):
            across, parts = self._rectangle_cuts(few, length[chosen] / width[chosen])
            along = frames[chosen]
            directions = np.where(across[:, None], along, np.stack([-along[:, 1], along[:, 0]], axis=1))
            done[chosen], few = self._cut(few, directions, few.start + parts, checked=full[chosen] < RECTANGULAR)
        return done, few

    def _rectangle_cuts(self, front: Front, aspects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Whether each cut runs across the frame's direction, and how many pieces lie below it."""
        across, parts = [], []
        rows = zip(self.grounds.alike(front).tolist(), aspects.tolist(), front.of.tolist(), front.start.tolist(), front.stop.tolist())
        for alike, aspect, of, start, stop in rows:
            if alike:
                _, runs_across, part = best_cut(stop - start, step_of(aspect))
            else:
                runs_across, part = aspect >= 1.0, self.dividers[of].half(start, stop)
            across.append(runs_across)
            parts.append(part)
        return np.array(across), np.array(parts)

    def _along_the_best(self, front: Front) -> tuple[np.ndarray, Front]:
        """Cut each region along the best of many lines."""
        found = best_lines(front, self.grounds)
        middles = front.start + found.parts
        done, halves = self._cut(front, found.directions, middles, guess=found.levels)
        # A line through a hole leaves both sides whole too.
        holed = np.bincount(front.sheet.owner, minlength=len(front)) > 1
        left = (~done & ~found.often & holed).nonzero()[0]
        if not len(left):
            return done, halves

        def along(divider, region, start, stop, index):
            direction = tuple(found.directions[left[index]].tolist())
            return divider.along(region, start, int(middles[left[index]]), stop, direction, float(found.levels[left[index]]))

        done[left], through = self._each(front.take(left), along)
        return done, joined([halves, through])

    def _one_by_one(self, front: Front) -> tuple[np.ndarray, Front]:
        done, halves = self._each(front, lambda divider, region, start, stop, _: divider.bisect(region, start, stop))
        self.failed[front.of[~done]] = True
        return done, halves

    def _each(self, front: Front, cut: Callable) -> tuple[np.ndarray, Front]:
        """Cut each region by `cut`, which may return None."""
        regions, middles = [], []
        done = np.zeros(len(front), bool)
        for index, region in enumerate(front.sheet.regions()):
            try:
                made = cut(self.dividers[front.of[index]], region, int(front.start[index]), int(front.stop[index]), index)
            except FAULTS:
                continue
            if made is not None:
                low, high, middle = made
                regions += [low, high]
                middles.append(middle)
                done[index] = True
        areas = np.array([one.area for one in regions])
        return done, _halves(front.take(done.nonzero()[0]), sheet_of(regions), areas, np.array(middles, np.int64))

    def _cut(self, front: Front, directions, middles, guess=None, checked=None) -> tuple[np.ndarray, Front]:
        """Cut each region along its direction before its middle size: which were cut, and their halves.

        Where `checked`, only if the halves turn out promising.
        """
        s, t = turned(front.sheet, directions)
        share = self.grounds.share(front, middles)
        if guess is None:
            starts = firsts(front.sheet.sizes)
            low = np.minimum.reduceat(s, starts)
            guess = low + (np.maximum.reduceat(s, starts) - low) * share
        levels = levels_of(s, t, front.sheet, front.areas * share, front.areas, guess)
        made = sliced(front.sheet, s, levels, self.numbers)
        done, marked, lines = made.done, made.marked, made.marked_lines
        halves = _halves(front.take(done.nonzero()[0]), made.sheet, made.sheet.areas(), middles[done])
        if checked is not None:
            pieces = halves.stop - halves.start
            good = pieces * estimate(pieces, halves.areas, made.sheet.border())
            kept = (good[::2] + good[1::2] >= PROMISING * (pieces[::2] + pieces[1::2])) | ~checked[done]
            done = done.copy()
            done[done.nonzero()[0][~kept]] = False
            both = kept.repeat(2)
            halves, marked, lines = halves.take(both.nonzero()[0]), marked[both], lines[both]
        self.marked.append(marked)
        self.marked_lines.append(lines)
        return done, halves


def _halves(front: Front, sheet: Sheet, areas: np.ndarray, middles: np.ndarray) -> Front:
    """What regions were cut into before their `middles`, two each in `sheet`."""
    start = np.stack([front.start, middles], axis=1).ravel()
    stop = np.stack([middles, front.stop], axis=1).ravel()
    return Front(sheet, areas, front.of.repeat(2), start, stop)
