"""The office's pages for accounts: who may sign in, with which role. A secret that we made is in one answer only."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import N_, NotFound, Refusal
from plantation.forms.accounts import AccountForm, CloseForm, SecretForm
from plantation.models import Account
from plantation.services.desk import Desk
from plantation.services.fruit.buyers import load_buyer
from plantation.services.mine.my_pages import own_household
from plantation.services.people import account_lists, passwords
from plantation.services.people import accounts as service
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.logs import security
from plantation.web.managers import managers
from plantation.web.managers.saving import save, search_text, show_form

SECRETS: dict[type[Refusal], str] = {
    passwords.PasswordTooShort: "secret",
    passwords.PasswordTooLong: "secret",
    passwords.PasswordTooSimple: "secret",
}
PLACES: dict[type[Refusal], str] = {**SECRETS, service.AccountExists: "name", service.BadAccountName: "name", NotFound: "buyer"}
LISTED = (Role.MANAGER, Role.ACCOUNTANT, Role.WEIGHER, Role.HOUSEHOLD, Role.RELATIVE, Role.BUYER, Role.PICKER)


@managers.get("/accounts")
@only(Role.MANAGER)
def list_accounts() -> str:
    role = next((role for role in LISTED if role == request.args.get("role")), None)
    page = account_lists.list_account_lines(reading_desk(), role=role, search=search_text(), page=page_number())
    return render_template("managers/accounts/list.html", page=page, search=search_text(), role=role, roles=LISTED)


@managers.route("/accounts/new", methods=["GET", "POST"])
@only(Role.MANAGER)
def new_account() -> Any:
    form = AccountForm()
    if form.validate_on_submit():
        secret = form.secret.data or passwords.random_password()

        def work(desk: Desk) -> Account:
            buyer = load_buyer(desk, form.buyer.data) if form.buyer.data else None
            return service.create_account(desk, name=form.name.data, role=Role(form.role.data), secret=secret, buyer=buyer)

        if account := save(form, work, PLACES):
            security("account made", by=g.signed_in.name, account=account.name, role=account.role)
            return _show_secret(account, None if form.secret.data else secret)
    return show_form("managers/accounts/new.html", form)


@managers.get("/accounts/id/<int:account_id>")
@only(Role.MANAGER)
def show_account(account_id: int) -> Any:
    account = service.load_account_by_id(reading_desk(), _known(account_id))
    return render_template("managers/accounts/show.html", **_about(account), secret_form=SecretForm(), close_form=CloseForm())


def _about(account: Account) -> dict[str, Any]:
    """What the page of an account says; of a relative's also which household gives the cards."""
    read = own_household(reading_desk(), account.household_id) if account.role == Role.RELATIVE else None
    return {"account": account, "with_pin": account.role in passwords.WITH_PIN, "read": read}


@managers.post("/accounts/secret/<int:account_id>")
@only(Role.MANAGER)
def reset_secret(account_id: int) -> Any:
    account = service.load_account_by_id(reading_desk(), _known(account_id))
    if account.role in passwords.WITH_PIN:
        raise NotFound(what=N_("account"), code=str(account_id))  # these get a new card instead
    form = SecretForm()
    if form.validate_on_submit():
        secret = form.secret.data or passwords.random_password()

        def work(desk: Desk) -> Account:
            found = service.load_account_by_id(desk, account_id)
            service.set_secret(desk, found, secret)
            return found

        if changed := save(form, work, SECRETS):
            security("secret changed", by=g.signed_in.name, account=changed.name)
            return _show_secret(changed, None if form.secret.data else secret)
    return show_form("managers/accounts/show.html", form, **_about(account), secret_form=form, close_form=CloseForm(formdata=None))


@managers.post("/accounts/close/<int:account_id>")
@only(Role.MANAGER)
def close_account(account_id: int) -> Any:
    account = service.load_account_by_id(reading_desk(), _known(account_id))
    form = CloseForm()

    def work(desk: Desk) -> bool:
        service.deactivate_account(desk, service.load_account_by_id(desk, account_id))
        return True

    if form.validate_on_submit() and save(form, work):
        security("account closed", by=g.signed_in.name, account=account.name)
        flash(gettext("The account is closed. Its open sign-ins have ended."), "done")
        return redirect(url_for(".show_account", account_id=account_id))
    return show_form("managers/accounts/show.html", form, **_about(account), secret_form=SecretForm(formdata=None), close_form=form)


def _show_secret(account: Account, secret: str | None) -> Any:
    """The one answer with the secret, where we made it: a redirect would have to keep it somewhere."""
    if secret is None:
        flash(gettext("The account is saved with the password that you typed."), "done")
        return redirect(url_for(".show_account", account_id=account.id))
    return render_template("managers/accounts/secret.html", account=account, secret=secret)


def _known(account_id: int) -> int:
    # No database has a larger one, and SQLite's driver fails on it.
    if account_id >= 1 << 63:
        raise NotFound(what=N_("account"), code=str(account_id)[:40])
    return account_id
