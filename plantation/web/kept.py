"""A form that came after its sender was signed out: it waits, signed, in the sign-in page, and is offered again afterwards.

A browser that is told to go back does not bring everything again: it forgets each number, which our fields ask it not to
suggest. Nothing is written down here meanwhile; whoever signs in as somebody else does not get to see what was typed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import current_app, g, make_response, render_template, request, url_for
from flask_babel import refresh
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from plantation.forms.base import OPENED_ON
from plantation.forms.sign_in import SignInForm
from plantation.services.desk import list_collectives
from plantation.web.desks import reading_session

MOST_CHARACTERS = 400_000
# A secret is not sent back to a page, and the token is another one afterwards.
SECRETS = frozenset({"secret", "before"})
TOKEN = "csrf_token"
# What a form carries for the machine: nobody typed it.
UNSEEN = frozenset({"once", "next", "save", *OPENED_ON})


class Kept(NamedTuple):
    """Whose form, where it goes, and its fields in their order, each (name, text)."""

    account_id: int
    path: str
    fields: list[tuple[str, str]]

    def typed(self) -> list[str]:
        """What can be shown of it: the texts that are no mark of a machine, each once."""
        texts = (" ".join(text.split()) for name, text in self.fields if name not in UNSEEN)
        return list(dict.fromkeys(text for text in texts if text))


def keep(account_id: int | None) -> str:
    """This request's form as a signed text; empty where there is nothing to keep: no form, a file, a secret, too much."""
    fields = [(name, text) for name, text in request.form.items(multi=True) if name != TOKEN]
    has_file = any(file.filename for file in request.files.values())  # a file that was not chosen comes too, without a name
    if account_id is None or not fields or has_file or SECRETS & set(request.form):
        return ""
    kept = _seal().dumps([account_id, request.full_path.rstrip("?"), fields])
    return kept if len(kept) <= MOST_CHARACTERS else ""


def read_kept(text: str | None, account_id: object) -> Kept | None:
    """What :func:`keep` gave, for the account that had typed it; None for everybody else and for what was tampered with."""
    try:
        owner, path, fields = _seal().loads(text or "")
    except BadData:
        return None
    return Kept(owner, path, [(name, value) for name, value in fields]) if owner == account_id else None


def ask_again(kept: str) -> Response:
    """The sign-in page in place of the page that was meant, with what was typed in it. Answers 401: nothing was done."""
    return make_response(render_template("public/sign_in.html", form=sign_in_form(formdata=None, kept=kept)), 401)


def sign_in_form(**options: Any) -> SignInForm:
    """The sign-in page's form; the collective is asked for only where there are several."""
    form = SignInForm(**options)
    if len(list_collectives(reading_session())) < 2:
        del form.collective
    return form


def offer_from_here(account_id: object) -> Response | None:
    """The same for a page that was open when its reader signed in again in another window: its token is an old one. None where
    there is nothing to keep, and where the browser does not say that a page of ours sent it."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or not isinstance(account_id, int):
        return None
    waits = read_kept(keep(account_id), account_id)
    return offer(waits) if waits else None


def offer(kept: Kept) -> Response:
    """The page that sends it after all; the session is new, and so are its token and its reader's language."""
    g.pop(TOKEN, None)
    refresh()
    return make_response(render_template("public/kept.html", kept=kept, home=url_for("public.arrive")))


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], "a form that waits for a sign-in")
