"""The web: thin views over the use cases, one blueprint for each of the front doors."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from plantation.database import Database
from plantation.paths import STATIC, TEMPLATES
from plantation.web import (
    addresses,
    charts,
    compression,
    desks,
    errors,
    filters,
    guard,
    headers,
    languages,
    logs,
    navigation,
    refusals,
    static_files,
    tables,
    weights,
    words,
)
from plantation.web.cookies import cookie_name


def build_app(settings: dict[str, Any], database: Database) -> Flask:
    """The application over `database`; `settings` has every name of plantation/settings.py."""
    app = Flask("plantation", template_folder=str(TEMPLATES), static_folder=str(STATIC), static_url_path="/static")
    app.config.update(settings)
    https = bool(settings["HTTPS"])
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name("plantation", https),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_PATH="/",
        # The token lives as long as the sign-in: a form that was open for two hours is still taken.
        WTF_CSRF_TIME_LIMIT=None,
        PREFERRED_URL_SCHEME="https" if https else "http",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if proxies := int(settings["PROXY_COUNT"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
    addresses.install(app)
    logs.install(app)
    desks.install(app, database)
    languages.install(app)
    guard.install(app)  # before CSRF: who is signed out is asked to sign in, not told about a token
    csrf = CSRFProtect(app)
    for part in (filters, weights, refusals, charts, tables, words, navigation, static_files, errors):
        part.install(app)
    headers.install(app)
    compression.install(app)
    _register_blueprints(app, csrf)
    return app


def _register_blueprints(app: Flask, csrf: CSRFProtect) -> None:
    from plantation.web.api import api
    from plantation.web.buyers import buyers
    from plantation.web.field import field
    from plantation.web.households import households
    from plantation.web.managers import managers
    from plantation.web.pickers import pickers
    from plantation.web.public import public
    from plantation.web.township import township

    csrf.exempt(api)  # a device sends its token with each call and holds no cookie
    for blueprint in (public, managers, households, buyers, pickers, township, field, api):
        app.register_blueprint(blueprint)
