"""The office lets relatives read a household's pages for it: for who has no phone, or asks at the counter."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.forms.relatives import CardAgainForm, RelativeForm, WithdrawForm
from plantation.models import Household
from plantation.services.people import passwords
from plantation.services.people import relatives as service
from plantation.services.people.cards import Card
from plantation.services.people.households import load_household
from plantation.web.cards import to_print
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.logs import security
from plantation.web.managers import managers
from plantation.web.managers.saving import save, show_form


@managers.get("/households/relatives/<path:code>")
@only(Role.MANAGER)
def list_relatives(code: str) -> Any:
    return _show(load_household(reading_desk(), code), RelativeForm())


@managers.post("/households/relatives/<path:code>")
@only(Role.MANAGER)
def give_access(code: str) -> Any:
    household = load_household(reading_desk(), code)
    form = RelativeForm()
    if form.validate_on_submit():
        made = passwords.random_pins(1)[0]  # slow, so before the write transaction
        if card := save(form, lambda desk: service.give_access(desk, load_household(desk, code), form.person.data, made)):
            security("access given", by=g.signed_in.name, account=card.code)
            return _show_card(household, card)
    return _show(household, form)


@managers.post("/households/relatives-card/<int:account_id>/<path:code>")
@only(Role.MANAGER)
def renew_card(account_id: int, code: str) -> Any:
    household = load_household(reading_desk(), code)
    form = CardAgainForm()
    if form.validate_on_submit():
        service.load_relative(reading_desk(), household, account_id)
        made = passwords.random_pins(1)[0]
        if card := save(form, lambda desk: service.renew_card(desk, load_household(desk, code), account_id, made)):
            security("access renewed", by=g.signed_in.name, account=card.code)
            return _show_card(household, card)
    return _show(household, RelativeForm(formdata=None))


@managers.post("/households/relatives-withdraw/<int:account_id>/<path:code>")
@only(Role.MANAGER)
def withdraw_access(account_id: int, code: str) -> Any:
    household = load_household(reading_desk(), code)
    form = WithdrawForm()
    if form.validate_on_submit():
        service.load_relative(reading_desk(), household, account_id)
        if gone := save(form, lambda desk: service.withdraw_access(desk, load_household(desk, code), account_id)):
            security("access withdrawn", by=g.signed_in.name, account=gone.name)
            flash(gettext("The access is withdrawn; it ended at once on every phone."), "done")
            return redirect(url_for(".list_relatives", code=code))
    return _show(household, RelativeForm(formdata=None))


def _show(household: Household, form: RelativeForm) -> Any:
    found = service.list_relatives(reading_desk(), household)
    return show_form("managers/households/relatives.html", form, household=household, relatives=found, most=service.MOST_RELATIVES)


def _show_card(household: Household, card: Card) -> Any:
    return render_template("managers/households/relative_card.html", household=household, card=card, sheet=to_print([card]))
