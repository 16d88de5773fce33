"""Number pieces so that consecutive numbers lie next to each other, as a walk over the field would meet them."""

from __future__ import annotations

import numpy as np

from plantation.geometry.ragged import distinct, following
from plantation.geometry.sheets import Sheet


def neighbours(sheet: Sheet, ground: np.ndarray | None = None) -> list[list[int]]:
    """For each region those with which it shares border of some length, in order.

    `ground` says which ground each region is of, if there are several; regions are then counted within their ground.
    """
    count = sheet.count
    after = following(sheet.sizes)
    region = sheet.region_of
    name = names(sheet.xy, None if ground is None else ground[region])
    across = opposite(name, name[after])
    shared = across >= 0
    pairs = distinct(region[shared].astype(np.int64) * count + region[across[shared]])
    one, two = pairs // count, pairs % count
    stops = np.searchsorted(one, np.arange(1, count + 1)).tolist()
    flat = (two if ground is None else two - np.searchsorted(ground, ground[two])).tolist()
    return [flat[start:stop] for start, stop in zip([0, *stops], stops)]


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


def walk(beside: list[list[int]], start: int = 0) -> list[int]:
    """All regions, each next to the one before wherever a simple rule finds it: go to the neighbour that has the
    fewest unvisited neighbours left, and where there is none, to the lowest one not yet seen.

    >>> walk([[1], [0, 2], [1]]), walk([[1, 2], [0], [0]]), walk([])
    ([0, 1, 2], [0, 1, 2], [])
    """
    free = [len(others) for others in beside]
    seen = [False] * len(beside)
    path: list[int] = []
    lowest = 0
    at = start if beside else None
    while at is not None:
        seen[at] = True
        path.append(at)
        best = None
        for other in beside[at]:
            free[other] -= 1
            if not seen[other] and (best is None or free[other] < free[best]):
                best = other
        if best is None:
            while lowest < len(beside) and seen[lowest]:
                lowest += 1
            best = lowest if lowest < len(beside) else None
        at = best
    return path
