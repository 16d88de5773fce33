"""Cut many regions at once, each along its own line: what `cuts` does for one region of any shape.

Only the plain case is done here, and it is nearly all of them: the line crosses the outer ring twice, no hole, and
passes no corner closely. The others are left to `cuts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plantation.geometry.tiling.crossings import SNAP
from plantation.geometry.tiling.ragged import firsts, following, runs
from plantation.geometry.tiling.regions import GRID, Numbers
from plantation.geometry.tiling.sheets import Sheet

# Ends of a cut closer than this are no cut.
SHORT_M = 1e-5
ROUNDS = 80


@dataclass(slots=True)
class Slices:
    """`done`: which regions were cut. For these, two regions each in `sheet`, first the one below the line; and the two
    points that each cut puts on other lines."""

    done: np.ndarray
    sheet: Sheet
    marked: np.ndarray
    marked_lines: np.ndarray


def turned(sheet: Sheet, directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points' coordinates along each region's direction, and to the left of it."""
    d = directions[sheet.region_of]
    x, y = sheet.xy[:, 0], sheet.xy[:, 1]
    return x * d[:, 0] + y * d[:, 1], y * d[:, 0] - x * d[:, 1]


def levels_of(s: np.ndarray, t: np.ndarray, sheet: Sheet, targets: np.ndarray, areas: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """The level below which exactly `targets` of the regions' `areas` lie: Newton's method with a bracket."""
    region = sheet.region_of
    after = following(sheet.sizes)
    s0, t0, s1, t1 = s, t, s[after], t[after]
    count = len(targets)
    starts = firsts(np.bincount(region, minlength=count))
    low, high = np.minimum.reduceat(s, starts), np.maximum.reduceat(s, starts)
    level = guess.copy()
    enough = np.minimum(1e-7, 1e-10 * areas) + 4e-16 * areas
    open_ = np.arange(count)
    for step in range(ROUNDS):
        area, length = _below(s0, t0, s1, t1, region, level[open_])
        miss = area - targets[open_]
        over = miss > 0
        high[open_[over]] = level[open_[over]]
        low[open_[~over]] = level[open_[~over]]
        wrong = np.abs(miss) > enough[open_]
        if not wrong.any():
            break
        # Halving now and then bounds the work on shapes whose width jumps.
        good = length > 0 if step % 8 != 7 else np.zeros(len(open_), bool)
        newton = level[open_] - miss / np.where(good, length, np.inf)
        a, b = low[open_], high[open_]
        good &= (a < newton) & (newton < b)
        level[open_[wrong]] = np.where(good, newton, (a + b) / 2)[wrong]
        if not wrong.all():
            kept = wrong[region]
            region = (np.cumsum(wrong) - 1)[region[kept]]
            s0, t0, s1, t1 = s0[kept], t0[kept], s1[kept], t1[kept]
            open_ = open_[wrong]
    return level


def _below(s0, t0, s1, t1, region, level) -> tuple[np.ndarray, np.ndarray]:
    at = level[region]
    under0, under1 = s0 < at, s1 < at
    across = np.flatnonzero(under0 != under1)
    part = np.where(under0 & under1, (s0 - s1) * (t0 + t1), 0.0)
    a0, b0, a1, b1, a = s0[across], t0[across], s1[across], t1[across], at[across]
    cut = b0 + (b1 - b0) * ((a - a0) / (a1 - a0))
    up = under0[across]
    part[across] = np.where(up, (a0 - a) * (b0 + cut), (a - a1) * (cut + b1))
    area = np.bincount(region, part, len(level)) / 2
    return area, np.bincount(region[across], np.where(up, -cut, cut), len(level))


def sliced(sheet: Sheet, s: np.ndarray, levels: np.ndarray, numbers: Numbers) -> Slices:
    """Cut each region at its level where that is plain."""
    region = sheet.region_of
    count = len(levels)
    after = following(sheet.sizes)
    gap = s - levels[region]
    under = gap < 0
    across = under != under[after]
    done = np.bincount(region, across, count) == 2
    done &= np.bincount(region, np.abs(gap) < SNAP, count) == 0
    has_holes = len(sheet.owner) > count
    if has_holes:
        outer = firsts(np.bincount(sheet.owner, minlength=count))
        inner = np.ones(len(sheet.owner), bool)
        inner[outer] = False
        done &= np.bincount(region, across & inner[sheet.ring_of], count) == 0
    edge = np.flatnonzero(across & done[region])
    part = gap[edge] / (gap[edge] - gap[after[edge]])
    xy = sheet.xy[edge] + (sheet.xy[after[edge]] - sheet.xy[edge]) * part[:, None]
    xy = np.floor(xy * GRID + 0.5) / GRID
    apart = np.abs(xy[::2] - xy[1::2]).max(axis=1, initial=0.0) >= SHORT_M
    if not apart.all():
        done[np.flatnonzero(done)[~apart]] = False
        kept = apart.repeat(2)
        edge, xy = edge[kept], xy[kept]
    halves = _halves(sheet, edge, xy, under, numbers)
    if has_holes:
        holes = np.flatnonzero(inner & done[sheet.owner])
        above = ~under[firsts(sheet.sizes)[holes]]
        halves = halves.with_holes(sheet.rings(holes), 2 * (done.cumsum() - 1)[sheet.owner[holes]] + above)
    return Slices(done, halves, xy, sheet.lines[edge])


def _halves(sheet: Sheet, edge: np.ndarray, xy: np.ndarray, under: np.ndarray, numbers: Numbers) -> Sheet:
    """The regions below and above cuts: `edge` and `xy` say in pairs which edges are crossed, and where."""
    cuts = len(edge) // 2
    sizes = sheet.sizes
    ring = sheet.ring_of[edge[::2]]
    size, base = sizes[ring], firsts(sizes)[ring]
    # A ring has its region at the left: below the line it runs from where it comes down to where it goes up.
    up = np.where(under[edge[::2]], 0, 1)
    pair = np.arange(0, 2 * cuts, 2)
    rise, fall = pair + up, pair + 1 - up
    begin = np.stack([fall, rise], axis=1).ravel()
    end = np.stack([rise, fall], axis=1).ravel()
    size, base = np.repeat(size, 2), np.repeat(base, 2)
    middle = (edge[end] - edge[begin]) % size
    first = firsts(middle + 2)
    last = first + middle + 1
    total = int(middle.sum()) + 4 * cuts
    # The points of each half: the crossing where it begins, the corners up to the other crossing, and that.
    source = np.empty(total, np.int64)
    inside = np.ones(total, bool)
    inside[first] = inside[last] = False
    offset = runs(edge[begin] - base + 1, middle)
    source[inside] = np.repeat(base, middle) + offset % np.repeat(size, middle)
    source[first] = len(sheet.xy) + begin
    source[last] = len(sheet.xy) + end
    new = numbers.take(cuts) + np.repeat(np.arange(cuts), 2)
    line_source = source.copy()
    line_source[first] = edge[begin]
    line_source[last] = len(sheet.lines) + np.arange(2 * cuts)
    ring_of = np.repeat(np.arange(2 * cuts), middle + 2)
    return Sheet(np.concatenate([sheet.xy, xy])[source], np.concatenate([sheet.lines, new])[line_source], ring_of, np.arange(2 * cuts))
