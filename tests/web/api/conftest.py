"""A village whose device sends weighings, and what it is answered."""

from __future__ import annotations

import json
import shutil
import uuid

import pytest
from sqlalchemy import func, select

from plantation.models import Weighing
from plantation.services.desk import Desk
from plantation.services.people import devices
from tests.conftest import NOW
from tests.databases import open_file
from tests.doors import open_app

URL = "/api/v1/weighings"


@pytest.fixture
def app(database, village):
    return open_app(database)


@pytest.fixture
def token(desk, village):
    with desk() as zhao:
        return devices.create_device_token(zhao, "scale 1")


@pytest.fixture
def send(app, token):
    """`send(items)` or `send(raw=bytes)`: the answer."""
    client = app.test_client()

    def call(items=None, *, raw=None, token=token, language=None):
        body = json.dumps({"weighings": items}).encode() if raw is None else raw
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if language:
            headers["Accept-Language"] = language
        return client.post(URL, data=body, headers=headers)

    return call


def item(**changes):
    """A weighing of Qian's as a device sends it."""
    fields = {
        "id": str(uuid.uuid4()),
        "season": "2026",
        "time": "2026-09-01T08:30:00+08:00",
        "household": "H001",
        "grade": "A",
        "gross_kg": "25.300",
        "tare_kg": "1.2",
        "deduction_pct": "2.5",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not ...}


def results(answer):
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/json"
    return answer.get_json()["results"]


def count(database):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Weighing))


@pytest.fixture(scope="module")
def village_file(sqlite_template, tmp_path_factory):
    """The cast's village and a device's token, founded once: (file, token)."""
    from plantation.services.collectives import create_collective
    from tests.cast import found_village

    path = tmp_path_factory.mktemp("village") / "village.db"
    shutil.copyfile(sqlite_template, path)
    database = open_file(path)
    with database.write() as session:
        collective = create_collective(session, "aguoyi", "阿果依村", "Asia/Shanghai", NOW, actor="Zhao")
        found_village(session, collective)
        token = devices.create_device_token(Desk(session, collective, "Zhao", NOW), "scale 1")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path, token


@pytest.fixture
def sqlite_send(village_file, tmp_path):
    """`send` on SQLite alone, with its database: what is refused is refused before the database is asked."""
    template, token = village_file
    path = tmp_path / "village.db"
    shutil.copyfile(template, path)
    database = open_file(path)
    client = open_app(database).test_client()

    def call(items=None, *, raw=None):
        body = json.dumps({"weighings": items}).encode() if raw is None else raw
        return client.post(URL, data=body, headers={"Authorization": f"Bearer {token}"})

    yield call, database
    database.dispose()
