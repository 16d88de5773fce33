"""The front page, and the health check for whoever watches the server."""

from __future__ import annotations

import logging

from flask import Response, jsonify, render_template
from sqlalchemy import exc

from plantation.services.desk import list_collectives
from plantation.web.desks import database, reading_session
from plantation.web.public import public


@public.get("/")
def home() -> str:
    """What this is, and the three doors."""
    return render_template("public/home.html", collectives=list_collectives(reading_session()))


@public.get("/healthz")
def health() -> tuple[Response, int]:
    """200 when the database answers, else 503; says nothing else about the server."""
    try:
        well = database().answers()
    except exc.SQLAlchemyError as error:
        logging.getLogger("plantation.web").error("the database does not answer: %s", type(error).__name__)
        well = False
    return jsonify(status="ok" if well else "database"), 200 if well else 503
