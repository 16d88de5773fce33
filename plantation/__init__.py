"""Plantation and harvest management for collectively owned sea buckthorn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from plantation.database import Database


def create_app(settings: dict[str, Any] | None = None, database: Database | None = None) -> Flask:
    """The web application: from the operator's settings, or from exactly those that are given (over the defaults).

    :raises SecretMissing: no secret key is set; there is no default one.
    """
    from plantation.settings import DEFAULTS, SecretMissing, database_url, read_settings
    from plantation.web import build_app

    settings = read_settings() if settings is None else {**DEFAULTS, **settings}
    if not settings["SECRET_KEY"]:
        raise SecretMissing(config=settings.get("CONFIG_PATH", str(Path("config.py").absolute())))
    if database is None:
        from plantation.database import Database

        database = Database(database_url(settings))
    return build_app(settings, database)
