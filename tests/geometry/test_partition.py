"""What `split_by_areas` promises, on real fields, on shapes that break dividers and on random ground."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.geometry.outcomes import BadArea, BadGround, GroundShort, LanesTooWide, Partition, PartsTooSmall
from plantation.geometry.partition import room_for, split_by_areas
from plantation.geometry.tiling.quality import apart, value_of

from .ground_shapes import breakers, checkerboard, concave, grounds, real_fields


def whole_and_right(ground, areas, plan: Partition) -> None:
    everything = np.array([*plan.pieces, *plan.remainder, *plan.lanes], dtype=object)
    assert (shapely.get_type_id(everything) == 3).all()
    assert shapely.is_valid(everything).all()
    assert len(plan.pieces) == len(areas)
    assert np.abs(shapely.area(plan.pieces) - areas).max(initial=0) < 0.005
    assert shapely.coverage_is_valid(everything)
    assert abs(shapely.area(everything).sum() - ground.area) < 0.005
    assert shapely.area(shapely.difference(everything, ground.buffer(1e-4))).sum() < 1e-6


def compactness(pieces) -> np.ndarray:
    return 4 * math.pi * shapely.area(pieces) / shapely.length(pieces) ** 2


@pytest.mark.parametrize(("count", "every"), [(1, 1), (2, 1), (3, 1), (5, 1), (10, 2), (30, 5), (100, 20), (150, 3)])
def test_real_fields_are_divided_whole_and_right(count, every):
    # All counts on all fields: benchmarks/partition.
    for ground in list(real_fields().values())[::every]:
        areas = [ground.area / count] * count
        plan = split_by_areas(ground, areas)
        whole_and_right(ground, areas, plan)
        assert not plan.remainder


@pytest.mark.parametrize("name", sorted(breakers()))
@pytest.mark.parametrize("count", [2, 3, 7, 10, 40])
def test_shapes_that_break_dividers_are_divided_whole_and_right(name, count):
    ground = breakers()[name]
    areas = [ground.area / count] * count
    plan = split_by_areas(ground, areas)
    whole_and_right(ground, areas, plan)
    assert not plan.remainder


def test_cuts_along_the_grounds_own_edges_and_holes_that_touch_do_no_harm():
    for seed in (*range(14), 55, 170):
        ground = checkerboard(seed)
        for count in {2, 3, round(ground.area)}:
            areas = [ground.area / count] * count
            whole_and_right(ground, areas, split_by_areas(ground, areas))


@settings(max_examples=40, deadline=None)
@given(grounds(), st.lists(st.sampled_from([3.5, 7.25, 10, 40]), min_size=1, max_size=25), st.sampled_from([1, 0.999, 0.6]))
def test_mixed_areas_on_random_ground_are_exact_and_leave_one_rest(ground, weights, part):
    areas = np.array(weights) / sum(weights) * ground.area * part
    plan = split_by_areas(ground, areas)
    whole_and_right(ground, areas, plan)
    assert len(plan.remainder) == (part < 1)


@settings(max_examples=15, deadline=None)
@given(grounds(), st.integers(2, 12), st.floats(0.3, 3.0))
def test_pieces_are_equal_in_value_where_land_is_not(ground, count, factor):
    x0, y0, x1, y1 = ground.bounds
    zones = [(shapely.box(x0, y0, (x0 + x1) / 2, y1), factor), (shapely.box(x0, y0, x1, (y0 + y1) / 2), 1.5)]
    value = value_of(ground, apart(zones))
    plan = split_by_areas(ground, [value / count] * count, quality=zones)
    whole_and_right(ground, shapely.area(plan.pieces), plan)
    assert max(abs(value_of(piece, apart(zones)) - value / count) for piece in plan.pieces) < 0.005


def test_ordinary_fields_are_cut_compactly():
    for ground in real_fields().values():
        if compactness(ground) > 0.6 and ground.area > 0.85 * ground.convex_hull.area:
            pieces = split_by_areas(ground, [ground.area / 40] * 40).pieces
            assert compactness(pieces).mean() > 0.72
            assert compactness(pieces).min() > 0.25


def test_a_square_into_150_is_as_good_as_squares():
    pieces = split_by_areas(shapely.box(0, 0, 1000, 1000), [1e6 / 150] * 150).pieces
    assert compactness(pieces).mean() > 0.77


def test_what_is_wrong_with_a_piece_is_named():
    ground = concave(120, 2, 7)
    plan = split_by_areas(ground, [ground.area / 60] * 60)
    named = {(note.piece, note.reason) for note in plan.notes}
    edge = ground.exterior.buffer(0.01)
    for number, piece in enumerate(plan.pieces):
        assert ((number, "landlocked") in named) == (piece.boundary.intersection(edge).length < 3)
        assert ((number, "not_compact") in named) == (compactness(piece) < 0.25)


def test_an_arm_narrower_than_three_metres_is_the_grounds_fault():
    ground = shapely.union_all([shapely.box(0, 0, 60, 60), shapely.box(60, 20, 260, 22)])
    plan = split_by_areas(ground, [ground.area / 4] * 4)
    assert {note.reason for note in plan.notes} >= {"narrow_ground"}
    assert "thin" not in {note.reason for note in plan.notes}


def test_pieces_keep_three_metres_wherever_a_field_has_them():
    thin = [
        note
        for ground in list(real_fields().values())[::5]
        for note in split_by_areas(ground, [ground.area / 12] * 12).notes
        if note.reason == "thin"
    ]
    assert len(thin) <= 3


def test_with_lanes_nobody_is_landlocked_on_a_square():
    ground = shapely.box(0, 0, 900, 900)
    room = room_for(ground, [1.0] * 144, lane_width_m=4.0)
    plan = split_by_areas(ground, [room / 144] * 144, lane_width_m=4.0)
    whole_and_right(ground, [room / 144] * 144, plan)
    assert not [note for note in plan.notes if note.reason == "landlocked"]
    assert 0.015 < sum(lane.area for lane in plan.lanes) / ground.area < 0.03


def test_lanes_leave_a_rest_where_pieces_take_less():
    ground = concave(80, 1, 3)
    room = room_for(ground, [1.0] * 50, lane_width_m=3.0)
    areas = [room / 50 * 0.9] * 50
    plan = split_by_areas(ground, areas, lane_width_m=3.0)
    whole_and_right(ground, areas, plan)
    assert plan.lanes and len(plan.remainder) == 1


def test_lanes_that_take_too_much_are_refused_with_the_land_they_take():
    with pytest.raises(LanesTooWide) as refused:
        split_by_areas(shapely.box(0, 0, 600, 600), [10_000.0] * 36, lane_width_m=4.0)
    assert refused.value.figures == {"lanes_m2": 4800.0, "asked_m2": 360_000.0, "available_m2": 355_200.0}


def test_strips_follow_the_rows():
    ground = shapely.box(0, 0, 200, 100)
    plan = split_by_areas(ground, [2000.0] * 10, shape="strips", row_bearing_deg=90)
    assert all(piece.bounds[2] - piece.bounds[0] == pytest.approx(200) for piece in plan.pieces)


def test_cuts_run_between_rows_and_step_over_one_row_where_the_area_needs_it():
    ground = shapely.box(0, 0, 200, 100)
    areas = [2300.0] * 8 + [1600.0]
    plan = split_by_areas(ground, areas, shape="strips", row_bearing_deg=90, row_spacing_m=4.0)
    whole_and_right(ground, areas, plan)
    corners = np.unique(np.round(shapely.get_coordinates(plan.pieces)[:, 1], 6))
    assert set(corners) <= {4.0 * row for row in range(26)}


def test_a_road_gives_access_where_the_edge_does_not():
    ground = shapely.box(0, 0, 90, 30)
    plan = split_by_areas(ground, [900.0] * 3, access=shapely.LineString([(0, -0.5), (35, -0.5)]))
    assert sorted(note.reason for note in plan.notes) == ["landlocked"]


def test_parts_are_filled_with_whole_pieces_and_the_rest_is_named():
    ground = shapely.MultiPolygon([shapely.box(0, 0, 30, 10), shapely.box(50, 0, 75, 10), shapely.box(90, 0, 92, 2)])
    plan = split_by_areas(ground, [100.0] * 5)
    whole_and_right(ground, [100.0] * 5, plan)
    assert sorted(round(rest.area, 6) for rest in plan.remainder) == [4.0, 50.0]
    assert [note.reason for note in plan.notes if note.piece is None] == ["part_unused"]


def test_whole_pieces_that_do_not_fit_on_the_parts_are_refused():
    ground = shapely.MultiPolygon([shapely.box(0, 0, 15, 10), shapely.box(50, 0, 65, 10)])
    with pytest.raises(PartsTooSmall) as refused:
        split_by_areas(ground, [100.0] * 3)
    assert refused.value.figures["pieces"] == 3


@pytest.mark.parametrize("area", [0, -1, math.nan, math.inf])
def test_an_area_that_is_none_is_refused(area):
    with pytest.raises(BadArea):
        split_by_areas(shapely.box(0, 0, 1, 1), [area])


def test_more_than_there_is_is_refused_with_the_figures():
    with pytest.raises(GroundShort) as refused:
        split_by_areas(shapely.box(0, 0, 10, 10), [60.0, 60.0])
    assert refused.value.figures == {"asked_m2": 120.0, "available_m2": 100.0}


@pytest.mark.parametrize("ground", [shapely.Polygon(), shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])])
def test_a_ground_that_is_none_is_refused(ground):
    with pytest.raises(BadGround):
        split_by_areas(ground, [1.0])


def test_the_same_input_gives_the_same_bytes():
    ground = concave(200, 3, 5)
    areas = [ground.area / 50] * 50
    first, second = split_by_areas(ground, areas), split_by_areas(ground, areas)
    assert shapely.to_wkb(first.pieces).tolist() == shapely.to_wkb(second.pieces).tolist()
    assert first.notes == second.notes


def test_progress_ends_with_all_pieces():
    heard = []
    split_by_areas(shapely.box(0, 0, 10, 10), [1.0] * 100, progress=lambda done, of: heard.append((done, of)))
    assert heard[-1] == (100, 100)
    assert heard == sorted(heard)
