"""The office's pages for disputes: what is open, the oldest due first, and its answer."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import Refusal
from plantation.forms.answers import AnswerForm
from plantation.services.fruit import disputes as service
from plantation.services.fruit.dispute_answers import answer_dispute as answer
from plantation.services.fruit.weighings import load_slip
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, show_form

PLACES: dict[type[Refusal], str] = {service.NothingSaid: "text"}


@managers.get("/disputes")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_disputes() -> str:
    desk = reading_desk()
    page = service.list_disputes(desk, page=page_number())
    return render_template("managers/disputes/list.html", page=page, today=desk.today)


@managers.route("/disputes/<int:dispute_id>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def answer_dispute(dispute_id: int) -> Any:
    desk = reading_desk()
    seen = service.load_dispute(desk, dispute_id)
    form = AnswerForm()
    if form.validate_on_submit():
        is_upheld = form.decision.data == "upheld"
        done = save(form, lambda desk: answer(desk, dispute_id, is_upheld=is_upheld, text=form.text.data), PLACES)
        if done is not None:
            flash(gettext("The answer is written down; the household reads it."), "done")
            return redirect(url_for(".show_weighing", slip=seen.slip))
    return show_form("managers/disputes/answer.html", form, seen=seen, slip=load_slip(desk, seen.slip), today=desk.today)
