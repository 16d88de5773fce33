"""A household lets relatives read its pages, and takes that back. A PIN is in one answer only."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.forms.relatives import CardAgainForm, RelativeForm, WithdrawForm
from plantation.services.people import passwords
from plantation.services.people import relatives as service
from plantation.services.people.cards import Card
from plantation.web.cards import to_print
from plantation.web.guard import only
from plantation.web.households import households
from plantation.web.households.own import at_home, save_at_home
from plantation.web.logs import security


@households.get("/relatives")
@only(Role.HOUSEHOLD)
def list_relatives() -> Any:
    return _show(RelativeForm())


@households.post("/relatives")
@only(Role.HOUSEHOLD)
def give_access() -> Any:
    form = RelativeForm()
    if form.validate_on_submit():
        made = passwords.random_pins(1)[0]  # slow, so before the write transaction
        if card := save_at_home(form, lambda desk, home: service.give_access(desk, home, form.person.data, made), {}):
            security("access given", by=g.signed_in.name, account=card.code)
            return _show_card(card)
    return _show(form)


@households.post("/relatives/card/<int:account_id>")
@only(Role.HOUSEHOLD)
def renew_card(account_id: int) -> Any:
    form = CardAgainForm()
    if form.validate_on_submit():
        made = passwords.random_pins(1)[0]
        if card := save_at_home(form, lambda desk, home: service.renew_card(desk, home, account_id, made), {}):
            security("access renewed", by=g.signed_in.name, account=card.code)
            return _show_card(card)
    return _show(RelativeForm(formdata=None))


@households.post("/relatives/withdraw/<int:account_id>")
@only(Role.HOUSEHOLD)
def withdraw_access(account_id: int) -> Any:
    form = WithdrawForm()
    if form.validate_on_submit():
        if gone := save_at_home(form, lambda desk, home: service.withdraw_access(desk, home, account_id), {}):
            security("access withdrawn", by=g.signed_in.name, account=gone.name)
            flash(gettext("The access is withdrawn; it ended at once on every phone."), "done")
            return redirect(url_for(".list_relatives"))
    return _show(RelativeForm(formdata=None))


def _show(form: RelativeForm) -> Any:
    desk, household = at_home()
    found = service.list_relatives(desk, household)
    page = render_template("households/relatives.html", household=household, relatives=found, most=service.MOST_RELATIVES, form=form)
    return page, 422 if form.errors else 200


def _show_card(card: Card) -> Any:
    return render_template("households/relative_card.html", card=card, sheet=to_print([card]))
