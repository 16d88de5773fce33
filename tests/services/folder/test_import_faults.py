"""What can be wrong in a folder: each fault with its file, row and column, all at once, and nothing written."""

import json
import re
import shutil

import pytest

from tests.services.folders import VILLAGES, change, faults, load, write


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def village(tmp_path):
    """The pooled village's folder, to be changed."""
    return shutil.copytree(VILLAGES / "pooled", tmp_path / "village")


FAULTS = [
    ("households.csv", "H001", "H 1", "households.csv, row 2, code: “H 1” is not a code of 1 to 64 characters"),
    ("households.csv", "H002,", "H001,", "households.csv, row 3, code: Household “H001” stands in row 2 already."),
    ("households.csv", "H009,周", "pool,周", "households.csv, row 4, code: “pool” cannot be a household's code"),
    ("households.csv", "大河,4", "大河,101", "households.csv, row 2, members: A household has 0 to 100 members, not 101."),
    ("households.csv", "19900000001", "call Sun", "households.csv, row 2, phone: “call Sun” is not a phone number"),
    ("rights.csv", "R001,H001", "R001,H100", "rights.csv, row 2, household: There is no household “H100”."),
    ("rights.csv", "H001,10", "H001,0", "rights.csv, row 2, entitlement_mu: An entitlement of 0 mu is not possible"),
    ("rights.csv", "H001,10", "H001,1000000000", "entitlement_mu: An entitlement of 1000000000 mu is not possible: it must be more than 0 and at most 100,000 mu."),
    ("rights.csv", "H001,10", "H001,1e3", "entitlement_mu: “1e3” is not an area in mu with at most three decimals"),
    ("rights.csv", "H001,10", "H001,8.5714", "entitlement_mu: “8.5714” is not an area in mu with at most three decimals"),
    ("rights.csv", "H001,10", 'H001,"1,000"', "entitlement_mu: “1,000” is not an area in mu"),
    ("rights.csv", "H001,10", "H001,=5+5", "entitlement_mu: “=5+5” is not an area in mu"),
    ("rights.csv", "2048-04-14", "2017-04-14", "rights.csv, row 2, to: The right's last day, 2017-04-14, is before its first day, 2018-04-15."),
    ("rights.csv", "active", "lost", "rights.csv, row 2, status: “lost” is not active, suspended or ended."),
    ("seasons.csv", "2025-10-31", "2025-07-31", "seasons.csv, row 2, to: The last day, 2025-07-31, is before the first day, 2025-08-01."),
    ("seasons.csv", "pooled", "pool", "seasons.csv, row 2, mode: “pool” is not pooled or posted."),
    ("seasons.csv", "pooled,2", "pooled,101", "seasons.csv, row 2, tolerance_pct: The tolerance is 101 %; it must be from 0 to 100 %."),
    ("deductions.csv", "percent,2.5", "percent,101", "deductions.csv, row 2, value: A deduction of 101 % is not possible: it must be from 0 to 100 %."),
    ("deductions.csv", "yuan_per_kg,0.10", "yuan_per_kg,0.105", "deductions.csv, row 3, value: “0.105” is not an amount in yuan"),
    ("deductions.csv", "yuan_per_kg", "per_kg", "deductions.csv, row 3, kind: “per_kg” is not percent, yuan_per_kg or yuan_per_household."),
    ("weighings.csv", "41.500,1.500", "1.500,1.500", "weighings.csv, row 2, gross_kg: The gross weight, 1.500 kg, must be above the tare, 1.500 kg."),
    ("weighings.csv", "w2,S2", "w1,S2", "weighings.csv, row 3, id: Id “w1” stands in row 2 already."),
    ("weighings.csv", "w2,S2", "w2,S1", "weighings.csv, row 3, slip: Slip S1 is taken by another weighing."),
    ("weighings.csv", "w2,S2", "w" * 65 + ",S2", "weighings.csv, row 3, id: "),
    ("weighings.csv", "09:30:00+08:00", "09:30:00", "weighings.csv, row 2, time: “2025-08-20T09:30:00” is not a time with its offset"),
    ("weighings.csv", "2025-08-20T09:30", "2025-07-20T09:30", "weighings.csv, row 2, time: 2025-07-20 is outside season 2025"),
    ("weighings.csv", "H001,,,A,41", ",,,A,41", "weighings.csv, row 2, household: "),
    ("weighings.csv", "H001,,,A,41", "H100,,,A,41", "weighings.csv, row 2, household: There is no household “H100”."),
    ("weighings.csv", "P1-2,B", "P1-9,B", "weighings.csv, row 5, parcel: There is no parcel “P1-9”."),
    ("weighings.csv", "P1-2,B", "P1-3,B", "weighings.csv, row 5, parcel: "),
    ("weighings.csv", "2.5,,,,", "100,,,,", "weighings.csv, row 2, deduction_pct: A deduction of 100 % is not possible"),
    ("weighings.csv", ",,S5,", ",,S9,", "weighings.csv, row 7, reverses: There is no slip “S9”."),
    ("weighings.csv", '"typed 99, there was nothing"', "", "weighings.csv, row 7, reason: A reversal needs a reason."),
    ("weighings.csv", "99,1,,,,,", "99,,,,,,", "weighings.csv, row 6, tare_kg: The cell is blank; a weight in kg"),
    ("purchases.csv", "A,80,5", "A,80.0005,5", "purchases.csv, row 2, net_kg: “80.0005” is not a weight in kg"),
    ("purchases.csv", "A,80,5", "A,80,5.005", "purchases.csv, row 2, price_yuan_per_kg: “5.005” is not an amount in yuan"),
    ("purchases.csv", "A,80,5", "A,0,5", "purchases.csv, row 2, net_kg: "),
    ("purchases.csv", "H002", "H100", "purchases.csv, row 3, source: There is no household “H100”."),
    ("purchases.csv", "1,2025,2025-09-10,LI,H002", "1,2025,2025-09-11,LI,H002", "purchases.csv, row 3, date: Purchase 1 says date 2025-09-10 in row 2"),
    ("purchases.csv", "LI,pool,B", "LI,,B", "purchases.csv, row 4, source: The cell is blank"),
    ("payments.csv", "H002", "H100", "payments.csv, row 4, household: There is no household “H100”."),
    ("payments.csv", "100.00", "0", "payments.csv, row 2, amount_yuan: "),
    ("payments.csv", "127.25", "-127.25", "payments.csv, row 4, amount_yuan: Household H002 has no payment of 127.25 yuan"),
    ("plots.geojson", '"code": "P1"', '"name2": 1', "plots.geojson, row 1, code: The cell is blank; a code is expected."),
    ("plots.geojson", "[78.401, 40.901]", "[78.3995, 40.901]", "plots.geojson, row 1, geometry: The outline crosses itself"),
    ("plots.geojson", '"Polygon"', '"Point"', "plots.geojson, row 1, geometry: "),
    ("plots.geojson", "78.401", "781000.5", "plots.geojson, row 1, geometry: The coordinates (781000.5, 40.9) are not degrees"),
    ("plots.geojson", '"row_bearing": 20', '"row_bearing": 400', "plots.geojson, row 1, row_bearing: A row bearing of 400° is not possible"),
    ("plots.geojson", "[\n", "[\n,", "plots.geojson: This is no GeoJSON that can be read: "),
    ("exclusions.geojson", '"plot": "P1"', '"plot": "P7"', "exclusions.geojson, row 1, plot: There is no plot “P7”."),
    ("exclusions.geojson", '"canal"', '"river"', "exclusions.geojson, row 1, kind: “river” is not road, canal, rock, building or other."),
    ("exclusions.geojson", '"width_m": 3', '"width_m": 0', "exclusions.geojson, row 1, width_m: A width of 0 m is not possible"),
    ("exclusions.geojson", ', "width_m": 3', "", "exclusions.geojson, row 1, width_m: A line needs its width"),
    ("access.geojson", '"LineString"', '"Polygon"', "access.geojson, row 1, geometry: The geometry is Polygon; a LineString or MultiLineString is expected."),
    ("parcels.geojson", '"household": "H001"', '"household": "H002"', "parcels.geojson, row 1, household: Right R001 is held by household H001, not by H002."),
    ("parcels.geojson", '"right": "R001"', '"right": "R100"', "parcels.geojson, row 1, right: There is no right “R100”."),
    ("parcels.geojson", '"area_m2": 6000.00', '"area_m2": 0', "parcels.geojson, row 1, area_m2: An area of 0 m² is not possible"),
    ("parcels.geojson", '"plot": "P1"', '"plot": "P2"', "parcels.geojson, row 1, plot: There is no plot “P2”."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "expected"), FAULTS, ids=[f"{name}-{place}" for place, (name, *_) in enumerate(FAULTS)])
def test_a_fault_has_its_file_row_and_column_and_what_was_expected(database, village, name, old, new, expected):
    change(village, name, old, new)
    said = faults(database, village)
    assert any(expected in fault for fault in said), said
    # A code that is wrong itself is also missed where it is named.
    assert len(said) == 1 or ", code: " in expected, said


def test_a_parcel_away_from_its_plot_is_a_fault_with_the_distance(database, village):
    change(village, "parcels.geojson", "[[[78.4, 40.9], [78.4006412, 40.9], [78.4006412, 40.901], [78.4, 40.901], [78.4, 40.9]]]",
           "[[[78.5, 40.9], [78.501, 40.9], [78.501, 40.901], [78.5, 40.901], [78.5, 40.9]]]")  # fmt: skip
    (fault,) = faults(database, village)
    assert fault == "parcels.geojson, row 1, geometry: Parcel P1-1 lies outside plot P1, 8,342.0 m away."


def test_what_is_mended_or_odd_is_noted_and_forbids_nothing(database, village):
    change(village, "plots.geojson", "[[[78.4, 40.9], ", "[[[78.4, 40.9], [78.4, 40.9], ")
    change(village, "parcels.geojson", "6000.00", "7000.00")
    change(village, "exclusions.geojson", "[78.39995, 40.9005], [78.4001, 40.9005]", "[78.3, 40.9005], [78.3001, 40.9005]")
    (village / "spare.csv").write_text("x")
    assert [str(note) for note in load(database, village).notes] == [
        "exclusions.geojson, row 1, geometry: This canal lies outside plot P1.",
        "parcels.geojson, row 1, area_m2: The outline has 5999.98 m², 7000.00 m² are written; the written area holds.",
        "plots.geojson, row 1, geometry: 1 repeated point was left out, first at (78.4, 40.9).",
        "spare.csv: This is none of the folder's files; it was left.",
    ]


def test_land_that_two_plots_or_two_parcels_cover_is_noted_with_the_place(database, village):
    change(village, "parcels.geojson", "[[[78.4, 40.9], [78.4006412, 40.9], [78.4006412, 40.901], [78.4, 40.901], [78.4, 40.9]]]",
           "[[[78.4, 40.9], [78.4009, 40.9], [78.4009, 40.901], [78.4, 40.901], [78.4, 40.9]]]")  # fmt: skip
    whole = json.loads((village / "plots.geojson").read_text("utf-8"))
    again = json.loads(json.dumps(whole["features"][0]))
    again["properties"]["code"] = "P9"
    whole["features"].append(again)
    (village / "plots.geojson").write_text(json.dumps(whole), "utf-8")
    said = [str(note) for note in load(database, village).notes]
    assert any(
        re.match(r"plots\.geojson: Plots P1 and P9 cover the same land: [0-9,.]+ m², up to [0-9.]+ m wide at \(78\.4", one) for one in said
    ), said
    assert any(
        re.match(r"parcels\.geojson, row 1, geometry: Parcels P1-1 and P1-2 overlap by [0-9.]+ m² at \(78\.4", one) for one in said
    ), said


def test_all_faults_of_all_files_are_named_at_once_in_order_and_nothing_that_only_follows_from_them(database, village):
    change(village, "households.csv", "大河,4", "大河,many")
    change(village, "rights.csv", "H001,10", "H001,-1")
    change(village, "seasons.csv", "pooled", "half")
    change(village, "weighings.csv", "41.500,1.500", "1,1.500")
    change(village, "plots.geojson", '"Polygon"', '"Point"')
    change(village, "payments.csv", "100.00", "100.001")
    assert [fault.split(":")[0] for fault in faults(database, village)] == [
        "households.csv, row 2, members",
        "payments.csv, row 2, amount_yuan",
        "plots.geojson, row 1, geometry",
        "rights.csv, row 2, entitlement_mu",
        "seasons.csv, row 2, mode",
        "weighings.csv, row 2, gross_kg",
    ]


@pytest.mark.parametrize("name", ["households.csv", "seasons.csv", "deductions.csv", "rights.csv"])
def test_a_file_in_gbk_is_one_fault_and_what_depends_on_it_none(database, village, name):
    text = (village / name).read_text("utf-8").replace("active", "active").replace("2025,", "2025,", 1)
    (village / name).write_bytes((text + "\n甲,乙,丙,丁\n").encode("gbk"))
    (fault,) = faults(database, village)
    assert fault.startswith(f"{name}: The file is not UTF-8: it looks like GBK")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("w3,P1-1,H001,6000,30\n", "weighings.csv, row 4, gross_kg: The shares sum to 30.000 kg, the net weight is 30.001 kg."),
        ("w3,P1-9,H001,6000,30.001\n", "weighing_shares.csv, row 2, parcel: There is no parcel “P1-9”."),
        ("w9,P1-1,H001,6000,30.001\n", "weighing_shares.csv, row 2, weighing: There is no weighing “w9”."),
        ("w3,P1-1,H001,6000,10\nw3,P1-1,H001,6000,20.001\n",
         "weighing_shares.csv, row 3, parcel: The share of parcel “P1-1” stands in row 2 already."),
    ],
)  # fmt: skip
def test_shares_that_are_not_the_whole_are_faults(database, village, rows, expected):
    write({"weighing_shares.csv": "weighing,parcel,household,area_m2,net_kg\n" + rows}, village)
    assert faults(database, village) == [expected]
