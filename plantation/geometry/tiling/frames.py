"""The direction in which a ground is laid out: its rows', or its longest straight edges'."""

from __future__ import annotations

import math

import numpy as np
import shapely

from plantation.geometry.tiling.levels import Direction

# Two machines' sines differ in the last bit; the twelfth digit moves nothing by a micrometre.
DIGITS = 12
APART = 0.087


def frame_of(ground: shapely.Polygon, row_bearing_deg: float | None = None) -> Direction:
    """A unit vector: along the rows if their bearing (clockwise from north, y) is given, else along the ground.

    >>> frame_of(shapely.box(0, 0, 2, 1), row_bearing_deg=90)
    (1.0, 0.0)
    >>> frame_of(shapely.box(0, 0, 2, 1))
    (1.0, 0.0)
    """
    if row_bearing_deg is not None:
        bearing = math.radians(row_bearing_deg % 180)
        return round(math.sin(bearing), DIGITS) + 0.0, round(math.cos(bearing), DIGITS) + 0.0
    return frames_of(ground, 1)[0]


def frames_of(ground: shapely.Polygon, most: int) -> list[Direction]:
    """At most so many unit vectors along which the ground may be laid out, the best first: those in which its edges run
    most nearly along or across, at least 5° apart."""
    step = np.diff(shapely.get_coordinates(ground.exterior), axis=0)
    size = np.sqrt(step[:, 0] ** 2 + step[:, 1] ** 2)
    step, size = step[size > 0], size[size > 0]
    longest = np.argsort(-np.round(size, 9), kind="stable")[:60]
    unit = step[longest] / size[longest, None]
    # |x| + |y| of all edges is least where they hug the frame.
    along = np.abs(unit[:, :1] * step[:, 0] + unit[:, 1:] * step[:, 1])
    across = np.abs(unit[:, :1] * step[:, 1] - unit[:, 1:] * step[:, 0])
    found: list[Direction] = []
    for x, y in unit[np.argsort(np.round((along + across).sum(axis=1), 6), kind="stable")].tolist():
        if x < 0 or (x == 0 and y < 0):
            x, y = -x, -y
        if all(min(abs(x * u + y * v), abs(x * v - y * u)) > APART for u, v in found):
            found.append((round(x, DIGITS) + 0.0, round(y, DIGITS) + 0.0))
            if len(found) == most:
                break
    return found
