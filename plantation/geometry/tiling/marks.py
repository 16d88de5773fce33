"""Points that cuts put on lines, and sheets whose rings take them up: then neighbours share every point of their border."""

from __future__ import annotations

from itertools import chain

import numpy as np

from plantation.geometry.tiling.knots import names as names_of
from plantation.geometry.tiling.ragged import firsts, following
from plantation.geometry.tiling.regions import Point
from plantation.geometry.tiling.sheets import Sheet

# Points this close on one line are one point.
ONE_POINT_M = 1e-6


def closed(sheet: Sheet, marked: np.ndarray, marked_lines: np.ndarray, count: int, ground: np.ndarray | None = None) -> Sheet:
    """The sheet with every marked point of a line in each ring that runs along it.

    `count`: how many lines there are; `ground`: which ground each region is of, if there are several.
    """
    if not len(marked):
        return sheet
    ground_of = np.zeros(count, np.int64)
    if ground is not None:
        ground_of[sheet.lines] = ground[sheet.region_of]
    xy, marked = _merged(sheet, marked, marked_lines, ground_of)
    return _welded(Sheet(*_with_marks(xy, sheet, marked, marked_lines, count), sheet.owner), ground_of)


def marks_of(marks: dict[int, list[Point]]) -> tuple[np.ndarray, np.ndarray]:
    """Marks as arrays: points, and the line of each."""
    lines = np.fromiter(chain.from_iterable([k] * len(v) for k, v in marks.items()), np.int64)
    points = np.fromiter(chain.from_iterable(chain.from_iterable(marks.values())), float).reshape(-1, 2)
    return points, lines


def _with_marks(xy, sheet, marked, marked_lines, count):
    lines, ring_of = sheet.lines, sheet.ring_of
    goal = xy[following(sheet.sizes)]
    dx = np.bincount(lines, np.abs(goal[:, 0] - xy[:, 0]), count)
    dy = np.bincount(lines, np.abs(goal[:, 1] - xy[:, 1]), count)
    steep = dy > dx
    value = np.where(steep[marked_lines], marked[:, 1], marked[:, 0])
    touched = np.zeros(count, bool)
    touched[marked_lines] = True
    which = np.flatnonzero(touched[lines])
    side = steep[lines[which]].astype(np.int64)
    start, stop = xy[which, side], goal[which, side]
    low, high = np.minimum(start, stop), np.maximum(start, stop)
    m, n = len(marked), len(which)
    # One sort ranks marks among edge ends: an end's low value counts marks up to it, its high value those before it.
    kind = np.repeat([1, 2, 0], [m, n, n])
    order = np.lexsort((kind, np.concatenate([value, low, high]), np.concatenate([marked_lines, lines[which], lines[which]])))
    is_mark = order < m
    rank = np.empty(m + 2 * n, np.int64)
    rank[order] = np.cumsum(is_mark)
    first, last = rank[m : m + n], rank[m + n :]
    by_value = order[is_mark]
    extra = np.maximum(last - first, 0)
    total = int(extra.sum())
    if not total:
        return xy, lines, ring_of
    offset = np.arange(total) - np.repeat(firsts(extra), extra)
    backwards = np.repeat(start > stop, extra)
    pick = np.where(backwards, np.repeat(last, extra) - 1 - offset, np.repeat(first, extra) + offset)
    added = np.zeros(len(xy), np.int64)
    added[which] = extra
    # Each point is followed by the marks on its edge.
    position = firsts(added + 1)
    new = np.repeat(position[which], extra) + 1 + offset
    source = np.repeat(np.arange(len(xy)), added + 1)
    xy_all = xy[source]
    xy_all[new] = marked[by_value[pick]]
    ring_of, lines = ring_of[source], lines[source]
    keep = np.ones(len(xy_all), bool)
    keep[1:] = (ring_of[1:] != ring_of[:-1]) | (xy_all[1:] != xy_all[:-1]).any(axis=1)
    # Of two equal points the later one goes, and the edge before it has no length: its line goes with it.
    drop = np.flatnonzero(~keep)
    lines[drop - 1] = lines[drop]
    return xy_all[keep], lines[keep], ring_of[keep]


def _merged(sheet: Sheet, marked: np.ndarray, lines: np.ndarray, ground_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cuts that meet a line from both sides within a micrometre meet it in one point: one stands for the other."""
    order = np.lexsort((marked[:, 1], marked[:, 0], lines))
    near = np.zeros(len(order), bool)
    step = np.abs(marked[order[1:]] - marked[order[:-1]]).max(axis=1, initial=0.0)
    near[1:] = (lines[order[1:]] == lines[order[:-1]]) & (step < ONE_POINT_M)
    if not near.any():
        return sheet.xy, marked
    stands = order[np.maximum.accumulate(np.where(near, 0, np.arange(len(order))))]
    # A point moves in every ring and on every line of its ground, and nowhere else.
    old, new, of = marked[order[near]], marked[stands[near]], ground_of[lines[order[near]]]
    return _moved(sheet.xy, ground_of[sheet.lines], old, of, new), _moved(marked, ground_of[lines], old, of, new)


def _moved(points: np.ndarray, ground: np.ndarray, old: np.ndarray, old_ground: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The points; those that are one of `old`, on its ground, are what is `new` in its place."""
    maybe = np.flatnonzero(np.isin(points[:, 0], old[:, 0]))
    names = names_of(np.concatenate([old, points[maybe]]), np.concatenate([old_ground, ground[maybe]]))
    to = np.full(len(names), -1)
    to[names[: len(old)][::-1]] = np.arange(len(old))[::-1]
    to = to[names[len(old) :]]
    points = points.copy()
    points[maybe[to >= 0]] = new[to[to >= 0]]
    return points


def _welded(sheet: Sheet, ground_of: np.ndarray) -> Sheet:
    """Cuts that meet in a corner, but for less than a micrometre, meet in one point: written in degrees they might cross."""
    after = following(sheet.sizes)
    step = np.abs(sheet.xy[after] - sheet.xy).max(axis=1, initial=0.0)
    short = np.flatnonzero((step > 0) & (step < ONE_POINT_M))
    if not len(short):
        return sheet
    # Of the two ends the same one stands in both rings.
    one, two = sheet.xy[short], sheet.xy[after[short]]
    is_first = ((one[:, 0] < two[:, 0]) | ((one[:, 0] == two[:, 0]) & (one[:, 1] < two[:, 1])))[:, None]
    ground = ground_of[sheet.lines]
    xy = _moved(sheet.xy, ground, np.where(is_first, two, one), ground[short], np.where(is_first, one, two))
    kept = (xy != xy[after]).any(axis=1)
    if np.bincount(sheet.ring_of[kept], minlength=len(sheet.owner)).min() < 3:
        return sheet
    return Sheet(xy[kept], sheet.lines[kept], sheet.ring_of[kept], sheet.owner)
