"""How much of a region lies below a line, and at which level exactly the wanted area does.

Along a direction the area below a level is piecewise quadratic and never falls, so Newton's method with a bracket
finds the level; its slope is the length of the cut.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from plantation.geometry.tiling.regions import Region

Direction = tuple[float, float]
# Of each ring, how far its points lie along a direction, and to the left of it.
Heights = list[tuple[list[float], list[float]]]
# What lies below a level: area, and length of the cut there.
Below = Callable[[float], tuple[float, float]]
# Of more points, sides are put in order once, and each level looks at those alone that it crosses.
MANY_POINTS = 64


def heights(region: Region, direction: Direction) -> Heights:
    """Each ring's coordinates (s, t) along `direction` and to the left of it."""
    dx, dy = direction
    return [([x * dx + y * dy for x, y in points], [y * dx - x * dy for x, y in points]) for points, _ in region.rings]


def below(rings: Heights, level: float) -> tuple[float, float]:
    """Area below `level`, and the length of the cut there.

    >>> below([([0, 2, 2, 0], [0, 0, 3, 3])], 0.5)
    (1.5, 3.0)
    """
    area = length = 0.0
    for s, t in rings:
        s0, t0 = s[-1], t[-1]
        for s1, t1 in zip(s, t):
            if s0 < level:
                if s1 < level:
                    area += (s0 - s1) * (t0 + t1)
                else:
                    tc = t0 + (t1 - t0) * ((level - s0) / (s1 - s0))
                    area += (s0 - level) * (t0 + tc)
                    length -= tc
            elif s1 < level:
                tc = t0 + (t1 - t0) * ((level - s0) / (s1 - s0))
                area += (level - s1) * (tc + t1)
                length += tc
            s0, t0 = s1, t1
    return area / 2, length


def below_of(rings: Heights) -> Below:
    """`below` of these rings, for many levels.

    >>> below_of([([0, 2, 2, 0], [0, 0, 3, 3])])(0.5)
    (1.5, 3.0)
    """
    return partial(below, rings) if sum(len(s) for s, _ in rings) <= MANY_POINTS else _Sides(rings).below


class _Sides:
    """The sides of rings in the order in which a rising level leaves them behind, with the area under all of them so far."""

    def __init__(self, rings: Heights) -> None:
        ends = np.concatenate([np.array(ring) for ring in rings], axis=1)
        starts = np.concatenate([np.roll(np.array(ring), 1, axis=1) for ring in rings], axis=1)
        order = np.argsort(np.maximum(starts[0], ends[0]), kind="stable")
        (self.s0, self.t0), (self.s1, self.t1) = starts[:, order], ends[:, order]
        self.first, self.last = np.minimum(self.s0, self.s1), np.maximum(self.s0, self.s1)
        # One after the other, as on any machine.
        self.areas = np.concatenate([[0.0], np.cumsum((self.s0 - self.s1) * (self.t0 + self.t1))])

    def below(self, level: float) -> tuple[float, float]:
        behind = int(np.searchsorted(self.last, level))
        area, length = float(self.areas[behind]), 0.0
        crossed = behind + np.flatnonzero(self.first[behind:] < level)
        for s0, t0, s1, t1 in zip(*(of[crossed].tolist() for of in (self.s0, self.t0, self.s1, self.t1))):
            tc = t0 + (t1 - t0) * ((level - s0) / (s1 - s0))
            if s0 < level:
                area += (s0 - level) * (t0 + tc)
                length -= tc
            else:
                area += (level - s1) * (tc + t1)
                length += tc
        return area / 2, length


def enough(total: float) -> float:
    """How near to a target of so much area a level is looked for, in the same measure."""
    return min(1e-7, 1e-10 * total) + 4e-16 * total


def level_of(rings, target: float, total: float, guess: float | None = None) -> float:
    """The level below which exactly `target` of the `total` area lies.

    >>> round(level_of([([0, 4, 0], [0, 0, 4])], 6.0, 8.0), 9)
    2.0
    """
    s = rings[0][0]
    low, high = min(s), max(s)
    level = low + (high - low) * (target / total) if guess is None else guess
    near, under = enough(total), below_of(rings)
    for step in range(80):
        area, length = under(level)
        miss = area - target
        if -near <= miss <= near:
            break
        if miss > 0:
            high = level
        else:
            low = level
        # Halving now and then bounds the work on shapes whose width jumps.
        newton = level - miss / length if length > 0 and step % 8 != 7 else low
        level = newton if low < newton < high else (low + high) / 2
    return level


def level_where(miss: Callable[[float], float], low: float, high: float, enough: float) -> float:
    """The level between `low` and `high` at which `miss`, which never falls, is nothing, give or take `enough`.

    For what has no slope at hand, such as land of unlike value: the secant between the ends of the bracket, where an end that
    stays counts for half (the Illinois rule), and a halving now and then where the function jumps.

    >>> round(level_where(lambda level: level * abs(level) - 4, -10.0, 10.0, 1e-12), 9)
    2.0
    """
    under, over = miss(low), miss(high)
    level, stayed = low, 0
    for step in range(90):
        straight = under < 0 < over and step % 6 != 5
        level = low - (high - low) * under / (over - under) if straight else (low + high) / 2
        if not low < level < high:
            break
        value = miss(level)
        if abs(value) <= enough:
            break
        if value < 0:
            low, under = level, value
            over, stayed = (over / 2, -1) if stayed < 0 else (over, -1)
        else:
            high, over = level, value
            under, stayed = (under / 2, 1) if stayed > 0 else (under, 1)
    return level
