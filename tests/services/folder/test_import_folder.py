"""Import: all or nothing, the same folder twice is nothing new, and what is settled stays."""

import csv
import random
import shutil
from decimal import Decimal

import pytest

from plantation.errors import NotFound
from plantation.exchange.folders import NothingToRead
from plantation.services.desk import WhichCollective
from tests.exchange.test_workbooks import workbook
from tests.services.folders import VILLAGES, change, counts, dump, faults, head, load, settle_and_correct, write


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def village(tmp_path):
    """The pooled village's folder, to be changed."""
    return shutil.copytree(VILLAGES / "pooled", tmp_path / "village")


def test_an_empty_database_gets_the_collective_default_in_shanghai(database):
    done = load(database, VILLAGES / "pooled")
    assert {name: (count.created, count.changed, count.unchanged) for name, count in done.counts.items()} == {
        "households": (3, 0, 0),
        "rights": (3, 0, 0),
        "seasons": (1, 0, 0),
        "deductions": (3, 0, 0),
        "plots": (1, 0, 0),
        "exclusions": (0, 1, 0),
        "access": (0, 1, 0),
        "parcels": (2 + 1, 0, 0),
        "weighings": (6, 0, 0),
        "purchases": (1, 0, 0),
        "payments": (3, 0, 0),
    }
    assert list(done.notes) == []
    assert dump(database, "default")["households.csv"].startswith("code,")


def test_the_same_folder_again_writes_nothing_at_all(database):
    load(database, VILLAGES / "pooled")
    before = counts(database), head(database)
    done = load(database, VILLAGES / "pooled")
    assert sum(count.created + count.changed for count in done.counts.values()) == 0
    assert (counts(database), head(database)) == before


def test_which_collective_is_said_where_there_are_several(database):
    load(database, VILLAGES / "pooled", code="aguoyi")
    with pytest.raises(NotFound, match="other"):
        load(database, VILLAGES / "pooled", code="other")
    load(database, VILLAGES / "pooled", code="aguoyi")
    from plantation.services.collectives import create_collective
    from tests.conftest import NOW

    with database.write() as session:
        create_collective(session, "other", "Other", "Asia/Shanghai", NOW)
    with pytest.raises(WhichCollective, match="aguoyi, other"):
        load(database, VILLAGES / "pooled")
    load(database, VILLAGES / "posted", code="other")
    assert dump(database, "other")["seasons.csv"].splitlines()[1].startswith("2026")
    assert dump(database, "aguoyi")["seasons.csv"].splitlines()[1].startswith("2025")


def test_master_data_changes_by_code_and_what_is_not_named_stays(database, tmp_path):
    load(database, VILLAGES / "pooled")
    done = load(database, write({
        "households.csv": "code,name,members\nH001,钱·大河,6\nH010,李,2\n",
        "rights.csv": "code,household,entitlement_mu,from,to,status\nR010,H009,1,2026-01-01,2030-12-31,active\n",
        "exclusions.geojson": '{"type": "FeatureCollection", "features": []}',
    }, tmp_path / "more"))  # fmt: skip
    assert [(c.created, c.changed, c.unchanged) for c in done.counts.values()] == [(1, 1, 0), (1, 0, 0), (0, 0, 0)]
    files = dump(database)
    assert files["households.csv"].splitlines()[1:] == [
        "H001,钱·大河,6,", "H002,孙·小山,5,'+86 199 0000 0002", "H009,周,3,", "H010,李,2,"
    ]  # fmt: skip
    assert "R010,H009" in files["rights.csv"] and "R001,H001" in files["rights.csv"]
    assert files["exclusions.geojson"].count("Feature") == 3


def test_exclusions_are_replaced_for_the_plots_of_the_folder_and_their_area_follows(database, village):
    load(database, village)
    (village / "exclusions.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    done = load(database, village)
    assert (done.counts["plots"].changed, done.counts["exclusions"].changed) == (1, 1)
    with database.read() as session:
        from plantation.models import Plot

        assert session.query(Plot.area_dm2).scalar() == 935_742


def test_a_workbook_with_all_sheets_is_as_good_as_files(database, tmp_path):
    sheets = {}
    for name in ("households", "rights", "seasons", "deductions", "weighings", "purchases", "payments"):
        text = (VILLAGES / "pooled" / f"{name}.csv").read_text("utf-8")
        rows = list(csv.reader(text.splitlines()))
        numeric = {"members", "entitlement_mu", "gross_kg", "tare_kg", "net_kg", "amount_yuan", "value", "season", "number"}
        sheets[name] = [rows[0]] + [
            [None if not cell else float(cell) if heading in numeric else cell for heading, cell in zip(rows[0], row, strict=True)]
            for row in rows[1:]
        ]
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "village.xlsx").write_bytes(workbook(sheets))
    for name in ("plots", "exclusions", "access", "parcels"):
        shutil.copy(VILLAGES / "pooled" / f"{name}.geojson", folder)
    load(database, folder)
    assert dump(database)["earnings.csv"] == (VILLAGES / "pooled" / "earnings.csv").read_text("utf-8")


def test_prices_and_deductions_are_added_and_never_changed(database, tmp_path):
    folder = shutil.copytree(VILLAGES / "posted", tmp_path / "posted")
    load(database, folder)
    header = "season,grade,valid_from,price_yuan_per_kg\n"
    late = write({"prices.csv": header + "2026,A,2026-09-15,5.21\n2026,B,2026-09-16,1\n2026,C,2026-08-01,1\n",
                  "deductions.csv": "season,code,kind,value\n2026,fund,percent,11\n"}, tmp_path / "late")  # fmt: skip
    assert faults(database, late) == [
        "deductions.csv, row 2, code: Deduction fund of season 2026 is there already, as percent 10; take it off there first.",
        "prices.csv, row 2, price_yuan_per_kg: Grade A has a price of 5.20 yuan per kg from 2026-09-15 already.",
        "prices.csv, row 3, valid_from: Grade B was weighed until 2026-09-16 in season 2026, at the price in force then;"
        " a change can only apply to days after that.",
    ]


def test_the_same_key_with_other_content_is_a_fault_and_payments_are_counted(database, village):
    load(database, village)
    change(village, "weighings.csv", "41.500", "41.501")
    change(village, "purchases.csv", "A,80,5", "A,81,5")
    assert [fault.split(":")[0] for fault in faults(database, village)] == [
        "purchases.csv, row 2, number", "weighings.csv, row 2, id"
    ]  # fmt: skip
    change(village, "weighings.csv", "41.501", "41.500")
    change(village, "purchases.csv", "A,81,5", "A,80,5")
    with (village / "payments.csv").open("a", encoding="utf-8") as file:
        file.write("2025,H001,2025-11-20,cash,100.00,\n")
    assert (load(database, village).counts["payments"].created, dump(database)["payments.csv"].count("100.00")) == (1, 3)


def test_a_settled_season_keeps_its_terms_and_a_new_row_cannot_claim_to_be_in_it(database, tmp_path):
    load(database, VILLAGES / "pooled")
    settle_and_correct(database, random.Random(3))
    folder = write(dump(database), tmp_path / "settled")
    change(folder, "seasons.csv", "pooled,2", "pooled,3")
    with (folder / "weighings.csv").open("a", encoding="utf-8") as file:
        file.write("w9,,2025,2025-08-20T09:30:00+08:00,H001,,,A,10,1,,,,,,1\n")
    said = faults(database, folder)
    assert said[0].startswith("seasons.csv, row 2, tolerance_pct: Season 2025 was settled finally on 2026-11-15")
    change(folder, "seasons.csv", "pooled,3", "pooled,2")
    (fault,) = faults(database, folder)
    assert fault.endswith("settlement: Settlement 1 of season 2025 is final without this row; leave the cell blank.")


def test_payments_that_come_after_the_settlement_pay_no_more_than_is_owed(database, tmp_path):
    load(database, VILLAGES / "pooled")
    settle_and_correct(database, random.Random(3))
    earned = {row["household"]: row for row in csv.DictReader(dump(database)["earnings.csv"].splitlines()) if row["season"] == "2025"}
    owed, balance_yuan = max((Decimal(row["balance_yuan"]), row["balance_yuan"]) for row in earned.values())
    code = next(code for code, row in earned.items() if row["balance_yuan"] == balance_yuan)
    assert owed > 1
    header = "season,household,date,method,amount_yuan,reference\n"

    def paid(*amounts):
        text = header + "".join(f"2025,{code},2026-11-20,bank,{amount},{place}\n" for place, amount in enumerate(amounts))
        return write({"payments.csv": text}, tmp_path / "later")

    assert faults(database, paid(1, owed - Decimal("0.99"))) == [
        f"payments.csv, row {row}, amount_yuan: Household {code} is owed {balance_yuan} yuan for season 2025; {owed + Decimal('0.01')} yuan is more."
        for row in (2, 3)
    ]
    assert load(database, paid(1, owed - 1)).counts["payments"].created == 2
    assert load(database, paid(1, owed - 1)).counts["payments"].unchanged == 2
    assert faults(database, paid(1, owed - 1, "0.01")) == [
        f"payments.csv, row 4, amount_yuan: Household {code} is owed 0.00 yuan for season 2025; 0.01 yuan is more."
    ]
    # Bounced, and paid once more in two parts: all of it in one file.
    assert load(database, paid(1, owed - 1, 1 - owed, owed - 2, 1)).counts["payments"].created == 3


def test_settlements_come_in_order_and_are_not_of_the_future(database, village):
    for name in ("weighings.csv", "purchases.csv"):
        first, *lines = (village / name).read_text("utf-8").splitlines()
        (village / name).write_text("\n".join([first + ",settlement", *(line + ",1" for line in lines)]), "utf-8")
    header = "season,number,settled_at,settled_by\n"
    write({"settlements.csv": header + "2025,2,2026-11-01T00:00:00Z,Zhao\n"}, village)
    assert "cannot come before settlement 1" in faults(database, village)[0]
    write({"settlements.csv": header + "2025,1,2027-11-01T00:00:00Z,Zhao\n"}, village)
    assert "lies in the future" in faults(database, village)[0]
    write({"settlements.csv": header + "2025,1,2025-10-01T00:00:00Z,Zhao\n"}, village)
    assert "runs until 2025-10-31" in faults(database, village)[0]
    write({"settlements.csv": header + "2025,1,2025-11-01T00:00:00Z,Zhao\n"}, village)
    assert load(database, village).counts["settlements"].created == 1
    write({"settlements.csv": header + "2025,1,2025-11-01T00:00:00Z,Qian\n"}, village)
    assert "is there already, of 2025-11-01T08:00:00+08:00 by Zhao" in faults(database, village)[0]


def test_a_parcel_stays_in_its_plot(database, village):
    load(database, village)
    text = (village / "plots.geojson").read_text("utf-8")
    (village / "plots.geojson").write_text(text.replace('"P1"', '"P2"'), "utf-8")
    change(village, "exclusions.geojson", "P1", "P2")
    change(village, "parcels.geojson", '"plot": "P1", "right": "R001"', '"plot": "P2", "right": "R001"')
    assert faults(database, village) == [
        "parcels.geojson, row 1, plot: Parcel P1-1 lies in plot P1 already; in plot P2 it needs another code."
    ]


def test_a_buyer_is_any_text_and_is_met_on_the_way(database, village):
    text = (village / "purchases.csv").read_text("utf-8")
    (village / "purchases.csv").write_text(text.replace(",LI,", ',"Li & Sons, Ltd.",'), "utf-8")
    load(database, village)
    assert dump(database)["purchases.csv"].count('"Li & Sons, Ltd."') == 3


def test_a_folder_without_any_of_the_files_is_refused(database, tmp_path):
    write({"notes.txt": "x", "earnings.csv": "season\n"}, tmp_path / "other")
    with pytest.raises(NothingToRead):
        load(database, tmp_path / "other")
