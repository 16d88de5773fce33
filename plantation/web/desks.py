"""The desk of a request: a reading one that lasts as long as the page, a writing one that commits at its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from plantation.database import Database
from plantation.errors import NotAllowed
from plantation.models import Collective
from plantation.services.desk import Desk


def install(app: Flask, database: Database) -> None:
    """Give `app` its database; a request's reading session is closed when the request is over."""
    app.extensions["plantation"] = database
    app.extensions["plantation.clock"] = lambda: dt.datetime.now(dt.UTC)
    app.teardown_appcontext(lambda _error: _close())


def database() -> Database:
    """The database of the running application."""
    return current_app.extensions["plantation"]


def now() -> dt.datetime:
    """The moment of this request: the same for all that it does. Tests set `app.extensions["plantation.clock"]`."""
    if "now" not in g:
        g.now = current_app.extensions["plantation.clock"]()
    return g.now


def reading_session() -> Session:
    """The request's session for reading. After a writing desk has committed it begins anew and sees what was written."""
    if "reading" not in g:
        stack = ExitStack()
        g.reading = stack, stack.enter_context(database().read())
    return g.reading[1]


def reading_desk() -> Desk:
    """The desk of whoever is signed in (person or device), for reading.

    :raises NotAllowed: nobody is.
    """
    collective, actor = _who()
    return Desk(reading_session(), collective, actor, now())


@contextmanager
def writing_desk() -> Iterator[Desk]:
    """The same for writing: everything is committed at the end, or nothing when an exception passes."""
    collective, actor = _who()
    try:
        with database().write() as session:
            own = session.get_one(Collective, collective.id)
            yield Desk(session, own, actor, now())
    finally:
        _look_anew()


@contextmanager
def writing_session() -> Iterator[Session]:
    """A write transaction of nobody's: signing in and out."""
    try:
        with database().write() as session:
            yield session
    finally:
        _look_anew()


def _who() -> tuple[Collective, str]:
    who = g.get("signed_in") or g.get("device")
    if who is None:
        raise NotAllowed()
    return who.collective, who.name


def _look_anew() -> None:
    """Give the reading session's connection back. Whoever reads on, with a desk from before too, sees what was written; it
    stays the request's own session, which is closed at the end: one that nobody closed kept its connection for ever."""
    if "reading" in g:
        g.reading[1].close()


def _close() -> None:
    held = g.pop("reading", None)
    if held is not None:
        held[0].close()
