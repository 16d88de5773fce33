"""Try many straight cuts of one region at once: every direction with every wanted area, in numpy arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plantation.geometry.cuts import Direction
from plantation.geometry.regions import Region


@dataclass(slots=True)
class Fan:
    """Per direction (rows) and wanted area (columns): the level, the cut's length, how often the line crosses the
    border, and the length of border below the level."""

    levels: np.ndarray
    lengths: np.ndarray
    crossings: np.ndarray
    borders: np.ndarray


def fan(region: Region, directions: Sequence[Direction], targets: Sequence[float]) -> Fan:
    """Levels at which `targets` of the region's area lie below, for each of `directions`.

    The corners are sorted once along each direction. Between two corners the cut's length changes evenly, so sums of
    its changes at the corners give length, area and border at every corner, and a quadratic gives the level.
    """
    before, here, after = _corners(region)
    d = np.array(directions)[:, :, None]
    s = here[0] * d[:, 0] + here[1] * d[:, 1]
    t = here[1] * d[:, 0] - here[0] * d[:, 1]
    s1 = after[0] * d[:, 0] + after[1] * d[:, 1]
    rise = s1 - s
    size = np.sqrt((after[0] - here[0]) ** 2 + (after[1] - here[1]) ** 2)[None, :]
    flat = np.abs(rise) < 1e-6 * size + 1e-300
    pace = np.where(flat, np.inf, rise)
    t1 = after[1] * d[:, 0] - after[0] * d[:, 1]
    # Per edge: how the cut's length and the border change with the level, and which way it crosses.
    lean, rate, way = (t1 - t) / pace, size / pace, np.sign(np.where(flat, 0.0, rise))
    jump = np.where(flat, t, 0.0)
    jump -= np.where(flat[:, before], t, 0.0)
    order = np.argsort(s, axis=1, kind="stable")
    row = np.arange(len(directions))[:, None]
    changes = np.stack([lean[:, before] - lean, rate - rate[:, before], way - way[:, before]])[:, row, order]
    slope, density, crossed = np.cumsum(changes, axis=2)
    level = s[row, order]
    step = np.diff(level, axis=1)
    gain = np.zeros_like(level)
    gain[:, 1:] = slope[:, :-1] * step
    length = np.cumsum(gain + jump[row, order], axis=1)
    area = np.zeros_like(level)
    np.cumsum((length[:, :-1] + gain[:, 1:] / 2) * step, axis=1, out=area[:, 1:])
    border = np.where(flat, size, 0.0)[row, order]
    border[:, 1:] += density[:, :-1] * step
    border = np.cumsum(border, axis=1)
    return _at(targets, region.area, row, level, area, length, slope, border, density, crossed)


def _at(targets, total, row, level, area, length, slope, border, density, crossed) -> Fan:
    want = np.array(targets)
    count = area.shape[1]
    # Rows are laid end to end, so that one search serves all.
    offset = row * (2.0 * total)
    found = np.searchsorted((np.maximum.accumulate(area, axis=1) + offset).ravel(), (want + offset).ravel(), side="right")
    k = np.clip(found.reshape(len(row), -1) - 1 - row * count, 0, count - 2)
    rest = np.maximum(want - area[row, k], 0.0)
    w, m = np.maximum(length[row, k], 0.0), slope[row, k]
    base = w + np.sqrt(np.maximum(w * w + 2 * m * rest, 0.0))
    ahead = np.minimum(2 * rest / np.where(base > 0, base, np.inf), level[row, k + 1] - level[row, k])
    return Fan(
        level[row, k] + ahead,
        w + m * ahead,
        np.floor(crossed[row, k] + 0.5).astype(np.int64),
        border[row, k] + density[row, k] * ahead,
    )


def _corners(region: Region) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each corner the index of the one before it, its own coordinates, and those of the one after it."""
    flat: list = []
    before, after = [], []
    for points, _ in region.rings:
        n, m = len(flat), len(points)
        flat += points
        before += [n + m - 1, *range(n, n + m - 1)]
        after += [*range(n + 1, n + m), n]
    here = np.array(flat).T
    return np.array(before), here, here[:, after]
