"""Random fields, second runs, large parcels, strips of kilometres and real fields: every allocation keeps its promises."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plantation.geometry.allocation import (
    ExistingParcel,
    Lane,
    PlotInput,
    RightInput,
    allocate,
)
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.outline import read_outline
from plantation.geometry.projection import LocalPlane
from plantation.geometry.report import report_of
from plantation.geometry.rules import LandScattered, LandShort, NoLand
from tests.geometry.allotments import MU, PLANE, SQUARE, check, keep, plot, rights


@st.composite
def fields(draw):
    """Concave fields with holes, somewhere on earth, in metres around their middle and in degrees."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(8, 80))
    angle = np.sort(rng.uniform(0, 2 * np.pi, count))
    radius = draw(st.floats(150, 450)) * (1 + 0.35 * np.sin(draw(st.integers(1, 4)) * angle) + rng.normal(0, 0.02, count))
    shell = shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))
    if not shell.is_valid or shell.area < 20_000:
        shell = shapely.Point(0, 0).buffer(200, quad_segs=5)
    holes = [shapely.Point(*rng.uniform(-100, 100, 2)).buffer(rng.uniform(3, 25)) for _ in range(draw(st.integers(0, 3)))]
    field = shell.difference(shapely.union_all(holes)) if holes else shell
    field = max(shapely.get_parts(field), key=shapely.area)
    plane = LocalPlane(draw(st.floats(-170, 170)), draw(st.floats(-60, 60)))
    return plane.inverse(field)


@given(
    fields(),
    st.lists(st.sampled_from([3_500, 10_000, 15_500, 40_000]), min_size=1, max_size=25),
    st.sampled_from(["strict", "prorate", "waitlist"]),
    st.sampled_from([0.0, 0.0, 4.0]),
    st.data(),
)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_allocation_that_is_accepted_keeps_its_promises(field, sizes, rule, lane_width_m, data):
    plots = [PlotInput("P01", field)]
    everyone = [RightInput(f"R{n:03d}", f"H{n}", size) for n, size in enumerate(sizes)]
    try:
        allocation = allocate(plots, everyone, rule=rule, seed="316", lane_width_m=lane_width_m)
    except (LandShort, LandScattered, NoLand):
        return
    check(allocation, plots)
    assert len(allocation.parcels) + len(allocation.waiting) == len(everyone)
    shuffled = data.draw(st.permutations(everyone))
    assert report_of(allocate(plots, shuffled, rule=rule, seed="316", lane_width_m=lane_width_m)) == report_of(allocation)


@given(fields(), st.integers(2, 20), st.sampled_from([0.0, 4.0]), st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_second_run_keeps_what_is_there_and_places_what_is_new(field, count, lane_width_m, data):
    plots = [PlotInput("P01", field)]
    first = allocate(plots, rights(count), rule="prorate", seed="1", lane_width_m=lane_width_m)
    ended = data.draw(st.integers(0, count - 1))
    remaining = rights(count - ended) + rights(ended, 3_500, first=100)
    lanes = [Lane(land.plot, land.geometry) for land in first.lanes]
    second = allocate(plots, remaining, rule="prorate", seed="2", existing=keep(first), lanes=lanes)
    assert [land.geometry for land in second.lanes] == [lane.geometry for lane in lanes]
    before = {parcel.code: shapely.to_wkb(parcel.geometry) for parcel in first.parcels}
    assert all(shapely.to_wkb(parcel.geometry) == before[parcel.code] for parcel in second.parcels if parcel.is_kept)
    check(second, plots)


@pytest.mark.parametrize("millimu", [40_000, 100_000])
@pytest.mark.parametrize("left_m2", [0.02, 0.2, 0.6, 2.0])
def test_large_parcels_are_exact_though_next_to_nothing_is_left_over(millimu, left_m2):
    size_m2 = millimu / 1000 * MU
    allocation = allocate([plot("P01", 0, 0, 1000, (10 * size_m2 + left_m2) / 1000)], rights(10, millimu), seed="1")
    assert max(abs(geodesic_area_m2(parcel.geometry) - size_m2) for parcel in allocation.parcels) < 0.01
    assert not [note for note in allocation.notes if note.kind == "area"]
    assert shapely.coverage_is_valid([one.geometry for one in (*allocation.parcels, *allocation.remainders)])


def test_strips_kilometres_long_are_exact():
    # A straight side of 5 km in the plane is bent on the ellipsoid: the plan is cut again, every strip in its place.
    long = plot("P01", 0, 0, 5000, 400, row_bearing=90.0)
    allocation = allocate([long], rights(30, 100_000), seed="1", shape="strips")
    check(allocation, [long])
    assert not [note for note in allocation.notes if note.kind == "area"]


def test_land_a_nanometre_wide_between_a_hole_and_the_edge_breaks_no_parcel():
    # As beside parcels that stay: their borders were rounded once before.
    hole = [(100, 3e-9), (100, 50), (150, 50), (150, -1e-9)]
    ground = PlotInput("P01", shapely.Polygon(PLANE.inverse(shapely.box(0, 0, 400, 250)).exterior))
    stays = ExistingParcel("P01-001", "P01", "R000", "H000", 2500.0, PLANE.inverse(shapely.Polygon(hole)))
    allocation = allocate([ground], rights(8), seed="1", existing=[stays])
    assert all(parcel.geometry.is_valid for parcel in allocation.parcels) and len(allocation.parcels) == 8
    assert all(land.geometry.is_valid for land in allocation.remainders)


def test_few_rights_in_a_large_plot_get_compact_parcels_at_its_edge():
    for count in (1, 3, 30):
        allocation = allocate([SQUARE], rights(count), seed="1")
        check(allocation, [SQUARE])
        assert not any(note.kind == "landlocked" for note in allocation.notes)
        assert min(parcel.compactness for parcel in allocation.parcels) > 0.6


FIELDS = Path(__file__).parent.parent / "data" / "fields"


@pytest.mark.parametrize("name", ["germany_sh_feldbloecke", "romania_landcover"])
def test_real_fields_are_allocated_wholly_right(name):
    members = json.loads((FIELDS / f"{name}.geojson").read_text("utf-8"))["features"]
    for member in members[::6]:
        plots = [PlotInput("P01", read_outline(member["geometry"]).geometry)]
        count = math.floor(geodesic_area_m2(plots[0].outline) / (10 * MU)) + 1
        check(allocate(plots, rights(min(count, 150)), rule="prorate", seed="316"), plots)
