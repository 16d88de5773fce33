"""KML is read as map programs write it, and none that plays tricks."""

import re

import pytest

from plantation.errors import Faulty
from plantation.exchange.kml import NotKML
from plantation.exchange.maps import read_layer, read_map
from plantation.geometry.geodesics import geodesic_area_m2
from tests.exchange.test_maps import HOLED, write

KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>
<Placemark><name>北滩</name><ExtendedData><Data name="code"><value>P01</value></Data><SchemaData><SimpleData
name="row_bearing">12.5</SimpleData></SchemaData></ExtendedData><MultiGeometry><Polygon><outerBoundaryIs><LinearRing>
<coordinates>78.4,40.9,2000 78.401,40.9,2000 78.401,40.901,2000 78.4,40.901,2000 78.4,40.9,2000</coordinates></LinearRing>
</outerBoundaryIs></Polygon></MultiGeometry></Placemark></Folder></Document></kml>"""


def test_kml_is_read_with_its_name_and_extended_data(tmp_path):
    (tmp_path / "land.kml").write_text(KML, "utf-8")
    (area,) = read_map(tmp_path / "land.kml")
    assert (area.code, area.properties["name"], area.properties["row_bearing"]) == ("P01", "北滩", "12.5")
    assert area.outline.area_m2 == pytest.approx(9357.42, abs=0.01)


def test_the_point_at_which_a_map_program_writes_a_plots_name_is_no_part_of_it(tmp_path):
    labelled = KML.replace("<MultiGeometry>", "<MultiGeometry><Point><coordinates>78.4005,40.9005</coordinates></Point>")
    (tmp_path / "land.kml").write_text(labelled, "utf-8")
    assert labelled != KML and read_map(tmp_path / "land.kml")[0].outline.area_m2 == pytest.approx(9357.42, abs=0.01)
    (tmp_path / "point.kml").write_text(re.sub("<Polygon>.*</Polygon>", "", labelled, flags=re.S), "utf-8")
    with pytest.raises(Faulty) as refused:
        read_map(tmp_path / "point.kml")
    assert str(refused.value.faults[0]).endswith("An outline is a polygon; this is a point.")


def test_kml_that_another_program_wrote_is_read(tmp_path):
    write(tmp_path / "land.kml", [HOLED], ["P01"], driver="KML")
    (feature,) = read_layer(tmp_path / "land.kml", wanted="plots")
    assert feature.text("code") == "P01"
    assert feature.outline().area_m2 == pytest.approx(geodesic_area_m2(HOLED), abs=0.05)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "aaaa">]><kml>&a;</kml>', "document type or entities"),
        ('<!DOCTYPE k [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml><name>&a;</name></kml>', "document type or entities"),
        ("<kml>" + "<Folder>" * 200 + "</Folder>" * 200 + "</kml>", "nested deeper than 64"),
        ("<kml><Placemark>", "no element found"),
        ("{}", "not well-formed"),
        (KML.replace("78.4,40.9,2000 78.401", "78.4;40.9 78.401"), "not enough values"),
        (KML.replace("78.401,40.901", "x,y"), "could not convert"),
    ],
)
def test_kml_that_is_none_or_plays_tricks_is_refused_with_the_reason(tmp_path, text, reason):
    (tmp_path / "land.kml").write_text(text, "utf-8")
    with pytest.raises(NotKML, match=reason):
        read_map(tmp_path / "land.kml")
