"""Databases as tests open them: one for each test, and what SQLAlchemy has compiled kept for the next."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from plantation.database import Database

_compiled: dict = {}
_planted: dict[str, Path] = {}
_plants = Path(tempfile.mkdtemp(prefix="planted"))
atexit.register(shutil.rmtree, _plants, ignore_errors=True)


def open_database(url: str) -> Database:
    """`Database(url)` that shares the compiled statements of those that were opened before it.

    An engine of its own compiles all that it is asked once more: every other statement of a test, a fifth of the suite's time.
    The dialect learns of its server when its own engine connects, so the first of a kind does that at once.
    """
    database = Database(url)
    if database.is_sqlite:
        event.listen(database.engine, "connect", _wait_for_no_disk)
    engine = database.engine
    if database.url.drivername not in _compiled:
        engine.connect().close()
    engine.dialect, cache = _compiled.setdefault(database.url.drivername, (engine.dialect, {}))
    engine.update_execution_options(compiled_cache=cache)
    return database


def _wait_for_no_disk(connection: Any, _record: object) -> None:
    """A test's file need not survive a power cut; that the program asks for it is asserted in tests/test_database.py."""
    connection.execute("PRAGMA synchronous = OFF")


def open_file(path: Path) -> Database:
    """The database in an SQLite file."""
    return open_database(f"sqlite:///{path.as_posix()}")


def plant_once(database: Database, name: str, plant: Callable[[], None]) -> None:
    """Do `plant()` in a test's database before anything else is done with it; of an SQLite file only the first time in a process.

    From then on the file is a copy of what it was after that, keys and all. `name` is that of all that stands in it, what was
    planted before included.
    """
    if not database.is_sqlite:  # to copy a database of PostgreSQL takes longer than to plant it
        return plant()
    path = Path(database.url.database)
    if name in _planted:
        database.dispose()
        shutil.copyfile(_planted[name], path)
    else:
        plant()
        database.dispose()  # the last one to leave the file empties its log into it
        _planted[name] = _plants / f"{len(_planted)}.db"
        shutil.copyfile(path, _planted[name])
    return None
