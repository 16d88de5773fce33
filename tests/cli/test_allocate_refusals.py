"""What `plantation allocate` refuses: all faults at once, with file, row and figures, and nothing is written."""

import json

import pytest
import shapely

from tests.cli.conftest import PLANE, box, features


def test_short_land_is_refused_with_the_figures_and_nothing_is_written(land_files):
    land_files.give(17)
    code, out, err = land_files.allocate("--seed", "316")
    assert (code, out) == (1, "")
    assert err == "170 mu are asked for, 150 mu can be allocated, 20 mu are missing.\n"
    assert not (land_files.folder / "parcels.geojson").exists()


def test_all_faults_of_all_files_are_named_at_once(land_files):
    tie = shapely.Polygon([(78.4, 40.9), (78.41, 40.91), (78.41, 40.9), (78.4, 40.91)])
    land_files.plots = features(
        land_files.folder / "plots.geojson",
        ({"code": "P01"}, box(0, 0, 100, 100)), ({"name": "no code"}, box(200, 0, 300, 100)), ({"code": "P03"}, tie),
        ({"code": "P01"}, box(500, 0, 600, 100)), ({"code": "P05", "row_bearing": "north"}, box(800, 0, 900, 100)),
    )  # fmt: skip
    land_files.give(1, "R90,H90,0,,,active")
    code, _, err = land_files.allocate("--seed", "1")
    assert code == 1
    for text in ("plots.geojson, row 2, code: The cell is blank", "plots.geojson, row 3, geometry: The outline crosses itself",
                 "plots.geojson, row 4, code: plot “P01” stands in row 1 already", "row 5, row_bearing: “north”",
                 "rights.csv, row 3, entitlement_mu", "5 faults were found; nothing was written."):  # fmt: skip
        assert text in err


def test_rows_that_cannot_be_and_exclusions_of_no_plot_are_refused_with_their_rows(land_files):
    land_files.plots = features(
        land_files.folder / "plots.geojson",
        ({"code": "P01", "row_spacing_m": -1}, box(0, 0, 400, 250)), ({"code": "P02", "row_bearing": 1e9}, box(500, 0, 600, 100)),
    )  # fmt: skip
    code, _, err = land_files.allocate("--seed", "1", "--shape", "strips")
    assert code == 1 and "row 1, row_spacing_m: “-1” is not metres between rows, up to 100." in err
    assert "row 2, row_bearing: “1000000000” is not a bearing from -360 to 360 degrees." in err
    land_files.plots = features(land_files.folder / "plots.geojson", ({"code": "P01"}, box(0, 0, 400, 250)))
    rock = features(land_files.folder / "x.geojson", ({"plot": "P1", "kind": "rock"}, box(10, 10, 30, 30)))
    code, _, err = land_files.allocate("--seed", "1", "--exclusions", rock)
    assert code == 1 and "x.geojson, row 1, plot: There is no plot “P1”." in err
    canal = features(land_files.folder / "x.geojson", ({"width_m": 1e9}, PLANE.inverse(shapely.LineString([(100, -50), (100, 300)]))))
    code, _, err = land_files.allocate("--seed", "1", "--exclusions", canal)
    assert code == 1 and "x.geojson, row 1, width_m: “1000000000” is not a width of at most 200 metres." in err


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "P01-001"}, "row 2, code: parcel “P01-001” stands in row 1 already"),
        ({"right": "R00"}, "row 2, right: right “R00” stands in row 1 already"),
        ({"plot": "P09"}, "Parcel P01-002 lies in plot P09, which is not among the plots."),
        (box(5, 0, 100, 60), "Parcels P01-001 and P01-002 overlap by 2700.00 m²"),
        (box(380, 0, 450, 100), "Parcel P01-002 lies outside its plot with 5000.00 m²"),
    ],
)
def test_existing_parcels_that_cannot_stay_are_refused(land_files, change, reason):
    rows = [({"code": f"P01-00{n}", "plot": "P01", "right": f"R0{n - 1}"}, box(n * 50 - 50, 0, n * 50, 100)) for n in (1, 2)]
    rows[1] = ({**rows[1][0], **change}, rows[1][1]) if isinstance(change, dict) else (rows[1][0], change)
    existing = features(land_files.folder / "e.geojson", *rows)
    code, out, err = land_files.allocate("--seed", "1", "--existing", existing)
    assert (code, out) == (1, "") and reason in err


def test_a_lane_that_is_a_line_or_lies_nowhere_is_refused(land_files):
    line = ({"plot": "P01"}, PLANE.inverse(shapely.LineString([(0, 0), (400, 0)])))
    lanes = features(land_files.folder / "l.geojson", line, ({}, box(0, 0, 4, 100)))
    code, out, err = land_files.allocate("--seed", "1", "--existing-lanes", lanes)
    assert (code, out) == (1, "")
    assert "row 1, geometry: The geometry is a LineString; a polygon is expected." in err
    assert "row 2, plot: The cell is blank; a code is expected." in err


def test_a_reference_system_of_heights_is_none(land_files):
    document = json.loads(land_files.plots.read_text())
    for number in (5773, 4978):
        document["crs"] = {"type": "name", "properties": {"name": f"EPSG:{number}"}}
        land_files.plots.write_text(json.dumps(document))
        code, _, err = land_files.allocate("--seed", "1")
        assert code == 1 and f"The coordinate reference system “EPSG:{number}” is not known." in err


def test_overlapping_plots_are_refused_with_both_codes_and_the_area(land_files):
    land_files.plots = features(
        land_files.folder / "plots.geojson", ({"code": "B"}, box(0, 0, 100, 100)), ({"code": "A"}, box(90, 0, 200, 100))
    )
    code, _, err = land_files.allocate("--seed", "1")
    assert code == 1 and err.startswith("Plots A and B overlap by 1,000.00 m², 10.0 m wide, at (78.4")


@pytest.mark.parametrize(
    ("more", "out", "reason"),
    [
        ((), "parcels.kml", "parcels.kml is none of .geojson, .gpkg, .shp"),
        ((), "parcels", "is none of"),
        ((), "plots.geojson", "plots.geojson is read and written"),
        ((), "no/parcels.geojson", "its folder does not exist"),
        (("--access", "nowhere.geojson"), "parcels.geojson", "There is no file nowhere.geojson"),
        (("--seed", ""), "parcels.geojson", "A seed is one line"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_written(land_files, more, out, reason):
    before = land_files.plots.read_bytes()
    code, _, err = land_files.allocate(*more, out=out)
    assert code == 1 and reason in err
    assert land_files.plots.read_bytes() == before
    assert sorted(file.name for file in land_files.folder.iterdir()) == ["plots.geojson", "rights.csv"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("allocate",),
        ("allocate", "a.geojson", "b.csv"),
        ("allocate", "a.geojson", "b.csv", "-o", "c.geojson", "--rule", "auction"),
        ("allocate", "a.geojson", "b.csv", "-o", "c.geojson", "--lane-width", "nan"),
        ("allocate", "a.geojson", "b.csv", "-o", "c.geojson", "--row-bearing", "north"),
        ("draw", "verify", "a.geojson", "b.csv"),
    ],
)
def test_wrong_usage_ends_with_2(land_files, arguments):
    assert land_files.run(*arguments)[0] == 2


def test_a_plots_file_in_metres_without_a_projection_is_refused(land_files):
    land_files.plots = features(land_files.folder / "plots.geojson", ({"code": "P01"}, shapely.box(533704, 4529545, 533804, 4529645)))
    code, _, err = land_files.allocate("--seed", "1")
    assert code == 1 and "not degrees, and no coordinate reference system is named" in err
