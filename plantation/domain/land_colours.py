"""Which colour a parcel has on a map: figures in five even bands, names by how often they occur."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

SHADES = 5


def step_of(values: Iterable[int]) -> int:
    """How wide each of five bands from 0 on is, so that a round figure bounds it: 1, 2 or 5 with zeros behind.

    >>> step_of([0, 37, 480]), step_of([25]), step_of([]), step_of([5]), step_of([-3])
    (100, 10, 1, 2, 1)
    """
    most = max(values, default=0)
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if SHADES * step > most:
                return step
        power *= 10


def shade_of(value: int, step: int) -> int:
    """The band of a value, 0 to 4.

    >>> shade_of(0, 100), shade_of(99, 100), shade_of(100, 100), shade_of(499, 100), shade_of(-1, 100)
    (0, 0, 1, 4, 0)
    """
    return min(max(value // step, 0), SHADES - 1)


def most_common(names: Iterable[str]) -> list[str]:
    """The five names that occur most often, of equally frequent ones the first by letter; what has no name is left out.

    >>> most_common(["b", "a", "b", "", "c"])
    ['b', 'a', 'c']
    """
    counted = Counter(name for name in names if name)
    return sorted(counted, key=lambda name: (-counted[name], name))[:SHADES]
