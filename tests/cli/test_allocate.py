"""From files to files on the command line: what is written, what is refused, with which exit code."""

import json

import pytest
import shapely

from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.lots import draw_order
from tests.cli.conftest import PLANE, box, features


def test_parcels_are_written_with_the_contracts_columns_and_exact_areas(land_files):
    code, out, _ = land_files.allocate("--seed", "316")
    assert code == 0 and "15 parcels written" in out and "10 mu → 10 mu: 15" in out
    parcels = land_files.parcels()
    for parcel in parcels:
        properties = parcel["properties"]
        assert list(properties)[:6] == ["code", "plot", "right", "household", "area_mu", "area_m2"]
        assert (properties["area_mu"], properties["area_m2"]) == (10.0, 6666.67)
        assert abs(geodesic_area_m2(shapely.geometry.shape(parcel["geometry"])) - 20_000 / 3) < 0.01
    assert [p["properties"]["right"] for p in parcels] == draw_order("316", [f"R{n:02d}" for n in range(15)])


def test_prorate_and_waitlist_print_and_report_what_everyone_got(land_files):
    land_files.give(17)
    code, out, _ = land_files.allocate("--rule", "prorate", "--seed", "1", "--report", land_files.folder / "r.json")
    assert code == 0 and "10 mu → 8.824 mu: 17" in out
    report = json.loads((land_files.folder / "r.json").read_text("utf-8"))
    assert report["figures"]["missing_mu"] == 20 and len(report["rights"]) == 17
    code, out, _ = land_files.allocate("--rule", "waitlist", "--seed", "1", "--report", land_files.folder / "r.json")
    assert code == 0 and "10 mu → waiting: 2" in out
    report = json.loads((land_files.folder / "r.json").read_text("utf-8"))
    assert [row["place"] for row in report["waiting"]] == [1, 2]


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".shp"])
def test_the_same_input_and_seed_give_the_same_bytes_in_every_format(land_files, ending):
    options = ("--seed", "316", "--report", land_files.folder / "r.json")
    assert land_files.allocate(*options, out=f"parcels{ending}")[0] == 0
    before = {file.name: file.read_bytes() for file in land_files.folder.iterdir()}
    land_files.rights.write_text("\n".join([*(lines := land_files.rights.read_text().splitlines())[:1], *lines[:0:-1]]) + "\n")
    assert land_files.allocate(*options, out=f"parcels{ending}")[0] == 0
    after = {file.name: file.read_bytes() for file in land_files.folder.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"rights.csv"}
    assert land_files.run("draw", "verify", land_files.folder / f"parcels{ending}", land_files.rights, "--seed", "316")[0] == 0


def test_a_draw_that_was_tampered_with_is_found_by_its_first_parcel(land_files):
    land_files.allocate("--seed", "316")
    parcels = land_files.folder / "parcels.geojson"
    code, out, _ = land_files.run("draw", "verify", parcels, land_files.rights, "--seed", "316")
    assert (code, out) == (0, "15 parcels are as the draw with the seed “316” has them.\n")
    text = parcels.read_text()
    first, second = (parcel["properties"]["right"] for parcel in land_files.parcels()[:2])
    parcels.write_text(text.replace(f'"{first}"', "?").replace(f'"{second}"', f'"{first}"').replace("?", f'"{second}"'))
    code, _, err = land_files.run("draw", "verify", parcels, land_files.rights, "--seed", "316")
    assert code == 1
    assert err.startswith(f"Parcel P01-001: the file says right {second}, the draw gives it to right {first}.")
    assert land_files.run("draw", "verify", parcels, land_files.rights, "--seed", "317")[0] == 1


def test_a_draw_is_verified_from_the_contracts_columns_alone(land_files):
    land_files.give(10, "R90,H90,3.5,,,active", "R91,H91,3.5,,,active")
    land_files.allocate("--seed", "316")
    rows = land_files.parcels()
    for row in rows:
        del row["properties"]["for_mu"], row["properties"]["draw"]
    (land_files.folder / "bare.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    assert land_files.run("draw", "verify", land_files.folder / "bare.geojson", land_files.rights, "--seed", "316")[0] == 0


def test_a_second_run_keeps_parcels_to_the_last_byte(land_files):
    land_files.give(10)
    land_files.allocate("--seed", "1")
    first = (land_files.folder / "parcels.geojson").read_text().splitlines()
    land_files.give(13)
    code, _, _ = land_files.allocate("--seed", "2", "--existing", land_files.folder / "parcels.geojson", out="second.geojson")
    assert code == 0
    second = (land_files.folder / "second.geojson").read_text().splitlines()
    assert [line.rstrip(",") for line in first[1:-1]] == [line.rstrip(",") for line in second[1:11]]
    assert len(land_files.parcels("second.geojson")) == 13
    assert land_files.run("draw", "verify", land_files.folder / "second.geojson", land_files.rights, "--seed", "2")[0] == 0


def test_a_second_run_keeps_the_lanes_by_which_parcels_are_reached(land_files):
    folder = land_files.folder
    land_files.give(48)
    assert land_files.allocate("--seed", "1", "--rule", "prorate", "--lane-width", "4", "--lanes", folder / "lanes.geojson")[0] == 0
    lanes = json.loads((folder / "lanes.geojson").read_text())["features"]
    assert lanes and {lane["properties"]["plot"] for lane in lanes} == {"P01"}
    land_files.give(40, "R90,H90,1,,,active")
    stay = ("--existing", folder / "parcels.geojson", "--existing-lanes", folder / "lanes.geojson")
    code, out, err = land_files.allocate("--seed", "2", *stay, "--lanes", folder / "again.geojson", out="second.geojson")
    assert code == 0 and "landlocked" not in err
    assert json.loads((folder / "again.geojson").read_text())["features"] == lanes
    (new,) = [one for one in land_files.parcels("second.geojson") if one["properties"]["right"] == "R90"]
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in [new, *lanes]]
    assert max(PLANE.forward(shapes[0].intersection(lane)).area for lane in shapes[1:]) < 0.01


def test_rights_that_are_not_active_or_not_in_force_take_no_part_and_are_named(land_files):
    land_files.give(10, "R90,H90,10,,,suspended", "R91,H91,10,1990-01-01,2019-12-31,active")
    code, _, err = land_files.allocate("--seed", "1", "--on", "2026-11-24")
    assert code == 0 and "Not active or not in force, so without a parcel: R90, R91" in err
    assert len(land_files.parcels()) == 10
    land_files.allocate("--seed", "1", "--on", "2018-06-01")
    assert len(land_files.parcels()) == 11


def test_exclusions_access_zones_and_lanes_are_taken_from_their_files(land_files):
    land_files.give(10)
    rock = features(
        land_files.folder / "x.geojson",
        ({"plot": "P01", "kind": "rock"}, box(10, 10, 30, 30)),
        ({"plot": "P01", "kind": "canal", "width_m": 4}, PLANE.inverse(shapely.LineString([(200, -5), (200, 100)]))),
    )
    way = features(land_files.folder / "a.geojson", ({"kind": "road"}, PLANE.inverse(shapely.LineString([(0, 0), (400, 0)]))))
    zones = features(land_files.folder / "z.geojson", ({"factor": 0.8}, box(-10, -10, 200, 300)))
    options = ("--seed", "1", "--exclusions", rock, "--zones", zones, "--report", land_files.folder / "r.json")
    assert land_files.allocate(*options)[0] == 0
    report = json.loads((land_files.folder / "r.json").read_text("utf-8"))
    assert {row["got_mu"] for row in report["rights"]} == {10.0}
    assert len({parcel["area_m2"] for parcel in report["parcels"]}) > 1
    assert land_files.allocate("--seed", "1", "--access", way, "--lane-width", "4", "--shape", "compact")[0] == 0
    assert land_files.allocate("--seed", "1", "--shape", "strips", "--row-bearing", "20")[0] == 0


def test_what_was_repaired_is_said(land_files):
    ring = [[78.4, 40.9], [78.41, 40.9], [78.41, 40.9], [78.41, 40.91], [78.4, 40.91]]
    feature = {"type": "Feature", "properties": {"code": "P01"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    land_files.plots.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    code, _, err = land_files.allocate("--seed", "1", "--report", land_files.folder / "r.json")
    assert code == 0 and "P01: 1 repeated point was left out" in err and "P01: The ring was closed" in err
    assert len(json.loads((land_files.folder / "r.json").read_text())["repairs"]) == 2


def test_without_a_seed_the_draw_says_which_one_it_used(land_files):
    code, _, err = land_files.allocate()
    assert code == 0 and "No --seed was given: the draw uses “plantation”" in err
