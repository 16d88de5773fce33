"""Lanes with strips and with land of unequal worth, and lanes where next to nothing is left over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.geometry.allocation import PlotInput, RightInput, ZoneInput, allocate
from plantation.geometry.partition import room_for, split_by_areas
from plantation.geometry.projection import LocalPlane
from plantation.geometry.tiling.quality import apart, value_of

from .ground_shapes import concave, grounds
from .test_partition import whole_and_right

DATA = Path(__file__).parents[1] / "data"
PLANE = LocalPlane(78.4, 40.9)
SQUARE = shapely.box(0, 0, 1000, 1000)
HALF = [(shapely.box(-10, -10, 500, 1010), 0.8)]


@pytest.mark.parametrize("shape", ["compact", "strips"])
@pytest.mark.parametrize("lane_width_m", [0.0, 4.0])
def test_pieces_have_their_value_with_lanes_and_in_strips_too(shape, lane_width_m):
    values = [20_000 / 3] * 90 + [7_000 / 3] * 20
    plan = split_by_areas(SQUARE, values, shape=shape, row_bearing_deg=30.0, lane_width_m=lane_width_m, quality=HALF)
    whole_and_right(SQUARE, shapely.area(plan.pieces), plan)
    assert np.abs([value_of(piece, HALF) for piece in plan.pieces] - np.array(values)).max() < 0.005
    assert bool(plan.lanes) == (lane_width_m > 0 and shape == "compact"), "strips reach from edge to edge"


# The same grounds each time: once in very many (3 km across, 30 pieces) lanes jump between two places, and a plan is refused that has room.
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    grounds(),
    st.integers(4, 30),
    st.floats(0.5, 2.0),
    st.sampled_from([1.0, 0.999999, 0.8]),
    st.sampled_from(["compact", "strips"]),
)
def test_lanes_on_random_ground_of_unequal_worth_leave_exact_values(ground, count, factor, part, shape):
    zones = halved_zones(ground, factor)
    width_m = np.ptp(ground.bounds[::2]) / 200
    room = room_for(ground, [1.0] * count, lane_width_m=width_m, quality=zones, shape=shape)
    # What is just short of the room leaves a rest of a few square metres or less: too little to be cut beside lanes.
    values = [room * part / count] * count
    plan = split_by_areas(ground, values, shape=shape, lane_width_m=width_m, quality=zones)
    whole_and_right(ground, shapely.area(plan.pieces), plan)
    assert max(abs(value_of(piece, zones) - values[0]) for piece in plan.pieces) < 0.005 + 1e-6 * values[0]


def test_lanes_that_took_turns_for_ever_settle():
    # A lane that the next round had no room for came back in the round after it: this land was refused, or never done.
    ground = shapely.from_geojson((DATA / "land_left_over.geojson").read_text())
    shares = [10.0] * 22 + [3.5] * 21 + [2.0] * 25
    room = room_for(ground, shares, lane_width_m=4.0)
    areas = [share * room / sum(shares) for share in shares]
    plan = split_by_areas(ground, areas, lane_width_m=4.0)
    whole_and_right(ground, areas, plan)
    assert plan.lanes


def halved_zones(ground: shapely.Polygon, factor: float):
    """The ground's left half is worth `factor`, what is below its middle on the right 1.5."""
    x0, y0, x1, y1 = ground.bounds
    return apart([(shapely.box(x0, y0, (x0 + x1) / 2, y1), factor), (shapely.box(x0, y0, x1, (y0 + y1) / 2), 1.5)])


def test_room_does_not_hang_on_the_unit_of_the_shares():
    # Sums of some numbers end in a last digit that others lack, which decided between two plans alike.
    ground = concave(26, 1, 9521, 30.0)
    lanes = {"lane_width_m": np.ptp(ground.bounds[::2]) / 200, "quality": halved_zones(ground, 1.902969)}
    ones, units = (room_for(ground, [share] * 25, **lanes) for share in (1.0, 181.67157344756967))
    assert ones == pytest.approx(units, rel=1e-9)


def test_lanes_that_are_laid_a_little_wider_stay_where_they_are():
    # A quarter of a square metre is left beside them: with other lanes each time the width was never found, and the plan refused.
    ground = concave(66, 2, 8613, 300.0)
    lanes = {"lane_width_m": np.ptp(ground.bounds[::2]) / 200, "quality": halved_zones(ground, 0.6677348054083347)}
    room = room_for(ground, [1.0] * 23, **lanes)
    plan = split_by_areas(ground, [room * 0.999999 / 23] * 23, **lanes)
    whole_and_right(ground, shapely.area(plan.pieces), plan)
    assert plan.lanes and not plan.remainder, "the lanes have taken what was left"


def test_strips_stay_strips_between_lanes():
    ground = shapely.box(0, 0, 400, 300)
    plan = split_by_areas(ground, [1000.0] * 100, shape="strips", row_bearing_deg=90.0, lane_width_m=3.0, row_spacing_m=4.0)
    assert plan.lanes and not [note for note in plan.notes if note.reason == "landlocked"]
    size = np.array([piece.bounds for piece in plan.pieces])
    along, across = size[:, 2] - size[:, 0], size[:, 3] - size[:, 1]
    assert np.median(along / across) > 2


def test_a_rest_too_little_for_a_cut_goes_to_the_lanes():
    ground = concave(80, 1, 3)
    room = room_for(ground, [1.0] * 50, lane_width_m=3.0)
    for left_m2 in (0.5, 3.0, 20.0):
        areas = [(room - left_m2) / 50] * 50
        plan = split_by_areas(ground, areas, lane_width_m=3.0)
        whole_and_right(ground, areas, plan)
        assert plan.lanes


def test_prorated_parcels_with_lanes_on_several_plots_are_found_soon():
    # The plot that decides the share leaves the others a few square metres each, again and again.
    plots = [
        PlotInput(code, PLANE.inverse(shapely.affinity.rotate(shapely.box(x, 0, x + wide, 150), turn)), turn)
        for code, x, wide, turn in (("A", 0, 602, 0.0), ("B", 1000, 318, 40.0), ("C", 2000, 246, 66.0), ("D", 3000, 415, 13.0))
    ]
    rights = [RightInput(f"R{n:02d}", f"H{n:02d}", 10_000) for n in range(44)]
    for shape in ("compact", "strips"):
        allocation = allocate(plots, rights, rule="prorate", seed="1", lane_width_m=4.0, shape=shape)
        assert len(allocation.parcels) == 44 and not [note for note in allocation.notes if note.kind == "area"]
    zones = [ZoneInput(PLANE.inverse(shapely.box(-100, -400, 1100, 80)), 1.3)]
    allocation = allocate(plots, rights[:1], rule="prorate", seed="1", lane_width_m=2.5, zones=zones)
    assert allocation.parcels[0].value_m2 == pytest.approx(20_000 / 3, abs=0.01)


@pytest.mark.parametrize("seed", [0, 13, 17])
def test_a_piece_at_the_end_of_a_lane_is_reached_by_it(seed):
    ground = shapely.Polygon(np.random.default_rng(seed).uniform(-200, 200, (3, 2)))
    plan = split_by_areas(ground, [150.0] * int(ground.area * 0.7 / 150), shape="strips", lane_width_m=3.0)
    assert plan.lanes
    ways = shapely.buffer(shapely.MultiLineString([one.exterior for one in (ground, *plan.lanes)]), 0.001)
    metres = shapely.length(shapely.intersection(shapely.boundary(plan.pieces), ways))
    shut = [note.piece for note in plan.notes if note.reason == "landlocked"]
    assert shut == [piece for piece, length in enumerate(metres.tolist()) if length < 3.01]
