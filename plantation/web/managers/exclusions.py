"""The office's pages for what lies in a plot and cannot be planted."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import Refusal
from plantation.forms.exclusions import ExclusionForm
from plantation.forms.seasons import RemoveForm
from plantation.geometry.outline import read_outline
from plantation.services.desk import Desk
from plantation.services.land import exclusions as service
from plantation.services.land.plots import NothingLeft, load_plot
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, show_form
from plantation.web.refusals import attach

PLACES: dict[type[Refusal], str] = {service.ExclusionOutside: "outline", NothingLeft: "outline"}


@managers.route("/plots/exclusions/new/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER)
def new_exclusion(code: str) -> Any:
    plot = load_plot(reading_desk(), code)
    form = ExclusionForm()
    if form.validate_on_submit() and (outline := _outline(form)) is not None:
        width_m = form.width_m.data if form.is_line else None
        saved = save(
            form,
            lambda desk: service.add_exclusion(desk, load_plot(desk, code), kind=form.kind.data, outline=outline, width_m=width_m),
            PLACES,
        )
        if saved is not None:
            flash(gettext("It is cut out of the plot; the plot's area is smaller now."), "done")
            return redirect(url_for(".show_plot", code=code))
    return show_form("managers/exclusions/new.html", form, plot=plot)


def _outline(form: ExclusionForm) -> Any:
    """A line as it was drawn; an area repaired, or None with its fault in the form."""
    if form.is_line:
        return form.outline.data
    try:
        return read_outline(form.outline.data).geometry
    except Refusal as refusal:
        attach(form, refusal, "outline")
        return None


@managers.post("/plots/exclusions/remove/<int:exclusion_id>/<path:code>")
@only(Role.MANAGER)
def remove_exclusion(exclusion_id: int, code: str) -> Any:
    load_plot(reading_desk(), code)
    form = RemoveForm()

    def work(desk: Desk) -> bool:
        service.remove_exclusion(desk, load_plot(desk, code), exclusion_id)
        return True

    if form.validate_on_submit() and save(form, work):
        flash(gettext("It is part of the plot again."), "done")
    else:
        flash(gettext("It could not be taken away: somebody changed the plot meanwhile. Look again."), "refused")
    return redirect(url_for(".show_plot", code=code))
