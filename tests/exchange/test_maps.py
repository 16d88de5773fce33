"""Maps are read in the formats people have, whatever program wrote them, and nothing dangerous is opened."""

import json
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import mapping

from plantation.errors import Faulty
from plantation.exchange.kml import NotKML
from plantation.exchange.map_files import CannotWrite, check_writable, write_map
from plantation.exchange.maps import (
    FileTooLarge,
    LayerUnclear,
    NoFeatures,
    NotThisFormat,
    UnknownEnding,
    read_layer,
    read_map,
)
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.projection import to_lonlat

SQUARE = shapely.box(533704, 4529545, 533804, 4529645)
LONLAT = to_lonlat(SQUARE, 4535)
HOLED = shapely.Polygon(LONLAT.exterior, [LONLAT.centroid.buffer(0.0001).exterior])


def write(path, shapes, codes, *, crs="EPSG:4326", **more):
    """A file as another program writes it."""
    pyogrio.raw.write(
        path, geometry=shapely.to_wkb(np.array(shapes, dtype=object)), field_data=[np.array(codes, dtype=object)],
        fields=np.array(["code"], dtype=object), crs=crs, geometry_type=more.pop("geometry_type", "Polygon"), **more,
    )  # fmt: skip
    return path


@pytest.mark.parametrize("ending", [".gpkg", ".shp"])
@pytest.mark.parametrize(
    ("crs", "shape"),
    [
        ("EPSG:4326", LONLAT),
        ("EPSG:4490", LONLAT),
        ("EPSG:4535", SQUARE),
        ("EPSG:4514", shapely.transform(SQUARE, lambda xy: xy + (26_000_000, 0))),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_geopackage_and_shapefile_are_read_in_the_projections_of_the_country(tmp_path, ending, crs, shape):
    path = write(tmp_path / f"land{ending}", [shape], ["P01"], crs=crs)
    (area,) = read_map(path)
    assert area.code == "P01"
    assert area.outline.area_m2 == pytest.approx(geodesic_area_m2(LONLAT), abs=0.01)
    assert area.outline.geometry.hausdorff_distance(LONLAT) < 1e-9


def test_multipolygons_and_holes_come_through(tmp_path):
    both = shapely.MultiPolygon([HOLED, shapely.affinity.translate(LONLAT, 0.01, 0)])
    for ending in (".gpkg", ".shp"):
        path = write(tmp_path / f"land{ending}", [both], ["P01"], geometry_type="MultiPolygon")
        (area,) = read_map(path)
        assert area.outline.area_m2 == pytest.approx(geodesic_area_m2(both), abs=0.01)


def test_a_shapefile_in_gbk_without_a_code_page_file_is_read_in_chinese(tmp_path):
    path = write(tmp_path / "land.shp", [LONLAT], ["北滩"], encoding="GBK")
    (tmp_path / "land.cpg").unlink()
    assert read_map(path)[0].code == "北滩"


def test_a_shapefile_in_utf_8_without_a_code_page_file_is_read_in_chinese(tmp_path):
    path = write(tmp_path / "land.shp", [LONLAT], ["北滩"], encoding="UTF-8")
    (tmp_path / "land.cpg").unlink()
    assert read_map(path)[0].code == "北滩"


def test_a_shapefile_with_a_part_missing_says_which(tmp_path):
    path = write(tmp_path / "land.shp", [LONLAT], ["P01"])
    (tmp_path / "land.dbf").unlink()
    with pytest.raises(NotThisFormat, match=r"\.dbf is not beside it"):
        read_map(path)


def test_an_archive_with_a_part_missing_is_said_by_its_own_name(tmp_path):
    write(tmp_path / "land.shp", [LONLAT], ["P01"])
    with zipfile.ZipFile(tmp_path / "village.zip", "w") as archive:
        archive.write(tmp_path / "land.shp", "a/land.shp")
    with pytest.raises(NotThisFormat, match=r"village\.shp is no Shapefile file that can be read: its \.shx \+ \.dbf is not beside it"):
        read_map(tmp_path / "village.zip")


def test_a_shapefile_in_metres_without_a_projection_is_refused_with_the_place(tmp_path):
    path = write(tmp_path / "land.shp", [SQUARE], ["P01"])
    (tmp_path / "land.prj").unlink()
    with pytest.raises(Faulty) as refused:
        read_map(path)
    assert "not degrees, and no coordinate reference system is named" in str(refused.value.faults[0])


def test_a_zipped_shapefile_is_read_whatever_folder_it_lies_in(tmp_path):
    write(tmp_path / "land.shp", [LONLAT], ["P01"])
    with zipfile.ZipFile(tmp_path / "land.zip", "w") as archive:
        for part in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            archive.write(tmp_path / f"land{part}", f"../../village/地块{part.upper() if part == '.dbf' else part}")
    assert read_map(tmp_path / "land.zip")[0].code == "P01"


def test_a_zip_that_unpacks_to_more_than_can_be_read_is_refused_unopened(tmp_path, monkeypatch):
    from plantation.exchange import gdal

    monkeypatch.setattr(gdal, "MOST_UNPACKED_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * 100_000)
    with pytest.raises(FileTooLarge, match="unpacked"):
        read_map(tmp_path / "bomb.zip")


@pytest.mark.parametrize("bare", [LONLAT, shapely.MultiPolygon([LONLAT]), shapely.GeometryCollection([LONLAT.centroid, LONLAT])])
def test_geojson_may_be_one_geometry_and_nothing_about_it(tmp_path, bare):
    (tmp_path / "a.geojson").write_text(json.dumps(mapping(bare)))
    (area,) = read_map(tmp_path / "a.geojson")
    assert area.code == "" and area.outline.area_m2 == pytest.approx(geodesic_area_m2(LONLAT), abs=0.001)


def test_geojson_that_is_no_text_is_not_taken_for_a_table(tmp_path):
    (tmp_path / "a.geojson").write_bytes(bytes(range(128, 256)))
    with pytest.raises(Faulty) as refused:
        read_map(tmp_path / "a.geojson")
    assert str(refused.value.faults[0]) == (
        "a.geojson: This is no GeoJSON that can be read: it is not UTF-8; let the map program write it anew."
    )


def test_geojson_names_its_projection_in_the_old_way(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4535"}}
    feature = {"type": "Feature", "properties": {"code": "P01"}, "geometry": mapping(SQUARE)}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}))
    assert read_map(tmp_path / "a.geojson")[0].outline.geometry.hausdorff_distance(LONLAT) < 1e-9


@pytest.mark.parametrize("name", ["land.geojson", "land.gpkg", "land.shp", "land.kml", "land.zip"])
def test_a_file_that_is_not_what_its_ending_says_is_refused_by_name(tmp_path, name):
    trick = "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    for text in (trick, "", "\0" * 200, "code,name\n1,2\n"):
        (tmp_path / name).write_text(text)
        with pytest.raises((NotThisFormat, Faulty, NotKML, NoFeatures)) as refused:
            read_map(tmp_path / name)
        assert "Traceback" not in str(refused.value)


def test_a_geopackage_with_a_broken_body_is_refused(tmp_path):
    path = write(tmp_path / "land.gpkg", [LONLAT], ["P01"])
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(NotThisFormat, match="GeoPackage"):
        read_map(path)


def test_of_several_layers_the_one_with_the_name_counts(tmp_path):
    path = write(tmp_path / "land.gpkg", [LONLAT], ["P01"], layer="first")
    write(path, [LONLAT], ["P02"], layer="second", append=True)
    with pytest.raises(LayerUnclear, match="first, second"):
        read_map(path)
    write(path, [LONLAT], ["P03"], layer="plots", append=True)
    assert [area.code for area in read_map(path)] == ["P03"]


def test_all_outlines_that_cannot_be_repaired_are_named_at_once(tmp_path):
    tie = shapely.Polygon([(78.4, 40.9), (78.41, 40.91), (78.41, 40.9), (78.4, 40.91)])
    path = write(tmp_path / "land.gpkg", [tie, LONLAT, tie], ["A", "B", "C"])
    with pytest.raises(Faulty) as refused:
        read_map(path)
    assert [(fault.row, "crosses itself" in str(fault)) for fault in refused.value.faults] == [(1, True), (3, True)]


def test_an_unknown_ending_is_refused_with_the_list(tmp_path):
    (tmp_path / "land.dwg").write_text("x")
    with pytest.raises(UnknownEnding, match=r"land\.dwg is none of \.geojson"):
        read_map(tmp_path / "land.dwg")
    with pytest.raises(UnknownEnding, match=r"none of \.geojson, \.gpkg, \.shp"):
        write_map(tmp_path / "land.kml", {}, [], layer="parcels")


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".shp"])
def test_what_is_written_is_read_back_to_the_last_digit_and_twice_the_same(tmp_path, ending):
    columns = {"code": ["P01-001", "P01-002"], "household": ["钱", "Sun"], "area_m2": [6666.67, 6666.66]}
    shapes = [LONLAT.normalize(), shapely.affinity.translate(LONLAT, 0.00123456789012, 0)]
    shapes = [shapely.transform(shape, lambda xy: np.round(xy, 12)) for shape in shapes]
    path = tmp_path / f"out{ending}"
    write_map(path, columns, shapes, layer="parcels")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    features = read_layer(path, wanted="parcels")
    assert [(f.text("code"), f.text("household"), f.text("area_m2")) for f in features] == [
        ("P01-001", "钱", "6666.67"), ("P01-002", "Sun", "6666.66")
    ]  # fmt: skip
    assert [f.as_stated().normalize() for f in features] == [shape.normalize() for shape in shapes]
    write_map(path, columns, shapes, layer="parcels")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_nothing_half_written_stays_when_writing_fails(tmp_path, monkeypatch):
    from plantation.exchange import map_files

    path = tmp_path / "out.geojson"
    path.write_text("before")

    def fail(features):
        yield "{"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(map_files, "geojson_lines", fail)
    with pytest.raises(OSError, match="No space"):
        write_map(path, {"code": ["a"]}, [LONLAT], layer="parcels")
    assert path.read_text() == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["out.geojson"]


def test_a_place_that_cannot_be_written_is_refused_before_the_work(tmp_path):
    with pytest.raises(CannotWrite, match="its folder does not exist"):
        check_writable(tmp_path / "no" / "out.geojson", (".geojson",))
    (tmp_path / "a.geojson").mkdir()
    with pytest.raises(CannotWrite, match="it is a folder"):
        check_writable(tmp_path / "a.geojson", (".geojson",))
