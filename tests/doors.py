"""The web as a test enters it: an application over a test's database, accounts for the cast, and browsers without JavaScript."""

from __future__ import annotations

import re
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import select

from plantation import create_app
from plantation.domain.words import Role
from plantation.models import Buyer, Household
from plantation.services.desk import Desk
from plantation.services.people import accounts
from tests.conftest import NOW
from tests.web.pages import ReadingClient

SECRET = "leaf silver-green 2026"
PIN = "481905"


def open_app(database, now=NOW, **settings):
    """An application over `database` whose clock stands at `now`."""
    app = create_app({"SECRET_KEY": "for tests only, never served", **settings}, database)
    app.extensions["plantation.clock"] = lambda: now
    return app


_spare = []


@contextmanager
def borrow_app(database, clock):
    """An application over `database` with the settings of tests, built once a process and lent to a test at a time.

    Building one takes longer than most tests. What a test may change is put right here: the database, the clock and the
    browser; whoever adds routes or settings builds one with `open_app`.
    """
    app = _spare.pop() if _spare else open_app(database)
    app.extensions["plantation"], app.extensions["plantation.clock"] = database, clock
    app.test_client_class = ReadingClient
    yield app
    _spare.append(app)


def give_accounts(database, collective, *, now=NOW) -> None:
    """Zhao manages; each household signs in under its code, each buyer under its code in small letters."""
    with database.write() as session:
        desk = Desk(session, collective, "Zhao", now)
        of = collective.id
        accounts.create_account(desk, name="zhao", role=Role.MANAGER, secret=SECRET, language="en")
        for household in session.scalars(select(Household).where(Household.collective_id == of)):
            accounts.create_account(desk, name=household.code, role=Role.HOUSEHOLD, secret=PIN, household=household, language="en")
        for buyer in session.scalars(select(Buyer).where(Buyer.collective_id == of)):
            accounts.create_account(desk, name=buyer.code.lower(), role=Role.BUYER, secret=SECRET, buyer=buyer, language="en")


def token_of(page: str) -> str:
    """The CSRF token of a page."""
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def enter(app, name: str, secret: str):
    """A browser in which `name` has signed in."""
    browser = app.test_client()
    reading, browser.__class__ = browser.__class__, FlaskClient  # the sign-in page has tests of its own that read it
    token = token_of(browser.get("/sign-in").text)
    answer = browser.post("/sign-in", data={"csrf_token": token, "name": name, "secret": secret, "next": ""})
    assert answer.status_code == 302, answer.text
    browser.__class__ = reading
    return browser
