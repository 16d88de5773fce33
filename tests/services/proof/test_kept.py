"""Accounts, rights, seasons, prices and buyers: an edit past the program is found and named."""

from __future__ import annotations

import datetime as dt

import pytest
import shapely
from sqlalchemy import text

from plantation.domain.words import RightStatus, Role
from plantation.geometry.outline import read_outline
from plantation.services.fruit.buyers import save_buyer
from plantation.services.land.exclusions import add_exclusion, remove_exclusion
from plantation.services.land.plots import save_plot
from plantation.services.land.rights import save_right
from plantation.services.money.deductions import add_deduction, remove_deduction
from plantation.services.money.prices import add_price, remove_price
from plantation.services.money.seasons import save_season
from plantation.services.people.accounts import create_account, deactivate_account
from plantation.services.people.cards import new_household_card
from plantation.services.people.households import save_household
from plantation.services.proof.verification import verify
from tests.databases import plant_once

SECRET = "berries under snow"


@pytest.fixture
def kept(database, collective, desk):
    """One of each, some changed or removed since in the program's own way."""
    plant_once(database, "one of each", lambda: keep_one_of_each(desk))


def keep_one_of_each(desk):
    with desk() as d:
        qian = save_household(d, code="H001", name="钱", members=3, phone="")
        save_right(
            d,
            code="R1",
            household_code="H001",
            entitlement_millimu=10_000,
            starts_on=dt.date(2018, 1, 1),
            ends_on=dt.date(2048, 1, 1),
            status=RightStatus.ACTIVE,
        )
        season = save_season(d, code="2027", starts_on=dt.date(2027, 8, 1), ends_on=dt.date(2027, 10, 31), mode="posted", tolerance_ppm=0)
        add_price(d, season, grade="A", valid_from=dt.date(2027, 8, 1), price_fen_per_kg=500)
        gone = add_price(d, season, grade="B", valid_from=dt.date(2027, 8, 1), price_fen_per_kg=300)
        remove_price(d, season, gone.id)
        buyer = save_buyer(d, code="LI", name="Li")
        save_buyer(d, buyer=buyer, code="LI", name="Li", terms_days=10, version=buyer.version)
        create_account(d, name="zhao", role=Role.MANAGER, secret=SECRET)
        create_account(d, name="weigh", role=Role.WEIGHER, secret=SECRET)
        deactivate_account(d, create_account(d, name="old", role=Role.ACCOUNTANT, secret=SECRET))
        new_household_card(d, qian)
        add_deduction(d, season, code="1-fund", name="公积金", kind="percent", rate_ppm=25_000)
        add_deduction(d, season, code="2-gone", name="x", kind="yuan_per_kg", amount_fen=10)
        remove_deduction(d, season, "2-gone")
        plot = save_plot(d, code="P1", name="河湾", outline=read_outline(shapely.box(78.4, 40.9, 78.41, 40.91)))
        for lon in (78.402, 78.404):
            canal = add_exclusion(d, plot, kind="canal", outline=shapely.LineString([(lon, 40.9), (lon, 40.91)]), width_m=3)
        remove_exclusion(d, plot, canal.id)
    with desk(reading=True) as d:
        assert verify(d) is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # whose file a manager can have in hand
@pytest.mark.parametrize(("edit", "says"), [
    ("UPDATE accounts SET role = 'manager' WHERE name = 'weigh'", "account weigh .*role is manager, last recorded was weigher"),
    ("UPDATE accounts SET role = 'manager' WHERE name = 'H001'", "account H001 .*role is manager"),
    ("UPDATE accounts SET household_id = NULL WHERE name = 'H001'", "account H001 .*household_id is None"),
    ("UPDATE accounts SET is_active = (1 = 1) WHERE name = 'old'", "account old .*is_active"),
    ("INSERT INTO accounts (collective_id, id, name, role, secret_hash, language, weight_unit, is_active, created_at, version) "
     "SELECT collective_id, id + 1, 'thief', 'manager', secret_hash, language, weight_unit, is_active, created_at, version "
     "FROM accounts WHERE name = 'zhao'", "thief was never recorded"),
    ("UPDATE households SET members = 30", "household H001 .*members is 30, last recorded was 3"),
    ("UPDATE rights SET entitlement_millimu = 20000", "right R1 .*entitlement_millimu is 20000, last recorded was 10000"),
    ("UPDATE rights SET ends_on = '2050-01-01'", "right R1 .*ends_on is 2050-01-01"),
    ("DELETE FROM rights", "right R1 is gone"),
    ("UPDATE seasons SET ends_on = '2027-12-31'", "season 2027 .*ends_on"),
    ("UPDATE prices SET price_fen_per_kg = 600", "price 2027/A/2027-08-01 .*6.00, last recorded was 5.00"),
    ("UPDATE prices SET valid_from = '2027-08-02'", "price 2027/A/2027-08-01 is gone"),
    ("DELETE FROM prices", "price 2027/A/2027-08-01 is gone"),
    ("UPDATE buyers SET terms_days = 300", "buyer LI .*terms_days is 300, last recorded was 10"),
    ("UPDATE deductions SET rate_ppm = 10000", "deduction 2027/1-fund .*rate_ppm is 10000, last recorded was 25000"),
    ("DELETE FROM deductions", "deduction 2027/1-fund is gone"),
    ("INSERT INTO deductions (collective_id, id, season_id, code, name, kind, rate_ppm, amount_fen) SELECT collective_id, id + 1, season_id, "
     "'9-thief', 'x', 'percent', 900000, NULL FROM deductions", "deduction 2027/9-thief was never recorded"),
    ("UPDATE plots SET area_dm2 = area_dm2 + 1", "plot P1 .*area_dm2"),
    ("UPDATE plots SET code = 'P9'", "plot P1|plot P9"),
    ("UPDATE exclusions SET width_m = 1", "plot P1 .*exclusions"),
    ("DELETE FROM exclusions", "plot P1 .*exclusions"),
])  # fmt: skip
def test_an_edit_in_the_database_is_found_and_named(kept, desk, database, edit, says):
    with database.write() as session:
        assert session.execute(text(edit)).rowcount >= 1
    with desk(reading=True) as d:
        fault = verify(d)
    import re

    assert fault is not None and re.search(says, str(fault)), str(fault)
