"""The front page, and the health check for whoever watches the server."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Response, abort, current_app, jsonify, render_template, send_file
from sqlalchemy import exc

from plantation.services.desk import list_collectives
from plantation.web.desks import database, reading_session
from plantation.web.public import public


@public.get("/")
def home() -> str:
    """What this is, and the three doors."""
    return render_template("public/home.html", collectives=list_collectives(reading_session()))


@public.get("/authority.crt")
def authority() -> Response:
    """The village's own certificate authority, for phones to install; 404 where HTTPS comes from elsewhere."""
    path = current_app.config["TLS_AUTHORITY"]
    if not path or not Path(path).is_file():
        abort(404)
    return send_file(path, mimetype="application/x-x509-ca-cert", as_attachment=True, download_name="plantation.crt")


@public.get("/healthz")
def health() -> tuple[Response, int]:
    """200 when the database answers, else 503; says nothing else about the server."""
    try:
        well = database().answers()
    except exc.SQLAlchemyError as error:
        logging.getLogger("plantation.web").error("the database does not answer: %s", type(error).__name__)
        well = False
    return jsonify(status="ok" if well else "database"), 200 if well else 503
