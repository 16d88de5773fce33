"""A walk meets every parcel once and goes from neighbour to neighbour."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.geometry.walks import breaks, neighbours_of, walk


def grid(across, up):
    return [shapely.box(x, y, x + 10, y + 10).segmentize(10) for y in range(0, up * 10, 10) for x in range(0, across * 10, 10)]


@pytest.mark.parametrize(("across", "up"), [(2, 2), (4, 5), (10, 15), (6, 6)])
def test_a_field_of_squares_is_walked_round_without_a_break(across, up):
    near = neighbours_of(grid(across, up))
    order = walk(near)
    assert sorted(order) == list(range(across * up))
    assert breaks(order, near) <= 1


def test_a_corner_is_no_neighbour():
    assert neighbours_of(grid(2, 2)) == [[1, 2], [0, 3], [0, 3], [1, 2]]


@given(st.integers(1, 12), st.integers(1, 12), st.sets(st.integers(0, 143)), st.data())
@settings(max_examples=60, deadline=None)
def test_every_parcel_is_met_once_whatever_is_missing_between_them(across, up, gone, data):
    parcels = [parcel for index, parcel in enumerate(grid(across, up)) if index not in gone]
    order = walk(neighbours_of(parcels), data.draw(st.integers(0, max(0, len(parcels) - 1))))
    assert sorted(order) == list(range(len(parcels)))
