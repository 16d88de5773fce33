"""Try many straight cuts of many regions at once: every direction with every wanted area, in numpy arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from plantation.geometry.tiling.ragged import distinct, firsts, following
from plantation.geometry.tiling.sheets import Sheet

# So many corners times directions are worked on at a time: they fit into the processor's cache.
AT_ONCE = 60_000
# From this many corners on, a search in each row is faster than comparing all of it.
SEARCHED = 256


@dataclass(slots=True)
class Corners:
    """Regions as rows of one length: `x`, `y` per region (rows) and corner; `after`, `before`: where the next and the
    last corner of the same ring stand in the flattened rows."""

    x: np.ndarray
    y: np.ndarray
    after: np.ndarray
    before: np.ndarray


@dataclass(slots=True)
class Fan:
    """Per direction (rows) and wanted area (columns): the level, the cut's length, how often the line crosses the
    border, and the length of border below the level."""

    levels: np.ndarray
    lengths: np.ndarray
    crossings: np.ndarray
    borders: np.ndarray


def rows_alike(sheet: Sheet, turns: int) -> Iterator[tuple[np.ndarray, int]]:
    """The regions of a sheet by how many corners they have, some at a time, and how long their rows should be.

    Rows have 8, 16, 32, … corners: how long a region's row is depends on the region alone, and so do its figures.
    """
    points = np.bincount(sheet.owner, sheet.sizes, sheet.count).astype(np.int64)
    wide = 1 << np.frexp(np.maximum(points, 8) - 1)[1].astype(np.int64)
    for width in distinct(wide).tolist():
        alike = np.flatnonzero(wide == width)
        step = max(1, AT_ONCE // (turns * width))
        for at in range(0, len(alike), step):
            yield alike[at : at + step], width


def corners_of(sheet: Sheet, width: int | None = None) -> Corners:
    """The sheet's regions as rows of `width` corners, the last one repeated as often as it takes."""
    rings = sheet.sizes
    points = np.bincount(sheet.owner, rings, sheet.count).astype(np.int64)
    width = int(points.max()) if width is None else width
    count = len(points)
    at = np.minimum(np.arange(width), points[:, None] - 1) + firsts(points)[:, None]
    xy = sheet.xy[at]
    # The repeated corners belong to each region's last ring.
    is_last = np.ones(len(rings), bool)
    is_last[:-1] = sheet.owner[1:] != sheet.owner[:-1]
    filled = rings.copy()
    filled[is_last] += width - points
    after = following(filled)
    before = np.empty_like(after)
    before[after] = np.arange(count * width)
    return Corners(xy[:, :, 0], xy[:, :, 1], after, before)


def fan(corners: Corners, directions: np.ndarray, of: np.ndarray, targets: np.ndarray) -> Fan:
    """Levels at which `targets` lie below, each of region `of`, for each of its `directions` (regions × directions × 2).

    The corners are sorted once along each direction. Between two corners the cut's length changes evenly, so sums of
    its changes at the corners give length, area and border at every corner, and a quadratic gives the level.
    """
    x, y, after, before = corners.x, corners.y, corners.after, corners.before
    count, width = x.shape
    turns = directions.shape[1]
    dx, dy = directions[:, :, 0].T[:, :, None], directions[:, :, 1].T[:, :, None]
    s = (x * dx + y * dy).reshape(turns, -1)
    t = (y * dx - x * dy).reshape(turns, -1)
    ex, ey = x.ravel()[after] - x.ravel(), y.ravel()[after] - y.ravel()
    size = np.sqrt(ex * ex + ey * ey)
    rise = s[:, after] - s
    flat = np.abs(rise) < 1e-6 * size + 1e-300
    # Per edge: how the cut's length and the border change with the level, and which way it crosses.
    pace = 1.0 / np.where(flat, np.inf, rise)
    lean, rate, way = (t[:, after] - t) * pace, size * pace, np.sign(pace)
    jump = np.where(flat, t, 0.0)
    flats = np.where(flat, size, 0.0)
    order = np.argsort(s.reshape(turns, count, width), axis=2, kind="stable")
    order += (np.arange(turns * count) * width).reshape(turns, count, 1)

    def sorted_by_level(values: np.ndarray) -> np.ndarray:
        return values.ravel()[order]

    level = sorted_by_level(s)
    slope = np.cumsum(sorted_by_level(lean[:, before] - lean), axis=2)
    density = np.cumsum(sorted_by_level(rate - rate[:, before]), axis=2)
    crossed = np.cumsum(sorted_by_level(way - way[:, before]), axis=2)
    step = np.diff(level, axis=2)
    gain = np.zeros_like(level)
    gain[:, :, 1:] = slope[:, :, :-1] * step
    length = np.cumsum(gain + sorted_by_level(jump - np.where(flat[:, before], t, 0.0)), axis=2)
    area = np.zeros_like(level)
    np.cumsum((length[:, :, :-1] + gain[:, :, 1:] / 2) * step, axis=2, out=area[:, :, 1:])
    border = sorted_by_level(flats)
    border[:, :, 1:] += density[:, :, :-1] * step
    border = np.cumsum(border, axis=2)
    at = _last_below(np.maximum.accumulate(area, axis=2), of, targets)
    at += ((np.arange(turns) * count)[:, None] + of) * width
    rest = np.maximum(targets - area.ravel()[at], 0.0)
    w, m = np.maximum(length.ravel()[at], 0.0), slope.ravel()[at]
    base = w + np.sqrt(np.maximum(w * w + 2 * m * rest, 0.0))
    here = level.ravel()[at]
    ahead = np.minimum(2 * rest / np.where(base > 0, base, np.inf), level.ravel()[at + 1] - here)
    return Fan(
        here + ahead,
        w + m * ahead,
        np.floor(crossed.ravel()[at] + 0.5).astype(np.int64),
        border.ravel()[at] + density.ravel()[at] * ahead,
    )


def _last_below(area: np.ndarray, of: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Per direction and target the last corner, but for the very last, up to which no more than the target lies."""
    turns, _, width = area.shape
    if width < SEARCHED:
        found = (area[:, of] <= targets[:, None]).sum(axis=2)
    else:
        found = np.empty((turns, len(of)), np.int64)
        for row in distinct(of).tolist():
            mine = of == row
            for turn in range(turns):
                found[turn, mine] = np.searchsorted(area[turn, row], targets[mine], side="right")
    return np.clip(found - 1, 0, width - 2)
