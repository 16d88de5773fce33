"""Divide many grounds at once, a whole level of the recursion at a time: every region that is open is cut in one go.

What `bisection` does for one region is done here for all of them in flat arrays. A region's cut depends on the region
alone, so that a ground comes out the same whether it is divided alone or among others. The few that no plain cut serves
(holes, lines that cross the border often or pass a corner closely) go to `bisection`, one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from plantation.geometry.bisection import FAULTS, FEW, GOOD, MANY, PROMISING, RECTANGULAR, TRIED, Divider, estimate, turned, worth
from plantation.geometry.fans import Fan, corners_of, fan
from plantation.geometry.ragged import firsts, runs
from plantation.geometry.rectangles import best_cut, step_of
from plantation.geometry.regions import Numbers
from plantation.geometry.sheets import Sheet, marks_of, sheet_of, stacked
from plantation.geometry.slices import levels_of, sliced
from plantation.geometry.slices import turned as coordinates

# So many corners times directions are worked on at a time: they fit into the processor's cache.
AT_ONCE = 60_000


@dataclass(slots=True)
class Front:
    """Regions that lie open: for each the divider it is of, and the sizes from `start` to before `stop` that it holds."""

    sheet: Sheet
    areas: np.ndarray
    of: np.ndarray
    start: np.ndarray
    stop: np.ndarray

    def __len__(self) -> int:
        return len(self.of)

    def take(self, which: np.ndarray) -> Front:
        """Some of the regions, in the order of `which`."""
        return Front(self.sheet.take(which), self.areas[which], self.of[which], self.start[which], self.stop[which])


def _front(fronts: Sequence[Front]) -> Front:
    """Fronts as one, by divider and size."""
    fronts = [front for front in fronts if len(front)] or list(fronts[:1])
    if len(fronts) == 1:
        return fronts[0]
    of, start = (np.concatenate([getattr(front, name) for front in fronts]) for name in ("of", "start"))
    whole = Front(
        stacked([front.sheet for front in fronts]),
        np.concatenate([front.areas for front in fronts]),
        of,
        start,
        np.concatenate([front.stop for front in fronts]),
    )
    return whole.take(np.lexsort((start, of)))


class Waves:
    """The work on the tilings of some dividers, whose line numbers come from the same `numbers`."""

    def __init__(self, dividers: Sequence[Divider], numbers: Numbers) -> None:
        self.dividers = dividers
        self.numbers = numbers
        self.frames = np.array([divider.frame for divider in dividers])
        self.touching = np.array([divider.tiling.touching for divider in dividers])
        self.turned = np.array([turned(divider.frame) for divider in dividers])
        self.first = firsts(np.array([len(divider.sums) for divider in dividers]))
        self.sums = np.concatenate([divider.sums for divider in dividers])
        self.sizes = np.concatenate([[*divider.sizes, 0.0] for divider in dividers])
        self.marked: list[np.ndarray] = [np.zeros((0, 2))]
        self.marked_lines: list[np.ndarray] = [np.zeros(0, np.int64)]
        self.failed = np.zeros(len(dividers), bool)

    def run(self, progress: Callable[[int], None] | None = None) -> Sheet:
        """All pieces, by divider and size, but for dividers that `failed`; `progress` hears how many there are so far."""
        grounds = [divider.tiling.ground for divider in self.dividers]
        count = len(grounds)
        counts = np.array([len(divider.sizes) for divider in self.dividers])
        front = Front(sheet_of(grounds), np.array([ground.area for ground in grounds]), np.arange(count), np.zeros(count, np.int64), counts)
        done: list[Front] = []
        pieces = 0
        while True:
            single = front.stop - front.start == 1
            done.append(front.take(np.flatnonzero(single)))
            pieces += len(done[-1])
            if single.all():
                whole = _front(done)
                return whole.sheet.take(np.flatnonzero(~self.failed[whole.of]))
            front = self._wave(front.take(np.flatnonzero(~single)))
            if progress is not None:
                progress(pieces + len(front))

    def marks(self) -> tuple[np.ndarray, np.ndarray]:
        """The points that cuts have put on lines, and the lines."""
        for divider in self.dividers:
            points, lines = marks_of(divider.tiling.marks)
            self.marked.append(points)
            self.marked_lines.append(lines)
        return np.concatenate(self.marked), np.concatenate(self.marked_lines)

    def _wave(self, front: Front) -> Front:
        is_open = ~self.touching[front.of]
        made: list[Front] = []
        for attempt in (self._rectangles, self._searched, self._one_by_one):
            left = np.flatnonzero(is_open)
            if attempt == self._one_by_one:
                left = np.flatnonzero(is_open | self.touching[front.of])
            if len(left):
                done, halves = attempt(front.take(left))
                made.append(halves)
                is_open[left[done]] = False
        wave = _front(made)
        return wave.take(np.flatnonzero(~self.failed[wave.of])) if self.failed.any() else wave

    def _one_by_one(self, front: Front) -> tuple[np.ndarray, Front]:
        regions, middles = [], []
        done = np.zeros(len(front), bool)
        for index, region in enumerate(front.sheet.regions()):
            of = int(front.of[index])
            try:
                low, high, middle = self.dividers[of].bisect(region, int(front.start[index]), int(front.stop[index]))
            except FAULTS:
                self.failed[of] = True
                continue
            regions += [low, high]
            middles.append(middle)
            done[index] = True
        areas = np.array([one.area for one in regions])
        return done, self._halves(front.take(done.nonzero()[0]), sheet_of(regions), areas, np.array(middles, np.int64))

    def _halves(self, front: Front, sheet: Sheet, areas: np.ndarray, middles: np.ndarray) -> Front:
        start = np.stack([front.start, middles], axis=1).ravel()
        stop = np.stack([middles, front.stop], axis=1).ravel()
        return Front(sheet, areas, np.repeat(front.of, 2), start, stop)

    def _share(self, of, start, middle, stop) -> np.ndarray:
        first, sums = self.first[of], self.sums
        low = sums[first + start]
        return (sums[first + middle] - low) / (sums[first + stop] - low)

    def _cut(self, front: Front, directions, middles, guess=None, checked=None) -> tuple[np.ndarray, Front]:
        """Cut each region along its direction before its middle size: which were cut, and the halves of these.

        Where `checked`, only if the halves turn out promising.
        """
        s, t = coordinates(front.sheet, directions)
        share = self._share(front.of, front.start, middles, front.stop)
        if guess is None:
            starts = firsts(front.sheet.sizes)
            low = np.minimum.reduceat(s, starts)
            guess = low + (np.maximum.reduceat(s, starts) - low) * share
        levels = levels_of(s, t, front.sheet, front.areas * share, front.areas, guess)
        made = sliced(front.sheet, s, levels, self.numbers)
        done = made.done
        halves = self._halves(front.take(done.nonzero()[0]), made.sheet, made.sheet.areas(), middles[done])
        if checked is not None:
            pieces = halves.stop - halves.start
            good = pieces * estimate(pieces, halves.areas, made.sheet.border())
            good = good[::2] + good[1::2] >= PROMISING * (pieces[::2] + pieces[1::2])
            kept = good | ~checked[done]
            if not kept.all():
                done = done.copy()
                done[np.flatnonzero(done)[~kept]] = False
                both = np.repeat(kept, 2)
                halves = halves.take(np.flatnonzero(both))
                made.marked, made.marked_lines = made.marked[both], made.marked_lines[both]
        self.marked.append(made.marked)
        self.marked_lines.append(made.marked_lines)
        return done, halves

    def _rectangles(self, front: Front) -> tuple[np.ndarray, Front]:
        """Cut what has no holes and is nearly a rectangle in its frame as a rectangle is."""
        frames = self.frames[front.of]
        s, t = coordinates(front.sheet, frames)
        rings = np.bincount(front.sheet.owner, minlength=len(front))
        starts = firsts(front.sheet.sizes)[firsts(rings)]
        length = np.maximum.reduceat(s, starts) - np.minimum.reduceat(s, starts)
        width = np.maximum.reduceat(t, starts) - np.minimum.reduceat(t, starts)
        full = front.areas / (length * width)
        chosen = np.flatnonzero((full >= TRIED) & (rings == 1))
        done = np.zeros(len(front), bool)
        if not len(chosen):
            return done, front.take(chosen)
        across, parts = self._rectangle_cuts(front, chosen, length, width)
        directions = frames[chosen]
        directions = np.where(across[:, None], directions, np.stack([-directions[:, 1], directions[:, 0]], axis=1))
        cut, halves = self._cut(front.take(chosen), directions, front.start[chosen] + parts, checked=full[chosen] < RECTANGULAR)
        done[chosen[cut]] = True
        return done, halves

    def _rectangle_cuts(self, front: Front, chosen, length, width) -> tuple[np.ndarray, np.ndarray]:
        """Whether each cut runs across the frame's direction, and how many pieces lie below it."""
        base = self.first[front.of]
        alike = self.sizes[base + front.start] == self.sizes[base + front.stop - 1]
        across, parts = [], []
        for index, aspect in zip(chosen.tolist(), (length[chosen] / width[chosen]).tolist()):
            start, stop = int(front.start[index]), int(front.stop[index])
            if alike[index]:
                _, runs_across, part = best_cut(stop - start, step_of(aspect))
            else:
                runs_across, part = aspect >= 1.0, self.dividers[front.of[index]].half(start, stop)
            across.append(runs_across)
            parts.append(part)
        return np.array(across), np.array(parts)

    def _searched(self, front: Front) -> tuple[np.ndarray, Front]:
        """Cut each region by the best of many lines."""
        found = _Best(2 * np.bincount(front.sheet.owner, minlength=len(front)))
        points = np.bincount(front.sheet.owner, front.sheet.sizes, len(front)).astype(np.int64)
        # Rows of 8, 16, 32, 128, 512, … corners: of few lengths, so that no region's figures depend on what lies beside it.
        power = np.frexp(np.maximum(points, 8) - 1)[1]
        wide = 1 << power
        for width in np.unique(wide).tolist():
            alike = np.flatnonzero(wide == width)
            step = max(1, AT_ONCE // (4 * width))
            for at in range(0, len(alike), step):
                self._look(front, alike[at : at + step], width, found)
        middles = front.start + found.parts
        done, halves = self._cut(front, found.directions, middles, guess=found.levels)
        # A line through a hole leaves both sides whole too.
        holed = np.flatnonzero(~done & ~found.often & (np.bincount(front.sheet.owner, minlength=len(front)) > 1))
        if not len(holed):
            return done, halves
        regions = []
        cut = []
        for index, region in zip(holed.tolist(), front.sheet.take(holed).regions()):
            divider = self.dividers[front.of[index]]
            start, stop, middle = int(front.start[index]), int(front.stop[index]), int(middles[index])
            direction = tuple(found.directions[index].tolist())
            taken = divider.along(region, start, middle, stop, direction, float(found.levels[index]))
            if taken is not None:
                regions += taken[:2]
                cut.append(index)
        if not cut:
            return done, halves
        done[cut] = True
        through = self._halves(front.take(np.array(cut)), sheet_of(regions), np.array([one.area for one in regions]), middles[cut])
        return done, _front([halves, through])

    def _look(self, front: Front, which: np.ndarray, width: int, found: _Best) -> None:
        few = front.take(which)
        corners = corners_of(few.sheet, width)
        of, parts = self._parts(few)
        targets = few.areas[of] * self._share(few.of[of], few.start[of], few.start[of] + parts, few.stop[of])
        counts = (few.stop - few.start)[of]
        borders = few.sheet.border()[of]
        directions = self._directions(few)
        tried = fan(corners, directions, of, targets)
        score = worth(tried, parts, counts, targets, few.areas[of], borders, 2)
        found.keep(which, of, parts, directions, tried, score)
        # The first cuts of many pieces decide little about their shapes: any that keeps both sides whole will do.
        good = np.where(few.stop - few.start <= FEW, GOOD, 0.0)
        again = np.flatnonzero((found.scores[which] < good) | found.often[which])
        if len(again):
            narrowed = few.take(again)
            corners = corners_of(narrowed.sheet, width)
            kept = np.isin(of, again)
            own = np.searchsorted(again, of[kept])
            directions = self.turned[narrowed.of]
            tried = fan(corners, directions, own, targets[kept])
            score = worth(tried, parts[kept], counts[kept], targets[kept], few.areas[of[kept]], borders[kept], 0)
            found.keep(which[again], own, parts[kept], directions, tried, score)

    def _parts(self, front: Front) -> tuple[np.ndarray, np.ndarray]:
        """How many pieces may lie below a cut: the region and the number, for each that is tried."""
        counts = front.stop - front.start
        if (counts <= MANY).all():
            return np.repeat(np.arange(len(front)), counts - 1), runs(np.ones(len(front), np.int64), counts - 1)
        parts = [
            self.dividers[of].parts(start, stop) for of, start, stop in zip(front.of.tolist(), front.start.tolist(), front.stop.tolist())
        ]
        return np.repeat(np.arange(len(front)), [len(one) for one in parts]), np.concatenate(parts)

    def _directions(self, front: Front) -> np.ndarray:
        """Per region its frame's two directions, and those along and across its longest side."""
        sizes = front.sheet.sizes
        starts = firsts(sizes)
        length = front.sheet.edges_m()
        longest = np.flatnonzero(length == np.maximum.reduceat(length, starts).repeat(sizes))
        _, one_each = np.unique(front.sheet.ring_of[longest], return_index=True)
        outer = firsts(np.bincount(front.sheet.owner, minlength=len(front)))
        longest = longest[one_each][outer]
        starts, sizes = starts[outer], sizes[outer]
        ends = np.where(longest + 1 == starts + sizes, starts, longest + 1)
        along = (front.sheet.xy[ends] - front.sheet.xy[longest]) / length[longest, None]
        frames = self.frames[front.of]
        two = np.stack([frames, along], axis=1)
        return np.stack([two, np.stack([-two[:, :, 1], two[:, :, 0]], axis=2)], axis=2).reshape(len(front), 4, 2)


class _Best:
    """The best line found for each region so far."""

    def __init__(self, most: np.ndarray) -> None:
        # A line that crosses more often leaves one side in parts.
        self.most = most
        count = len(most)
        self.scores = np.full(count, -np.inf)
        self.often = np.ones(count, bool)
        self.parts = np.ones(count, np.int64)
        self.levels = np.zeros(count)
        self.directions = np.zeros((count, 2))

    def keep(self, which: np.ndarray, of: np.ndarray, parts: np.ndarray, directions: np.ndarray, tried: Fan, score: np.ndarray) -> None:
        """Take up what is better: `of` is the place in `which` of each column of `tried`."""
        often = tried.crossings > self.most[which][of]
        rank = np.where(often, -1e3, 0.0) + np.round(score, 9)
        turn = np.argmax(rank, axis=0)
        column = np.arange(len(of))
        best = rank[turn, column]
        starts = firsts(np.bincount(of, minlength=len(which)))
        top = np.maximum.reduceat(best, starts)
        first = np.flatnonzero(best == top[of])
        _, one_each = np.unique(of[first], return_index=True)
        pick = first[one_each]
        better = top > self.scores[which] - 1e3 * self.often[which]
        pick, which, rows = pick[better], which[better], np.flatnonzero(better)
        self.scores[which] = np.round(score[turn[pick], pick], 9)
        self.often[which] = often[turn[pick], pick]
        self.parts[which] = parts[pick]
        self.levels[which] = tried.levels[turn[pick], pick]
        self.directions[which] = directions[rows, turn[pick]]
