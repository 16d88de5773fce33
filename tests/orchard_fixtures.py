"""Fixtures of the orchard (tests/orchard.py), planted once and copied for each test, with browsers of its people."""

from __future__ import annotations

import shutil

import pytest
from flask.testing import FlaskClient

from plantation.services.collectives import create_collective
from plantation.services.desk import choose_collective
from tests.conftest import NOW
from tests.databases import open_file
from tests.doors import PIN, SECRET, borrow_app, enter, give_accounts
from tests.orchard import grow


@pytest.fixture(scope="session")
def orchard_file(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("orchard") / "orchard.db"
    shutil.copyfile(sqlite_template, path)
    database = open_file(path)
    with database.write() as session:
        collective = create_collective(session, "aguoyi", "阿果依村", "Asia/Shanghai", NOW)
        grow(session, collective, NOW)
    give_accounts(database, collective)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture
def orchard_database(orchard_file, tmp_path):
    path = tmp_path / "orchard.db"
    shutil.copyfile(orchard_file, path)
    database = open_file(path)
    yield database
    database.dispose()


@pytest.fixture
def orchard(orchard_database):
    with orchard_database.read() as session:
        return choose_collective(session)


@pytest.fixture
def app(orchard_database):
    with borrow_app(orchard_database, lambda: NOW) as app:
        yield app


def unread(browser):
    """The same browser, but its pages are not parsed: for very many of them, or for addresses that no page can hold."""
    browser.__class__ = FlaskClient
    return browser


@pytest.fixture
def qian(app):
    return enter(app, "H001", PIN)


@pytest.fixture
def sun(app):
    return enter(app, "H002", PIN)


@pytest.fixture
def zhou(app):
    return enter(app, "H009", PIN)


@pytest.fixture
def zhao(app):
    return enter(app, "zhao", SECRET)


@pytest.fixture
def li(app):
    return enter(app, "b001", SECRET)


@pytest.fixture
def he(app):
    return enter(app, "b002", SECRET)
