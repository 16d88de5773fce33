"""Pieces are cut anew where they gain by it: none is thin where its ground is not, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plantation.geometry.outcomes import LanesTooWide
from plantation.geometry.partition import Partition, room_for, split_by_areas
from plantation.geometry.tiling import layouts
from plantation.geometry.tiling.joins import joined
from plantation.geometry.tiling.orders import Order, Wish
from plantation.geometry.tiling.plans import cut_in_waves
from plantation.geometry.tiling.seams import Seams
from tests.geometry.ground_shapes import concave, grounds, too_narrow


def divided(ground: shapely.Polygon, areas: list[float], **wishes) -> Partition:
    return split_by_areas(ground, areas, **wishes)


def as_cut(ground: shapely.Polygon, areas: list[float], **wishes) -> Partition:
    """The plan before pieces are cut anew and borders give way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layouts, "_can_be_cut_anew", lambda plan: False)
        return split_by_areas(ground, areas, **wishes)


def named(plan: Partition, *reasons: str) -> list[int]:
    return [note.piece for note in plan.notes if note.reason in reasons]


@settings(max_examples=20, deadline=None)
@given(grounds(), st.integers(2, 30))
def test_many_pairs_are_joined_as_each_is_alone(ground, count):
    order = Order(ground, [ground.area / count] * count, Wish(), [1.0] * count)
    (plan,) = cut_in_waves([order], None, None)
    seams = Seams(plan.sheet, np.zeros(plan.sheet.count, np.int64))
    one, two = seams.neighbours()
    whole, unions = seams.joined(one, two)
    regions = plan.sheet.regions()
    expected = [joined(regions[a], regions[b]) for a, b in zip(one.tolist(), two.tolist())]
    assert whole.tolist() == [region is not None for region in expected]
    for made, region in zip(unions.regions(), filter(None, expected)):
        assert made.polygon().normalize() == region.polygon().normalize()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("count", [30, 100, 175, 400])
def test_no_piece_of_a_ragged_ground_is_thin_for_want_of_a_better_cut(seed, count):
    ground = concave(2000, 3, seed, 1000.0)
    areas = [ground.area / count] * count
    assert len(named(as_cut(ground, areas), "thin")) > 1
    plan = divided(ground, areas)
    assert not named(plan, "thin")
    assert named(plan, "narrow_ground") == sorted(too_narrow(ground, plan.pieces))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 3), st.integers(121, 300), st.booleans())
def test_what_is_mended_keeps_its_area_and_every_point_of_its_border(seed, holes, count, unlike):
    ground = concave(600, holes, seed, 300.0)
    shares = np.random.default_rng(seed).uniform(0.3, 1.7, count) if unlike else np.ones(count)
    areas = (shares * (0.97 * ground.area / shares.sum())).tolist()
    before, after = as_cut(ground, areas), divided(ground, areas)
    pieces = np.array(after.pieces + after.remainder, dtype=object)
    assert np.abs(shapely.area(pieces[:count]) - areas).max() < 0.005
    assert shapely.is_valid(pieces).all() and shapely.coverage_is_valid(pieces)
    assert abs(shapely.union_all(pieces).symmetric_difference(ground).area) < 1e-6 * ground.area + 0.01
    bad = "thin", "landlocked", "not_compact"
    assert len(named(after, *bad)) <= len(named(before, *bad))


@settings(max_examples=20, deadline=None)
@given(grounds(), st.integers(2, 150), st.sampled_from([0.0, 4.0]))
def test_what_is_too_narrow_in_the_end_is_named(ground, count, lane_width_m):
    # Pieces just about 3 m wide all over are too narrow or not as points on their straight sides will have it.
    assume(ground.area / count > 100)
    plan = divided(ground, [0.8 * ground.area / count] * count) if not lane_width_m else with_lanes(ground, count, lane_width_m)
    assert named(plan, "thin", "narrow_ground") == sorted(too_narrow(ground, plan.pieces))


def with_lanes(ground: shapely.Polygon, count: int, lane_width_m: float) -> Partition:
    room = room_for(ground, [1.0] * count, lane_width_m=lane_width_m)
    assume(room > 0)
    try:
        return divided(ground, [0.99 * room / count] * count, lane_width_m=lane_width_m)
    except LanesTooWide:
        assume(False)
        raise


def test_what_lies_far_from_a_faulty_piece_stays_where_it_is():
    ground = concave(2000, 3, 1, 1000.0)
    areas = [ground.area / 2000] * 2000
    before, after = as_cut(ground, areas), divided(ground, areas)
    same = np.array([one.equals(two) for one, two in zip(before.pieces, after.pieces)])
    faulty = named(before, "thin", "not_compact")
    assert 0 < len(faulty) and not same[faulty].all()
    assert same.sum() > 2000 - 8 * len(faulty)


def test_pieces_beside_lanes_are_mended_and_lanes_stay():
    ground = concave(2000, 2, 1, 500.0)
    areas = [0.85 * ground.area / 60] * 60
    before, after = (make(ground, areas, lane_width_m=4.0) for make in (as_cut, divided))
    assert len(before.lanes) > 2
    assert shapely.union_all(before.lanes).symmetric_difference(shapely.union_all(after.lanes)).area < 0.001
    bad = "thin", "landlocked", "not_compact"
    assert len(named(after, *bad)) < len(named(before, *bad))
    assert shapely.coverage_is_valid(after.pieces + after.remainder + after.lanes)
