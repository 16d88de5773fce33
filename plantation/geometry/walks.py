"""Number parcels along a walk round the plot: each is next to the one before, and the last is next to the first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely

SHARED_M = 1.0


def neighbours_of(parcels: Sequence[Any], *, at_least: float = SHARED_M) -> list[list[int]]:
    """For each parcel the parcels that share at least `at_least` of border with it, by exactly shared points.

    >>> neighbours_of([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(30, 0, 40, 10)])
    [[1], [0], []]
    >>> neighbours_of([])
    []
    """
    near: list[list[int]] = [[] for _ in parcels]
    if not len(parcels):
        return near
    starts, ends, owner = edges_of(parcels)
    sides, count = len(starts), len(parcels)
    points = np.concatenate([starts, ends])
    _, name = np.unique(points[:, 0] + 1j * points[:, 1], return_inverse=True)
    one, two = name[:sides], name[sides:]
    side = np.minimum(one, two) * (2 * sides) + np.maximum(one, two)
    order = np.lexsort((owner, side))
    twice = np.flatnonzero(side[order[1:]] == side[order[:-1]])
    first, second = owner[order[twice]], owner[order[twice + 1]]
    length = np.where(first != second, np.hypot(*(ends - starts)[order[twice]].T), 0.0)
    pairs, which = np.unique(first * count + second, return_inverse=True)
    shared = np.bincount(which, length, len(pairs))
    for pair in pairs[shared >= at_least].tolist():
        first, second = divmod(pair, count)
        near[first].append(second)
        near[second].append(first)
    return near


def edges_of(parcels: Sequence[Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All sides of all parcels: where each starts and ends, and the index of its parcel."""
    rings, ring_owner = shapely.get_rings(np.asarray(parcels, dtype=object), return_index=True)
    coords, ring_of = shapely.get_coordinates(rings, return_index=True)
    inner = np.flatnonzero(ring_of[1:] == ring_of[:-1])
    return coords[inner], coords[inner + 1], ring_owner[ring_of[inner]]


def walk(near: Sequence[Sequence[int]], start: int = 0) -> list[int]:
    """All indices once, each as far as possible a neighbour of the one before, the last of the first.

    The walk grows from a first pair: between two parcels that follow each other goes a parcel that touches both, or two
    that touch one each and each other. What touches only one is put behind it; what touches none begins anew.

    >>> walk([[1, 2], [0, 2], [0, 1, 3], [2]])
    [0, 2, 3, 1]
    >>> walk([])
    []
    """
    count = len(near)
    if not count:
        return []
    follows: dict[int, int] = {start: start}
    open_steps: deque[int] = deque([start])
    free = set(range(count)) - {start}
    while True:
        while open_steps:
            _widen(open_steps.popleft(), near, follows, free, open_steps)
        if not free:
            break
        behind, new = _loose(near, follows, free, start)
        _insert(behind, [new], follows, free, open_steps)
    order, at = [start], follows[start]
    while at != start:
        order.append(at)
        at = follows[at]
    return order


def _widen(at: int, near: Sequence[Sequence[int]], follows: dict[int, int], free: set[int], open_steps: deque[int]) -> None:
    mine = [index for index in near[at] if index in free]
    if not mine:
        return
    after = follows[at]
    theirs = free.intersection(near[after])
    for index in mine:
        if index in theirs or after == at:
            _insert(at, [index], follows, free, open_steps)
            return
    for index in mine:
        for other in near[index]:
            if other in theirs:
                _insert(at, [index, other], follows, free, open_steps)
                return


def _insert(at: int, new: list[int], follows: dict[int, int], free: set[int], open_steps: deque[int]) -> None:
    after = follows[at]
    for index in new:
        follows[at] = index
        open_steps.append(at)
        free.discard(index)
        at = index
    follows[at] = after
    open_steps.append(at)


def _loose(near: Sequence[Sequence[int]], follows: dict[int, int], free: set[int], start: int) -> tuple[int, int]:
    for new in sorted(free):
        for behind in near[new]:
            if behind in follows:
                return behind, new
    return next(at for at, after in follows.items() if after == start), min(free)


def reached(starts: Iterable[int], near: Sequence[Sequence[int]]) -> set[int]:
    """The starts and whatever can be reached from them, neighbour by neighbour.

    >>> sorted(reached([0], [[1], [0, 2], [1], []]))
    [0, 1, 2]
    """
    found = set(starts)
    ahead = list(found)
    while ahead:
        for index in near[ahead.pop()]:
            if index not in found:
                found.add(index)
                ahead.append(index)
    return found


def breaks(order: Sequence[int], near: Sequence[Sequence[int]]) -> int:
    """How many steps of a walk, the one back to the start included, do not lead to a neighbour.

    >>> breaks([0, 1, 2], [[1], [0, 2], [1]])
    1
    """
    return sum(after not in near[at] for at, after in zip(order, [*order[1:], *order[:1]], strict=True) if at != after)
