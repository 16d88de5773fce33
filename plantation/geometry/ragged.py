"""Rows of different lengths laid end to end, as numpy likes them."""

from __future__ import annotations

import numpy as np


def runs(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The indices start, start + 1, … of each run of `count` items, end to end.

    >>> runs(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist()
    [5, 6, 9, 10, 11]
    """
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(int(counts.sum()))


def firsts(counts: np.ndarray) -> np.ndarray:
    """Where each row begins.

    >>> firsts(np.array([3, 1, 2])).tolist()
    [0, 3, 4]
    """
    return np.cumsum(counts) - counts


def following(counts: np.ndarray) -> np.ndarray:
    """For each item of closed rows laid end to end, the index of the next one in its row.

    >>> following(np.array([3, 2])).tolist()
    [1, 2, 0, 4, 3]
    """
    ends = np.cumsum(counts)
    after = np.arange(1, int(counts.sum()) + 1)
    after[ends - 1] = ends - counts
    return after
