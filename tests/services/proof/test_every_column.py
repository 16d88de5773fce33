"""Whoever edits a column, deletes a row or copies one with the database file in hand is found: in every table that is not a
table of facts (those: test_facts.py), column by column. What carries no fact is named here, and so is docs/security.md's list."""

from __future__ import annotations

import datetime as dt
import re

import pyotp
import pytest
import shapely
from sqlalchemy import Boolean, Date, DateTime, Float, Integer, LargeBinary, select
from sqlalchemy.exc import DataError, IntegrityError

from plantation.domain.words import Role
from plantation.geometry.outline import read_outline
from plantation.models import Base, Buyer, DeviceToken
from plantation.models.base import Geometry, Instant
from plantation.services import facts
from plantation.services.desk import Desk
from plantation.services.fruit.purchases import reverse_purchase
from plantation.services.fruit.slip_numbers import lease_slips
from plantation.services.fruit.weighings import record_weighing
from plantation.services.land.allocations import commit_allocation, plan_allocation
from plantation.services.land.exclusions import add_exclusion, replace_access
from plantation.services.land.plots import save_plot
from plantation.services.money.seasons import load_season
from plantation.services.people import passwords, second_factors
from plantation.services.people.accounts import create_account
from plantation.services.people.cards import new_household_card
from plantation.services.people.devices import create_device_token
from plantation.services.people.households import load_household
from plantation.services.people.relatives import give_access
from plantation.services.proof.verification import verify
from tests.cast import LI, QIAN
from tests.databases import plant_once
from tests.services.folder.test_fact_files import busy
from tests.services.fruit.test_weighings import weighed

__all__ = ["busy"]

SECRET = "berries under snow"
# Who may come in, from which browser, with which secret, and what a phone last told: doors, not books.
DOORS = {"device_states", "device_tokens", "recovery_codes", "sign_in_attempts", "sign_ins"}
# Columns that say nothing of land, weight or money: names and phones (the chain names no person), looks, secrets, counters.
FREE = {
    "access_lines": {"kind"},
    "accounts": {"name", "person", "secret_hash", "language", "weight_unit", "created_at", "signed_in_at"},
    "allocations": {"report", "recorded_at", "recorded_by"},
    "buyers": {"name", "phone"},
    "collectives": {"name", "created_at"},
    "households": {"name", "phone"},
    "plots": {"name"},
    "second_factors": {"secret", "last_step", "created_at"},
    # Numbers are lent, no more: handed out a second time they are found (test_verification.py), as is the next one set back.
    "slip_leases": {"request", "first_number", "last_number", "leased_at"},
    "slip_ranges": {"next_number"},
}
NOWHERE = {"version"}  # counts the saves of a form


@pytest.fixture
def every_row(database, busy, desk):
    """A row in each table."""
    plant_once(database, "a row in each table", lambda: fill_tables(desk))
    with desk(reading=True) as d:
        assert verify(d) is None


def fill_tables(desk):
    with desk() as d:
        qian = load_household(d, QIAN)
        zhao = create_account(d, name="zhao", role=Role.MANAGER, secret=SECRET)
        secret = second_factors.new_secret()
        second_factors.turn_on(d, zhao, secret, pyotp.TOTP(secret).at(d.now))
        create_account(d, name="li", role=Role.BUYER, secret=SECRET, buyer=d.session.scalar(select(Buyer).where(Buyer.code == LI)))
        new_household_card(d, qian)
        give_access(d, qian, "儿子", passwords.random_pins(1)[0])
        create_device_token(d, "scale 1")
        lease_slips(d, d.session.scalar(select(DeviceToken.id)), load_season(d, "2026"), 50, "r-1")
    with desk() as d:
        plot = save_plot(
            d,
            code="P3",
            name="河湾",
            outline=read_outline(shapely.box(78.42, 40.9, 78.43, 40.91)),
            planted_on=dt.date(2018, 4, 1),
            variety="深秋红",
            row_bearing=12.5,
            row_spacing_m=4.0,
        )
        add_exclusion(d, plot, kind="canal", outline=shapely.LineString([(78.422, 40.9), (78.422, 40.91)]), width_m=3)
        replace_access(d, [("road", shapely.LineString([(78.41, 40.9), (78.44, 40.9)]))])
        commit_allocation(d, plan_allocation(d, rule="waitlist", seed="1", plots=["P3"]))
        record_weighing(d, weighed(household=None, plot="P1"))
        reverse_purchase(d, "2025", "7", reason="wrong buyer")


def other_value(column):
    """SQL for another value of the column's kind; a row that is there where it names one."""
    kind = column.type
    named = [key.column for key in column.foreign_keys if key.column.name == "id"]
    if named:
        other = f"SELECT MAX(id) FROM {named[0].table.name} AS other WHERE other.id <> {column.table.name}.{column.name}"
        return f"COALESCE(({other}), '7')"
    if isinstance(kind, (Geometry, LargeBinary)):
        return f"X'{shapely.to_wkb(shapely.box(78.4, 40.9, 78.401, 40.901), hex=True)}'"
    if isinstance(kind, Boolean):
        return f"NOT {column.name}"
    if isinstance(kind, Date):
        return "'2019-01-01'"
    if isinstance(kind, (DateTime, Instant)):
        return "'2019-01-01 00:00:00.000000'"
    if isinstance(kind, (Integer, Float)):
        return f"COALESCE({column.name}, 0) + 1"
    return "'other'"


def kept_tables():
    sealed = {table.__tablename__ for table in facts.tables()}
    return [table for name, table in sorted(Base.metadata.tables.items()) if name not in sealed | DOORS]


def found_after(session, collective, statement):
    """What verify says after the statement; the statement is undone. None: nothing; "": the statement changed nothing."""
    nested = session.begin_nested()
    if session.get_bind().dialect.name == "postgresql":
        statement = re.sub("X'([0-9A-F]+)'", r"decode('\1', 'hex')", statement)
    try:
        if session.connection().exec_driver_sql(statement).rowcount < 1:
            return ""
        session.expire_all()
        return verify(Desk(session, collective, "check", dt.datetime(2026, 11, 30, tzinfo=dt.UTC)))
    except DataError as refused:  # PostgreSQL holds each value against its column's type
        return refused
    finally:
        nested.rollback()


def take_in_hand(connection):
    """No key and no check of the database hinders, until the transaction is rolled back."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        return
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    named = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    for table, check in connection.exec_driver_sql(named).all():
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {check}")


@pytest.fixture
def with_the_file_in_hand(every_row, collective, database):
    """`found(statement)`: keys and checks of the database do not hinder who writes into the file."""
    with database.write() as session:
        take_in_hand(session.connection())
        yield lambda statement: found_after(session, collective, statement)
        session.rollback()
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")


def number_of(table):
    """The column that tells rows of a table apart."""
    return {"journal": "sequence", "journal_heads": "collective_id", "earnings": "household_id"}.get(table.name, "id")


def last_row(table):
    key = number_of(table)
    return f"{key} = (SELECT MAX({key}) FROM {table.name})"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_column_is_held_against_the_journal_or_named_as_free(with_the_file_in_hand):
    unfound, needless = [], []
    for table in kept_tables():
        for column in table.columns:
            if column.name in NOWHERE | {"id", "collective_id", "sequence" if table.name == "journal" else ""}:
                continue
            edit = f"UPDATE {table.name} SET {column.name} = {other_value(column)} WHERE {last_row(table)}"
            try:
                fault = with_the_file_in_hand(edit)
            except IntegrityError:  # that row has such a line already
                fault = with_the_file_in_hand(f"UPDATE {table.name} SET {column.name} = '7' WHERE {last_row(table)}")
            is_free = column.name in FREE.get(table.name, ())
            assert fault != "", f"no row in {table.name}"
            if fault is None and not is_free:
                unfound.append(f"{table.name}.{column.name}")
            if fault is not None and is_free and not isinstance(fault, DataError):
                needless.append(f"{table.name}.{column.name}: {fault}")
    assert unfound == []
    assert needless == []


def test_a_row_that_is_gone_or_holds_nothing_is_found_in_every_table(with_the_file_in_hand):
    unfound = []
    for table in kept_tables():
        # Numbers that a phone was lent are no fact while no slip has them.
        if with_the_file_in_hand(f"DELETE FROM {table.name} WHERE {last_row(table)}") is None and table.name != "slip_leases":
            unfound.append(table.name)
        for column in table.columns:
            if not column.nullable or column.name in FREE.get(table.name, ()):
                continue
            there = f"UPDATE {table.name} SET {column.name} = NULL WHERE {column.name} IS NOT NULL"
            if with_the_file_in_hand(there) is None:
                unfound.append(f"{table.name}.{column.name}")
    assert unfound == []


def test_a_row_that_was_copied_in_is_found_in_every_table(with_the_file_in_hand):
    """With a key of its own, another code, and an entry that nobody has written."""
    unfound = []
    other = {"id": "7", "sequence": "1000000", "entry": "1000000", "through_entry": "1000000", "number": "9", "slip": "'x'",
             "code": "'other'", "name": "'other'", "first_number": "500", "last_number": "501", "request": "'x'", "reverses_id": "NULL"}  # fmt: skip
    for table in kept_tables():
        if table.name in {"collectives", "journal_heads"}:
            continue  # another collective is another's
        names = [column.name for column in table.columns]
        unique = {"prices": {"valid_from": "'2019-01-01'"}, "weighing_shares": {"parcel_id": "7"}, "earnings": {"household_id": "7"},
                  "settlement_grades": {"grade": "'other'"}, "purchase_lines": {"line": "9"}, "second_factors": {"account_id": "7"}, "slip_ranges": {"season_id": "7"}}  # fmt: skip
        values = [(other | unique.get(table.name, {})).get(name, name) for name in names]
        statement = f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table.name} WHERE {last_row(table)}"
        fault = with_the_file_in_hand(statement)
        assert fault != "", table.name
        if fault is None:
            unfound.append(table.name)
    assert unfound == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_value_that_no_program_could_have_written_ends_in_a_sentence(with_the_file_in_hand):
    """A text where the number of an entry is, bytes where a text is: named, never a traceback."""
    for edit in (
        "UPDATE payments SET entry = 'torn' WHERE id = (SELECT MAX(id) FROM payments)", "UPDATE journal SET sequence = X'00FF' WHERE sequence = 3", "DELETE FROM journal_heads",
        "UPDATE weighings SET weighed_at = 'torn'", "UPDATE plots SET outline = X'0101'", "UPDATE parcels SET outline = X'00'",
        "UPDATE earnings SET fruit = 'torn'", "UPDATE journal SET payload = '{' WHERE sequence = 5",
    ):  # fmt: skip
        assert str(with_the_file_in_hand(edit)), edit
