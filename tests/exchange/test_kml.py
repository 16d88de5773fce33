"""KML is read as map programs write it, and none that plays tricks."""

import re
import zipfile

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
    ("old", "new", "said"),
    [
        ("78.4,40.9,2000 78.401", "78.4;40.9 78.401", "“78.4;40.9” is not a longitude and a latitude, such as 78.4512 40.9034."),
        ("78.401,40.901,2000", "x,y", "“x,y” is not a longitude and a latitude, such as 78.4512 40.9034."),
        ("78.401,40.901,2000", "78.401,nan", "“78.401,nan” is not a longitude and a latitude, such as 78.4512 40.9034."),
        ("outerBoundaryIs", "innerBoundaryIs", "A polygon has one outer boundary; this has 0."),
    ],
)
def test_coordinates_that_are_none_are_said_with_the_placemark_that_has_them(tmp_path, old, new, said):
    second = KML[KML.index("<Placemark>") : KML.index("</Folder>")].replace("北滩", "南滩").replace(old, new)
    (tmp_path / "land.kml").write_text(KML.replace("</Folder>", second + "</Folder>"), "utf-8")
    with pytest.raises(Faulty) as refused:
        read_map(tmp_path / "land.kml")
    assert [str(fault) for fault in refused.value.faults] == [f"land.kml, row 2, 南滩: {said}"]


CORNERS = ["78.4 40.9 2000", "78.401 40.9 2000", "78.401 40.901 2000", "78.4 40.901 2000", "78.4 40.9 2000"]
TRACK = (
    "<gx:Track xmlns:gx='http://www.google.com/kml/ext/2.2'>"
    + "".join(f"<when>2026-11-30T10:00:{second:02d}Z</when>" for second in range(5))
    + "".join(f"<gx:coord>{corner}</gx:coord>" for corner in CORNERS)
    + "</gx:Track>"
)


@pytest.mark.parametrize("track", [TRACK, f"<MultiTrack>{TRACK}</MultiTrack>"])
def test_a_walk_that_a_phone_recorded_is_an_outline_and_the_pins_at_its_ends_are_none(tmp_path, track):
    pin = "<Placemark><name>Start</name><Point><coordinates>78.4,40.9</coordinates></Point></Placemark>"
    walked = re.sub("<MultiGeometry>.*</MultiGeometry>", track, KML, flags=re.S).replace("<Placemark>", pin + "<Placemark>")
    (tmp_path / "walk.kml").write_text(walked, "utf-8")
    (area,) = read_map(tmp_path / "walk.kml")
    assert (area.number, area.code) == (2, "P01")
    assert area.outline.area_m2 == pytest.approx(9357.42, abs=0.01)


def test_coordinates_typed_with_blanks_and_names_in_gbk_are_read(tmp_path):
    typed = KML.replace("78.401,40.901,2000", "78.401, 40.901 , 2000").replace("UTF-8", "GB2312")
    (tmp_path / "land.kml").write_bytes(typed.encode("gbk"))
    (area,) = read_map(tmp_path / "land.kml")
    assert (area.properties["name"], round(area.outline.area_m2, 1)) == ("北滩", 9357.4)


def test_a_kmz_is_read_as_the_kml_in_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "land.kmz", "w") as archive:
        archive.writestr("files/other.kml", "<kml/>")
        archive.writestr("doc.kml", KML)
    assert [area.code for area in read_map(tmp_path / "land.kmz")] == ["P01"]


def test_a_kmz_that_holds_none_or_a_disk_full_is_refused(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "none.kmz", "w") as archive:
        archive.writestr("doc.txt", KML)
    with pytest.raises(NotKML, match=r"there is no \.kml in it"):
        read_map(tmp_path / "none.kmz")
    (tmp_path / "rubbish.kmz").write_text("rubbish")
    with pytest.raises(NotKML, match="it is no zip archive, or a broken one"):
        read_map(tmp_path / "rubbish.kmz")
    with zipfile.ZipFile(tmp_path / "bomb.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", KML + " " * 60_000_000)
    assert (tmp_path / "bomb.kmz").stat().st_size < 100_000
    with pytest.raises(NotKML, match="more than 50 MB"):
        read_map(tmp_path / "bomb.kmz")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "aaaa">]><kml>&a;</kml>', "document type or entities"),
        ('<!DOCTYPE k [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml><name>&a;</name></kml>', "document type or entities"),
        ("<kml>" + "<Folder>" * 200 + "</Folder>" * 200 + "</kml>", "nested deeper than 64"),
        ("<kml><Placemark>", "it breaks off, or has a mistake, in line 1 at character 17"),
        ("{}", "it breaks off, or has a mistake, in line 1 at character 1"),
    ],
)
def test_kml_that_is_none_or_plays_tricks_is_refused_with_the_reason(tmp_path, text, reason):
    (tmp_path / "land.kml").write_text(text, "utf-8")
    with pytest.raises(NotKML, match=reason):
        read_map(tmp_path / "land.kml")
