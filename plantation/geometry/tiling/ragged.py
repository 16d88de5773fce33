"""Rows of different lengths laid end to end, as numpy likes them."""

from __future__ import annotations

import numpy as np


def runs(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The indices start, start + 1, … of each run of `count` items, end to end.

    >>> runs(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist()
    [5, 6, 9, 10, 11]
    """
    ends = counts.cumsum()
    return (starts - ends + counts).repeat(counts) + np.arange(ends[-1] if len(ends) else 0)


def firsts(counts: np.ndarray) -> np.ndarray:
    """Where each row begins.

    >>> firsts(np.array([3, 1, 2])).tolist()
    [0, 3, 4]
    """
    return counts.cumsum() - counts


def pairs(group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every item with every item of its group, itself among them, group by group.

    >>> one, two = pairs(np.array([7, 3, 7]))
    >>> list(zip(one.tolist(), two.tolist()))
    [(1, 1), (0, 0), (0, 2), (2, 0), (2, 2)]
    """
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group)
    each, first = counts[group[order]], firsts(counts)[group[order]]
    return order.repeat(each), order[runs(first, each)]


def following(counts: np.ndarray) -> np.ndarray:
    """For each item of closed rows laid end to end, the index of the next one in its row.

    >>> following(np.array([3, 2])).tolist()
    [1, 2, 0, 4, 3]
    """
    ends = counts.cumsum()
    after = np.arange(1, (ends[-1] if len(ends) else 0) + 1)
    after[ends - 1] = ends - counts
    return after


def heads(values: np.ndarray) -> np.ndarray:
    """Where each row of equal values begins.

    >>> heads(np.array([4, 4, 7, 9, 9])).tolist(), heads(np.array([])).tolist()
    ([0, 2, 3], [])
    """
    differs = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=differs[1:])
    return differs.nonzero()[0]


def distinct(values: np.ndarray) -> np.ndarray:
    """The different values in order; for whole numbers many times faster than `numpy.unique`, which hashes them.

    >>> distinct(np.array([9, 4, 9, 7])).tolist()
    [4, 7, 9]
    """
    values = np.sort(values)
    return values[heads(values)]
