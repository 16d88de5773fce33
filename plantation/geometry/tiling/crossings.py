"""Where a line crosses a region's border."""

from __future__ import annotations

import math
from dataclasses import dataclass

from plantation.geometry.tiling.regions import GRID, Point, Region

# A cut that passes a corner more closely than this goes through the corner: no edges of micrometres.
SNAP = 2e-6


@dataclass(slots=True)
class Crossing:
    """Where a ring crosses the line: after point `index` of ring `ring`, at `point`, `t` along the line."""

    t: float
    lean: float
    up: bool
    ring: int
    index: int
    point: Point
    on: int


def crossings(region: Region, rings, level: float) -> list[Crossing]:
    """All crossings of the line, in order along it. Corners within `SNAP` of the line count as on it.

    None at all where a corner only touches the line: what is cut off there would hang together by a point.
    """
    for s, t in rings:
        near = [index for index, value in enumerate(s) if -SNAP < value - level < SNAP]
        if near and _grazes(s, near, level):
            return []
        _settle_flat(s, t, near, level)
    found = _crossings(region, rings, level)
    for _ in range(8):
        near = [one for one in found if one.on < 0]
        if not any(_pull(rings, one, level) for one in near):
            break
        found = _crossings(region, rings, level)
    found.sort(key=lambda one: (one.t, one.lean))
    return found


def _grazes(s: list[float], near: list[int], level: float) -> bool:
    """Whether a corner on the line has both its neighbours on one side of it."""
    for index in near:
        before, after = s[index - 1] - level, s[(index + 1) % len(s)] - level
        if abs(before) >= SNAP and abs(after) >= SNAP and (before < 0) == (after < 0):
            return True
    return False


def _settle_flat(s: list[float], t: list[float], near: list[int], level: float) -> None:
    """Put edges that lie along the line on the side on which the region is: the line must not run inside them."""
    if len(near) < 2:
        return
    along = [(index, (index + 1) % len(s)) for index in near if (index + 1) % len(s) in near]
    for one, two in along:
        s[one] = s[two] = level
    for one, two in along:
        # Rings have the region at their left: an edge along the line has it below.
        if t[two] > t[one]:
            s[one] = s[two] = level - SNAP / 2


def _crossings(region, rings, level) -> list[Crossing]:
    found = []
    for number, ((points, edges), (s, t)) in enumerate(zip(region.rings, rings)):
        s0 = s[-1]
        index = len(s) - 1
        for following, s1 in enumerate(s):
            if (s0 < level) is not (s1 < level):
                found.append(_crossing(points, edges, s, t, level, number, index, following))
            s0, index = s1, following
    return found


def _pull(rings, one: Crossing, level: float) -> bool:
    """Put the corners that a crossing runs through exactly on the line; whether anything moved."""
    s = rings[one.ring][0]
    moved = False
    for index in (one.index, (one.index + 1) % len(s)):
        if s[index] != level and abs(s[index] - level) < SNAP and s[index] != level - SNAP / 2:
            s[index] = level
            moved = True
    return moved


def _crossing(points, edges, s, t, level, ring, index, following) -> Crossing:
    s0, s1 = s[index], s[following]
    rise = s1 - s0
    # At one point of the line, crossings are ordered by where their low ends lie.
    lean = (t[index] - t[following]) / rise
    if abs(s1 - level) < SNAP or abs(s0 - level) < SNAP:
        near = following if abs(s1 - level) <= abs(s0 - level) else index
        return Crossing(t[near], lean, rise > 0, ring, index, points[near], -1)
    part = (level - s0) / rise
    (x0, y0), (x1, y1) = points[index], points[following]
    x = math.floor((x0 + (x1 - x0) * part) * GRID + 0.5) / GRID
    y = math.floor((y0 + (y1 - y0) * part) * GRID + 0.5) / GRID
    return Crossing(t[index] + (t[following] - t[index]) * part, lean, rise > 0, ring, index, (x, y), edges[index])
