"""The usual plug-in's way: columns, then cells, each cut placed by Brent's search on the area of an intersection."""

from __future__ import annotations

import math
from collections.abc import Callable

import shapely


def brent(miss: Callable[[float], float], a: float, b: float, tolerance: float, rounds: int = 500) -> float:
    """A root of `miss` between `a` and `b` (Brent 1973: inverse quadratic steps, halving where they do not help)."""
    fa, fb = miss(a), miss(b)
    if abs(fa) < abs(fb):
        a, b, fa, fb = b, a, fb, fa
    c, fc, d, halved = a, fa, a, True
    for _ in range(rounds):
        if fb == 0 or abs(b - a) < tolerance:
            break
        if fa not in (fb, fc) and fb != fc:
            s = a * fb * fc / ((fa - fb) * (fa - fc)) + b * fa * fc / ((fb - fa) * (fb - fc)) + c * fa * fb / ((fc - fa) * (fc - fb))
        else:
            s = b - fb * (b - a) / (fb - fa)
        low, high = sorted(((3 * a + b) / 4, b))
        last = abs(b - c) if halved else abs(c - d)
        halved = not low < s < high or abs(s - b) >= last / 2 or last < tolerance
        if halved:
            s = (a + b) / 2
        fs = miss(s)
        d, c, fc = c, b, fb
        if fa * fs < 0:
            b, fb = s, fs
        else:
            a, fa = s, fs
        if abs(fa) < abs(fb):
            a, b, fa, fb = b, a, fb, fa
    return b


def _cut_off(ground: shapely.Geometry, area: float, axis: int) -> tuple[shapely.Geometry, shapely.Geometry]:
    x0, y0, x1, y1 = ground.bounds

    def part(level: float) -> shapely.Geometry:
        box = (x0 - 1, y0 - 1, level, y1 + 1) if axis == 0 else (x0 - 1, y0 - 1, x1 + 1, level)
        return ground.intersection(shapely.box(*box))

    low, high = (x0, x1) if axis == 0 else (y0, y1)
    level = brent(lambda at: part(at).area - area, low, high, 1e-6)
    first = part(level)
    return first, ground.difference(first)


def divide(ground: shapely.Polygon, count: int) -> list[shapely.Polygon]:
    """All connected parts that come out when `count` equal ones are wanted."""
    each = ground.area / count
    columns = max(1, math.floor(math.sqrt(count) + 0.5))
    sizes = [count // columns + (i < count % columns) for i in range(columns)]
    parts: list[shapely.Polygon] = []
    rest: shapely.Geometry = ground
    for number, size in enumerate(sizes):
        column, rest = _cut_off(rest, each * size, 0) if number < columns - 1 else (rest, rest)
        for _ in range(size - 1):
            cell, column = _cut_off(column, each, 1)
            parts += [part for part in shapely.get_parts(cell) if part.area > 0]
        parts += [part for part in shapely.get_parts(column) if part.area > 0]
    return parts
