"""A boundary is repaired where it is a matter of centimetres and refused, with the place, where it is not."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.errors import BadValue
from plantation.geometry.coordinates import NotAnArea
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.outline import (
    HoleLeaves,
    NoArea,
    NoFieldThere,
    NotDegrees,
    OutsideTheEarth,
    TooManyPoints,
    TooWide,
    exclude,
    overlapping,
    read_outline,
)
from plantation.geometry.places import AcrossTheDateLine
from plantation.geometry.projection import LocalPlane, to_lonlat
from plantation.geometry.repairs import CrossesItself

PLANE = LocalPlane(78.4, 40.9)


def field(*points):
    """A polygon typed in metres, in degrees."""
    return PLANE.inverse(shapely.Polygon(points))


def said(outline):
    return " ".join(map(str, outline.repairs))


def test_a_sound_polygon_is_taken_to_the_last_bit():
    square = shapely.orient_polygons(field((0, 0), (100, 0), (100, 100), (0, 100)))
    outline = read_outline(square)
    assert outline.geometry == square
    assert outline.repairs == ()
    assert outline.area_m2 == pytest.approx(10_000, abs=1e-3)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n\r\n"])
def test_geojson_text_wkt_and_typed_points_give_the_same_outline(ending):
    corners = [(78.4, 40.9), (78.41, 40.9), (78.41, 40.91), (78.4, 40.91), (78.4, 40.9)]
    polygon = shapely.Polygon(corners)
    texts = [
        shapely.to_geojson(polygon), polygon.wkt, "\n".join(f"{lon}, {lat}" for lon, lat in corners[:-1]),
        "\n".join(f"N{lat} E{lon}" for lon, lat in corners),
        json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": polygon.__geo_interface__}]}),
    ]  # fmt: skip
    for text in texts:
        assert read_outline(text + ending).geometry.equals(polygon), text


@pytest.mark.parametrize(
    ("line", "lon", "lat"),
    [
        ("78.4, 40.9", 78.4, 40.9),
        ("78.4\t40.9", 78.4, 40.9),
        ("78.4，40.9", 78.4, 40.9),
        ("78°24'36\"E 40°54'00\"N", 78.41, 40.9),
        ("40°54′N，78°24′36″E", 78.41, 40.9),
        ("北纬 40.9°, 东经 78.41°", 78.41, 40.9),
        ("lat 40.9 lon 78.4", 78.4, 40.9),
        ("纬度：40.9 经度：78.4", 78.4, 40.9),
        ("-3.5 -40.9", -3.5, -40.9),
        ("W 3.5, S 40.9", -3.5, -40.9),
        ("3°30'W, 40.9°S", -3.5, -40.9),
    ],
)
def test_a_typed_point_is_read_in_the_ways_people_write_it(line, lon, lat):
    from plantation.geometry.coordinates import read_typed

    (point,) = read_typed(line, most_points=9)[0][0][:1].tolist()
    assert point == pytest.approx([lon, lat], abs=1e-12)


@pytest.mark.parametrize("line", ["78.4", "78.4 40.9 3", "N 40.9 N 78.4", "1e2, 40", "78,4 40,9", "<b>", "78.4 40.9 x", "=1+1"])
def test_a_typed_line_that_is_no_point_is_refused_with_its_number(line):
    with pytest.raises(BadValue, match=r"line 3"):
        read_outline(f"78.4 40.9\n78.5 40.9\n{line}\n78.4 40.95")


def test_an_open_ring_is_closed_and_said_so():
    outline = read_outline({"type": "Polygon", "coordinates": [[[78.4, 40.9], [78.41, 40.9], [78.41, 40.91]]]})
    assert "closed" in said(outline)
    assert outline.geometry.exterior.is_closed


def test_a_ring_that_runs_the_wrong_way_in_geojson_is_turned_and_said_so():
    outline = read_outline({"type": "Polygon", "coordinates": [[[0, 0], [0, 0.1], [0.1, 0], [0, 0]]]})
    assert "wrong way" in said(outline)
    assert shapely.is_ccw(outline.geometry.exterior)


def test_a_walk_that_crosses_itself_by_centimetres_is_repaired_and_said_so():
    walked = field((0, 0), (100, 0), (100, 60), (99.8, 60.3), (100.1, 60.2), (99.9, 60.0), (100, 100), (0, 100))
    assert not walked.is_valid
    outline = read_outline(walked)
    assert outline.geometry.is_valid
    assert "loop" in said(outline)
    assert outline.area_m2 == pytest.approx(10_000, abs=10)


def test_a_bow_tie_is_refused_with_the_place_where_it_crosses():
    with pytest.raises(CrossesItself) as refused:
        read_outline(field((0, 0), (100, 100), (100, 0), (0, 90)))
    assert float(refused.value.figures["width_m"]) > 10
    assert refused.value.figures["lon"] == pytest.approx(78.4006, abs=0.0007)


def test_a_walk_past_its_own_start_is_refused_if_the_loop_could_be_land():
    with pytest.raises(CrossesItself):
        read_outline(field((0, 0), (100, 0), (100, 100), (0, 100), (0, -20), (60, -20), (60, 40), (30, 40)))


def test_parts_that_only_touch_at_a_point_are_taken_apart():
    eight = field((0, 0), (50, 50), (100, 0), (100, 100), (50, 50), (0, 100))
    with pytest.raises(CrossesItself):
        read_outline(field((0, 0), (100, 100), (100, 0), (0, 100)))
    outline = read_outline(eight)
    assert outline.geometry.is_valid
    assert outline.area_m2 == pytest.approx(5_000, abs=0.1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(300, 3000))
def test_a_walk_with_wobbles_of_centimetres_is_always_read_and_keeps_its_area(chance, count):
    rng = np.random.default_rng(chance)
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    radius = 150 + 30 * np.sin(3 * angle)
    walked = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + rng.normal(0, 0.1, (count, 2))
    true_m2 = shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])).area
    outline = read_outline(PLANE.inverse(shapely.Polygon(walked)))
    assert outline.geometry.is_valid
    assert outline.geometry.geom_type == "Polygon"
    assert outline.area_m2 == pytest.approx(true_m2, rel=0.01)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-60, 60), st.integers(-60, 60)), min_size=0, max_size=12))
def test_whatever_is_handed_in_is_read_as_valid_or_refused_in_words(points):
    try:
        outline = read_outline({"type": "Polygon", "coordinates": [[[78 + x / 1e4, 40 + y / 1e4] for x, y in points]]})
    except (CrossesItself, NoArea, NotAnArea) as refused:
        assert "%(" not in str(refused)
    else:
        assert outline.geometry.is_valid
        assert outline.area_m2 >= 1


def test_slivers_and_specks_are_left_out_and_said_so():
    square = field((0, 0), (100, 0), (100, 100), (0, 100))
    speck, hole = field((200, 0), (200.05, 0), (200, 50)), field((50, 50), (50.05, 50), (50, 50.05))
    outline = read_outline(shapely.MultiPolygon([shapely.Polygon(square.exterior, [hole.exterior]), speck]))
    assert outline.geometry.geom_type == "Polygon"
    assert len(outline.geometry.interiors) == 0
    assert "2 slivers" in said(outline)


def test_a_hole_that_leaves_the_outline_is_refused_and_one_that_leaves_by_centimetres_is_cut():
    square = field((0, 0), (100, 0), (100, 100), (0, 100))
    with pytest.raises(HoleLeaves, match=r"10\.0 m"):
        read_outline(shapely.Polygon(square.exterior, [field((90, 40), (110, 40), (110, 60), (90, 60)).exterior]))
    outline = read_outline(shapely.Polygon(square.exterior, [field((90, 40), (100.2, 40), (100.2, 60), (90, 60)).exterior]))
    assert outline.area_m2 == pytest.approx(9_800, abs=0.1)
    assert "cut back" in said(outline)


@pytest.mark.parametrize(
    ("coordinates", "refusal", "match"),
    [
        ([[0, 0], [0, 91], [1, 0]], OutsideTheEarth, "91"),
        ([[0, 0], [500, 0], [1, 0]], OutsideTheEarth, "500"),
        ([[533704, 4529545], [533804, 4529545], [533804, 4529645]], NotDegrees, "533704"),
        ([[78.4, 40.9], [78.4, 40.9], [78.4, 40.9]], NoArea, "0.000 m²"),
        ([[78.4, 40.9], [78.5, 41.0], [78.4, 40.9]], NoArea, "0.000 m²"),
        ([[78.4, 40.9], [79.4, 40.9], [79.4, 41.0]], TooWide, "84.9 km"),
        (
            [[40.9, 78.4], [40.9, 78.401], [40.901, 78.401]],
            NoFieldThere,
            r"No field lies as far from the equator as \(40\.9, 78\.4\): longitude comes first",
        ),
        ([[180, 10], [-179.999, 10], [-179.999, 10.001]], AcrossTheDateLine, r"both sides of the meridian of 180°, at \(180, 10\.001\)"),
        ([[78.4, 40.9], ["78.5", 40.9], [78.4, 41]], BadValue, "GeoJSON"),
        ([[78.4], [78.5], [78.4]], BadValue, "GeoJSON"),
        ([[float("nan"), 40.9], [78.5, 40.9], [78.4, 41]], OutsideTheEarth, "nan"),
        ([], NotAnArea, "nothing"),
    ],
)
def test_what_is_no_plot_is_refused_with_reason_and_figures(coordinates, refusal, match):
    with pytest.raises(refusal, match=match):
        read_outline({"type": "Polygon", "coordinates": [coordinates]})


@pytest.mark.parametrize("source", ["POINT (1 1)", '{"type": "Point", "coordinates": [1, 1]}', "{}", "", "POLYGON EMPTY", 7,
                                    '{"type": "GeometryCollection"', "[" * 5000, "POLYGON ((0 0, 1"])  # fmt: skip
def test_what_is_no_polygon_at_all_is_refused(source):
    with pytest.raises((NotAnArea, BadValue)):
        read_outline(source)


def test_too_many_points_are_refused_with_both_figures():
    with pytest.raises(TooManyPoints, match=r"200,001 points; at most 200,000"):
        read_outline({"type": "LineString", "coordinates": [[78.4, 40.9]] * 200_001})


def test_a_file_in_metres_is_read_by_its_projection():
    square = shapely.box(533704, 4529545, 533804, 4529645)
    outline = read_outline(square, crs=4535)
    assert outline.geometry.equals_exact(to_lonlat(square, 4535).normalize(), 1) and outline.area_m2 == pytest.approx(10_000, abs=2)


def test_exclusions_leave_what_can_be_allocated():
    plot = read_outline(field((0, 0), (300, 0), (300, 100), (0, 100)))
    rock = field((10, 10), (20, 10), (20, 20), (10, 20))
    road = PLANE.inverse(shapely.LineString([(150, -10), (150, 110)]))
    ground = exclude(plot, [(rock, None), (road, 6.0)])
    assert geodesic_area_m2(ground) == pytest.approx(30_000 - 100 - 600, abs=0.01)
    assert shapely.get_num_geometries(ground) == 2
    assert exclude(plot, [(field((-9, -9), (400, -9), (400, 200), (-9, 200)), None)]).is_empty
    assert exclude(plot, [(shapely.box(10, 10, 11, 11), None)]) == plot.geometry


def test_a_bent_canal_takes_its_length_times_its_width():
    plot = read_outline(field((0, 0), (300, 0), (300, 300), (0, 300)))
    canal = PLANE.inverse(shapely.LineString([(50, 50), (150, 50), (150, 150)]))
    assert plot.area_m2 - geodesic_area_m2(exclude(plot, [(canal, 4.0)])) == pytest.approx(200 * 4, abs=0.01)


def test_plots_that_overlap_by_more_than_a_gps_error_are_named_with_their_area():
    a, b = field((0, 0), (100, 0), (100, 100), (0, 100)), field((90, 0), (200, 0), (200, 100), (90, 100))
    (pair,) = overlapping([("P2", b), ("P1", a)])
    assert (pair.first, pair.second) == ("P1", "P2")
    assert pair.area_m2 == pytest.approx(1000, abs=0.1)
    assert overlapping([("P1", a), ("P2", field((98, 0), (200, 0), (200, 100), (98, 100)))]) == []
