"""Bars and maps: whole inside their frame, and true to what they show."""

from __future__ import annotations

import datetime as dt

import shapely

from plantation.geometry.projection import LocalPlane
from plantation.services.mine.my_parcels import Surroundings
from plantation.web.households.drawings import BARS_HEIGHT, BARS_WIDTH, MAP_HEIGHT, MAP_WIDTH, day_bars, parcel_map


def around(*own, parcels=()):
    return Surroundings(LocalPlane(78.4, 40.9), [(f"P{n}", shape) for n, shape in enumerate(own)], parcels, [], [])


def test_bars_stay_in_their_frame():
    days = [(dt.date(2026, 8, 1) + dt.timedelta(days=n), n * 1000 - 3000) for n in range(90)]
    for bar in day_bars(days):
        assert 0 <= bar.x and bar.x + bar.width <= BARS_WIDTH
        assert 0 <= bar.y <= BARS_HEIGHT and bar.height >= 0


def test_a_season_in_which_all_was_taken_back_has_no_bars():
    assert day_bars([(dt.date(2026, 8, 1), -5), (dt.date(2026, 8, 2), 0)]) == ()


def test_the_scale_bar_is_as_long_as_it_says():
    drawn = parcel_map(around(shapely.box(0, 0, 100, 60)))
    path = dict(drawn.shapes)["own"]
    west, east = (float(path.split("L")[n].strip("MZ").split()[0]) for n in (0, 2))
    metres_per_unit = 100 / abs(east - west)
    assert abs(drawn.scale_width * metres_per_unit - drawn.scale_m) < 0.5


def test_the_land_lies_in_the_middle_with_north_up():
    drawn = parcel_map(around(shapely.box(0, 0, 100, 60), shapely.box(0, 60, 100, 120)))
    assert len([kind for kind, _ in drawn.shapes if kind == "own"]) == 2
    south, north = drawn.labels
    assert (south.text, north.text) == ("P0", "P1") and north.y < south.y
    assert all(0 < label.x < MAP_WIDTH and 0 < label.y < MAP_HEIGHT for label in drawn.labels)


def test_a_sliver_of_a_neighbour_gets_no_label():
    own = shapely.box(0, 0, 100, 60)
    drawn = parcel_map(around(own, parcels=[("H2", shapely.box(100, 0, 102, 60)), ("H3", shapely.box(-90, 0, 0, 60))]))
    assert [label.text for label in drawn.labels if label.kind == "other"] == ["H3"]


def test_a_parcel_as_narrow_as_a_path_can_be_drawn():
    drawn = parcel_map(around(shapely.box(0, 0, 2000, 3)))
    assert drawn.scale_m >= 100 and drawn.shapes


def test_a_hole_in_a_parcel_is_drawn_as_a_hole():
    with_rock = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60))
    assert dict(parcel_map(around(with_rock)).shapes)["own"].count("M") == 2
