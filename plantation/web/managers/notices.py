"""The office's pages for notices: post a settlement, log objections, answer them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import N_, NotFound, Refusal
from plantation.forms.answers import AnswerForm, PaperObjectionForm, PostForm
from plantation.services.lookups import the_season
from plantation.services.money import notices as service
from plantation.services.money import objections
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.households import find_one
from plantation.web.managers.saving import save, show_form
from plantation.web.managers.settlements import page_of

PLACES: dict[type[Refusal], str] = {objections.TextMissing: "text", NotFound: "household"}


@managers.post("/settlements/post/<path:code>")
@only(Role.MANAGER)
def post_notice(code: str) -> Any:
    form = PostForm()
    if form.validate_on_submit() and (notice := save(form, lambda desk: service.post_notice(desk, code))):
        flash(gettext("The notice is posted. Print it and hang it up."), "done")
        return redirect(url_for(".show_notice", number=notice.number, code=code))
    desk = reading_desk()
    return show_form("managers/settlements/not_posted.html", form, season=the_season(desk, code))


@managers.get("/settlements/notices/<int:number>/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_notice(number: int, code: str) -> Any:
    return _show(number, code, PaperObjectionForm())


@managers.post("/settlements/notices/<int:number>/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def log_objection(number: int, code: str) -> Any:
    form = PaperObjectionForm()
    if form.validate_on_submit():

        def log(desk: Any) -> Any:
            notice = service.load_notice(desk, the_season(desk, code), number)
            return objections.object_to(desk, notice, find_one(desk, form.household.data), form.text.data)

        if save(form, log, PLACES) is not None:
            flash(gettext("The objection is in the log."), "done")
            return redirect(url_for(".show_notice", number=number, code=code))
    return _show(number, code, form)


def _show(number: int, code: str, form: PaperObjectionForm) -> Any:
    desk = reading_desk()
    season = the_season(desk, code)
    notice = service.load_notice(desk, season, number)
    lines = service.lines_of(desk, notice)
    return show_form(
        "managers/settlements/notice.html",
        form,
        season=season,
        notice=notice,
        lines=lines,
        page=page_of(lines, page_number()),
        objections=objections.objections_to(desk, notice),
        today=desk.today,
    )


@managers.route("/settlements/objections/<int:objection_id>/<int:number>/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def answer_objection(objection_id: int, number: int, code: str) -> Any:
    desk = reading_desk()
    notice = service.load_notice(desk, the_season(desk, code), number)
    seen = next((one for one in objections.objections_to(desk, notice) if one.objection.id == objection_id), None)
    if seen is None:
        raise NotFound(what=N_("objection"), code=str(objection_id))
    form = AnswerForm()
    if form.validate_on_submit():
        is_upheld = form.decision.data == "upheld"
        answer = save(
            form,
            lambda desk: objections.answer_objection(desk, objection_id, is_upheld=is_upheld, text=form.text.data),
            PLACES,
        )
        if answer is not None:
            flash(gettext("The answer is written down; the household reads it."), "done")
            return redirect(url_for(".show_notice", number=number, code=code))
    return show_form("managers/settlements/objection.html", form, seen=seen, notice=notice, code=code)
