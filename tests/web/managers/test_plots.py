"""The office's pages for plots and exclusions: a boundary in three ways, and a place in every refusal."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.web.managers.conftest import text_of

NEW = "/managers/plots/new"
P3 = {"code": "P3", "name": "北滩", "planted_on": "2018-04-15", "row_bearing": "20", "row_spacing_m": "4"}
CORNERS = "78.42 40.9\n78.43 40.9\n78.43 40.91\n78.42 40.91"
RING = [[78.42, 40.9], [78.43, 40.9], [78.43, 40.91], [78.42, 40.91], [78.42, 40.9]]
PLACES = " ".join(f"{x},{y},0" for x, y in RING)
KML = f"""<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>
<name>P3</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{PLACES}</coordinates></LinearRing></outerBoundaryIs></Polygon>
</Placemark></Document></kml>"""


def geojson(*rings) -> str:
    features = [
        {"type": "Feature", "properties": {"code": f"P{3 + i}"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for i, ring in enumerate(rings)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def upload(content: str | bytes, name: str):
    return (io.BytesIO(content.encode() if isinstance(content, str) else content), name)


def test_a_plot_is_typed_corner_by_corner_and_its_area_is_measured(office):
    page = office.follow(office.send(NEW, **P3, outline=CORNERS))
    said = text_of(page)
    assert "Plot P3 北滩" in page.h1.get_text()
    assert "1,403.51" in said and "20° from north, 4 m apart" in said


def test_a_plot_is_drawn_on_the_map(office):
    drawn = json.dumps({"type": "Polygon", "coordinates": [RING]})
    assert "1,403.51" in text_of(office.follow(office.send(NEW, **P3, outline=drawn)))


def test_a_plot_is_read_from_a_file_of_each_kind(office):
    for number, (content, name) in enumerate([(geojson(RING), "map.geojson"), (KML, "C:\\map.KML")]):
        answer = office.send(NEW, **{**P3, "code": f"P{3 + number}"}, boundary_file=upload(content, name))
        assert "1,403.51" in text_of(office.follow(answer)), name


def test_a_repair_is_told_after_saving(office):
    repeated = CORNERS.replace("78.43 40.91", "78.43 40.91\n78.43 40.91")
    assert "1 repeated point was left out, first at (78.43, 40.91)." in text_of(office.follow(office.send(NEW, **P3, outline=repeated)))


def test_two_plots_on_the_same_land_are_told_apart_with_the_area(office):
    office.send(NEW, **P3, outline=CORNERS)
    answer = office.send(NEW, **{**P3, "code": "P4"}, outline=CORNERS.replace("78.42", "78.425"))
    told = text_of(office.follow(answer))
    assert told.count("Plots P3 and P4 cover the same land") == told.count("cover the same land") == 1


WRONG_OUTLINES = [
    ("", "Boundary: The boundary is missing: draw it on the map, type its corners, or choose a file."),
    ("78.42 40.9\n78.43 40.91\n78.43 40.9\n78.42 40.91", "Boundary: The outline crosses itself at (78.42"),
    ("78.42 40.9\n78.43 40.9", "Boundary: An outline needs at least three different corners; these are 2."),
    ("40.9 78.42\n40.9 78.43\n999 1", "“999.0, 1.0” is not a longitude and a latitude in degrees"),
    ("here and there", "Boundary: “here and there” is not a longitude and a latitude, such as 78.4512 40.9034."),
    ("{not json", "Boundary: “{not json” is not GeoJSON with one outline."),
    ('{"type":"Point","coordinates":[78,40]}', "Boundary: “Point” is not an outline of the kind that belongs here."),
    ('{"type":"Polygon","coordinates":[[[1e308,1],[2,2],[3,3],[1,1]]]}', "is not a longitude and a latitude in degrees"),
    ("[" * 5000, "is not a longitude and a latitude"),
    ("0 0\n10 0\n10 10", "at most 50 km can be read"),
    ("78.42 40.9\n78.42000001 40.9\n78.42 40.90000001", "a plot has at least 1 m²"),
]


def test_a_boundary_that_cannot_be_is_refused_with_the_place_and_the_figures(office):
    for outline, said in WRONG_OUTLINES:
        assert said in office.refused(NEW, **P3, outline=outline), outline[:60]
    assert office.browser.get("/managers/plots/code/P3").status_code == 404


def test_a_file_that_cannot_be_is_refused_with_its_name(office):
    with zipfile.ZipFile(packed := io.BytesIO(), "w") as archive:
        archive.writestr("note.txt", "no map")
    for content, name, said in [
        ("", "empty.geojson", "The file “empty.geojson” is empty."),
        ("x" * 100, "plots.dwg", "“plots.dwg” is not a map file that is read here"),
        ("x" * 100, "bad.geojson", "bad.geojson"),
        ("<kml><!ENTITY x 'y'></kml>", "bad.kml", "bad.kml"),
        (packed.getvalue(), "bad.zip", "bad.zip"),
        ("no database", "bad.gpkg", "bad.gpkg"),
        (geojson(RING, [[x + 0.02, y] for x, y in RING]), "two.geojson", "holds 2 boundaries; a plot takes one. They are: P3, P4."),
        (geojson([[78.42, 40.9], [78.43, 40.91], [78.43, 40.9], [78.42, 40.91], [78.42, 40.9]]), "cross.geojson", "crosses itself"),
    ]:
        refused = office.refused(NEW, **P3, boundary_file=upload(content, name))
        assert said in refused and "/tmp" not in refused, (name, refused)
        assert "Please mend this:" in refused, (name, refused)
    assert office.browser.get("/managers/plots/code/P3").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("row_bearing", "361", "Direction of the rows: “361” is not between 0 and 360."),
        ("row_spacing_m", "0", "Metres between rows: “0” is not between 0.1 and 100."),
        ("planted_on", "15/04/2018", "Planted on: “15/04/2018” is not a date as year-month-day"),
    ],
)
def test_planting_data_is_checked_and_the_drawn_boundary_is_kept(office, field, value, said):
    answer = office.send(NEW, 422, **{**P3, field: value}, outline=CORNERS)
    assert said in answer.text.replace("&#39;", "'") or said.split(": ")[1] in answer.text
    assert "78.43 40.91" in answer.text


def test_an_edit_that_leaves_the_boundary_alone_keeps_it_to_the_last_bit(office):
    before = office.browser.get("/managers/maps/plot/P2").json["features"][0]
    office.send("/managers/plots/edit/P2", name="河湾")
    after = office.browser.get("/managers/maps/plot/P2").json["features"][0]
    assert after["geometry"] == before["geometry"]
    assert "河湾" in office.get("/managers/plots/code/P2").h1.get_text()


def test_the_maps_answer_with_what_they_draw(office):
    kinds = [feature["properties"]["kind"] for feature in office.browser.get("/managers/maps/plot/P1").json["features"]]
    assert kinds == ["plot", "parcel", "parcel", "parcel"]
    assert len(office.browser.get("/managers/maps/plots").json["features"]) == 2
    assert office.browser.get("/managers/maps/household/H001").json["features"][1]["properties"]["label"] == "P1-1"


def test_what_is_cut_out_is_called_on_the_map_what_it_is_called_in_the_list(office):
    office.send(NEW, **P3, outline=CORNERS)
    office.send("/managers/plots/exclusions/new/P3", outline="78.41 40.905\n78.44 40.905", width_m="10")
    office.browser.post("/language", data={"csrf_token": office.fields("/managers/plots/edit/P3")["csrf_token"], "language": "zh_Hans"})
    titles = [one["properties"].get("title", "") for one in office.browser.get("/managers/maps/plot/P3").json["features"]]
    assert "水渠" in titles and "canal" not in titles


def test_a_canal_as_a_line_with_a_width_leaves_the_area_and_comes_back(office):
    office.send(NEW, **P3, outline=CORNERS)
    path = "/managers/plots/exclusions/new/P3"
    assert "Width in metres: A line needs its width in metres." in office.refused(path, outline="78.41 40.905\n78.44 40.905")
    office.send(path, outline="78.41 40.905\n78.44 40.905", width_m="10")
    page = office.get("/managers/plots/code/P3")
    assert "canal line 10 m" in text_of(page) and "1,390.88" in text_of(page)
    office.send(path, kind="rock", shape="area", outline="78.421 40.901\n78.422 40.901\n78.422 40.902")
    action = office.get("/managers/plots/code/P3").find("form", action=lambda a: a and "/exclusions/remove/" in a)["action"]
    office.send("/managers/plots/code/P3", action=action)
    assert "canal line 10 m" not in text_of(office.get("/managers/plots/code/P3"))


def test_an_exclusion_that_cannot_be_is_refused_with_its_reason(office):
    office.send(NEW, **P3, outline=CORNERS)
    path = "/managers/plots/exclusions/new/P3"
    for fields, said in [
        ({"outline": ""}, "Where it lies: This is needed."),
        ({"outline": "78.5 40.9\n78.6 40.9", "width_m": "3"}, "lies outside plot P3"),
        ({"outline": "78.41 40.905\n78.44 40.905", "width_m": "1e3"}, "“1e3” is not a number"),
        ({"outline": "78.41 40.905\n78.44 40.905", "width_m": "500"}, "“500” is not between 0.1 and 200."),
        ({"outline": "78.41 40.89\n78.44 40.89\n78.44 40.92\n78.41 40.92", "shape": "area"}, "Nothing is left of plot P3"),
        ({"outline": "78.42 40.9\n78.43 40.9", "shape": "area"}, "at least three different corners"),
        ({"outline": CORNERS, "kind": "lake"}, "“lake” is not one of the choices"),
    ]:
        refused = office.refused(path, **fields)
        assert said in refused and ("width_m" not in fields or "Please mend this:" in refused), (fields, refused)


def test_plots_of_another_collective_are_not_there(elsewhere):
    for path in ("plots/code/P1", "plots/edit/P1", "plots/exclusions/new/P1", "maps/plot/P1"):
        assert elsewhere.browser.get(f"/managers/{path}").status_code == 404
    assert elsewhere.browser.get("/managers/maps/plots").json["features"] == []


def test_how_a_drawing_ends_is_said_for_lines_where_lines_are_drawn(office):
    for path, ends_at_last in (("/managers/plots/new", False), ("/managers/plots/exclusions/new/P1", True)):
        said = office.get(path).select_one("[data-outline-area]")["data-empty"]
        assert ("A line ends where you click its last one again" in said) is ends_at_last, path
