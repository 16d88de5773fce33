"""Where there is more land than is asked for: lay out the reserve in parcels too, and give away the best of them.

A plot of which little is asked for would otherwise be cut into slivers along its longest side. Laid out as a whole it has
compact parcels everywhere, and those can be given that are reached from an edge and wide enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from plantation.geometry.rings import leaves
from plantation.geometry.walks import neighbours_of, walk

MOST_CELLS = 1500


def reserve_sizes(largest_m2: float, spare_m2: float) -> list[float]:
    """The areas of the cells in which spare land is laid out: as large as the largest parcel, what is left over in the
    last. None where less than one is spare.

    >>> reserve_sizes(10.0, 35.0), reserve_sizes(10.0, 9.0), reserve_sizes(10.0, -1e-9)
    ([10.0, 10.0, 15.0], [], [])
    """
    count = int(min(MOST_CELLS, spare_m2 // largest_m2))
    if count < 1:
        return []
    size_m2 = largest_m2 if count < MOST_CELLS else spare_m2 / count
    return [size_m2] * (count - 1) + [spare_m2 - size_m2 * (count - 1)]


def choose(cells: Sequence[Any], wanted: int, is_good: Sequence[bool]) -> list[int]:
    """Which `wanted` of equal cells become parcels: the good ones first, along a walk from neighbour to neighbour.

    >>> row = [shapely.box(x, 0, x + 10, 10) for x in (0, 10, 20)]
    >>> choose(row, 2, [True, False, True])
    [0, 2]
    """
    middles = [cell.centroid for cell in cells]
    start = min(range(len(cells)), key=lambda index: (middles[index].x - middles[index].y, index))
    way = walk(neighbours_of(cells), start)
    ordered = [index for index in way if is_good[index]] + [index for index in way if not is_good[index]]
    return sorted(ordered[:wanted])


def joined(cells: Sequence[Any]) -> list[Any]:
    """Cells that share their borders point by point as few polygons; the points on their outer borders stay.

    >>> [round(part.area) for part in joined([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(5, 0, 6, 1)])]
    [2, 1]
    """
    parts = list(leaves(shapely.coverage_union_all(list(cells)))) if cells else []
    return sorted(parts, key=lambda part: (-part.area, part.bounds))
