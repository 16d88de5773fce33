"""Frontage is the border on an edge, a way or a lane, and nothing near it."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from plantation.geometry.access import frontages, landlocked, outer_edge


def rows_of_squares(across, up, side=10.0):
    return [shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side) for y in range(up) for x in range(across)]


def test_of_nine_squares_only_the_one_in_the_middle_is_landlocked():
    squares = rows_of_squares(3, 3)
    metres = frontages(squares, outer_edge(shapely.union_all(squares)))
    assert metres == pytest.approx([20, 10, 20, 10, 0, 10, 20, 10, 20])
    assert landlocked(metres) == [4]


def test_a_hole_is_no_outer_edge():
    ring = shapely.Polygon(shapely.box(0, 0, 30, 30).exterior, [shapely.box(10, 10, 20, 20).exterior])
    assert outer_edge(ring).length == 120


def test_a_way_through_a_parcel_and_a_way_along_it_both_reach_it():
    left, right = rows_of_squares(2, 1)
    through = shapely.LineString([(5, -20), (5, 20)])
    along = shapely.LineString([(-50, -0.8), (12, -0.8)])
    assert frontages([left, right], through, reach_m=1.0) == pytest.approx([10, 0])
    assert frontages([left, right], along, reach_m=1.0) == pytest.approx([10, 2])
    assert frontages([left, right], shapely.LineString([(4, 4), (8, 4)])) == pytest.approx([4, 0])


def test_a_corner_that_touches_the_way_is_no_frontage():
    (square,) = rows_of_squares(1, 1)
    assert landlocked(frontages([square], shapely.LineString([(-5, 5), (5, -5)]))) == [0]


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 360), st.floats(-1e4, 1e4), st.integers(2, 5), st.integers(2, 5), st.floats(5, 90))
def test_frontage_does_not_depend_on_how_the_land_lies(angle, shift, across, up, side):
    squares = rows_of_squares(across, up, side)
    moved = [affinity.translate(affinity.rotate(s, angle, origin=(0, 0)), shift, -shift) for s in squares]
    edge = affinity.translate(affinity.rotate(shapely.box(0, 0, across * side, up * side), angle, origin=(0, 0)), shift, -shift)
    metres = frontages(moved, outer_edge(edge))
    assert metres.sum() == pytest.approx(2 * (across + up) * side, rel=1e-9)
    assert len(landlocked(metres)) == max(0, across - 2) * max(0, up - 2)


def test_the_frontages_of_many_parcels_add_up_to_the_edge_they_lie_on():
    angle = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    edge = shapely.Polygon(np.column_stack([600 * np.cos(angle), 600 * np.sin(angle)]))
    parcels = [part for square in rows_of_squares(60, 60, 20) if not (part := square.intersection(edge)).is_empty]
    assert frontages(parcels, outer_edge(edge)).sum() == pytest.approx(edge.length / 4, rel=2e-3)
