"""The choice of language: kept in a cookie, and with the account of whoever is signed in."""

from __future__ import annotations

from flask import abort, g, redirect, request
from werkzeug.wrappers import Response

from plantation.services.people.accounts import load_account, set_language
from plantation.web.desks import writing_desk
from plantation.web.guard import is_safe_next
from plantation.web.languages import LANGUAGES, remember
from plantation.web.public import public


@public.post("/language")
def choose_language() -> Response:
    """Read on in another language, on the page one came from."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    if g.signed_in is not None:
        with writing_desk() as desk:
            set_language(desk, load_account(desk, g.signed_in.name), language)
    back = request.form.get("next", "/")
    response = redirect(back if is_safe_next(back) else "/")
    return remember(response, language)
