"""From files to files on the command line: what is written, what is refused, with which exit code."""

import json

import pytest
import shapely
from shapely.geometry import mapping

from plantation.cli import main
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.lots import draw_order
from plantation.geometry.projection import LocalPlane

PLANE = LocalPlane(78.4, 40.9)


def features(path, *rows):
    members = [{"type": "Feature", "properties": properties, "geometry": mapping(shape)} for properties, shape in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": members}, ensure_ascii=False), "utf-8")
    return path


def box(*bounds):
    return PLANE.inverse(shapely.box(*bounds))


class Village:
    """A folder with one square plot of 150 mu and the rights of 15 households over 10 mu each."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys = folder, capsys
        self.plots = features(folder / "plots.geojson", ({"code": "P01"}, box(0, 0, 400, 250)))
        self.give(15)

    def give(self, count, *more):
        rows = [f"R{n:02d},H{n:02d},10,2018-04-01,2048-03-31,active" for n in range(count)]
        self.rights = self.folder / "rights.csv"
        self.rights.write_text("\n".join(["code,household,entitlement_mu,from,to,status", *rows, *more]) + "\n")

    def run(self, *arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = self.capsys.readouterr()
        assert "Traceback" not in printed.err
        return ended.value.code, printed.out, printed.err

    def allocate(self, *more, out="parcels.geojson"):
        return self.run("allocate", self.plots, self.rights, "-o", self.folder / out, *more)

    def parcels(self, name="parcels.geojson"):
        return json.loads((self.folder / name).read_text("utf-8"))["features"]


@pytest.fixture
def village(tmp_path, capsys):
    return Village(tmp_path, capsys)


def test_parcels_are_written_with_the_contracts_columns_and_exact_areas(village):
    code, out, _ = village.allocate("--seed", "316")
    assert code == 0 and "15 parcels written" in out and "10 mu → 10 mu: 15" in out
    parcels = village.parcels()
    for parcel in parcels:
        properties = parcel["properties"]
        assert list(properties)[:6] == ["code", "plot", "right", "household", "area_mu", "area_m2"]
        assert (properties["area_mu"], properties["area_m2"]) == (10.0, 6666.67)
        assert abs(geodesic_area_m2(shapely.geometry.shape(parcel["geometry"])) - 20_000 / 3) < 0.01
    assert [p["properties"]["right"] for p in parcels] == draw_order("316", [f"R{n:02d}" for n in range(15)])


def test_short_land_is_refused_with_the_figures_and_nothing_is_written(village):
    village.give(17)
    code, out, err = village.allocate("--seed", "316")
    assert (code, out) == (1, "")
    assert err == "170 mu are asked for, 150 mu can be allocated, 20 mu are missing.\n"
    assert not (village.folder / "parcels.geojson").exists()


def test_prorate_and_waitlist_print_and_report_what_everyone_got(village):
    village.give(17)
    code, out, _ = village.allocate("--rule", "prorate", "--seed", "1", "--report", village.folder / "r.json")
    assert code == 0 and "10 mu → 8.824 mu: 17" in out
    report = json.loads((village.folder / "r.json").read_text("utf-8"))
    assert report["figures"]["missing_mu"] == 20 and len(report["rights"]) == 17
    code, out, _ = village.allocate("--rule", "waitlist", "--seed", "1", "--report", village.folder / "r.json")
    assert code == 0 and "10 mu → waiting: 2" in out
    report = json.loads((village.folder / "r.json").read_text("utf-8"))
    assert [row["place"] for row in report["waiting"]] == [1, 2]


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".shp"])
def test_the_same_input_and_seed_give_the_same_bytes_in_every_format(village, ending):
    options = ("--seed", "316", "--report", village.folder / "r.json")
    assert village.allocate(*options, out=f"parcels{ending}")[0] == 0
    before = {file.name: file.read_bytes() for file in village.folder.iterdir()}
    village.rights.write_text("\n".join([*(lines := village.rights.read_text().splitlines())[:1], *lines[:0:-1]]) + "\n")
    assert village.allocate(*options, out=f"parcels{ending}")[0] == 0
    after = {file.name: file.read_bytes() for file in village.folder.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"rights.csv"}
    assert village.run("draw", "verify", village.folder / f"parcels{ending}", village.rights, "--seed", "316")[0] == 0


def test_a_draw_that_was_tampered_with_is_found_by_its_first_parcel(village):
    village.allocate("--seed", "316")
    parcels = village.folder / "parcels.geojson"
    code, out, _ = village.run("draw", "verify", parcels, village.rights, "--seed", "316")
    assert (code, out) == (0, "15 parcels are as the draw with the seed “316” has them.\n")
    text = parcels.read_text()
    first, second = (parcel["properties"]["right"] for parcel in village.parcels()[:2])
    parcels.write_text(text.replace(f'"{first}"', "?").replace(f'"{second}"', f'"{first}"').replace("?", f'"{second}"'))
    code, _, err = village.run("draw", "verify", parcels, village.rights, "--seed", "316")
    assert code == 1
    assert err.startswith(f"Parcel P01-001: the file says right {second}, the draw gives it to right {first}.")
    assert village.run("draw", "verify", parcels, village.rights, "--seed", "317")[0] == 1


def test_a_draw_is_verified_from_the_contracts_columns_alone(village):
    village.give(10, "R90,H90,3.5,,,active", "R91,H91,3.5,,,active")
    village.allocate("--seed", "316")
    rows = village.parcels()
    for row in rows:
        del row["properties"]["for_mu"], row["properties"]["draw"]
    (village.folder / "bare.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    assert village.run("draw", "verify", village.folder / "bare.geojson", village.rights, "--seed", "316")[0] == 0


def test_a_second_run_keeps_parcels_to_the_last_byte(village):
    village.give(10)
    village.allocate("--seed", "1")
    first = (village.folder / "parcels.geojson").read_text().splitlines()
    village.give(13)
    code, _, _ = village.allocate("--seed", "2", "--existing", village.folder / "parcels.geojson", out="second.geojson")
    assert code == 0
    second = (village.folder / "second.geojson").read_text().splitlines()
    assert [line.rstrip(",") for line in first[1:-1]] == [line.rstrip(",") for line in second[1:11]]
    assert len(village.parcels("second.geojson")) == 13
    assert village.run("draw", "verify", village.folder / "second.geojson", village.rights, "--seed", "2")[0] == 0


def test_rights_that_are_not_active_or_not_in_force_take_no_part_and_are_named(village):
    village.give(10, "R90,H90,10,,,suspended", "R91,H91,10,1990-01-01,2019-12-31,active")
    code, _, err = village.allocate("--seed", "1", "--on", "2026-11-24")
    assert code == 0 and "Not active or not in force, so without a parcel: R90, R91" in err
    assert len(village.parcels()) == 10
    village.allocate("--seed", "1", "--on", "2018-06-01")
    assert len(village.parcels()) == 11


def test_exclusions_access_zones_and_lanes_are_taken_from_their_files(village):
    village.give(10)
    rock = features(
        village.folder / "x.geojson",
        ({"plot": "P01", "kind": "rock"}, box(10, 10, 30, 30)),
        ({"plot": "P01", "kind": "canal", "width_m": 4}, PLANE.inverse(shapely.LineString([(200, -5), (200, 100)]))),
    )
    way = features(village.folder / "a.geojson", ({"kind": "road"}, PLANE.inverse(shapely.LineString([(0, 0), (400, 0)]))))
    zones = features(village.folder / "z.geojson", ({"factor": 0.8}, box(-10, -10, 200, 300)))
    options = ("--seed", "1", "--exclusions", rock, "--zones", zones, "--report", village.folder / "r.json")
    assert village.allocate(*options)[0] == 0
    report = json.loads((village.folder / "r.json").read_text("utf-8"))
    assert {row["got_mu"] for row in report["rights"]} == {10.0}
    assert len({parcel["area_m2"] for parcel in report["parcels"]}) > 1
    assert village.allocate("--seed", "1", "--access", way, "--lane-width", "4", "--shape", "compact")[0] == 0
    assert village.allocate("--seed", "1", "--shape", "strips", "--row-bearing", "20")[0] == 0


def test_all_faults_of_all_files_are_named_at_once(village):
    tie = shapely.Polygon([(78.4, 40.9), (78.41, 40.91), (78.41, 40.9), (78.4, 40.91)])
    village.plots = features(
        village.folder / "plots.geojson",
        ({"code": "P01"}, box(0, 0, 100, 100)), ({"name": "no code"}, box(200, 0, 300, 100)), ({"code": "P03"}, tie),
        ({"code": "P01"}, box(500, 0, 600, 100)), ({"code": "P05", "row_bearing": "north"}, box(800, 0, 900, 100)),
    )  # fmt: skip
    village.give(1, "R90,H90,0,,,active")
    code, _, err = village.allocate("--seed", "1")
    assert code == 1
    for text in ("plots.geojson, row 2, code: The cell is blank", "plots.geojson, row 3, geometry: The outline crosses itself",
                 "plots.geojson, row 4, code: plot “P01” stands in row 1 already", "row 5, row_bearing: “north”",
                 "rights.csv, row 3, entitlement_mu", "5 faults were found; nothing was written."):  # fmt: skip
        assert text in err


def test_rows_that_cannot_be_and_exclusions_of_no_plot_are_refused_with_their_rows(village):
    village.plots = features(
        village.folder / "plots.geojson",
        ({"code": "P01", "row_spacing_m": -1}, box(0, 0, 400, 250)), ({"code": "P02", "row_bearing": 1e9}, box(500, 0, 600, 100)),
    )  # fmt: skip
    code, _, err = village.allocate("--seed", "1", "--shape", "strips")
    assert code == 1 and "row 1, row_spacing_m: “-1” is not metres between rows, up to 100." in err
    assert "row 2, row_bearing: “1000000000” is not a bearing from -360 to 360 degrees." in err
    village.plots = features(village.folder / "plots.geojson", ({"code": "P01"}, box(0, 0, 400, 250)))
    rock = features(village.folder / "x.geojson", ({"plot": "P1", "kind": "rock"}, box(10, 10, 30, 30)))
    code, _, err = village.allocate("--seed", "1", "--exclusions", rock)
    assert code == 1 and "x.geojson, row 1, plot: There is no plot “P1” among the plots." in err


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
def test_existing_parcels_that_cannot_stay_are_refused(village, change, reason):
    rows = [({"code": f"P01-00{n}", "plot": "P01", "right": f"R0{n - 1}"}, box(n * 50 - 50, 0, n * 50, 100)) for n in (1, 2)]
    rows[1] = ({**rows[1][0], **change}, rows[1][1]) if isinstance(change, dict) else (rows[1][0], change)
    existing = features(village.folder / "e.geojson", *rows)
    code, out, err = village.allocate("--seed", "1", "--existing", existing)
    assert (code, out) == (1, "") and reason in err


def test_a_reference_system_of_heights_is_none(village):
    document = json.loads(village.plots.read_text())
    for number in (5773, 4978):
        document["crs"] = {"type": "name", "properties": {"name": f"EPSG:{number}"}}
        village.plots.write_text(json.dumps(document))
        code, _, err = village.allocate("--seed", "1")
        assert code == 1 and f"The coordinate reference system “EPSG:{number}” is not known." in err


def test_overlapping_plots_are_refused_with_both_codes_and_the_area(village):
    village.plots = features(village.folder / "plots.geojson", ({"code": "B"}, box(0, 0, 100, 100)), ({"code": "A"}, box(90, 0, 200, 100)))
    code, _, err = village.allocate("--seed", "1")
    assert code == 1 and err.startswith("Plots A and B overlap by 1,000.00 m², 10.0 m wide, at (78.4")


def test_what_was_repaired_is_said(village):
    ring = [[78.4, 40.9], [78.41, 40.9], [78.41, 40.9], [78.41, 40.91], [78.4, 40.91]]
    feature = {"type": "Feature", "properties": {"code": "P01"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    village.plots.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    code, _, err = village.allocate("--seed", "1", "--report", village.folder / "r.json")
    assert code == 0 and "P01: 1 repeated point was left out" in err and "P01: The ring was closed" in err
    assert len(json.loads((village.folder / "r.json").read_text())["repairs"]) == 2


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
def test_what_cannot_work_is_refused_before_anything_is_written(village, more, out, reason):
    before = village.plots.read_bytes()
    code, _, err = village.allocate(*more, out=out)
    assert code == 1 and reason in err
    assert village.plots.read_bytes() == before
    assert sorted(file.name for file in village.folder.iterdir()) == ["plots.geojson", "rights.csv"]


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
def test_wrong_usage_ends_with_2(village, arguments):
    assert village.run(*arguments)[0] == 2


def test_without_a_seed_the_draw_says_which_one_it_used(village):
    code, _, err = village.allocate()
    assert code == 0 and "No --seed was given: the draw uses “plantation”" in err


def test_a_plots_file_in_metres_without_a_projection_is_refused(village):
    village.plots = features(village.folder / "plots.geojson", ({"code": "P01"}, shapely.box(533704, 4529545, 533804, 4529645)))
    code, _, err = village.allocate("--seed", "1")
    assert code == 1 and "not degrees, and no coordinate reference system is named" in err
