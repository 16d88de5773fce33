"""A household says that a slip or its line of a notice is wrong, and reads what was answered."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import N_, NotFound
from plantation.forms.answers import DisputeForm, ObjectionForm
from plantation.services.fruit import disputes as service
from plantation.services.lookups import the_season
from plantation.services.mine.my_slips import load_own_slip
from plantation.services.money import notices, objections
from plantation.web.guard import only
from plantation.web.households import households
from plantation.web.households.own import at_home, save_at_home


@households.route("/dispute/<path:slip>", methods=["GET", "POST"])
@only(Role.HOUSEHOLD)
def dispute_slip(slip: str) -> Any:
    desk, household = at_home()
    found = load_own_slip(desk, household, slip)
    form = DisputeForm()
    if form.validate_on_submit():

        def say(desk: Any, household: Any) -> Any:
            return service.open_dispute(desk, household, found.slip, form.about.data, form.text.data)

        if save_at_home(form, say, {service.NothingSaid: "text"}) is not None:
            flash(gettext("It is written down. The slip is frozen until you are answered."), "done")
            return redirect(url_for(".show_slip", slip=found.slip))
    page = render_template("households/dispute.html", household=household, slip=found, form=form)
    return page, 422 if form.errors else 200


@households.get("/notices/<int:number>/<path:season>")
def show_notice(number: int, season: str) -> Any:
    return _show_notice(number, season, ObjectionForm())


@households.post("/notices/<int:number>/<path:season>")
@only(Role.HOUSEHOLD)
def object_to_notice(number: int, season: str) -> Any:
    form = ObjectionForm()
    if form.validate_on_submit():

        def say(desk: Any, household: Any) -> Any:
            return objections.object_to(desk, notices.load_notice(desk, the_season(desk, season), number), household, form.text.data)

        if save_at_home(form, say, {objections.TextMissing: "text"}) is not None:
            flash(gettext("Your objection is in the log. The settlement waits until you are answered."), "done")
            return redirect(url_for(".show_notice", number=number, season=season))
    return _show_notice(number, season, form)


def _show_notice(number: int, season: str, form: ObjectionForm) -> Any:
    desk, household = at_home()
    notice = notices.load_notice(desk, the_season(desk, season), number)
    line = notices.own_line(desk, notice, household)
    if line is None:
        raise NotFound(what=N_("notice"), code=str(number))
    page = render_template(
        "households/notice.html",
        household=household,
        notice=notice,
        season=season,
        line=line,
        said=objections.objections_to(desk, notice, household),
        form=form,
    )
    return page, 422 if form.errors else 200
