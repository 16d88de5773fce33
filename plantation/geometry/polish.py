"""Better a finished plan: join two neighbours and cut them again, where that makes them rounder, wider or reachable."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import shapely

from plantation.geometry.bisection import turned
from plantation.geometry.cuts import split
from plantation.geometry.fans import corners_of, fan
from plantation.geometry.joins import joined
from plantation.geometry.levels import Direction, heights, level_of
from plantation.geometry.regions import Point, Region, Tiling, compactness, perimeter
from plantation.geometry.sheets import sheet_of

# A piece of this compactness is left alone.
ROUND = 0.66
# What one landlocked, one too narrow piece weighs against compactness.
LANDLOCKED, NARROW = 0.12, 1.0
# Less than this is not worth a new cut.
GAIN = 0.004


class Polish:
    """Cells of a closed sheet, each with every point that a neighbour has on its border."""

    def __init__(
        self,
        tiling: Tiling,
        cells: list[Region],
        sizes: Sequence[float],
        ranks: Sequence[float],
        frame: Direction,
        gauge: Callable[[list[shapely.Polygon]], dict],
        pieces: int,
        reach_m: float = 3.0,
    ) -> None:
        self.tiling = tiling
        self.cells = cells
        self.sizes = sizes
        self.ranks = ranks
        self.gauge = gauge
        self.reach_m = reach_m
        # Cells from here on are the rest and lanes: they stay as they are.
        self.pieces = pieces
        self.directions = [frame, (-frame[1], frame[0]), *turned(frame)]
        self.owner: dict[tuple[Point, Point], int] = {}
        for number in range(len(cells)):
            self._own(number)
        narrow = gauge([cell.polygon() for cell in cells[:pieces]])
        self.narrow = [number in narrow and narrow[number].cut_m2 > 0 for number in range(len(cells))]
        self.worth = [self.value(cell, self.narrow[i]) for i, cell in enumerate(cells)]

    def value(self, cell: Region, narrow: bool) -> float:
        """What a cell is worth: its compactness, less what is wrong with it."""
        length = sum(perimeter(points) for points, _ in cell.rings)
        round_ = compactness(cell.area, length)
        worth = round_ - 2.0 * max(0.0, 0.3 - round_)
        if self.tiling.access and self.tiling.reach_m(cell) < self.reach_m:
            worth -= LANDLOCKED
        return worth - NARROW * narrow

    def run(self, attempts: int) -> None:
        """Try at most `attempts` pairs, the worst cells first, until nothing gets better."""
        for _ in range(3):
            changed = False
            for number in sorted(range(self.pieces), key=lambda i: (round(self.worth[i], 9), i)):
                if self.worth[number] >= ROUND or attempts <= 0:
                    break
                for other in self.neighbours(number):
                    attempts -= 1
                    if self.recut(number, other):
                        changed = True
            if not changed or attempts <= 0:
                return

    def neighbours(self, number: int) -> list[int]:
        """Cells that share a border with this one, those with the longest border first."""
        shared: dict[int, float] = {}
        for points, _ in self.cells[number].rings:
            for a, b in zip(points, points[1:] + points[:1]):
                other = self.owner.get((b, a))
                if other is not None and other < self.pieces:
                    shared[other] = shared.get(other, 0.0) + math.dist(a, b)
        return sorted(shared, key=lambda i: (-round(shared[i], 6), i))[:5]

    def recut(self, one: int, two: int) -> bool:
        """Cut the two cells anew if that is worth it; whether it was done."""
        union = joined(self.cells[one], self.cells[two])
        if union is None:
            return False
        before = self.worth[one] + self.worth[two]
        for first, second, direction, guess in self._options(union, one, two, before):
            rings = heights(union, direction)
            target = union.area * self.sizes[first] / (self.sizes[first] + self.sizes[second])
            level = level_of(rings, target, union.area, guess)
            side = split(self.tiling, union, direction, level, rings)
            if side is None or len(side.low) != 1 or len(side.high) != 1:
                continue
            pair = [side.low[0], side.high[0]]
            if sum(self.value(cell, False) for cell in pair) <= before + GAIN:
                continue
            narrow = self.gauge([cell.polygon() for cell in pair])
            slim = [i in narrow and narrow[i].cut_m2 > 0 for i in (0, 1)]
            worth = [self.value(cell, bad) for cell, bad in zip(pair, slim)]
            if sum(worth) > before + GAIN:
                self._replace((first, second), pair, worth, slim)
                for line, point in side.placed:
                    self._insert(pair, line, point)
                return True
        return False

    def _options(self, union, one, two, before):
        low, high = self.sizes[one], self.sizes[two]
        total = sum(perimeter(points) for points, _ in union.rings)
        points = union.rings[0][0]
        size, a, b = max((math.dist(a, b), a, b) for a, b in zip(points, points[1:] + points[:1]))
        along = ((b[0] - a[0]) / size, (b[1] - a[1]) / size)
        directions = [*self.directions, along, (-along[1], along[0])]
        targets = [low] if self.ranks[one] == self.ranks[two] else [low, high]
        tried = fan(corners_of(sheet_of([union])), np.array([directions]), np.zeros(len(targets), np.int64), np.array(targets))
        below = np.array(targets)[None, :]
        score = compactness(below, tried.borders + tried.lengths)
        score += compactness(union.area - below, total - tried.borders + tried.lengths)
        score[tried.crossings > 2 * len(union.rings)] = -1.0
        order = np.lexsort((np.arange(score.size), -np.round(score.ravel(), 9)))[:4].tolist()
        for i in order:
            # What is wrong now may be mended at a loss of compactness, up to what it weighs.
            if score.flat[i] < before + GAIN:
                return
            first, second = (one, two) if i % len(targets) == 0 else (two, one)
            yield first, second, directions[i // len(targets)], float(tried.levels.flat[i])

    def _own(self, number: int) -> None:
        for points, _ in self.cells[number].rings:
            for edge in zip(points, points[1:] + points[:1]):
                self.owner[edge] = number

    def _replace(self, numbers, pair, worth, slim) -> None:
        for number in numbers:
            for points, _ in self.cells[number].rings:
                for edge in zip(points, points[1:] + points[:1]):
                    self.owner.pop(edge, None)
        for number, cell, value, bad in zip(numbers, pair, worth, slim):
            self.cells[number], self.worth[number], self.narrow[number] = cell, value, bad
            self._own(number)

    def _insert(self, pair: list[Region], line: int, point: Point) -> None:
        """Give a new point on a border to the neighbour on the border's other side."""
        before = after = None
        for cell in pair:
            for points, lines in cell.rings:
                for index, at in enumerate(points):
                    if at == point:
                        before = points[index - 1] if lines[index - 1] == line else before
                        after = points[(index + 1) % len(points)] if lines[index] == line else after
        number = self.owner.pop((after, before), None)
        if number is None:
            return
        for points, lines in self.cells[number].rings:
            for index, at in enumerate(points):
                if at == after and points[(index + 1) % len(points)] == before:
                    points.insert(index + 1, point)
                    lines.insert(index + 1, line)
                    self.owner[after, point] = self.owner[point, before] = number
                    return
