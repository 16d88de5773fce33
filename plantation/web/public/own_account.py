"""The own account: password, second factor, and where it is signed in."""

from __future__ import annotations

import secrets
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from plantation.domain.words import Role
from plantation.errors import N_, Refusal
from plantation.exchange.slips import qr_svg
from plantation.forms.sign_in import EndForm, FactorForm, OwnSecretForm
from plantation.services.people import accounts, passwords, second_factors, sign_ins, throttle
from plantation.web import desks
from plantation.web import sign_in as browser_side
from plantation.web.cookies import read_cookie
from plantation.web.guard import limits, only
from plantation.web.logs import security
from plantation.web.managers.saving import save, show_form
from plantation.web.public import public
from plantation.web.refusals import attach

WITH_PASSWORD = second_factors.MAY_HAVE
# Whoever has a page of the own account. A relative reads and does nothing else: the household ends the access.
WITH_PAGE = tuple(role for role in Role if role != Role.RELATIVE)


class SecretBeforeWrong(Refusal):
    """Who sits at an open browser is not always its owner."""

    field = "before"
    template = N_("This is not the password until now.")


@public.get("/account")
@only(*WITH_PAGE)
def show_own_account() -> str:
    desk = desks.reading_desk()
    account = accounts.load_account_by_id(desk, g.signed_in.account_id)
    return render_template(
        "public/own_account.html", account=account, may_change=account.role in WITH_PASSWORD,
        factor=second_factors.has_factor(desk.session, desk.collective_id, account.id), left=second_factors.codes_left(desk, account.id),
        open=sign_ins.list_sign_ins(desk.session, g.signed_in, desk.now, limits()), end_form=EndForm(),
    )  # fmt: skip


@public.route("/account/password", methods=["GET", "POST"])
@only(*WITH_PASSWORD)
def change_own_secret() -> Any:
    form = OwnSecretForm()
    if form.validate_on_submit() and _is_owner(form) and _set_secret(form):
        security("own password changed", account=g.signed_in.name)
        flash(gettext("The password is changed. Sign in with the new one."), "done")
        return redirect(url_for("public.sign_in"))
    return show_form("public/own_password.html", form)


def _is_owner(form: Any) -> bool:
    """Whether the password until now is right; tries are counted as at the door. If not, the form says why."""
    address, browser = request.remote_addr or "", read_cookie(current_app, request, browser_side.BROWSER)
    try:
        with desks.writing_session() as write:
            knock = sign_ins.knock(write, g.signed_in.collective.code, g.signed_in.name, address, browser, desks.now())
        if not knock.opens_with(form.before.data or ""):
            raise SecretBeforeWrong()
        with desks.writing_session() as write:
            throttle.count_success(write, knock.attempt_id, knock.collective_id, browser or secrets.token_urlsafe(32), desks.now())
    except Refusal as refusal:
        security("own password refused", account=g.signed_in.name, why=type(refusal).__name__)
        attach(form, refusal, "before")
        return False
    return True


def _set_secret(form: OwnSecretForm) -> bool:
    def work(desk: Any) -> bool:
        accounts.set_secret(desk, accounts.load_account_by_id(desk, g.signed_in.account_id), form.secret.data)
        return True

    places = {kind: "secret" for kind in (passwords.PasswordTooShort, passwords.PasswordTooLong, passwords.PasswordTooSimple)}
    return bool(save(form, work, places))


@public.route("/account/second-factor", methods=["GET", "POST"])
@only(*WITH_PASSWORD)
def turn_on_factor() -> Any:
    """The secret as a QR code and in letters; it counts once the authenticator's first code has come back."""
    desk = desks.reading_desk()
    account = accounts.load_account_by_id(desk, g.signed_in.account_id)
    form = FactorForm()
    if form.validate_on_submit() and _is_owner(form):
        shared = form.shared.data or ""
        codes = save(
            form,
            lambda desk: second_factors.turn_on(desk, accounts.load_account_by_id(desk, account.id), shared, form.code.data),
        )
        if codes is not None:
            security("second factor on", account=account.name)
            return render_template("public/recovery_codes.html", codes=codes)
    else:
        form.shared.data = form.shared.data or second_factors.new_secret()
    shown = form.shared.data or ""
    qr = qr_svg(second_factors.address_of(desk, account, shown)) if shown.isalnum() and len(shown) == 32 else ""
    return show_form(
        "public/second_factor.html",
        form,
        qr=qr,
        shown=" ".join(shown[at : at + 4] for at in range(0, len(shown[:32]), 4)),
    )


@public.route("/account/second-factor/off", methods=["GET", "POST"])
@only(*WITH_PASSWORD)
def turn_off_factor() -> Any:
    """Like everything here with the password: whoever finds an open browser cannot take the lock off."""
    form = OwnSecretForm()
    del form.secret
    own = g.signed_in.account_id
    if form.validate_on_submit() and _is_owner(form):
        if save(form, lambda desk: (second_factors.turn_off(desk, accounts.load_account_by_id(desk, own)), True)):
            security("second factor off", account=g.signed_in.name)
            flash(gettext("No code is asked for any more."), "done")
            return redirect(url_for("public.show_own_account"))
    return show_form("public/second_factor_off.html", form)


@public.post("/account/sign-ins/end")
@only(*WITH_PAGE)
def end_other_sign_ins() -> Response:
    """All but this one."""
    return _end(None)


@public.post("/account/sign-ins/end/<int:sign_in_id>")
@only(*WITH_PAGE)
def end_own_sign_in(sign_in_id: int) -> Response:
    """One of the own sign-ins; a number that is not the own ends nothing."""
    return _end(sign_in_id)


def _end(sign_in_id: int | None) -> Response:
    if EndForm().validate_on_submit():
        with desks.writing_session() as write:
            ended = sign_ins.end_sign_ins(write, g.signed_in, sign_in_id)
        security("own sign-ins ended", account=g.signed_in.name, count=ended)
        if ended:
            flash(gettext("Ended."), "done")
    return redirect(url_for("public.show_own_account"))
