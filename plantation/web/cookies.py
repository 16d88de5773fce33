"""Our own long-lived cookies: the language, and the mark of a browser that has signed in here before."""

from __future__ import annotations

import datetime as dt

from flask import Flask, Request
from werkzeug.wrappers import Response


def cookie_name(name: str, https: bool) -> str:
    """With HTTPS a browser takes a `__Host-` cookie from this host alone, for all paths and only when secure.

    >>> cookie_name("plantation", True), cookie_name("plantation", False)
    ('__Host-plantation', 'plantation')
    """
    return f"__Host-{name}" if https else name


def read_cookie(app: Flask, request: Request, name: str) -> str | None:
    """The cookie's value under the name that it has here."""
    return request.cookies.get(cookie_name(name, app.config["HTTPS"]))


def set_cookie(app: Flask, response: Response, name: str, value: str, age: dt.timedelta) -> Response:
    """`response` with a cookie that scripts cannot read and other sites do not send."""
    https = app.config["HTTPS"]
    response.set_cookie(cookie_name(name, https), value, max_age=age, path="/", httponly=True, samesite="Lax", secure=https)
    return response
