"""The usual plug-in's way: slabs as wide as a square cell, then cells, each cut placed by Brent's search.

As in the plug-in that villages use, each look at a cut splits what is left of the ground along a whole line (borders noded,
faces built, those inside kept), parts beyond it that touch the larger side are joined to it again, and parts that touch
nothing are divided later by themselves: they are why the count comes out wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import shapely

# A cut is found when the area is right to so many parts; cuts keep so many metres from the ends.
EXACT = 1e-6
ENDS_M = 1e-5
BRACKET_M = 1e-6
SEARCHED = 500


class NotFound(Exception):
    """The bracket has become nothing, and the area is not right: it jumps there."""


def brent(miss: Callable[[float], float], a: float, b: float, enough: float) -> float:
    """A root of `miss` between `a` and `b` (Brent 1973: inverse quadratic steps, halving where they do not help).

    :raises NotFound: the area jumps over what is asked for.
    """
    fa, fb = miss(a), miss(b)
    if fa * fb > 0:
        raise NotFound
    if abs(fa) < abs(fb):
        a, b, fa, fb = b, a, fb, fa
    c, fc, d, halved = a, fa, a, True
    for _ in range(SEARCHED):
        if fa not in (fb, fc) and fb != fc:
            s = a * fb * fc / ((fa - fb) * (fa - fc)) + b * fa * fc / ((fb - fa) * (fb - fc)) + c * fa * fb / ((fc - fa) * (fc - fb))
        else:
            s = b - fb * (b - a) / (fb - fa)
        low, high = sorted(((3 * a + b) / 4, b))
        last = abs(b - c) if halved else abs(c - d)
        halved = not low < s < high or abs(s - b) >= last / 2 or last < BRACKET_M
        if halved:
            s = (a + b) / 2
        fs = miss(s)
        if abs(fs) < enough:
            return s
        if abs(b - a) < BRACKET_M:
            raise NotFound
        d, c, fc = c, b, fb
        if fa * fs < 0:
            b, fb = s, fs
        else:
            a, fa = s, fs
        if abs(fa) < abs(fb):
            a, b, fa, fb = b, a, fb, fa
    return b


def split(ground: shapely.Polygon, level: float, axis: int) -> tuple[shapely.Polygon, shapely.Geometry, list[shapely.Polygon]]:
    """Cut along the whole line at `level`: what is cut off below it, what stays, and parts that touch neither.

    :raises NotFound: the line cuts nothing.
    """
    x0, y0, x1, y1 = ground.bounds
    ends = [(level, y0 - 1), (level, y1 + 1)] if axis == 0 else [(x0 - 1, level), (x1 + 1, level)]
    noded = shapely.union(ground.boundary, shapely.LineString(ends))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    shapely.prepare(ground)
    parts = [face for face in faces if ground.contains(face.representative_point())]
    if len(parts) < 2:
        raise NotFound
    stays = parts.pop(max(range(len(parts)), key=lambda at: parts[at].bounds[axis + 2]))
    off = parts.pop(min(range(len(parts)), key=lambda at: parts[at].bounds[axis : axis + 2][0]))
    beside = [part for part in parts if stays.touches(part)]
    if beside:
        stays = shapely.union_all([stays, *beside])
    return off, stays, [part for part in parts if part not in beside]


def _cut_off(ground: shapely.Polygon, area: float, axis: int, enough: float):
    """Split where what is cut off has the area; the search's ends keep a hair off the ground's."""
    low, high = ground.bounds[axis] + ENDS_M, ground.bounds[axis + 2] - ENDS_M
    return split(ground, brent(lambda level: split(ground, level, axis)[0].area - area, low, high, enough), axis)


def divide(ground: shapely.Polygon, count: int) -> list[shapely.Polygon]:
    """All parts that come out when `count` equal ones are wanted."""
    each = ground.area / count
    waiting, made = [ground], []
    while waiting:
        rest = waiting.pop()
        while rest.area > each * (1 + EXACT):
            slab, rest = _slab(rest, each, waiting)
            for _ in range(round(slab.area / each) - 1):
                cell, slab = _cell(slab, each, waiting)
                made.append(cell)
            made.append(slab)
        if not rest.is_empty:
            made.append(rest)
    return [part for whole in made for part in shapely.get_parts(whole) if part.area > 0]


def _slab(ground: shapely.Polygon, each: float, waiting: list) -> tuple[shapely.Geometry, shapely.Geometry]:
    """A slab of whole cells, about as wide as a square one, and what is left."""
    x0, _, x1, _ = ground.bounds
    side = math.sqrt(each)
    if x1 - x0 <= side:
        return ground, shapely.Polygon()
    cells = max(1, round(split(ground, x0 + side, 0)[0].area / each))
    while cells * each < ground.area:
        try:
            slab, rest, apart = _cut_off(ground, cells * each, 0, each * EXACT)
        except NotFound:
            # The area jumps where an arm of the ground begins: a wider slab may not.
            cells += 1
            continue
        waiting += apart
        return slab, rest
    return ground, shapely.Polygon()


def _cell(slab: shapely.Polygon, each: float, waiting: list) -> tuple[shapely.Geometry, shapely.Geometry]:
    """One cell of a slab, and what is left of it; where the area jumps, one that is about right."""
    enough = each * EXACT
    while enough < each:
        try:
            cell, rest, apart = _cut_off(slab, each, 1, enough)
        except NotFound:
            enough *= 2
            continue
        waiting += apart
        return cell, rest
    return slab, shapely.Polygon()
