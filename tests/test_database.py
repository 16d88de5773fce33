"""What the program asks of SQLite (the suite itself waits for no disk, tests/databases.py), and what PostgreSQL says no to."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from plantation.database import Database, ZeroByte


def test_an_sqlite_file_waits_for_the_disk_and_holds_references(sqlite_template):
    database = Database(f"sqlite:///{sqlite_template.as_posix()}")
    with database.engine.connect() as connection:
        asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "foreign_keys", "journal_mode")}
    database.dispose()
    assert asked == {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}  # 2 is FULL


def test_a_zero_byte_is_refused_and_the_transaction_goes_on(postgres_database):
    with postgres_database.read() as session:
        with pytest.raises(ZeroByte, match="zero byte"):
            session.execute(text("SELECT :typed = 'H001'"), {"typed": "H\x001"})
        assert session.execute(text("SELECT :typed = 'H001'"), {"typed": "H001"}).scalar() is True


def test_any_other_fault_stays_what_it_is(postgres_database):
    with postgres_database.read() as session, pytest.raises(DBAPIError, match="nowhere"):
        session.execute(text("SELECT 1 FROM nowhere"))
