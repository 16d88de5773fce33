"""A village whose land Zhao plans: its fixtures, and the way to a plan."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import func, select

from plantation.services.desk import Desk
from tests.land_cast import found_land
from tests.web.conftest import NOON
from tests.web.managers.conftest import Office

NEW = "/managers/allocations/new"


@pytest.fixture
def app(make_app, tmp_path):
    """Plans lie in a folder of the test's own."""
    return make_app(PLANS_FOLDER=str(tmp_path / "plans"))


@pytest.fixture
def village(sqlite_database, aguoyi):
    """Three rights to 10 mu each, 20 mu in P1 and 10 in P2."""
    with sqlite_database.write() as session:
        found_land(Desk(session, aguoyi, "Zhao", NOON))
    return aguoyi


def make_plan(office: Office, **fields) -> str:
    """Fill in the form and wait for the plan: the address of its page."""
    answer = office.send(NEW, 302, **{"plots": ["P1", "P2"], "seed": "316", **fields})
    return wait(office, answer.location)


def wait(office: Office, address: str) -> str:
    for _ in range(150):
        page = office.get(address)
        if page.find(attrs={"http-equiv": "refresh"}) is None:
            return address
        time.sleep(0.1)
    raise AssertionError("the plan is never done")


def count(database, model) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(model))
