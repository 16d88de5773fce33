"""Number pieces so that consecutive numbers lie next to each other, as a walk over the field would meet them."""

from __future__ import annotations

import numpy as np

from plantation.geometry.regions import Sheet, following_points


def neighbours(sheet: Sheet) -> list[list[int]]:
    """For each region those with which it shares border of some length, in order."""
    count = int(sheet.owner[-1]) + 1
    after = following_points(sheet.ring_of)
    key = sheet.xy[:, 0] + 1j * sheet.xy[:, 1]
    _, name = np.unique(key, return_inverse=True)
    base = np.int64(len(key) + 1)
    edge, back = name * base + name[after], name[after] * base + name
    order = np.argsort(edge, kind="stable")
    at = np.minimum(np.searchsorted(edge[order], back), len(order) - 1)
    shared = edge[order][at] == back
    owner = sheet.owner[sheet.ring_of]
    pairs = np.unique(owner[shared].astype(np.int64) * count + owner[order[at[shared]]])
    one, two = pairs // count, pairs % count
    stops = np.searchsorted(one, np.arange(1, count + 1)).tolist()
    flat = two.tolist()
    return [flat[start:stop] for start, stop in zip([0, *stops], stops)]


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
