"""Whoever edits, deletes or invents a fact with the database file in hand is found, table by table and column by column."""

from __future__ import annotations

import pytest
from sqlalchemy import BigInteger, Boolean, Date, DateTime, Integer, LargeBinary, text

from plantation.models.base import Instant
from plantation.services import facts
from plantation.services.folder.fact_files import in_order
from plantation.services.money.advances import METHOD
from plantation.services.proof.verification import verify
from tests.services.folder.test_fact_files import busy

__all__ = ["busy"]


def changed(column, table):
    """SQL that gives the column another value that its constraints may allow, or None where there is none."""
    kind = column.type
    if column.name in ("collective_id", "id") or column.foreign_keys:
        return None
    if isinstance(kind, LargeBinary):
        return "X'FFD8FFD9'"
    if isinstance(kind, Boolean):
        return f"NOT {column.name}"
    if isinstance(kind, Date):
        return "'2020-01-01'" if column.name != "ends_on" else "'2030-01-01'"
    if isinstance(kind, (DateTime, Instant)):
        return "'2020-01-01 00:00:00.000000'"
    if isinstance(kind, (BigInteger, Integer)):
        return f"COALESCE({column.name}, 0) + {1_000_000 if column.name == 'entry' else 1}"
    words = {"form": "advance_cash", "about": "weight_wrong", "step": "released", "subject": "price", "mix": "[]", "lines": "[]"}
    return f"'{words.get(column.name, 'other')}'"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # whose file a manager can have in hand
def test_every_column_of_every_fact_is_held_against_its_entry(busy, desk, database):
    tried = 0
    for table in in_order():
        for column in table.__table__.columns:
            value = changed(column, table)
            if value is None:
                continue
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
                first = f"(SELECT MIN(id) FROM {table.__tablename__})"
                before = connection.exec_driver_sql(f"SELECT {column.name} FROM {table.__tablename__} WHERE id = {first}").scalar()
                connection.exec_driver_sql(f"UPDATE {table.__tablename__} SET {column.name} = {value} WHERE id = {first}")
                connection.commit()
            with desk(reading=True) as d:
                fault = verify(d)
            assert fault is not None, (table.__tablename__, column.name)
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
                connection.exec_driver_sql(f"UPDATE {table.__tablename__} SET {column.name} = ? WHERE id = {first}", (before,))
                connection.commit()
            tried += 1
    assert tried > 60
    with desk(reading=True) as d:
        assert verify(d) is None


def test_a_fact_that_is_deleted_or_invented_is_named(busy, desk, database):
    for table in ("buyer_payments", "dividend_payments", "releases"):
        with database.write() as session:
            kept = session.execute(text(f"SELECT * FROM {table} ORDER BY entry DESC LIMIT 1")).mappings().one()
            session.execute(text(f"DELETE FROM {table} WHERE id = {kept['id']}"))
        with desk(reading=True) as d:
            assert "is missing" in str(verify(d)) and str(kept["id"]) in str(verify(d))
        with database.write() as session:
            names = ", ".join(kept)
            session.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + name for name in kept)})"), dict(kept))
        with database.write() as session:
            values = ", ".join({"id": "id + 1", "entry": "1"}.get(name, name) for name in kept)
            own = " AND reverses_id IS NULL" if "reverses_id" in kept else " AND prepared_id IS NULL"
            session.execute(text(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE 1 = 1{own} LIMIT 1"))
        with desk(reading=True) as d:
            assert "never recorded" in str(verify(d))
        with database.write() as session:
            session.execute(text(f"DELETE FROM {table} WHERE entry = 1"))
    with desk(reading=True) as d:
        assert verify(d) is None
        assert {table.kind for table in facts.tables()} >= {"advance", "dividend", "dispute", "notice"} and METHOD == "advance"
