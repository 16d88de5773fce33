"""Cut pairs of joined neighbours anew along the best of many lines, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plantation.geometry.tiling.bisection import FAULTS, turned
from plantation.geometry.tiling.cuts import Side, split_whole
from plantation.geometry.tiling.fans import corners_of, fan, rows_alike
from plantation.geometry.tiling.levels import Direction
from plantation.geometry.tiling.ragged import heads
from plantation.geometry.tiling.regions import Numbers, Region, Tiling, compactness
from plantation.geometry.tiling.sheets import Sheet, sheet_of, stacked
from plantation.geometry.tiling.slices import levels_of, sliced
from plantation.geometry.tiling.slices import turned as along


@dataclass(slots=True)
class Pairs:
    """Joined regions, the two cells that each was and what areas those should have; whether these are `alike`, so that it does
    not matter which lies below the cut; and how compact the two must become at `least`, in sum."""

    unions: Sheet
    one: np.ndarray
    two: np.ndarray
    size_one: np.ndarray
    size_two: np.ndarray
    alike: np.ndarray
    least: np.ndarray


@dataclass(slots=True)
class Recuts:
    """Cuts that may be made. Of each: which `pair` it cuts, two `halves`, and the `cells` that they become. Then the points that
    cuts put on other lines, and which cut each is of."""

    pair: np.ndarray
    halves: Sheet
    cells: np.ndarray
    marked: np.ndarray
    marked_lines: np.ndarray
    marked_by: np.ndarray


def recuts(pairs: Pairs, tilings: Sequence[Tiling], frames: np.ndarray, numbers: Numbers, which: range) -> Recuts:
    """Those cuts of every pair that promise most, from `which` on; its tiling and frame (the first direction to look along) are given."""
    pair, low, directions, levels = _lines(pairs, frames, which)
    unions, areas = pairs.unions.take(pair), pairs.unions.areas()[pair]
    below = np.where(low, pairs.size_one[pair], pairs.size_two[pair])
    targets = areas * below / (pairs.size_one + pairs.size_two)[pair]
    s, t = along(unions, directions)
    levels = levels_of(s, t, unions, targets, areas, levels)
    made = sliced(unions, s, levels, numbers)
    done = made.done.nonzero()[0]
    sheets, points, lines, by = [made.sheet], [made.marked], [made.marked_lines], [done.repeat(2)]
    # A line through a hole leaves both sides whole too.
    left = (~made.done & (np.bincount(unions.owner, minlength=len(pair)) > 1)).nonzero()[0]
    more = []
    for cut, region in zip(left.tolist(), unions.take(left).regions()):
        side = _split(tilings[pair[cut]], region, tuple(directions[cut].tolist()), float(levels[cut]))
        if side is not None:
            more.append(cut)
            sheets.append(sheet_of([*side.low, *side.high]))
            points.append(np.array([point for _, point in side.placed]).reshape(-1, 2))
            lines.append(np.array([line for line, _ in side.placed], np.int64))
            by.append(np.full(len(side.placed), cut))
    cuts = np.concatenate([done, np.array(more, np.int64)])
    by = np.concatenate(by)
    order = np.argsort(cuts)
    cuts = cuts[order]
    halves = stacked(sheets).take((2 * order[:, None] + [0, 1]).ravel())
    pair, low = pair[cuts], low[cuts]
    one, two = pairs.one[pair], pairs.two[pair]
    cells = np.stack([np.where(low, one, two), np.where(low, two, one)], axis=1).ravel()
    return Recuts(pair, halves, cells, np.concatenate(points), np.concatenate(lines), np.searchsorted(cuts, by))


def _split(tiling: Tiling, region: Region, direction: Direction, level: float) -> Side | None:
    try:
        return split_whole(tiling, region, direction, level)
    except FAULTS:
        return None


def _lines(pairs: Pairs, frames: np.ndarray, nths: range) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Per line: the pair, whether its first cell lies below the line, the line's direction, and its level."""
    unions = pairs.unions
    directions = _directions(unions, frames)
    areas, borders = unions.areas(), unions.border()
    most = 2 * np.bincount(unions.owner, minlength=unions.count)
    found = []
    for which, width in rows_alike(unions, directions.shape[1]):
        other = which[~pairs.alike[which]]
        of = np.concatenate([np.arange(len(which)), np.searchsorted(which, other)])
        mine = which[of]
        low = np.arange(len(of)) < len(which)
        targets = areas[mine] * np.where(low, pairs.size_one[mine], pairs.size_two[mine]) / (pairs.size_one + pairs.size_two)[mine]
        tried = fan(corners_of(unions.take(which), width), directions[which], of, targets)
        score = compactness(targets, tried.borders + tried.lengths)
        score += compactness(areas[mine] - targets, borders[mine] - tried.borders + tried.lengths)
        # What is wrong now may be mended at a loss of compactness, up to what it weighs.
        turn, column = ((tried.crossings <= most[mine]) & (score >= pairs.least[mine])).nonzero()
        found.append((mine[column], low[column], turn, score[turn, column], tried.levels[turn, column]))
    pair, low, turn, score, levels = (np.concatenate(one) for one in zip(*found))
    order = np.lexsort((turn, ~low, -np.round(score, 9), pair))
    pair = pair[order]
    starts = heads(pair)
    nth = np.arange(len(pair)) - starts.repeat(np.diff(starts, append=len(pair)))
    kept = (nths.start <= nth) & (nth < nths.stop)
    order, pair = order[kept], pair[kept]
    return pair, low[order], directions[pair, turn[order]], levels[order]


def _directions(unions: Sheet, frames: np.ndarray) -> np.ndarray:
    """Per region its frame's two directions, those between, and those along and across its longest side."""
    between = np.moveaxis(np.array(turned(tuple(frames.T))), 2, 0)
    two = np.stack([frames, unions.longest_sides()], axis=1)
    return np.concatenate([two, np.stack([-two[:, :, 1], two[:, :, 0]], axis=2), between], axis=1)
