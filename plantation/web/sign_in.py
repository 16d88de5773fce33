"""Signing a browser in and out: the cookie's side of services/people/sign_ins.py."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from flask import current_app, request, session
from werkzeug.wrappers import Response

from plantation.errors import N_, Refusal
from plantation.services.people import sign_ins
from plantation.services.people.second_factors import has_factor, use_code
from plantation.services.people.sign_ins import SignInFailed
from plantation.web import desks, guard
from plantation.web.cookies import read_cookie, set_cookie
from plantation.web.logs import security

BROWSER = "plantation_browser"
KNOCKED = "knocked"
KNOCK_LASTS = dt.timedelta(minutes=5)
_BROWSER_KEPT = dt.timedelta(days=180)


class CodeAsked(Refusal):
    """Name and password fit; the account has a second factor."""

    template = N_("Now the code of your authenticator.")


class KnockedTooLongAgo(Refusal):
    """The password counts for five minutes."""

    template = N_("Please give name and password once more.")


def sign_in(collective_code: str | None, name: str, secret: str) -> str:
    """Sign this browser in; the session starts afresh. Returns the browser's mark for :func:`remember_browser`.

    :raises TooManyTries: the brake is on. :raises SignInFailed: name and secret do not belong together.
    :raises CodeAsked: they do, and the account has a second factor: :func:`prove` is next.
    """
    address = request.remote_addr or ""
    browser = read_cookie(current_app, request, BROWSER)
    facts = {"account": name, "address": address}
    try:
        with desks.writing_session() as write:
            knock = sign_ins.knock(write, collective_code, name, address, browser, desks.now())
        if not knock.opens_with(secret):
            raise SignInFailed()
        if knock.account_id is not None and has_factor(desks.reading_session(), knock.collective_id, knock.account_id):
            _end_earlier()
            session.clear()
            session[KNOCKED] = [collective_code, name, _mark(knock), int(desks.now().timestamp())]
            raise CodeAsked()
        return _open(knock, browser, facts)
    except Refusal as refusal:
        security("sign-in refused", why=type(refusal).__name__, **facts)
        raise


def prove(code: str) -> str:
    """The second step: the authenticator's code, or one from paper. Returns the browser's mark.

    :raises KnockedTooLongAgo: the password was long ago, or has changed. :raises TooManyTries, CodeWrong: as they say.
    """
    collective_code, name, mark, at = knocked() or (None, "", "", 0)
    if not name or desks.now().timestamp() - at > KNOCK_LASTS.total_seconds():
        session.pop(KNOCKED, None)
        raise KnockedTooLongAgo()
    address = request.remote_addr or ""
    browser = read_cookie(current_app, request, BROWSER)
    facts = {"account": name, "address": address}
    try:
        with desks.writing_session() as write:
            knock = sign_ins.knock(write, collective_code, name, address, browser, desks.now())
        if knock.account_id is None or _mark(knock) != mark:
            session.pop(KNOCKED, None)
            raise KnockedTooLongAgo()
        return _open(knock, browser, facts, code)
    except Refusal as refusal:
        security("second factor refused", why=type(refusal).__name__, **facts)
        raise


def knocked() -> list | None:
    """Who has given the password in this browser and no code yet: [collective, name, mark, second], or None."""
    found = session.get(KNOCKED)
    return found if isinstance(found, list) and len(found) == 4 else None


def _open(knock: sign_ins.Knock, browser: str | None, facts: dict[str, str], code: str | None = None) -> str:
    browser = browser if browser and len(browser) == 43 else secrets.token_urlsafe(32)
    calls_itself = "".join(sign for sign in request.headers.get("User-Agent", "") if sign.isprintable())
    with desks.writing_session() as write:
        if code is not None:
            use_code(write, knock.collective_id, knock.account_id or 0, code, desks.now())
        token = sign_ins.sign_in(write, knock, browser, desks.now(), guard.limits(), calls_itself)
    _end_earlier()
    session.clear()
    session[guard.TOKEN] = token
    session[guard.ACCOUNT] = knock.account_id
    security("signed in", **facts)
    return browser


def _mark(knock: sign_ins.Knock) -> str:
    # The cookie can be read by who holds it: of the account's secret it has a fingerprint of the hash, no more.
    return hashlib.sha256(f"{knock.collective_id}/{knock.account_id}/{knock.secret_hash}".encode()).hexdigest()


def remember_browser(response: Response, browser: str) -> Response:
    """Let this browser in past a neighbour's wrong guesses next time."""
    return set_cookie(current_app, response, BROWSER, browser, _BROWSER_KEPT)


def sign_out(name: str | None) -> None:
    """End the sign-in on the server and empty the session."""
    _end_earlier()
    session.clear()
    if name:
        security("signed out", account=name, address=request.remote_addr)


def _end_earlier() -> None:
    token = session.get(guard.TOKEN)
    if token:
        with desks.writing_session() as write:
            sign_ins.sign_out(write, str(token))
