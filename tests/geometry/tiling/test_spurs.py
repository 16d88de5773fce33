"""Lanes to pieces that are out of reach: around holes, from one side only, from a road through the land."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.geometry.allocation import ExclusionInput, PlotInput, RightInput, allocate
from plantation.geometry.partition import room_for, split_by_areas
from plantation.geometry.projection import LocalPlane

from ..ground_shapes import concave, grounds
from ..test_partition import whole_and_right

PLANE = LocalPlane(78.4, 40.9)
SQUARE = shapely.box(0, 0, 600, 600)
SOUTH = shapely.LineString([(0, 0), (600, 0)])
THROUGH = shapely.LineString([(-10, 200), (610, 250)])


def shut(plan) -> list[int]:
    return [note.piece for note in plan.notes if note.reason == "landlocked"]


@pytest.mark.parametrize("way", [SOUTH, THROUGH], ids=["south", "through"])
@pytest.mark.parametrize("count", [9, 16, 36])
def test_lanes_lead_from_every_piece_to_the_only_way(way, count):
    room = room_for(SQUARE, [1.0] * count, lane_width_m=4.0, access=way)
    for part in (1.0, 0.9):
        areas = [room * part / count] * count
        plan = split_by_areas(SQUARE, areas, lane_width_m=4.0, access=way)
        whole_and_right(SQUARE, areas, plan)
        assert not shut(plan)
        assert linked(plan.lanes, way), "each lane leads to the way, alone or through others"
    assert shut(split_by_areas(SQUARE, areas, access=way)), "without lanes some are out of reach"


@pytest.mark.parametrize("seed", [7, 8])
def test_one_lane_across_serves_strips_that_end_where_no_way_is(seed):
    ground = concave(200, 1, seed, 1000.0)
    low_x, low_y, high_x, high_y = ground.bounds
    below = shapely.intersection(ground.exterior, shapely.box(low_x, low_y, high_x, low_y + (high_y - low_y) * 0.3))
    rules = {"shape": "strips", "row_bearing_deg": 90.0, "access": below}
    room = room_for(ground, [1.0] * 80, lane_width_m=4.0, **rules)
    areas = [room / 80] * 80
    assert len(shut(split_by_areas(ground, areas, **rules))) > 20
    plan = split_by_areas(ground, areas, lane_width_m=4.0, **rules)
    whole_and_right(ground, areas, plan)
    assert not shut(plan) and linked(plan.lanes, below)


def test_a_bend_of_the_border_does_not_cut_a_lane_in_two():
    # One of its lanes ran past a bend, which left less than 4.4 m of its 5 in the middle.
    ground = concave(60, 2, 2, 300.0)
    room = room_for(ground, [1.0] * 30, lane_width_m=5.0)
    plan = split_by_areas(ground, [room / 30] * 30, lane_width_m=5.0)
    assert plan.lanes
    assert [shapely.get_num_geometries(shapely.buffer(lane, -2.2)) for lane in plan.lanes] == [1] * len(plan.lanes)


@pytest.mark.parametrize("rule", ["prorate", "waitlist"])
def test_strips_make_room_for_lanes_where_land_is_short(rule):
    ground = PLANE.inverse(concave(200, 1, 7, 1000.0))
    low_x, low_y, high_x, high_y = ground.bounds
    below = shapely.intersection(ground.exterior, shapely.box(low_x, low_y, high_x, low_y + (high_y - low_y) * 0.3))
    rights = [RightInput(f"R{n:03}", f"H{n:03}", 20_000) for n in range(100)]
    plan = allocate([PlotInput("P", ground, 90.0)], rights, rule=rule, seed="1", access=below, shape="strips", lane_width_m=4.0)
    assert plan.lanes and not [note for note in plan.notes if note.kind == "landlocked"]


def linked(lanes, way) -> bool:
    """Whether each lane touches the way, or a lane that is linked to it."""
    open_, reached = list(lanes), [way]
    while reached:
        here = reached.pop()
        reached += [lane for lane in open_ if shapely.dwithin(lane, here, 0.001)]
        open_ = [lane for lane in open_ if not shapely.dwithin(lane, here, 0.001)]
    return not open_


@pytest.mark.parametrize(("count", "points", "holes", "seed"), [(60, 30, 3, 2136), (100, 30, 1, 1765)])
def test_strips_that_holes_break_get_lanes_as_well(count, points, holes, seed):
    ground = concave(points, holes, seed, 600.0)
    room = room_for(ground, [1.0] * count, lane_width_m=3.0, shape="strips")
    areas = [room / count] * count
    assert shut(split_by_areas(ground, areas, shape="strips"))
    plan = split_by_areas(ground, areas, shape="strips", lane_width_m=3.0)
    whole_and_right(ground, areas, plan)
    assert plan.lanes and not shut(plan)


def test_a_road_that_takes_land_is_reached_from_both_its_sides():
    # The line runs three metres inside the land that is excluded for it: no parcel touches the line itself.
    road = PLANE.inverse(shapely.LineString([(-400, -20), (400, 30)]))
    plot = PlotInput("P", PLANE.inverse(shapely.box(-300, -300, 300, 300)))
    rights = [RightInput(f"R{n:02}", f"H{n:02}", 10_000) for n in range(44)]
    made = {
        lane: allocate([plot], rights, rule="prorate", seed="1", access=road, exclusions=[ExclusionInput(road, 6.0)], lane_width_m=lane)
        for lane in (0.0, 4.0)
    }
    edges = PLANE.forward(road).buffer(3.01, cap_style="flat")
    for lane, allocation in made.items():
        named = {note.figures["parcel"] for note in allocation.notes if note.kind == "landlocked"}
        for parcel in allocation.parcels:
            if shapely.intersection(PLANE.forward(parcel.geometry), edges).length > 8:
                assert parcel.code not in named
        assert bool(named) == (lane == 0.0) and bool(allocation.lanes) == (lane > 0)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(grounds(), st.integers(4, 24), st.sampled_from(["compact", "strips"]), st.booleans())
def test_with_lanes_no_more_pieces_are_shut_than_without_and_areas_stay_exact(ground, count, shape, from_below):
    low_x, low_y, high_x, _ = ground.bounds
    way = shapely.LineString([(low_x, low_y), (high_x, low_y)]).buffer(np.ptp(ground.bounds[::2]) / 5).exterior if from_below else None
    width_m = np.ptp(ground.bounds[::2]) / 200
    room = room_for(ground, [1.0] * count, lane_width_m=width_m, shape=shape, access=way)
    areas = [room / count] * count
    plan = split_by_areas(ground, areas, shape=shape, lane_width_m=width_m, access=way)
    whole_and_right(ground, areas, plan)
    assert len(shut(plan)) <= len(shut(split_by_areas(ground, areas, shape=shape, access=way)))


def test_each_round_of_laying_lanes_is_heard():
    heard: list[tuple[int, int]] = []
    split_by_areas(SQUARE, [6_666.0] * 40, lane_width_m=4.0, progress=lambda done, count: heard.append((done, count)))
    assert len(heard) > 2 and heard == sorted(heard)
    assert all(0 < done < count == 40 for done, count in heard)
