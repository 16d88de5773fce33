"""Two of the office send the same form at the same moment, on both databases: both wait while somebody else writes."""

from __future__ import annotations

import threading
import time

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select, text

from plantation.domain.words import Role
from plantation.services import journal
from plantation.services.collectives import Rules, change_rules
from plantation.services.desk import Desk
from plantation.services.people.accounts import create_account
from tests.conftest import NOW
from tests.doors import SECRET, borrow_app, enter, give_accounts
from tests.orchard import grow_orchard
from tests.orchard_fixtures import unread
from tests.web.managers.conftest import Office


@pytest.fixture
def village(database, collective):
    """The orchard, with Wang and Feng who keep the books beside Zhao; one person is enough for everything."""
    grow_orchard(database, collective)
    give_accounts(database, collective)
    with database.write() as session:
        desk = Desk(session, collective, "zhao", NOW)
        change_rules(desk, Rules(four_eyes=False, posting_days=0))
        for name, role in (("zheng", Role.MANAGER), ("wang", Role.ACCOUNTANT), ("feng", Role.ACCOUNTANT)):
            create_account(desk, name=name, role=role, secret=SECRET, language="en")
    return collective


@pytest.fixture
def at_once(database, village):
    """`at_once(path, {form fields}, action="")`: the answers' statuses, and what the refused were told."""
    with borrow_app(database, lambda: NOW) as app:

        def send(path, said=(), action="", who=("zhao", "wang"), others=None):
            offices = [Office(unread(enter(app, name, SECRET))) for name in who]
            forms = [office.fields(path, action) | dict(each) for office, each in zip(offices, (said, others or said), strict=True)]
            answers = [None] * len(offices)

            def post(place):
                answers[place] = offices[place].browser.post(action or path, data=forms[place])

            with database.write() as session:
                journal.lock(Desk(session, village, "somebody", NOW))
                threads = [threading.Thread(target=post, args=(place,)) for place in range(len(offices))]
                for thread in threads:
                    thread.start()
                _wait_until_they_wait(database, threads)
            for thread in threads:
                thread.join()
            told = [BeautifulSoup(one.text, "html.parser").main.get_text(" ", strip=True) for one in answers if one.status_code != 302]
            return sorted(one.status_code for one in answers), " ".join(told)

        yield send


def _wait_until_they_wait(database, threads):
    if database.is_sqlite:
        time.sleep(0.15)
        return
    until = time.monotonic() + 10
    while time.monotonic() < until and any(thread.is_alive() for thread in threads):
        with database.read() as session:
            if session.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) >= len(threads):
                return
        time.sleep(0.02)


@pytest.fixture
def counted(database):
    """How many rows a table has."""

    def count(table):
        with database.read() as session:
            return session.scalar(select(func.count()).select_from(table))

    return count


@pytest.fixture
def do(database, village):
    """`do(lambda desk: …)`: as Zhao, at once written."""

    def act(what, now=NOW):
        with database.write() as session:
            return what(Desk(session, village, "zhao", now))

    return act


ONE, STALE = [302, 422], [302, 409]


@pytest.fixture
def meet(at_once, counted):
    """`meet(table, more, path, {fields}, …)`: of the two one gets through and one is told, and `more` rows of the table come of it."""

    def send(table, more, path, said=(), action="", statuses=ONE, **others):
        before = counted(table)
        came, told = at_once(path, said, action, **others)
        assert (came, counted(table) - before) == (statuses, more), (path, told)
        return told

    return send
