"""Plots and rights become parcels: exact, tiling, stable, the same whatever the order, and short land is not hidden."""

import json

import numpy as np
import pytest
import shapely

from plantation.geometry.allocation import (
    ExclusionInput,
    ExistingParcel,
    NoEntitlement,
    PlotInput,
    RightInput,
    UnknownPlot,
    ZoneInput,
    allocate,
)
from plantation.geometry.grounds import PlotsOverlap, Twice
from plantation.geometry.lots import draw_order
from plantation.geometry.report import report_of
from plantation.geometry.rules import LandScattered, LandShort, NoLand, UnknownRule
from plantation.geometry.walks import neighbours_of
from tests.geometry.allotments import MU, PLANE, SQUARE, check, plot, rights
from tests.geometry.ground_shapes import FIELDS


def test_strict_refuses_the_villages_shortage_with_its_three_figures():
    with pytest.raises(LandShort) as refused:
        allocate([SQUARE], rights(175), seed="316")
    assert str(refused.value) == "1,750 mu are asked for, 1,500 mu can be allocated, 250 mu are missing."


def test_prorate_gives_all_households_of_the_village_8_571_mu():
    allocation = allocate([SQUARE], rights(175), rule="prorate", seed="316")
    check(allocation, [SQUARE])
    rows = report_of(allocation)["rights"]
    assert {row["got_mu"] for row in rows} == {8.571}
    assert allocation.figures.factor == pytest.approx(1500 / 1750, abs=1e-8)
    assert allocation.remainders == ()


def test_waitlist_gives_150_households_10_mu_and_25_wait_in_the_order_of_the_draw():
    everyone = rights(175)
    allocation = allocate([SQUARE], everyone, rule="waitlist", seed="316")
    check(allocation, [SQUARE])
    order = draw_order("316", [right.code for right in everyone])
    assert [right.code for right in allocation.waiting] == order[150:]
    assert {parcel.right for parcel in allocation.parcels} == set(order[:150])
    report = report_of(allocation)
    assert [row["waiting"] for row in report["rights"] if row["waiting"]] == list(range(1, 26))
    assert report["figures"]["allocated_mu"] == 1500


def test_nobody_who_was_drawn_later_passes_one_who_waits_even_with_a_smaller_entitlement():
    everyone = rights(3, 40_000) + rights(10, 1_000, first=10)
    allocation = allocate([plot("P01", 0, 0, 300, 200)], everyone, rule="waitlist", seed="7")
    order = draw_order("7", [right.code for right in everyone])
    served = {parcel.right for parcel in allocation.parcels}
    assert served == set(order[: len(served)])
    assert [right.code for right in allocation.waiting] == order[len(served) :]


def test_prorate_over_several_plots_fills_them_where_whole_parcels_do_and_says_so_where_not():
    fitting = [plot("P01", 0, 0, 400, 1000), plot("P02", 2000, 0, 2600, 1000)]
    allocation = allocate(fitting, rights(175), rule="prorate", seed="316")
    check(allocation, fitting)
    assert allocation.figures.factor == pytest.approx(1500 / 1750, abs=1e-8)
    odd = [plot("P01", 0, 0, 390, 1000), plot("P02", 2000, 0, 2610, 1000)]
    allocation = allocate(odd, rights(175), rule="prorate", seed="316")
    check(allocation, odd)
    assert allocation.figures.factor < allocation.figures.fair - 1e-4
    assert report_of(allocation)["figures"]["remainder_m2"] > 100
    assert "because whole parcels do not fill the land" in report_of(allocation)["sentence"]


def test_land_that_suffices_only_in_scraps_is_refused_by_strict():
    plots = [plot(f"P{n}", 1000 * n, 0, 1000 * n + 100, 100) for n in range(4)]  # 15 mu each
    with pytest.raises(LandScattered, match=r"60 mu are asked for and 60 mu are there, but in 4 pieces: 2 parcels"):
        allocate(plots, rights(6), seed="1")


def test_a_mix_of_entitlements_is_packed_into_plots_that_hold_it_exactly():
    plots = [plot("P1", 0, 0, 100, 100), plot("P2", 500, 0, 600, 200)]  # 15 and 30 mu
    mixed = rights(3, 10_000) + rights(3, 5_000, first=10)
    allocation = allocate(plots, mixed, seed="1")
    check(allocation, plots)
    assert allocation.remainders == ()


def test_the_smallest_beside_the_largest_entitlement_is_exact():
    mixed = rights(20, 40_000) + rights(60, 3_500, first=100)
    check(allocate([SQUARE], mixed, seed="1"), [SQUARE])


def test_the_order_of_the_rows_does_not_matter():
    plots = [plot("P01", 0, 0, 400, 1000), plot("P02", 2000, 0, 2600, 1000)]
    mixed = rights(40) + rights(20, 3_500, first=100, beside="kin")
    one = report_of(allocate(plots, mixed, seed="316"))
    other = report_of(allocate(plots[::-1], mixed[::-1], seed="316"))
    assert json.dumps(one) == json.dumps(other)


def test_another_seed_moves_households_and_no_parcel():
    one, other = (allocate([SQUARE], rights(100), seed=seed) for seed in ("1", "2"))
    assert [(p.code, p.geometry) for p in one.parcels] == [(p.code, p.geometry) for p in other.parcels]
    assert [p.right for p in one.parcels] != [p.right for p in other.parcels]


def test_parcels_are_numbered_along_a_walk_from_neighbour_to_neighbour():
    allocation = allocate([SQUARE], rights(150), seed="1")
    near = neighbours_of([PLANE.forward(p.geometry) for p in allocation.parcels], at_least=0.5)
    steps = list(zip(range(150), [*range(1, 150), 0], strict=True))
    assert sum(after in near[at] for at, after in steps) >= 148


def test_relatives_lie_side_by_side_and_it_is_said_where_they_cannot():
    kin = [RightInput(f"K{n}", f"K{n}", 10_000, "kin") for n in range(3)]
    for seed in map(str, range(5)):
        allocation = allocate([SQUARE], rights(140) + kin, seed=seed)
        (group,) = allocation.together
        assert group.rights == ("K0", "K1", "K2")
        if not group.is_granted:
            assert any(note.kind == "beside" for note in allocation.notes)
    apart = allocate([plot("P1", 0, 0, 100, 70), plot("P2", 500, 0, 600, 70)], kin[:2], seed="1")
    assert not apart.together[0].is_granted
    assert "could not all be laid side by side" in str(apart.notes[0])


def test_exclusions_are_respected_and_a_plot_that_they_part_is_packed_by_pieces():
    road = ExclusionInput(PLANE.inverse(shapely.LineString([(-50, 300), (1050, 420)])), 6.0, "P01")
    rock = ExclusionInput(PLANE.inverse(shapely.Point(500, 700).buffer(40)))
    allocation = allocate([SQUARE], rights(140), seed="1", exclusions=[road, rock])
    check(allocation, [SQUARE], [road, rock])


def test_lanes_reach_every_parcel_and_take_land_that_is_shown():
    allocation = allocate([SQUARE], rights(175), rule="prorate", seed="1", lane_width_m=4.0)
    check(allocation, [SQUARE])
    assert not any(note.kind == "landlocked" for note in allocation.notes)
    lanes_m2 = sum(lane.area_m2 for lane in allocation.lanes)
    assert allocation.figures.factor * 1_750_000 / 1.5 == pytest.approx(1_000_000 - lanes_m2, abs=1)
    with pytest.raises(
        LandShort, match=r"1,500 mu are asked for, 1,4[0-9.]+ mu can be allocated beside lanes 4 m wide, [0-9.]+ mu are missing"
    ):
        allocate([SQUARE], rights(150), seed="1", lane_width_m=4.0)


def test_a_given_way_is_the_only_access():
    way = PLANE.inverse(shapely.LineString([(0, -0.5), (1000, -0.5)]))
    allocation = allocate([SQUARE], rights(100), seed="1", access=shapely.MultiLineString([way]))
    reached = [p for p in allocation.parcels if p.frontage_m >= 3]
    assert 0 < len(reached) < 50
    assert all(PLANE.forward(p.geometry).bounds[1] < 1 for p in reached)


def test_a_way_that_comes_near_no_plot_is_said_with_the_distance():
    def told(x):
        way = shapely.MultiLineString([PLANE.inverse(shapely.LineString([(x, -10), (x, 1010)]))])
        return [str(note) for note in allocate([SQUARE], rights(4), seed="1", access=way).notes if note.kind == "access"]

    assert told(-2.0) == ["No access line comes near plot P01: the nearest is 2.0 m away; within 1 m a parcel counts as reached."]
    assert told(-0.9) == told(0.0) == told(500.0) == []


def test_entitlements_are_equal_in_value_where_land_has_a_quality():
    zones = [ZoneInput(PLANE.inverse(shapely.box(-10, -10, 500, 1100)), 0.8)]
    allocation = allocate([SQUARE], rights(100), seed="1", zones=zones)
    check(allocation, [SQUARE], zones=zones)
    areas = sorted(p.area_m2 for p in allocation.parcels)
    assert areas[0] == pytest.approx(10 * MU, abs=0.01) and areas[-1] == pytest.approx(12.5 * MU, abs=0.01)


def test_plots_that_overlap_by_a_gps_error_are_parted_and_by_more_are_refused():
    close = [plot("P1", 0, 0, 200, 200), plot("P2", 198, 0, 400, 200)]
    allocation = allocate(close, rights(10), seed="1")
    assert any(note.kind == "overlap" and "400.00 m²" in str(note) for note in allocation.notes)
    shapes = np.array([PLANE.forward(p.geometry) for p in allocation.parcels])
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(shapely.area(shapes).sum(), abs=0.01)
    with pytest.raises(PlotsOverlap, match=r"P1 and P2 overlap by 2,000\.00 m²"):
        allocate([plot("P2", 190, 0, 400, 200), close[0]], rights(1), seed="1")


def test_a_plot_that_fits_but_for_rounding_is_not_refused():
    for shift in (0, 1e-4, -1e-4, 3e-4, -3e-4):
        one = plot("P1", 0, 0, 1000, 1000 + shift / 1000)
        assert len(allocate([one], rights(150), seed="1").parcels) == 150


def test_progress_is_told_up_to_the_last_parcel():
    told = []
    allocate([SQUARE, plot("P02", 2000, 0, 2300, 300)], rights(150), seed="1", progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (150, 150)
    assert told == sorted(told) and {of for _, of in told} == {150}


def test_a_parcel_of_centimetres_beside_a_side_of_kilometres_does_not_cross_it_in_degrees():
    # A belt of trees ten kilometres long: straight in the plane, its longest cut is bowed by six centimetres in degrees.
    belt = json.loads((FIELDS / "romania_landcover.geojson").read_text())["features"][2]["geometry"]
    land = PlotInput("P01", shapely.from_geojson(json.dumps(belt)))
    allocation = allocate([land], rights(30), seed="7", shape="strips", lane_width_m=4)
    check(allocation, [land])
    assert len(allocation.parcels) == 30 and all(parcel.geometry.is_valid for parcel in allocation.parcels)


def test_no_rights_leave_all_the_land_in_reserve():
    allocation = allocate([SQUARE], [], seed="1")
    assert allocation.parcels == ()
    assert sum(land.area_m2 for land in allocation.remainders) == pytest.approx(1_000_000, abs=0.1)


@pytest.mark.parametrize("rule", ["prorate", "waitlist"])
def test_no_land_at_all_is_refused_under_every_rule(rule):
    blocked = [ExclusionInput(PLANE.inverse(shapely.box(-1, -1, 1001, 1001)))]
    with pytest.raises(NoLand, match="20 mu are asked for"):
        allocate([SQUARE], rights(2), rule=rule, seed="1", exclusions=blocked)


def test_what_makes_no_sense_is_refused_in_words():
    with pytest.raises(Twice, match="two rights with the code “R000”"):
        allocate([SQUARE], rights(1) * 2, seed="1")
    with pytest.raises(Twice, match="two plots"):
        allocate([SQUARE, SQUARE], rights(1), seed="1")
    with pytest.raises(NoEntitlement, match="R000"):
        allocate([SQUARE], rights(1, 0), seed="1")
    with pytest.raises(UnknownRule, match="auction"):
        allocate([SQUARE], rights(1), rule="auction", seed="1")
    with pytest.raises(UnknownPlot, match="P09"):
        allocate([SQUARE], rights(1), seed="1",
                 existing=[ExistingParcel("P09-001", "P09", "R000", "H000", 1.0, SQUARE.outline)])  # fmt: skip
