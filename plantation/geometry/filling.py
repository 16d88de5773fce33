"""How many parcels of each size go into each piece of ground, before anything is cut.

A parcel is connected, so it lies in one piece. Counts are decided here, by sums and never by dividing areas.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# A parcel may be off its area by 0.01 m²; half of that lets land that was measured to fit exactly fit.
SLACK_M2 = 0.005
MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Packing:
    """`counts[piece][size]`: how many parcels of each size lie in each piece; `left[size]`: how many found no place."""

    counts: list[list[int]]
    left: list[int]

    @property
    def is_whole(self) -> bool:
        """Whether every parcel found a place."""
        return not any(self.left)


def fill_pieces(pieces_m2: Sequence[float], sizes_m2: Sequence[float], counts: Sequence[int]) -> Packing:
    """Put `counts[size]` parcels of `sizes_m2[size]` m² into pieces of ground, all of them if that can be found.

    First each size in turn, from the largest, into the first pieces that hold it, so that whole pieces stay free as a
    reserve. If that leaves some over, piece by piece from the smallest, each filled as full as it can be.

    >>> fill_pieces([100.0, 50.0], [30.0, 20.0], [3, 3]).counts
    [[2, 2], [1, 1]]
    >>> fill_pieces([10.0, 15.0], [7.5, 5.0], [2, 2])
    Packing(counts=[[0, 2], [2, 0]], left=[0, 0])
    >>> fill_pieces([], [10.0], [1]).left, fill_pieces([5.0], [], []).is_whole
    ([1], True)
    """
    order = sorted(range(len(sizes_m2)), key=lambda size: (-sizes_m2[size], size))
    first = _first_fit(pieces_m2, sizes_m2, counts, order)
    if first.is_whole:
        return first
    tries = [first, _fullest(pieces_m2, sizes_m2, counts, order)]
    return min(tries, key=lambda packing: sum(map(math.prod, zip(packing.left, sizes_m2, strict=True))))


def _first_fit(pieces_m2: Sequence[float], sizes_m2: Sequence[float], counts: Sequence[int], order: list[int]) -> Packing:
    held = [[0] * len(sizes_m2) for _ in pieces_m2]
    used, taken = [0.0] * len(pieces_m2), [0] * len(pieces_m2)
    left = list(counts)
    for size in order:
        for piece, piece_m2 in enumerate(pieces_m2):
            if not left[size]:
                break
            fits = _how_many(piece_m2 - used[piece] + SLACK_M2 * taken[piece], sizes_m2[size])
            number = min(left[size], fits)
            held[piece][size] = number
            used[piece] += number * sizes_m2[size]
            taken[piece] += number
            left[size] -= number
    return Packing(held, left)


def _how_many(room_m2: float, size_m2: float) -> int:
    """The most parcels whose areas sum to no more than the room, with the slack that each of them has."""
    return max(0, math.floor((room_m2 + 1e-9) / (size_m2 - SLACK_M2))) if size_m2 > SLACK_M2 else 0


def _fullest(pieces_m2: Sequence[float], sizes_m2: Sequence[float], counts: Sequence[int], order: list[int]) -> Packing:
    held = [[0] * len(sizes_m2) for _ in pieces_m2]
    left = list(counts)
    for piece in sorted(range(len(pieces_m2)), key=lambda piece: (pieces_m2[piece], piece)):
        best = _fill(pieces_m2[piece], sizes_m2, left, order)
        held[piece] = best
        left = [there - taken for there, taken in zip(left, best, strict=True)]
    return Packing(held, left)


def _fill(room_m2: float, sizes_m2: Sequence[float], left: list[int], order: list[int]) -> list[int]:
    """The counts that fill `room_m2` fullest, larger parcels first, within a bounded number of steps."""
    best: list[int] = [0] * len(sizes_m2)
    best_m2, steps = 0.0, 0
    chosen = [0] * len(sizes_m2)

    def choose(depth: int, room: float, taken_m2: float) -> bool:
        nonlocal best, best_m2, steps
        steps += 1
        if taken_m2 > best_m2 + 1e-6:
            best, best_m2 = list(chosen), taken_m2
        if depth == len(order) or steps > MOST_STEPS or best_m2 >= room_m2 - 2 * SLACK_M2:
            return steps > MOST_STEPS or best_m2 >= room_m2 - 2 * SLACK_M2
        size = order[depth]
        for number in range(min(left[size], _how_many(room, sizes_m2[size])), -1, -1):
            chosen[size] = number
            area_m2 = number * sizes_m2[size]
            if choose(depth + 1, room - area_m2 + number * SLACK_M2, taken_m2 + area_m2):
                return True
        chosen[size] = 0
        return False

    choose(0, room_m2, 0.0)
    return best


def prorate(pieces_m2: Sequence[float], sizes_m2: Sequence[float], counts: Sequence[int]) -> tuple[float, Packing]:
    """The largest factor, at most 1, at which all parcels that have it as their share of `sizes_m2` find a place.

    Where one piece holds them all that is exactly what there is divided by what is asked for; where there are several
    pieces the factor is the largest that was found, and some piece is filled by it to the last square metre.

    >>> prorate([1500.0], [10.0], [175])[0] == 1500 / 1750
    True
    >>> factor, packing = prorate([1000.0, 500.0], [10.0], [175])
    >>> round(factor, 4), packing.counts
    (0.8547, [[117], [58]])
    >>> prorate([1000.0], [10.0], [3])[0]
    1.0
    """
    asked_m2 = math.fsum(size * count for size, count in zip(sizes_m2, counts, strict=True))
    fair = min(1.0, math.fsum(pieces_m2) / asked_m2) if asked_m2 else 1.0
    at_fair = fill_pieces(pieces_m2, [fair * size for size in sizes_m2], counts)
    if at_fair.is_whole:
        return min(fair, _tightest(pieces_m2, sizes_m2, at_fair, fair)), at_fair
    factor, packing = 0.0, at_fair
    low, high = 0.0, fair
    for _ in range(40):
        middle = (low + high) / 2
        tried = fill_pieces(pieces_m2, [middle * size for size in sizes_m2], counts)
        if not tried.is_whole:
            high = middle
            continue
        reached = min(fair, _tightest(pieces_m2, sizes_m2, tried, fair))
        if reached > factor:
            factor, packing = reached, tried
        low = max(middle, factor)
        if high - low < 1e-9:
            break
    return factor, packing


def _tightest(pieces_m2: Sequence[float], sizes_m2: Sequence[float], packing: Packing, fair: float) -> float:
    """The factor at which the fullest piece is exactly full; a piece full but for rounding does not lower it."""
    factor = math.inf
    for piece_m2, held in zip(pieces_m2, packing.counts, strict=True):
        load_m2 = math.fsum(size * count for size, count in zip(sizes_m2, held, strict=True))
        if load_m2 and load_m2 * fair > piece_m2 + SLACK_M2 * sum(held):
            factor = min(factor, piece_m2 / load_m2)
    return factor if factor < math.inf else fair
