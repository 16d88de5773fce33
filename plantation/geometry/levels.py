"""How much of a region lies below a line, and at which level exactly the wanted area does.

Along a direction the area below a level is piecewise quadratic and never falls, so Newton's method with a bracket
finds the level; its slope is the length of the cut.
"""

from __future__ import annotations

from plantation.geometry.regions import Region

Direction = tuple[float, float]
# Of each ring, how far its points lie along a direction, and to the left of it.
Heights = list[tuple[list[float], list[float]]]


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


def level_of(rings, target: float, total: float, guess: float | None = None) -> float:
    """The level below which exactly `target` of the `total` area lies.

    >>> round(level_of([([0, 4, 0], [0, 0, 4])], 6.0, 8.0), 9)
    2.0
    """
    s = rings[0][0]
    low, high = min(s), max(s)
    level = low + (high - low) * (target / total) if guess is None else guess
    enough = min(1e-7, 1e-10 * total) + 4e-16 * total
    for step in range(80):
        area, length = below(rings, level)
        miss = area - target
        if -enough <= miss <= enough:
            break
        if miss > 0:
            high = level
        else:
            low = level
        # Halving now and then bounds the work on shapes whose width jumps.
        newton = level - miss / length if length > 0 and step % 8 != 7 else low
        level = newton if low < newton < high else (low + high) / 2
    return level
