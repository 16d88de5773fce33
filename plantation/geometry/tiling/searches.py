"""Find the best line to cut each of many regions along: many directions, with every count of pieces below."""

from __future__ import annotations

import numpy as np

from plantation.geometry.tiling.bisection import FEW, GOOD, MANY
from plantation.geometry.tiling.estimates import DECIMALS, worth
from plantation.geometry.tiling.fans import Fan, corners_of, fan, rows_alike
from plantation.geometry.tiling.fronts import Front, Grounds
from plantation.geometry.tiling.ragged import firsts, heads, runs


class Lines:
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
        rank = np.where(often, -1e3, 0.0) + np.round(score, DECIMALS)
        turn = np.argmax(rank, axis=0)
        column = np.arange(len(of))
        best = rank[turn, column]
        starts = firsts(np.bincount(of, minlength=len(which)))
        top = np.maximum.reduceat(best, starts)
        first = np.flatnonzero(best == top[of])
        pick = first[heads(of[first])]
        better = top > self.scores[which] - 1e3 * self.often[which]
        pick, which, rows = pick[better], which[better], np.flatnonzero(better)
        self.scores[which] = np.round(score[turn[pick], pick], DECIMALS)
        self.often[which] = often[turn[pick], pick]
        self.parts[which] = parts[pick]
        self.levels[which] = tried.levels[turn[pick], pick]
        self.directions[which] = directions[rows, turn[pick]]


def best_lines(front: Front, grounds: Grounds) -> Lines:
    """The best line for each region."""
    found = Lines(2 * np.bincount(front.sheet.owner, minlength=len(front)))
    for which, width in rows_alike(front.sheet, 4):
        _look(front, which, width, grounds, found)
    return found


def _look(front: Front, which: np.ndarray, width: int, grounds: Grounds, found: Lines) -> None:
    few = front.take(which)
    corners = corners_of(few.sheet, width)
    of, parts = _parts(few, grounds)
    targets = few.areas[of] * grounds.share(few, few.start[of] + parts, of)
    counts = (few.stop - few.start)[of]
    borders = few.sheet.border()[of]
    directions = _directions(few, grounds)
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
        directions = grounds.turned[narrowed.of]
        tried = fan(corners, directions, own, targets[kept])
        score = worth(tried, parts[kept], counts[kept], targets[kept], few.areas[of[kept]], borders[kept], 0)
        found.keep(which[again], own, parts[kept], directions, tried, score)


def _parts(front: Front, grounds: Grounds) -> tuple[np.ndarray, np.ndarray]:
    """How many pieces may lie below a cut: the region and the number, for each that is tried."""
    counts = front.stop - front.start
    if (counts <= MANY).all():
        return np.repeat(np.arange(len(front)), counts - 1), runs(np.ones(len(front), np.int64), counts - 1)
    parts = [
        grounds.dividers[of].parts(start, stop) for of, start, stop in zip(front.of.tolist(), front.start.tolist(), front.stop.tolist())
    ]
    return np.repeat(np.arange(len(front)), [len(one) for one in parts]), np.concatenate(parts)


def _directions(front: Front, grounds: Grounds) -> np.ndarray:
    """Per region its frame's two directions, and those along and across its longest side."""
    two = np.stack([grounds.frames[front.of], front.sheet.longest_sides()], axis=1)
    return np.stack([two, np.stack([-two[:, :, 1], two[:, :, 0]], axis=2)], axis=2).reshape(len(front), 4, 2)
