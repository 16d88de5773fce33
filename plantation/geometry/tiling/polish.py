"""Better finished plans: join two neighbours and cut them again, where that makes them rounder, wider or reachable.

All pairs that may gain are looked at at once, in rounds: of those that do gain the best ones that have no cell in common
are cut anew. What a plan becomes depends on the plan alone, so that it comes out the same among others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from plantation.geometry.tiling.marks import closed
from plantation.geometry.tiling.orders import Plan
from plantation.geometry.tiling.ragged import distinct, firsts
from plantation.geometry.tiling.recuts import Pairs, Recuts, recuts
from plantation.geometry.tiling.regions import REACH_M, compactness
from plantation.geometry.tiling.seams import Seams
from plantation.geometry.tiling.sheets import Sheet, stacked
from plantation.geometry.tiling.width import narrow

# A piece worth this much is left alone. One worth so little has a fault that a report must name.
ROUND, FAULTY = 0.66, 0.15
# What one landlocked, one too narrow piece weighs against compactness.
LANDLOCKED, NARROW = 0.2, 1.0
# Less than this is not worth a new cut.
GAIN = 0.004
# A cell is tried with so many neighbours, in so many rounds, along the best lines; if it has a fault then, along the next.
NEIGHBOURS, ROUNDS = 5, 12
LINES, MORE_LINES = range(8), range(8, 24)
# To measure widths takes long: in a round a cell's first so many cuts are.
MEASURED = 8
# So many neighbours away from a faulty cell may be cut anew; the next ones only take up what is put on their borders.
AROUND = 2


def polished(plans: Sequence[Plan], faulty: Sequence[np.ndarray | None]) -> list[Plan]:
    """The plans, whose narrow pieces are known, with pieces cut anew that gain by it: all of a plan, or where a mask of `faulty`
    cells is given, those and what must give way to them."""
    return _Polish(plans, faulty).run()


@dataclass(slots=True)
class _Cells:
    """Cells of several plans: which plan each is of, its number there, its wanted size and rank, and whether it may be cut
    anew."""

    plan: np.ndarray
    number: np.ndarray
    size: np.ndarray
    rank: np.ndarray
    moves: np.ndarray


class _Polish:
    """The work on those cells of plans that matter."""

    def __init__(self, plans: Sequence[Plan], faulty: Sequence[np.ndarray | None]) -> None:
        self.plans = plans
        # Below this worth a cell is wanted better.
        self.content = np.array([ROUND if wrong is None else FAULTY for wrong in faulty])
        self.numbers = plans[0].tiling.numbers
        self.grounds = np.array([plan.order.ground for plan in plans], dtype=object)
        self.widths = np.array([plan.order.wish.min_width_m for plan in plans])
        self.narrow = [dict(plan.narrow or {}) for plan in plans]
        self.cells, self.sheet = _taken(plans, faulty)
        self.origins = np.array([plan.tiling.origin for plan in plans])
        self.frames = np.array([plan.frame for plan in plans])
        self.is_reached = np.array([bool(plan.tiling.access) for plan in plans])
        self._part_lines()
        self.access = self._access()
        self.is_narrow = np.zeros(len(self.cells.plan), bool)
        for index, (plan, number) in enumerate(zip(self.cells.plan.tolist(), self.cells.number.tolist())):
            one = self.narrow[plan].get(number)
            self.is_narrow[index] = one is not None and one.is_of_cut
        self.worth = self._worth(self.sheet, self.cells.plan) - NARROW * self.is_narrow

    def run(self) -> list[Plan]:
        touched = np.zeros(len(self.plans), bool)
        for lines, changed in ((LINES, self.cells.moves), (MORE_LINES, None)):
            changed = self.worth < FAULTY if changed is None else changed
            for _ in range(ROUNDS):
                changed = self._round(changed, lines)
                if not changed.any():
                    break
                touched[self.cells.plan[changed]] = True
        return [self._put_back(index) if was else self._known(index) for index, was in enumerate(touched.tolist())]

    def _access(self) -> np.ndarray:
        return np.concatenate([np.fromiter(plan.tiling.access, np.int64) for plan in self.plans])

    def _part_lines(self) -> None:
        """Make each edge between two cells a line of its own: relaxed borders are not straight from end to end, and the ends of
        all lanes are one line."""
        lines, count = Seams(self.sheet, self.cells.plan).own_lines()
        was_access = np.isin(self.sheet.lines, self._access()) & (lines >= 0)
        self.sheet.lines = np.where(lines < 0, self.sheet.lines, lines + self.numbers.take(count))
        plan = self.cells.plan[self.sheet.region_of[was_access]]
        for index, line in zip(plan.tolist(), self.sheet.lines[was_access].tolist()):
            self.plans[index].tiling.access.add(line)

    def _worth(self, sheet: Sheet, plan: np.ndarray) -> np.ndarray:
        """What cells are worth: their compactness, less what is wrong with them, but for what is too narrow."""
        is_access = np.zeros(self.numbers.given, bool)
        is_access[self.access] = True
        is_round = compactness(sheet.areas(), sheet.border())
        is_shut = self.is_reached[plan] & (sheet.border(is_access) < REACH_M)
        return is_round - 2.0 * np.maximum(0.0, 0.3 - is_round) - LANDLOCKED * is_shut

    def _round(self, changed: np.ndarray, lines: range) -> np.ndarray:
        """Cut anew what gains by it, and return which cells that were."""
        seams = Seams(self.sheet, self.cells.plan)
        one, two = self._tried(seams, changed)
        whole, unions = seams.joined(one, two)
        one, two = one[whole], two[whole]
        used = np.zeros(len(changed), bool)
        if not len(one):
            return used
        cells = self.cells
        alike = cells.rank[one] == cells.rank[two]
        pairs = Pairs(unions, one, two, cells.size[one], cells.size[two], alike, self.worth[one] + self.worth[two] + GAIN)
        tilings = [self.plans[plan].tiling for plan in cells.plan[one].tolist()]
        made = recuts(pairs, tilings, self.frames[cells.plan[one]], self.numbers, lines)
        worth = self._worth(made.halves, cells.plan[made.cells])
        gain = worth[::2] + worth[1::2] - pairs.least[made.pair]
        kept = self._chosen(made, gain, used)
        halves = (2 * kept[:, None] + [0, 1]).ravel()
        of = made.cells[halves]
        self.worth[of] = worth[halves] - NARROW * self.is_narrow[of]
        sheet = self.sheet.replaced(of, made.halves.take(halves))
        marks = np.isin(made.marked_by, kept)
        self.sheet = closed(sheet, made.marked[marks], made.marked_lines[marks], self.numbers.given, cells.plan)
        return used

    def _tried(self, seams: Seams, changed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The pairs of neighbours that have not been tried as they are, one of which is wanted better."""
        one, two = seams.neighbours()
        moving = self.cells.moves[one] & self.cells.moves[two]
        one, two = one[moving], two[moving]
        each = np.bincount(one, minlength=len(changed))
        nearest = np.arange(len(one)) - firsts(each)[one] < NEIGHBOURS
        wanted = nearest & (self.worth < self.content[self.cells.plan])[one] & (changed[one] | changed[two])
        one, two = np.minimum(one, two)[wanted], np.maximum(one, two)[wanted]
        key = distinct(one * len(changed) + two)
        return key // len(changed), key % len(changed)

    def _chosen(self, made: Recuts, gain: np.ndarray, used: np.ndarray) -> np.ndarray:
        """The cuts to make, the best first, no two of them on one cell; `used` is told which cells they change."""
        cells = made.cells.reshape(-1, 2)
        order = np.argsort(-np.round(gain, 9), kind="stable")
        left = order[gain[order] > 0]
        kept: list[int] = []
        for _ in range(MEASURED):
            if not len(left):
                break
            taken: set[int] = set()
            best = []
            for cut, (low, high) in zip(left.tolist(), cells[left].tolist()):
                if low not in taken and high not in taken:
                    best.append(cut)
                taken.update((low, high))
            good = self._wide_enough(made, np.array(best), gain)
            kept += good
            used[cells[good]] = True
            left = left[~np.isin(left, best) & ~used[cells[left]].any(axis=1)]
        return np.array(kept, np.int64)

    def _wide_enough(self, made: Recuts, cuts: np.ndarray, gain: np.ndarray) -> list[int]:
        """Those of the cuts that gain though their halves are measured too; what is found is kept."""
        halves = (2 * cuts[:, None] + [0, 1]).ravel()
        cells = made.cells[halves]
        plan = self.cells.plan[cells]
        polygons = made.halves.take(halves).polygons(self.origins[plan])
        found = narrow(polygons, self.grounds[plan], self.widths[plan])
        is_narrow = np.array([index in found and found[index].is_of_cut for index in range(len(halves))])
        valid = shapely.is_valid(polygons)
        good = (gain[cuts] - NARROW * (is_narrow[::2] * 1 + is_narrow[1::2]) > 0) & valid[::2] & valid[1::2]
        for index in np.flatnonzero(good.repeat(2)).tolist():
            cell = int(cells[index])
            self.is_narrow[cell] = is_narrow[index]
            known, number = self.narrow[plan[index]], int(self.cells.number[cell])
            known.pop(number, None)
            if index in found:
                known[number] = found[index]
        return cuts[good].tolist()

    def _put_back(self, index: int) -> Plan:
        plan = self._known(index)
        mine = np.flatnonzero(self.cells.plan == index)
        return replace(plan, sheet=plan.sheet.replaced(self.cells.number[mine], self.sheet.take(mine)))

    def _known(self, index: int) -> Plan:
        return replace(self.plans[index], narrow=self.narrow[index])


def _taken(plans: Sequence[Plan], faulty: Sequence[np.ndarray | None]) -> tuple[_Cells, Sheet]:
    """The cells that matter, and their sheet: all of a plan, or what lies around its faulty ones."""
    sheets, numbers, moves, sizes, ranks = [], [], [], [], []
    for plan, wrong in zip(plans, faulty):
        count, pieces = plan.sheet.count, len(plan.order.areas)
        may = np.arange(count) < pieces
        which = np.arange(count)
        if wrong is not None:
            seams = Seams(plan.sheet, np.zeros(count, np.int64))
            may &= seams.near(wrong, AROUND)
            which = np.flatnonzero(seams.near(wrong, AROUND + 1))
        own = np.zeros((2, count))
        own[:, :pieces] = plan.order.sizes[:pieces], plan.order.places_ranks[:pieces]
        sheets.append(plan.sheet.take(which))
        numbers.append(which)
        moves.append(may[which])
        sizes.append(own[0, which])
        ranks.append(own[1, which])
    plan_of = np.arange(len(plans)).repeat([len(one) for one in numbers])
    return _Cells(plan_of, *(np.concatenate(one) for one in (numbers, sizes, ranks, moves))), stacked(sheets)
