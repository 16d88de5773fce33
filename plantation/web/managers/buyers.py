"""The office's pages for buyers, and for the account that a buyer signs in with."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import Refusal
from plantation.forms.buyers import BuyerAccountForm, BuyerForm
from plantation.models import Account, Buyer
from plantation.services.desk import Desk
from plantation.services.fruit import buyers as service
from plantation.services.fruit.buyer_accounts import account_of, list_buyer_payments
from plantation.services.fruit.purchases import list_purchases as purchases_of
from plantation.services.people import accounts, passwords
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, search_text, show_form, version_of

ACCOUNT_PLACES: dict[type[Refusal], str] = {
    accounts.AccountExists: "name",
    accounts.BadAccountName: "name",
    passwords.PasswordTooShort: "secret",
    passwords.PasswordTooLong: "secret",
    passwords.PasswordTooSimple: "secret",
}


@managers.get("/buyers")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_buyers() -> str:
    page = service.list_buyers(reading_desk(), search=search_text(), page=page_number())
    return render_template("managers/buyers/list.html", page=page, search=search_text())


@managers.get("/buyers/code/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_buyer(code: str) -> str:
    desk = reading_desk()
    buyer = service.load_buyer(desk, code)
    return render_template(
        "managers/buyers/show.html",
        buyer=buyer,
        account=account_of(desk, buyer),
        payments=list_buyer_payments(desk, buyer),
        purchases=purchases_of(desk, buyer=buyer, page=page_number()),
    )


@managers.route("/buyers/new", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def new_buyer() -> Any:
    form = BuyerForm()
    if form.validate_on_submit() and (saved := save(form, lambda desk: _write(desk, form))):
        flash(gettext("The buyer is saved."), "done")
        return redirect(url_for(".show_buyer", code=saved.code))
    return show_form("managers/buyers/edit.html", form, buyer=None)


@managers.route("/buyers/edit/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def edit_buyer(code: str) -> Any:
    buyer = service.load_buyer(reading_desk(), code)
    form = BuyerForm(obj=buyer)
    if form.validate_on_submit() and (
        saved := save(
            form,
            lambda desk: _write(desk, form, code),
            stands=lambda: BuyerForm(formdata=None, obj=service.load_buyer(reading_desk(), code)),
        )
    ):
        flash(gettext("The buyer is saved."), "done")
        return redirect(url_for(".show_buyer", code=saved.code))
    return show_form("managers/buyers/edit.html", form, buyer=buyer)


def _write(desk: Desk, form: BuyerForm, code: str | None = None) -> Buyer:
    buyer = None if code is None else service.load_buyer(desk, code)
    return service.save_buyer(
        desk,
        buyer=buyer,
        code=form.code.data,
        name=form.name.data,
        phone=form.phone.data,
        terms_days=form.terms_days.data,
        version=None if buyer is None else version_of(form),
    )


@managers.route("/buyers/account/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER)
def new_buyer_account(code: str) -> Any:
    buyer = service.load_buyer(reading_desk(), code)
    form = BuyerAccountForm(name=buyer.code)

    def work(desk: Desk) -> Account:
        return accounts.create_account(
            desk,
            name=form.name.data,
            role=Role.BUYER,
            secret=form.secret.data,
            buyer=service.load_buyer(desk, code),
        )

    if form.validate_on_submit() and (account := save(form, work, ACCOUNT_PLACES)):
        flash(gettext("The account is made. Give the buyer the name and the password."), "done")
        return redirect(url_for(".show_buyer", code=code, account=account.name))
    return show_form("managers/buyers/account.html", form, buyer=buyer)
