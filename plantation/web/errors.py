"""Error pages in the product's design: what happened, in the reader's language, and what to do; never a traceback."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, g, jsonify, make_response, render_template, request, session
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from plantation.errors import N_, Faulty, NotAllowed, NotFound, Refusal, Stale
from plantation.services.people.throttle import TooManyTries
from plantation.web import guard, kept
from plantation.web.logs import security
from plantation.web.refusals import say

_log = logging.getLogger("plantation.web")

# status: (title, what to do)
PAGES = {
    400: (N_("This request cannot be read"), N_("Go back, load the page again, and send it once more.")),
    401: (N_("Not signed in"), N_("This address needs a valid token.")),
    403: (N_("Not for this account"), N_("Your account may not open this page. Ask your manager if it should.")),
    404: (N_("Nothing here"), N_("There is no such page, or it is not yours to see.")),
    405: (N_("Not possible here"), N_("This address does not take what was sent. Go back and use the page's own buttons.")),
    409: (N_("Somebody was faster"), N_("This was changed meanwhile. Look at it again, then save.")),
    413: (N_("Too large"), N_("What was sent is larger than the %(megabytes)s MB that are taken. Send a smaller file.")),
    422: (N_("This cannot be done"), N_("Go back and mend what is said above; nothing was saved.")),
    429: (N_("Too many tries"), N_("Please wait a little before the next one.")),
    500: (N_("A fault of this program"), N_("It was not your doing. Nothing was saved; please try again later.")),
    503: (N_("Not available just now"), N_("Please try again in a few minutes.")),
}
TOKEN_LOST = N_("This page was open for too long, or your browser keeps no cookies.")


def install(app: Flask) -> None:
    """Handlers for refusals, for HTTP errors and for everything else."""
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Refusal, _on_refusal)
    app.register_error_handler(Exception, _on_fault)


def status_of(refusal: Refusal) -> int:
    """404 for what is not there, 403 for what may not be, 409 for a save that came second, 429, else 422."""
    kinds = ((NotFound, 404), (NotAllowed, 403), (Stale, 409), (TooManyTries, 429))
    return next((status for kind, status in kinds if isinstance(refusal, kind)), 422)


def _on_http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    if isinstance(error, SecurityError):  # a Host header that is not ours: no link on the page would lead anywhere
        security("host refused", address=request.remote_addr)
        return make_response(render_template("errors/bare.html"), 400)
    details = []
    if isinstance(error, CSRFError):
        security("token of the page refused", address=request.remote_addr, path=request.path)
        if g.get("signed_in") and (offered := kept.offer_from_here(session.get(guard.ACCOUNT))):
            return offered
        details = [TOKEN_LOST]
    response = _page(error.code, details)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    if error.code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, RequestEntityTooLarge):
        response.headers["Connection"] = "close"
    return response


def _on_refusal(refusal: Refusal) -> Response:
    status = status_of(refusal)
    details = [*refusal.faults, refusal] if isinstance(refusal, Faulty) else [refusal]
    response = _page(status, details)
    if isinstance(refusal, TooManyTries):
        response.headers["Retry-After"] = str(60 * int(refusal.figures["minutes"]))
    return response


def _on_fault(error: Exception) -> Response:
    number = secrets.token_hex(4)
    _log.error("fault %s at %s %r", number, request.method, request.path, exc_info=error)
    return _page(500, [], number=number)


def _page(status: int, details: list, number: str = "") -> Response:
    title, advice = PAGES.get(status, PAGES[400 if status < 500 else 500])
    megabytes = (request.max_content_length or 0) // (1024 * 1024)
    if request.path.startswith("/api/"):
        reason = "; ".join(str(detail) for detail in details) or str(title)
        return make_response(jsonify(error=reason, **({"number": number} if number else {})), status)
    details = [say(detail) for detail in details[:200]]
    values = {"status": status, "title": title, "advice": advice, "details": details, "number": number, "megabytes": megabytes}
    try:
        return make_response(render_template("errors/page.html", **values), status)
    except Exception as error:  # the page itself failed, for example because the database is gone
        _log.error("error page for %s failed", number or status, exc_info=error)
        return make_response(render_template("errors/bare.html", **values), status)
