"""Points of many regions by number, and which edges run between the same two points in opposite directions."""

from __future__ import annotations

import numpy as np


def opposite(start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """For each edge from one name to another the edge that runs the other way, -1 where there is none.

    >>> opposite(np.array([4, 6, 4]), np.array([6, 4, 5])).tolist()
    [1, 0, -1]
    """
    base = np.int64(max(start.max(initial=0), stop.max(initial=0))) + 1
    # Both ways of one edge have the same code but for the last bit: sorted, they stand side by side.
    code = 2 * (np.minimum(start, stop) * base + np.maximum(start, stop)) + (start > stop)
    order = np.argsort(code, kind="stable")
    code = code[order]
    there = np.flatnonzero((code[:-1] % 2 == 0) & (code[1:] == code[:-1] + 1))
    found = np.full(len(code), -1)
    found[order[there]], found[order[there + 1]] = order[there + 1], order[there]
    return found


def names(xy: np.ndarray, ground: np.ndarray | None) -> np.ndarray:
    """A number for each point, the same for equal points of one ground."""
    _, x = np.unique(xy[:, 0], return_inverse=True)
    _, y = np.unique(xy[:, 1], return_inverse=True)
    key = x.astype(np.int64) * (int(y.max(initial=0)) + 1) + y
    if ground is not None:
        _, key = np.unique(key, return_inverse=True)
        key = key.astype(np.int64) * (int(ground.max(initial=0)) + 1) + ground
    _, name = np.unique(key, return_inverse=True)
    return name.astype(np.int64)
