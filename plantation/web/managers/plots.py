"""The office's pages for plots: all on one map, one with its parcels, a new boundary in three ways."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import Refusal
from plantation.forms.plots import NoBoundary, PlotForm
from plantation.geometry.outline import Outline, read_outline
from plantation.models import Plot
from plantation.services.desk import Desk
from plantation.services.land import overview
from plantation.services.land import plots as service
from plantation.services.land.exclusions import list_exclusions
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.boundaries import read_boundary
from plantation.web.managers.saving import save, search_text, show_form, version_of
from plantation.web.managers.settlements import page_of
from plantation.web.refusals import attach, say


@managers.get("/plots")
def list_plots() -> str:
    desk = reading_desk()
    page = service.list_plots(desk, search=search_text(), page=page_number())
    return render_template(
        "managers/plots/list.html",
        page=page,
        search=search_text(),
        land=overview.land_balance(desk),
    )


@managers.get("/plots/code/<path:code>")
def show_plot(code: str) -> str:
    desk = reading_desk()
    plot = service.load_plot(desk, code)
    return render_template(
        "managers/plots/show.html",
        plot=plot,
        exclusions=list_exclusions(desk, plot),
        page=page_of(overview.parcel_shapes(desk, plot), page_number()),
        overlaps=service.overlaps_of(desk, plot),
    )


@managers.route("/plots/new", methods=["GET", "POST"])
@only(Role.MANAGER)
def new_plot() -> Any:
    return _edit(PlotForm(), None)


@managers.route("/plots/edit/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER)
def edit_plot(code: str) -> Any:
    plot = service.load_plot(reading_desk(), code)
    return _edit(PlotForm(obj=plot), plot)


def _edit(form: PlotForm, plot: Plot | None) -> Any:
    if form.validate_on_submit() and (outline := _boundary(form, plot)) is not None:
        saved = save(
            form, lambda desk: _write(desk, form, outline, plot and plot.code),
            stands=(lambda: PlotForm(formdata=None, obj=service.load_plot(reading_desk(), plot.code))) if plot else None,
        )  # fmt: skip
        if saved is not None:
            _tell(saved, outline)
            return redirect(url_for(".show_plot", code=saved.code))
    return show_form("managers/plots/edit.html", form, plot=plot)


def _boundary(form: PlotForm, plot: Plot | None) -> Outline | None:
    """The boundary from the file, else from the map or the typed corners; None, and the form says why.

    What is sent back as it was stays as it is, to the last bit and without another repair.
    """
    upload = form.boundary_file.data
    try:
        if upload is not None and getattr(upload, "filename", ""):
            return read_boundary(upload)
        if plot is not None and form.outline.data is not None and form.outline.data.equals_exact(plot.outline, 0):
            return Outline(plot.outline)
        if form.outline.data is not None:
            return read_outline(form.outline.data)
    except Refusal as refusal:
        attach(form, refusal, "boundary_file" if upload else "outline")
    else:
        attach(form, NoBoundary(), "outline")
    return None


def _write(desk: Desk, form: PlotForm, outline: Outline, code: str | None) -> Plot:
    plot = None if code is None else service.load_plot(desk, code)
    return service.save_plot(
        desk,
        plot=plot,
        code=form.code.data,
        name=form.name.data,
        outline=outline,
        planted_on=form.planted_on.data,
        variety=form.variety.data,
        row_bearing=form.row_bearing.data,
        row_spacing_m=form.row_spacing_m.data,
        version=None if plot is None else version_of(form),
    )


def _tell(plot: Plot, outline: Outline) -> None:
    flash(gettext("The plot is saved."), "done")
    for repair in outline.repairs:
        told = Refusal(**repair.figures)
        told.template = repair.what
        flash(say(told), "note")
