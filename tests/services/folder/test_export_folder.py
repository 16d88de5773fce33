"""Export: the contract's files, and export, import into an empty database, export gives the same bytes."""

import random
import shutil
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from plantation.cli.export import write_files
from plantation.exchange.cells import unguard
from plantation.models import Buyer, Collective, Household, JournalHead, Payment, Purchase, PurchaseLine, Season
from plantation.services.bulk import insert_rows
from plantation.services.desk import Desk
from plantation.services.folder.export_fruit import payment_rows, purchase_rows
from tests.databases import open_file
from tests.services.folders import NOW, VILLAGES, dump, head, load, settle_and_correct, write
from tests.services.random_folders import RandomFolder

FILES = ["plots.geojson", "exclusions.geojson", "access.geojson", "parcels.geojson", "households.csv", "rights.csv", "seasons.csv",
         "prices.csv", "deductions.csv", "settlements.csv", "weighings.csv", "weighing_shares.csv", "purchases.csv", "payments.csv", "earnings.csv"]  # fmt: skip


@pytest.fixture
def fresh(sqlite_template, tmp_path):
    """Makes an empty database."""
    made = []

    def make():
        path = tmp_path / f"fresh{len(made)}.db"
        shutil.copyfile(sqlite_template, path)
        made.append(open_file(path))
        return made[-1]

    yield make
    for database in made:
        database.dispose()


@pytest.mark.parametrize("village", ["pooled", "posted"])
def test_earnings_are_what_was_worked_out_by_hand(database, village):
    load(database, VILLAGES / village)
    by_hand = (VILLAGES / village / "earnings.csv").read_text("utf-8-sig")
    assert dump(database)["earnings.csv"] == by_hand.replace("\r\n", "\n")


def test_the_files_are_the_contracts_with_lf_and_no_bom(database):
    load(database, VILLAGES / "posted")
    files = dump(database)
    assert list(files) == FILES
    assert not any("\r" in text or text.startswith("\ufeff") for text in files.values())
    assert files["weighings.csv"].splitlines()[2] == ("p2,2026-000001,2026,2026-09-14T22:30:00+06:00,H001,,,A,11.000,1.000,0,,,,,")
    assert files["rights.csv"].splitlines()[1] == "R001,H001,10,2018-04-15,2048-04-14,active"


@pytest.mark.parametrize("village", ["pooled", "posted"])
def test_export_import_export_gives_the_same_bytes_between_sqlite_and_postgresql(database, fresh, tmp_path, village):
    load(database, VILLAGES / village)
    settle_and_correct(database, random.Random(7))
    first = dump(database)
    assert len(first["settlements.csv"].splitlines()) > 1
    other = fresh()
    load(other, write(first, tmp_path / "first"))
    assert dump(other) == first


def test_parcels_that_changed_hands_do_not_change_how_fruit_was_shared(sqlite_database, fresh, tmp_path):
    folder = shutil.copytree(VILLAGES / "pooled", tmp_path / "v")
    load(sqlite_database, folder)
    settle_and_correct(sqlite_database, random.Random(7))
    text = (folder / "parcels.geojson").read_text("utf-8")
    text = text.replace('"right": "R001", "household": "H001"', '"household": "H009"').replace("6000.00", "5950.00")
    load(sqlite_database, write({"parcels.geojson": text}, tmp_path / "given"))
    first = dump(sqlite_database)
    assert first["weighing_shares.csv"].splitlines()[1:] == ["w3,P1-1,H001,6000.00,20.001", "w3,P1-2,H002,3000.00,10.000"]
    other = fresh()
    load(other, write(first, tmp_path / "first"))
    assert dump(other) == first


def test_texts_that_begin_a_formula_are_quoted_and_come_back_as_they_were(sqlite_database, fresh, tmp_path):
    folder = shutil.copytree(VILLAGES / "pooled", tmp_path / "v")
    (folder / "households.csv").write_text("code,name,members,phone\nH001,=HYPERLINK(1),4,+86 199\nH002,'=x,5,\nH009,@周,3,\n", "utf-8")
    load(sqlite_database, folder)
    files = dump(sqlite_database)
    assert files["households.csv"].splitlines()[1:] == ["H001,'=HYPERLINK(1),4,'+86 199", "H002,'=x,5,", "H009,'@周,3,"]
    assert files["earnings.csv"].splitlines()[1].endswith(",38.03")
    other = fresh()
    load(other, write(files, tmp_path / "again"))
    assert dump(other) == files


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_a_random_season_with_settlements_and_corrections_survives_the_round_trip(sqlite_template, tmp_path_factory, seed):
    place = tmp_path_factory.mktemp("round")
    databases = []
    for name in ("a.db", "b.db"):
        shutil.copyfile(sqlite_template, place / name)
        databases.append(open_file(place / name))
    one, other = databases
    made = RandomFolder(seed)
    load(one, made.write(place / "in"))
    before = head(one)
    load(one, place / "in")
    assert head(one) == before
    settle_and_correct(one, made.chance)
    first = dump(one)
    load(other, write(first, place / "first"))
    assert dump(other) == first
    before = head(one), head(other)
    load(one, place / "first")
    load(other, place / "first")
    assert (head(one), head(other)) == before
    for database in databases:
        database.dispose()
    shutil.rmtree(place)


def test_a_refused_export_leaves_what_was_there(tmp_path):
    folder = write({"households.csv": "old"}, tmp_path / "out")

    def pieces():
        yield "new"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_files(folder, [("households.csv", iter(["new"])), ("rights.csv", pieces())])
    assert (folder / "households.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    (folder / "rights.csv").mkdir()
    with pytest.raises(IsADirectoryError):
        write_files(folder, [("households.csv", iter(["new"])), ("rights.csv", iter(["new"]))])
    assert (folder / "households.csv").read_text() == "old"
    with pytest.raises(OSError, match="full"):
        write_files(tmp_path / "fresh", [("rights.csv", pieces())])
    assert not (tmp_path / "fresh").exists()
    assert write_files(folder, [("households.csv", iter(["n", "ew"]))]) == ["households.csv"]
    assert sorted(path.name for path in folder.iterdir()) == ["households.csv", "rights.csv"]
    assert (folder / "households.csv").read_text() == "new"


def test_purchases_and_payments_are_written_in_order_without_holding_all(database):
    load(database, VILLAGES / "pooled")
    strange = ["一", "é", "B", "a", "-1", "'=1", "Z", "z1"]
    households = strange + [f"M{place:04}" for place in range(1_200)]
    with database.write() as session:
        season, buyer = session.scalars(select(Season)).first(), session.scalars(select(Buyer)).first()
        start = session.scalar(select(JournalHead.sequence))
        mine = {"collective_id": season.collective_id, "season_id": season.id, "recorded_at": NOW, "recorded_by": "Zhao"}
        rows = {Household: [], Payment: [], Purchase: [], PurchaseLine: []}
        for place, code in enumerate(households):
            id_ = 10**9 + place
            rows[Household].append(
                {"collective_id": season.collective_id, "id": id_, "code": code, "name": code, "members": 1, "phone": "", "version": 1}
            )
            for count in range(5):
                entry = start + 1 + 5 * place + count
                fact = {**mine, "id": 10**9 + entry, "entry": entry, "reverses_id": None, "reason": ""}
                said = {
                    "household_id": id_,
                    "paid_on": season.starts_on,
                    "method": "cash",
                    "amount_fen": 1_000 - count,
                    "reference": "收据" * 50,
                }
                rows[Payment].append(fact | said)
                rows[Purchase].append(fact | {"number": f"{code}/{count}", "buyer_id": buyer.id, "purchased_on": season.starts_on})
                line = {
                    "purchase_id": fact["id"],
                    "line": 1,
                    "source_household_id": None,
                    "grade": "A",
                    "net_grams": 1,
                    "price_fen_per_kg": 1,
                }
                said = {name: fact[name] for name in ("collective_id", "season_id", "id", "entry")}
                rows[PurchaseLine].append(said | line | {"amount_fen": 0})
        for model, some in rows.items():
            insert_rows(session, model, tuple(some[0]), [tuple(row.values()) for row in some])
    del rows
    for written in (purchase_rows, payment_rows):
        with database.read() as session:
            desk = Desk(session, session.scalars(select(Collective)).one(), "cli", NOW)
            before, count = (), 0
            tracemalloc.start()
            for row in written(desk):
                key = (unguard(row[1]), unguard(row[0])) if written is purchase_rows else row
                assert key >= before
                before, count = key, count + 1
            held = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert count >= 5 * len(households)
        assert held < 5_000_000, f"{written.__name__} held {held:,} bytes"
