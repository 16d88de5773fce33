"""What stands of an earlier allocation beside its parcels: the lanes by which those that stay are reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from plantation.geometry.access import ON_THE_EDGE_M
from plantation.geometry.projection import LocalPlane
from plantation.geometry.walks import reached

# A lane of which a parcel covers more has been given away since.
COVERED_M2 = 1.0


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of an earlier allocation, in degrees."""

    plot: str
    geometry: Any


def standing_lanes(lanes: Iterable[Lane], parcels: Iterable[tuple[str, Any]]) -> list[Lane]:
    """Those of `lanes`, each once, that lie free and lead, alone or one through the other, to one of the `parcels`
    (plot and outline in degrees).

    >>> plane = LocalPlane(78.4, 40.9)
    >>> first, second, third = (Lane("P01", plane.inverse(shapely.box(x, 0, x + 4, 100))) for x in (10, 14, 90))
    >>> parcel = plane.inverse(shapely.box(0, 0, 10, 100))
    >>> standing_lanes([third, second, first, first], [("P01", parcel)]) == [first, second]
    True
    >>> standing_lanes([first], []), standing_lanes([first], [("P01", first.geometry)])
    ([], [])
    """
    of_plot: dict[str, dict[bytes, Lane]] = defaultdict(dict)
    for lane in lanes:
        of_plot[lane.plot].setdefault(shapely.to_wkb(shapely.normalize(lane.geometry)), lane)
    beside: dict[str, list[Any]] = defaultdict(list)
    for plot, outline in parcels:
        beside[plot].append(outline)
    found = []
    for plot in sorted(of_plot.keys() & beside.keys()):
        mine = sorted(of_plot[plot].values(), key=lambda lane: lane.geometry.bounds)
        found += [mine[index] for index in _leading([lane.geometry for lane in mine], beside[plot])]
    return found


def _leading(lanes: Sequence[Any], parcels: Sequence[Any]) -> list[int]:
    plane = LocalPlane.around(lanes)
    shapes, tree = plane.forward(lanes), shapely.STRtree(plane.forward(parcels))
    lane, parcel = tree.query(shapes, predicate="dwithin", distance=ON_THE_EDGE_M)
    covered = np.bincount(lane, shapely.area(shapely.intersection(shapes[lane], tree.geometries[parcel])), len(shapes))
    free = set(np.flatnonzero(covered <= COVERED_M2).tolist())
    near: list[list[int]] = [[] for _ in lanes]
    for one, two in shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=ON_THE_EDGE_M).T.tolist():
        if {one, two} <= free:
            near[one].append(two)
    return sorted(reached(free.intersection(lane.tolist()), near))
