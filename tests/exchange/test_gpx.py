"""GPX is read as phones and hand receivers write it."""

import pytest

from plantation.errors import Faulty
from plantation.exchange.gpx import NotGPX
from plantation.exchange.maps import read_layer, read_map

CORNERS = [(78.4, 40.9), (78.401, 40.9), (78.401, 40.901), (78.4, 40.901), (78.4, 40.9)]
POINTS = "".join(f'<trkpt lat="{lat}" lon="{lon}"><ele>2100</ele><time>2026-11-30T10:00:00Z</time></trkpt>' for lon, lat in CORNERS)
WALK = (
    '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>walks</name></metadata>'
    f'<wpt lat="40.9" lon="78.4"><name>Start</name></wpt><trk><name>P01</name><trkseg>{POINTS}</trkseg></trk></gpx>'
)


def test_a_track_that_ends_where_it_began_is_an_outline_and_its_waypoint_is_none(tmp_path):
    (tmp_path / "walk.gpx").write_text(WALK)
    (area,) = read_map(tmp_path / "walk.gpx")
    assert (area.number, area.code) == (2, "P01")
    assert area.outline.area_m2 == pytest.approx(9357.42, abs=0.01)


def test_a_route_and_a_track_in_two_parts_are_lines(tmp_path):
    route = WALK.replace("trkseg>", "gone>").replace("trkpt", "rtept").replace("trk>", "rte>").replace("<gone>", "").replace("</gone>", "")
    (tmp_path / "route.gpx").write_text(route)
    assert [feature.raw.geom_type for feature in read_layer(tmp_path / "route.gpx", wanted="access")] == ["Point", "LineString"]
    (tmp_path / "parts.gpx").write_text(WALK.replace("</trkseg>", f"</trkseg><trkseg>{POINTS}</trkseg>"))
    assert read_layer(tmp_path / "parts.gpx", wanted="access")[1].raw.geom_type == "MultiLineString"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</gpx>", "", "walk.gpx is no GPX that can be read: it breaks off, or has a mistake, in line 1"),
        ("<gpx", '<!DOCTYPE g [<!ENTITY a "b">]><gpx', "walk.gpx is no GPX that can be read: it declares a document type or entities."),
        ("<trkseg>", "<a>" * 70, "walk.gpx is no GPX that can be read: it is too large, or nested too deep."),
    ],
)
def test_gpx_that_is_none_or_plays_tricks_is_refused_with_the_reason(tmp_path, old, new, said):
    (tmp_path / "walk.gpx").write_text(WALK.replace(old, new))
    with pytest.raises(NotGPX) as refused:
        read_map(tmp_path / "walk.gpx")
    assert str(refused.value).startswith(said)


def test_a_place_that_is_none_is_said_with_the_track_that_has_it(tmp_path):
    (tmp_path / "walk.gpx").write_text(WALK.replace('lat="40.901" lon="78.401"', 'lon="78.401"'))
    with pytest.raises(Faulty) as refused:
        read_map(tmp_path / "walk.gpx")
    assert str(refused.value.faults[0]).startswith("walk.gpx, row 2, P01: “78.401 ” is not a longitude and a latitude")
