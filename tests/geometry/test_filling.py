"""Whole parcels in pieces of ground: nothing is overfilled, and the common share is the largest there is."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.geometry.filling import SLACK_M2, fill_pieces, prorate

areas = st.lists(st.floats(100, 100_000), min_size=1, max_size=6)


@given(areas, st.lists(st.tuples(st.floats(50, 20_000), st.integers(1, 30)), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_no_piece_holds_more_than_it_has_and_every_parcel_is_counted_once(pieces, demand):
    sizes, counts = zip(*demand, strict=True)
    packing = fill_pieces(pieces, sizes, counts)
    for piece_m2, held in zip(pieces, packing.counts, strict=True):
        load = math.fsum(size * count for size, count in zip(sizes, held, strict=True))
        assert load <= piece_m2 + SLACK_M2 * sum(held) + 1e-6
    for size, count in enumerate(counts):
        assert sum(held[size] for held in packing.counts) + packing.left[size] == count


@given(areas, st.floats(50, 20_000), st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_equal_parcels_find_a_place_whenever_there_is_one(pieces, size, count):
    holds = sum(math.floor((piece + 1e-9) / (size - SLACK_M2)) for piece in pieces)
    assert fill_pieces(pieces, [size], [count]).is_whole == (holds >= count)


@given(areas, st.floats(500, 20_000), st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_the_share_of_equal_rights_is_the_largest_at_which_all_find_a_place(pieces, size, count):
    factor, packing = prorate(pieces, [size], [count])
    assert packing.is_whole
    # The largest share fills some piece with a whole number of parcels: look at all of them.
    candidates = [1.0, *(piece / (number * size) for piece in pieces for number in range(1, count + 1))]
    best = max(c for c in candidates if c <= 1 and sum(math.floor(piece / (c * size) + 1e-9) for piece in pieces) >= count)
    assert factor == pytest.approx(best, rel=1e-4)
    if len(pieces) == 1:
        assert factor == pytest.approx(min(1.0, pieces[0] / (size * count)), rel=1e-9)
