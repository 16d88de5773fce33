"""Sides kilometres long: straight in the plane, they are bowed by centimetres where they are drawn straight in degrees.

Where a piece is narrower than that bow, its two sides would cross. Points on the side keep it where it was cut.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import shapely

from plantation.geometry.outcomes import Partition

Point: TypeAlias = tuple[float, float]

# A side of this length is bowed by 0.8 mm at 45° of latitude: s² tan(latitude) / 8R.
STEP_M = 200.0


def stepped(made: Partition) -> Partition:
    """The same division with points on its long sides, the same on both pieces that share one.

    Sides that nobody shares are the ground's own border, which is as it was given: they stay.

    >>> left, right = shapely.box(0, 0, 1, 400), shapely.box(1, 0, 2, 400)
    >>> pieces = stepped(Partition([left, right], [], [], [], [])).pieces
    >>> [(1.0, 200.0) in piece.exterior.coords for piece in pieces], [len(piece.exterior.coords) for piece in pieces]
    ([True, True], [6, 6])
    >>> stepped(Partition([], [], [], [], [])).pieces
    []
    """
    lands = [made.pieces, made.lanes, made.remainder]
    sides = Counter(side for shapes in lands for shape in shapes for ring in _rings(shape) for side in _sides(ring))
    shared = {side for side, times in sides.items() if times > 1 and math.dist(*side) > STEP_M}
    pieces, lanes, remainder = ([_stepped(shape, shared) for shape in shapes] for shapes in lands)
    return replace(made, pieces=pieces, lanes=lanes, remainder=remainder)


def _rings(shape: shapely.Polygon) -> list[list[Point]]:
    return [list(ring.coords) for ring in (shape.exterior, *shape.interiors)]


def _sides(ring: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    return ((min(a, b), max(a, b)) for a, b in zip(ring, ring[1:]))


def _stepped(shape: shapely.Polygon, shared: set[tuple[Point, Point]]) -> shapely.Polygon:
    rings = _rings(shape)
    if shared.isdisjoint(side for ring in rings for side in _sides(ring)):
        return shape
    shell, *holes = ([point for a, b in zip(ring, ring[1:]) for point in _steps(a, b, shared)] for ring in rings)
    return shapely.Polygon(shell, holes)


def _steps(a: Point, b: Point, shared: set[tuple[Point, Point]]) -> list[Point]:
    """From `a` to before `b`; counted from the lower end, so that the way back has the same points."""
    low, high = min(a, b), max(a, b)
    if (low, high) not in shared:
        return [a]
    count = math.ceil(math.dist(a, b) / STEP_M)
    inner = [(low[0] + (high[0] - low[0]) * k / count, low[1] + (high[1] - low[1]) * k / count) for k in range(1, count)]
    return [a, *(inner if a == low else reversed(inner))]
