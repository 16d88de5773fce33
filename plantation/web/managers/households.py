"""The office's pages for households: find one, keep it, see all that it has, print its card."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.forms.households import CardForm, HouseholdForm
from plantation.forms.typed import shown
from plantation.models import Household
from plantation.services.desk import Desk
from plantation.services.fruit.weighings import list_weighings
from plantation.services.land.overview import parcels_of
from plantation.services.land.rights import rights_of_household
from plantation.services.money.statements import earnings_of
from plantation.services.people import cards
from plantation.services.people import households as service
from plantation.services.people.relatives import list_relatives
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import OFFICE, only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, search_text, show_form, version_of


def find_one(desk: Desk, text: str) -> Household:
    """The household whose code or whole name was typed.

    :raises NotFound: nothing looks like it. :raises SeveralMatch: some do, but none is it alone.
    """
    text = shown(text)
    chosen = service.choose_household(text, service.find_households(desk, text, limit=9))
    if isinstance(chosen, Household):
        return chosen
    chosen.field = "household"  # type: ignore[attr-defined]
    raise chosen


@managers.get("/households")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_households() -> str:
    page = service.list_households(reading_desk(), search=search_text(), page=page_number())
    return render_template("managers/households/list.html", page=page, search=search_text())


@managers.get("/households/find")
@only(*OFFICE)
def find_households() -> Any:
    """Suggestions for the household box of a form, as JSON."""
    found = service.find_households(reading_desk(), request.args.get("text", "")[:100])
    return jsonify(households=[{"code": one.code, "name": one.name} for one in found])


@managers.route("/households/new", methods=["GET", "POST"])
@only(Role.MANAGER)
def new_household() -> Any:
    form = HouseholdForm()
    if form.validate_on_submit() and (saved := save(form, lambda desk: _write(desk, form))):
        flash(gettext("The household is saved."), "done")
        return redirect(url_for(".show_household", code=saved.code))
    return show_form("managers/households/edit.html", form, household=None)


@managers.route("/households/edit/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER)
def edit_household(code: str) -> Any:
    household = service.load_household(reading_desk(), code)
    form = HouseholdForm(obj=household)
    if form.validate_on_submit() and (
        saved := save(
            form,
            lambda desk: _write(desk, form, code),
            stands=lambda: HouseholdForm(formdata=None, obj=service.load_household(reading_desk(), code)),
        )
    ):
        flash(gettext("The household is saved."), "done")
        return redirect(url_for(".show_household", code=saved.code))
    return show_form("managers/households/edit.html", form, household=household)


def _write(desk: Desk, form: HouseholdForm, code: str | None = None) -> Household:
    household = None if code is None else service.load_household(desk, code)
    return service.save_household(
        desk,
        household=household,
        code=form.code.data,
        name=form.name.data,
        members=form.members.data,
        phone=form.phone.data,
        version=None if household is None else version_of(form),
    )


@managers.get("/households/code/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_household(code: str) -> str:
    desk = reading_desk()
    household = service.load_household(desk, code)
    return render_template(
        "managers/households/show.html",
        household=household,
        rights=rights_of_household(desk, household),
        parcels=parcels_of(desk, household),
        slips=list_weighings(desk, household=household),
        earnings=earnings_of(desk, household),
        relatives=list_relatives(desk, household),
    )


@managers.post("/households/card/<path:code>")
@only(Role.MANAGER)
def issue_card(code: str) -> Any:
    """A new PIN. It is in this one answer and nowhere else, so the answer is the card and no redirect follows."""
    form = CardForm()
    household = service.load_household(reading_desk(), code)
    card = None
    if form.validate_on_submit():
        card = save(form, lambda desk: cards.new_household_card(desk, service.load_household(desk, code)))
    return show_form("managers/households/card.html", form, household=household, card=card)
