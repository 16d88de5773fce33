"""The four sides of a parcel (四至): what it touches in the east, south, west and north, and for how many metres."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import shapely
from shapely.geometry.polygon import orient

# Borders that were digitised twice, and what lies between a parcel and a road that was drawn as a line.
REACH_M = 0.5
SHORTEST_M = 1.0


class Side(StrEnum):
    """In the order in which a certificate names them: 东, 南, 西, 北."""

    EAST = "east"
    SOUTH = "south"
    WEST = "west"
    NORTH = "north"


def neighbours_by_side(
    outline: Any, others: Iterable[tuple[str, Any]], *, reach_m: float = REACH_M, rest: str | None = None
) -> Mapping[Side, list[tuple[str, float]]]:
    """Per side the (name, metres) of those of `others` that lie along it, the longest border first.

    Everything is in metres in one plane, x to the east and y to the north. An edge belongs to the side that it faces;
    borders under 1 m on a side are left out, so a touching corner makes no neighbour. Where none of `others` lies along an edge,
    `rest` does, if it is given: land that nobody drew is a neighbour as well.

    >>> found = neighbours_by_side(shapely.box(0, 0, 10, 20), [("H2", shapely.box(10, 0, 20, 20)), ("H3", shapely.box(0, 20, 10, 30))])
    >>> [(side.value, [(name, round(metres)) for name, metres in those]) for side, those in found.items()]
    [('east', [('H2', 20)]), ('south', []), ('west', []), ('north', [('H3', 10)])]
    >>> half = neighbours_by_side(shapely.box(0, 0, 10, 20), [("H2", shapely.box(10, 0, 20, 9))], rest="nobody")
    >>> [(name, round(metres)) for name, metres in half[Side.EAST]], [name for name, _ in half[Side.WEST]]
    ([('nobody', 10), ('H2', 10)], ['nobody'])
    >>> neighbours_by_side(shapely.Polygon(), [])[Side.EAST]
    []
    """
    by_side = _facing(outline)
    found: dict[Side, list[tuple[str, float]]] = {side: [] for side in Side}
    covered = []
    for name, other in others:
        if other.is_empty or shapely.distance(outline, other) > reach_m:
            continue
        near = shapely.buffer(other, reach_m, quad_segs=2)
        covered.append(near)
        for side, edges in by_side.items():
            metres = float(shapely.length(shapely.intersection(edges, near)))
            # Past the end of a border the reach goes round the corner: that much of the next edge is no border.
            if metres - 2 * reach_m >= SHORTEST_M or metres >= max(SHORTEST_M, 0.5 * float(edges.length)):
                found[side].append((name, metres))
    if rest is not None:
        all_covered = shapely.union_all(covered)
        for side, edges in by_side.items():
            metres = float(shapely.length(shapely.difference(edges, all_covered)))
            if metres >= SHORTEST_M:
                found[side].append((rest, metres))
    for borders in found.values():
        borders.sort(key=lambda border: (-border[1], border[0]))
    return found


def _facing(outline: Any) -> dict[Side, Any]:
    """Per side the edges that face it, as one geometry."""
    edges: dict[Side, list[Any]] = {side: [] for side in Side}
    for polygon in shapely.get_parts(outline):
        if polygon.is_empty:
            continue
        polygon = orient(polygon)
        for ring in (polygon.exterior, *polygon.interiors):
            corners = shapely.get_coordinates(ring)
            for (x1, y1), (x2, y2) in zip(corners, corners[1:], strict=False):
                out_x, out_y = y2 - y1, x1 - x2  # the land lies to the left of each edge
                if abs(out_x) >= abs(out_y):
                    side = Side.EAST if out_x > 0 else Side.WEST
                else:
                    side = Side.NORTH if out_y > 0 else Side.SOUTH
                edges[side].append([(x1, y1), (x2, y2)])
    return {side: shapely.MultiLineString(lines) for side, lines in edges.items()}
