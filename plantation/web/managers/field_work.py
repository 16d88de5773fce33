"""What the office sees of the field's edge: closings of days, and slips whose paper says another price than the season's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, redirect, render_template, url_for

from plantation.domain.words import PriceDecision, Role
from plantation.errors import N_, NotFound
from plantation.forms.price_answers import PriceAnswerForm
from plantation.services.fruit import closings, price_questions
from plantation.services.fruit.price_answers import answer_question
from plantation.services.fruit.weighings import load_slip
from plantation.services.people.household_names import names_by_code
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import OFFICE, only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, show_form
from plantation.web.refusals import say


@managers.get("/closings")
@only(*OFFICE)
def list_closings() -> str:
    desk = reading_desk()
    return render_template("managers/field/closings.html", page=closings.list_closings(desk, page=page_number()))


@managers.get("/closings/<day>/<path:season>")
@only(*OFFICE)
def show_day(day: str, season: str) -> str:
    """The closing sheet of a day, to print. :raises NotFound: no such day or season."""
    try:
        date = dt.date.fromisoformat(day)
    except ValueError as error:
        raise NotFound(what=N_("day"), code=day[:20]) from error
    desk = reading_desk()
    sheet = closings.day_sheet(desk, season, date)
    names = names_by_code(desk, {total.household for total in sheet.totals if total.household})
    return render_template("managers/field/day.html", sheet=sheet, names=names)


@managers.get("/closings/prices")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_price_questions() -> str:
    return render_template("managers/field/prices.html", page=price_questions.list_questions(reading_desk(), page=page_number()))


@managers.route("/closings/prices/<int:question_id>", methods=["GET", "POST"])
@only(Role.MANAGER)
def answer_price_question(question_id: int) -> Any:
    desk = reading_desk()
    seen = price_questions.load_question(desk, question_id)
    form = PriceAnswerForm()
    if form.validate_on_submit():
        decision = PriceDecision(form.decision.data)
        done = save(form, lambda desk: answer_question(desk, question_id, decision=decision, text=form.text.data))
        if done is not None:
            moved = decision is PriceDecision.PAPER
            said = (
                N_("The slip is taken back and recorded at the paper's price."),
                N_("The answer is written down. The slip stays as it is recorded."),
            )
            flash(say(said[0] if moved else said[1]), "done")
            return redirect(url_for(".list_price_questions"))
    return show_form("managers/field/price.html", form, seen=seen, slip=load_slip(desk, seen.slip))
