"""The web over a fresh SQLite file: `app`, `client` (signed out), `sign_in(name)` and a clock that tests move."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from plantation import create_app
from plantation.domain.words import Role
from plantation.services.collectives import Rules, change_rules, create_collective
from plantation.services.desk import Desk, choose_collective
from plantation.services.people.accounts import create_account
from tests.databases import plant_once
from tests.doors import borrow_app
from tests.web.pages import ReadingClient

NOON = dt.datetime(2026, 11, 24, 4, 0, tzinfo=dt.UTC)
PASSWORD = "berries under snow"


class Clock:
    """The application's clock; `pass_time(minutes=5)` moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_time(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def make_app(sqlite_database, clock):
    """`make_app(HTTPS=True, …)`: an application with those settings over the test's database."""

    def make(**settings):
        app = create_app({"SECRET_KEY": "only for tests", "TESTING": False, **settings}, sqlite_database)
        app.extensions["plantation.clock"] = clock
        app.test_client_class = ReadingClient
        return app

    return make


@pytest.fixture
def app(sqlite_database, clock):
    with borrow_app(sqlite_database, clock) as app:
        yield app


@pytest.fixture
def aguoyi(sqlite_database):
    """The collective, in which Zhao manages; English pages."""

    def found():
        with sqlite_database.write() as session:
            desk = Desk(session, create_collective(session, "aguoyi", "阿果依村", "Asia/Shanghai", NOON), "cli", NOON)
            create_account(desk, name="Zhao", role=Role.MANAGER, secret=PASSWORD, language="en")
            # Zhao works alone here; what a second person and a notice are for is in the tests of notices and releases.
            change_rules(desk, Rules(four_eyes=False, posting_days=0))

    plant_once(sqlite_database, "Zhao's collective", found)
    with sqlite_database.read() as session:
        return choose_collective(session)


@pytest.fixture
def client(app):
    """A browser that asks for English."""
    return browser_of(app)


def browser_of(app, **headers: str):
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    browser.environ_base.update({f"HTTP_{name.upper()}": value for name, value in headers.items()})
    return browser


def token_of(response) -> str:
    """The CSRF token of a page."""
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', response.text)[1]


def post_sign_in(browser, name: str = "Zhao", secret: str = PASSWORD, **more: str):
    """Fill in the sign-in page and send it."""
    token = token_of(browser.get("/verify"))
    return browser.post("/sign-in", data={"csrf_token": token, "name": name, "secret": secret, "next": "", **more})
