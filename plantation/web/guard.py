"""Who may reach which page. Nothing is open by default.

A blueprint says once who may enter, `managers.before_request(require(Role.MANAGER))`; a view that is for others says so
itself, `@only(Role.MANAGER, Role.WEIGHER)`, and only its own word counts. A page that is neither in such a blueprint nor in `PUBLIC` answers 403, and a test fails.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from plantation.domain.words import Role
from plantation.errors import N_, NotAllowed
from plantation.services.people import devices, sign_ins
from plantation.services.people.sign_ins import Limits
from plantation.web import desks, kept, languages
from plantation.web.logs import security

OFFICE = (Role.MANAGER, Role.ACCOUNTANT, Role.WEIGHER)

# Pages that anybody may read; each has been thought about.
PUBLIC = frozenset(
    {
        "static",
        "public.home",
        "public.health",
        "public.authority",
        "public.trust",
        "public.sign_in",
        "public.prove",
        "public.arrive",
        "public.sign_out",
        "public.choose_language",
        "public.choose_weight_unit",
        "public.list_texts",
        "public.verify",
        "public.verify_slip",
        "public.verify_slip_of",
        "public.find_lot",
        "public.show_lot",
        "public.show_lot_of",
        "public.show_notice",
        "public.show_price_sheet",
        "api.describe",
        "field.page",
        "field.worker",
        "field.manifest",
    }
)
# These need no session, so none is looked up.
_BARE = frozenset({"static", "public.health", "api.describe", "field.worker", "field.manifest"})
TOKEN = "sign_in"
ACCOUNT = "account"  # whose sign-in that is: where it has ended, somebody may want to know why
_CLOSED = N_("This account is closed. Ask your plot manager if you think that is a mistake.")
_WITHDRAWN = N_("Your access to this household's pages was withdrawn. Ask the household if you think that is a mistake.")


def install(app: Flask) -> None:
    """Look up who is signed in, then deny what no rule allows."""
    app.before_request(recognise)
    app.before_request(_deny_undeclared)
    app.jinja_env.globals["may"] = may


def limits() -> Limits:
    """How long a sign-in lasts here, by the operator's settings."""
    config = current_app.config
    return Limits(idle=dt.timedelta(minutes=config["SIGN_IN_IDLE_MINUTES"]), lifetime=dt.timedelta(hours=config["SIGN_IN_HOURS"]))


def require(*roles: Role) -> Callable[[], Any]:
    """A hook for a blueprint's `before_request`: lets `roles` in, sends a signed-out visitor to the sign-in page.

    :raises NotAllowed: (403) signed in, in another role.
    """

    def let_in() -> Response | None:
        if g.signed_in is None:
            return ask_to_sign_in()
        if g.signed_in.role not in _own_word(current_app, request.endpoint or "", roles):
            refuse_entry()
        return None

    let_in.admits = frozenset(roles)  # what the tests and _deny_undeclared read
    return let_in


def require_device() -> Callable[[], Any]:
    """The same for devices: `Authorization: Bearer …` with a token that is not revoked, else 401."""

    def let_in() -> None:
        if request.endpoint in PUBLIC:
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            g.device = devices.find_device(desks.reading_session(), token.strip())
        if g.device is None:
            security("token refused", address=request.remote_addr, path=request.path)
            abort(401)
        if g.device.seen_at is None or desks.now() - g.device.seen_at > devices.TOUCH_EVERY:
            with desks.writing_session() as write:
                devices.touch_device(write, g.device, desks.now())

    let_in.admits = frozenset({"device"})
    return let_in


def only(*roles: Role) -> Callable[[Callable], Callable]:
    """A view for other roles than its blueprint: `@only(Role.MANAGER, Role.WEIGHER)` under the route."""

    def wrap(view: Callable) -> Callable:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if g.signed_in is None:
                return ask_to_sign_in()
            if g.signed_in.role not in roles:
                refuse_entry()
            return view(*args, **kwargs)

        guarded.admits = frozenset(roles)
        return guarded

    return wrap


def admitted(app: Flask, endpoint: str) -> frozenset[str] | None:
    """Who may reach `endpoint`: None for nobody (undeclared), an empty set for everybody."""
    if endpoint in PUBLIC:
        return frozenset()
    blueprint, dot, _ = endpoint.rpartition(".")
    hooks = app.before_request_funcs.get(blueprint, ()) if dot else ()
    return _own_word(app, endpoint, next((hook.admits for hook in hooks if hasattr(hook, "admits")), None))


def may(endpoint: str) -> bool:
    """Whether whoever is signed in may follow a link to `endpoint`, for templates."""
    admits = admitted(current_app, f"{request.blueprint}{endpoint}" if endpoint[:1] == "." else endpoint)
    return admits is not None and (not admits or (g.get("signed_in") is not None and g.signed_in.role in admits))


def ask_to_sign_in() -> Response:
    """To the sign-in page, and back here afterwards. What was about to be sent waits there, or must be sent again."""
    is_read = request.method in {"GET", "HEAD"}
    if not is_read and not (g.ended and g.ended.is_closed):
        typed = kept.keep(session.get(ACCOUNT))
        if typed:
            flash(gettext("You are signed out. What you typed is kept: sign in, then it can be sent."), "refused")
            return _in_their_language(kept.ask_again(typed))
        flash(gettext("You are signed out. Sign in, go back, and send it once more."), "refused")
    answer = redirect(url_for("public.sign_in", next=request.full_path.rstrip("?")) if is_read else url_for("public.sign_in"))
    return _in_their_language(answer)


def _in_their_language(answer: Response) -> Response:
    """The sign-in page goes on in the language of whoever was signed in here."""
    return languages.remember(answer, g.ended.language) if g.ended else answer


def refuse_entry() -> None:
    """Log the denial. :raises NotAllowed: always."""
    security("denied", account=g.signed_in.name, role=g.signed_in.role, path=request.path)
    raise NotAllowed()


def is_safe_next(target: str | None) -> bool:
    """True for a path of this site, and for nothing that a browser could take for another one.

    >>> is_safe_next("/my?page=2"), is_safe_next("//evil.example"), is_safe_next("/\\\\evil"), is_safe_next("https://x")
    (True, False, False, False)
    """
    return bool(target) and target[0] == "/" and target[1:2] not in ("/", "\\") and target.isprintable()


def _own_word(app: Flask, endpoint: str, otherwise: Any) -> Any:
    return getattr(app.view_functions.get(endpoint), "admits", otherwise)


def recognise() -> None:
    """Who is signed in, by the session's token: `g.signed_in`, and `g.ended` for whose sign-in is over."""
    g.signed_in = g.ended = g.device = None
    token = None if request.endpoint in _BARE else session.get(TOKEN)
    if not token:
        return
    g.signed_in = sign_ins.load_signed_in(desks.reading_session(), str(token), desks.now(), limits())
    if g.signed_in is None:
        _tell_ended(str(session.pop(TOKEN)), session.get(ACCOUNT))
    elif desks.now() - g.signed_in.seen_at > min(sign_ins.TOUCH_EVERY, limits().idle / 4):
        with desks.writing_session() as write:
            sign_ins.touch(write, g.signed_in, desks.now())


def _tell_ended(token: str, account_id: object) -> None:
    """Say why, to whose account was closed meanwhile: a relative would look for a fault in the PIN."""
    if isinstance(account_id, int):
        g.ended = sign_ins.load_ended(desks.reading_session(), token, account_id)
    if g.ended and g.ended.is_closed:
        flash(gettext(_WITHDRAWN if g.ended.role == Role.RELATIVE else _CLOSED), "refused")


def _deny_undeclared() -> None:
    if request.endpoint is not None and admitted(current_app, request.endpoint) is None:
        security("undeclared", path=request.path)
        abort(403)
