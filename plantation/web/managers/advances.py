"""The office's pages for advances and goods on credit."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import NotFound, Refusal
from plantation.forms.advances import AdvanceForm
from plantation.forms.weighings import ReversalForm
from plantation.services.lookups import DayWrong
from plantation.services.money import advances as service
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.households import find_one
from plantation.web.managers.saving import new_once, once_of, save, show_form
from plantation.web.managers.settlements import page_of

PLACES: dict[type[Refusal], str] = {DayWrong: "given_on", NotFound: "household"}


@managers.get("/advances")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_advances() -> str:
    desk = reading_desk()
    rows = service.open_advances(desk)
    return render_template(
        "managers/advances/list.html",
        page=page_of(rows, page_number()),
        given_fen=sum(row.given_fen for row in rows),
        open_fen=sum(row.open_fen for row in rows),
        floor_fen=desk.collective.floor_fen,
    )


@managers.get("/advances/all")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_all_advances() -> str:
    return render_template("managers/advances/all.html", page=service.list_advances(reading_desk(), page=page_number()))


@managers.route("/advances/new", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def new_advance() -> Any:
    desk = reading_desk()
    form = AdvanceForm(once=new_once(), given_on=desk.today, household=request.args.get("household", "")[:64])
    if form.validate_on_submit():
        once = once_of(form)
        given = save(
            form,
            lambda desk: service.give_advance(
                desk, household=find_one(desk, form.household.data), form=form.form.data, text=form.text.data,
                given_on=form.given_on.data, amount_fen=form.amount_fen.data, once=once,
            ),
            PLACES,
        )  # fmt: skip
        if given is not None:
            flash(gettext("The advance is recorded. It is taken from the next settlement."), "done")
            return redirect(url_for(".list_advances"))
    return show_form("managers/advances/new.html", form)


@managers.route("/advances/reverse/<int:advance_id>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def reverse_advance(advance_id: int) -> Any:
    advance = service.load_advance(reading_desk(), advance_id)
    form = ReversalForm(once=new_once())
    if form.validate_on_submit():
        if save(form, lambda desk: service.reverse_advance(desk, advance_id, reason=form.reason.data)) is not None:
            flash(gettext("The advance is taken back."), "done")
            return redirect(url_for(".list_all_advances"))
    return show_form("managers/advances/reverse.html", form, advance=advance)
