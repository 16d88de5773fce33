"""What the program asks of SQLite; the suite itself waits for no disk (tests/databases.py)."""

from __future__ import annotations

from plantation.database import Database


def test_an_sqlite_file_waits_for_the_disk_and_holds_references(sqlite_template):
    database = Database(f"sqlite:///{sqlite_template.as_posix()}")
    with database.engine.connect() as connection:
        asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "foreign_keys", "journal_mode")}
    database.dispose()
    assert asked == {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}  # 2 is FULL
