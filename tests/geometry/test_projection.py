"""The plane keeps areas and gives coordinates back as they were read."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.geometry.geodesics import distance_m, geodesic_area_m2, geodesic_areas_m2
from plantation.geometry.projection import LocalPlane, NotConvertible, UnknownProjection, gcj02_from_wgs84, to_lonlat

AHEQI = (78.4, 40.9)


@settings(max_examples=60, deadline=None)
@given(st.floats(-179, 179), st.floats(-80, 80), st.integers(0, 2**32))
def test_coordinates_with_nine_decimals_come_back_from_the_plane_to_the_last_digit(lon, lat, chance):
    points = np.round(np.random.default_rng(chance).uniform(-0.1, 0.1, (50, 2)) + (lon, lat), 9)
    plane = LocalPlane(lon, lat)
    assert (shapely.get_coordinates(plane.inverse(plane.forward(shapely.multipoints(points)))) == points).all()


@settings(max_examples=60, deadline=None)
@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(0, 20_000), st.floats(0, 2 * math.pi), st.floats(20, 300))
def test_an_area_in_the_plane_is_the_area_on_the_ellipsoid_to_a_thousandth_of_a_square_metre(lon, lat, away, bearing, side):
    plane = LocalPlane(lon, lat)
    x, y = away * math.sin(bearing), away * math.cos(bearing)
    square = shapely.box(x, y, x + side, y + side)
    assert abs(geodesic_area_m2(plane.inverse(square)) - square.area) < 0.001


@pytest.mark.parametrize("away_m", [0.0, 1e-5, 1e-4, 6e-4, 7e-4, 1e-3, 0.009, 0.011])
@pytest.mark.parametrize("lat", [40.9, -40.9, 0.0])
def test_a_corner_a_hair_from_the_planes_origin_does_not_become_the_origin(away_m, lat):
    plane = LocalPlane(78.4, lat)
    square = shapely.box(away_m, away_m, away_m + 300, away_m + 300)
    assert abs(geodesic_area_m2(plane.inverse(square)) - square.area) < 0.001
    corner = shapely.Point(away_m, away_m)
    assert plane.forward(plane.inverse(corner)).distance(corner) < 1e-6


def test_holes_and_parts_are_measured():
    plane = LocalPlane(*AHEQI)
    ring = shapely.Polygon(shapely.box(0, 0, 100, 100).exterior, [shapely.box(10, 10, 20, 20).exterior])
    both = shapely.MultiPolygon([ring, shapely.box(200, 0, 210, 10)])
    assert geodesic_area_m2(plane.inverse(both)) == pytest.approx(10_000, abs=1e-4)


@pytest.mark.parametrize(("crs", "easting"), [(4535, 533704.9265896619), (4514, 26533704.92658966)])
def test_cgcs2000_in_metres_becomes_degrees_with_and_without_its_zone_number(crs, easting):
    point = to_lonlat(shapely.Point(easting, 4529545.0294534415), crs)
    assert point.distance(shapely.Point(*AHEQI)) < 1e-10


def test_cgcs2000_in_degrees_passes_unchanged():
    place = shapely.Point(78.40123456789012, 40.9)
    assert to_lonlat(place, 4490) == place
    assert to_lonlat(shapely.Point(78.4, 40.9, 1900), 4326).wkt == "POINT (78.4 40.9)"


def test_an_unknown_projection_is_refused_by_its_name():
    with pytest.raises(UnknownProjection, match="EPSG:99"):
        to_lonlat(shapely.Point(0, 0), "EPSG:99")


def test_metres_beyond_the_reach_of_their_projection_are_refused_with_the_place():
    with pytest.raises(NotConvertible, match="4529545"):
        to_lonlat(shapely.Point(1e12, 4529545), 4535)


def test_chinese_web_maps_are_shifted_by_228_metres_in_aheqi_and_by_nothing_abroad():
    assert distance_m(AHEQI, gcj02_from_wgs84(*AHEQI)) == pytest.approx(228, abs=1)
    assert gcj02_from_wgs84(-10.0, 40.9) == (-10.0, 40.9)


def test_the_plane_of_plots_is_the_same_whatever_their_order():
    a, b = shapely.box(78.4, 40.9, 78.41, 40.91), shapely.box(78.5, 40.8, 78.51, 40.81)
    one, other = LocalPlane.around([a, b]), LocalPlane.around([b, a])
    assert (one.lon, one.lat) == (other.lon, other.lat) == (78.455, 40.855)
    assert LocalPlane.around(shapely.Polygon()).forward(shapely.Polygon()).is_empty


@settings(max_examples=40, deadline=None)
@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(0, 100_000), st.integers(2, 5), st.integers(0, 2**32))
def test_polygons_of_any_size_have_their_area_on_the_ellipsoid(lon, lat, away, digits, chance):
    plane = LocalPlane(lon, lat)
    random = np.random.default_rng(chance)
    turns = np.sort(random.uniform(0, 2 * math.pi, (20, 6)), axis=1)
    size = 10.0 ** random.uniform(1, digits, 20)
    corners = np.stack([np.cos(turns), np.sin(turns)], axis=2) * size[:, None, None] + random.uniform(-away, away, (20, 1, 2))
    shapes = shapely.polygons(corners)
    geometries = plane.inverse(shapes)
    assert np.abs(plane.areas_m2(shapes, geometries) - geodesic_areas_m2(geometries)).max() < 0.0011
