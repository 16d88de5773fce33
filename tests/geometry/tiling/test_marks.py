"""Points that cuts put on lines: neighbours share each, and those that are nearly one are one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from plantation.geometry.tiling.marks import closed
from plantation.geometry.tiling.sheets import Sheet

# A mark half way along the low edge, which is line 0.
HALF_WAY = np.array([[5.0, 0.0]]), np.array([0])


def halves(near: tuple[float, float]) -> Sheet:
    """A square of 10 m in two halves, whose border meets the corner by way of a point near it: lines 0 to 3 are the edge, 4 and 5
    that border."""
    low, high = [(0, 0), (10, 0), (10, 10), near], [(0, 0), near, (10, 10), (0, 10)]
    return Sheet(np.array([*low, *high], float), np.array([0, 1, 4, 5, 5, 4, 2, 3]), np.arange(2).repeat(4), np.arange(2))


def polygons(sheet: Sheet) -> list[shapely.Polygon]:
    return sheet.polygons(np.zeros(2)).tolist()


def test_a_mark_stands_in_every_ring_along_its_line():
    low, high = polygons(closed(halves((4.0, 4.0)), *HALF_WAY, 6))
    assert low.equals_exact(shapely.Polygon([(0, 0), (5, 0), (10, 0), (10, 10), (4, 4)]), 0)
    assert high.equals_exact(shapely.Polygon([(0, 0), (4, 4), (10, 10), (0, 10)]), 0)


@pytest.mark.parametrize("near", [(2.5e-7, 2.5e-7), (-2.5e-7, 2.5e-7)])
def test_corners_less_than_a_micrometre_apart_are_one_in_both_rings(near):
    low, high = made = polygons(closed(halves(near), *HALF_WAY, 6))
    corner = min((0.0, 0.0), near)
    assert low.normalize().equals_exact(shapely.Polygon([corner, (5, 0), (10, 0), (10, 10)]).normalize(), 0)
    assert high.normalize().equals_exact(shapely.Polygon([corner, (10, 10), (0, 10)]).normalize(), 0)
    assert shapely.coverage_is_valid(made)


def test_corners_further_apart_stay_two():
    low, high = polygons(closed(halves((4e-6, 4e-6)), *HALF_WAY, 6))
    assert len(low.exterior.coords) == 6 and len(high.exterior.coords) == 5


def test_of_several_grounds_only_the_one_with_the_corner_changes():
    # The same place in another ground's plane is another place.
    near, other = halves((2.5e-7, 2.5e-7)), halves((4.0, 4.0))
    both = Sheet(
        np.concatenate([near.xy, other.xy]), np.concatenate([near.lines, other.lines + 6]), np.concatenate([near.ring_of, other.ring_of + 2]),
        np.arange(4),
    )  # fmt: skip
    made = polygons(closed(both, *HALF_WAY, 12, np.array([0, 0, 1, 1])))
    assert [len(polygon.exterior.coords) for polygon in made] == [5, 4, 5, 5]


def test_a_ring_that_would_vanish_keeps_its_points():
    speck = Sheet(np.array([(0, 0), (5e-7, 0), (0, 5e-7)]), np.arange(3), np.zeros(3, np.int64), np.zeros(1, np.int64))
    made = closed(speck, np.array([[5.0, 0.0]]), np.array([3]), 4)
    assert made.xy.tolist() == speck.xy.tolist()
