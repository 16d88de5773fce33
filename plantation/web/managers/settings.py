"""The office's pages for what a collective sets once: its name, crates and bags, and what a mu bears by age."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from plantation.domain.forecast import Stage, StageYield
from plantation.domain.tares import Tare
from plantation.errors import BadValue
from plantation.forms.settings import STAGES, CollectiveForm, TaresForm, YieldsForm
from plantation.services.collectives import is_unnamed, rename_collective
from plantation.services.fruit.tares import list_tares, set_tares
from plantation.services.land.yields import set_yields, yields_of
from plantation.web.desks import reading_desk
from plantation.web.managers import managers
from plantation.web.managers.saving import save, show_form


@managers.route("/collective", methods=["GET", "POST"])
def edit_collective() -> Any:
    form, desk = CollectiveForm(), reading_desk()
    if request.method == "GET" and not is_unnamed(desk):
        form.name.data = desk.collective.name
    if form.validate_on_submit():
        if save(form, lambda writing: rename_collective(writing, form.name.data), {BadValue: "name"}) is not None:
            flash(gettext("Pages, slips and papers say %(name)s from now on.", name=form.name.data), "done")
            return redirect(url_for(".home"))
    return show_form("managers/settings/collective.html", form, collective=desk.collective)


@managers.route("/tares", methods=["GET", "POST"])
def edit_tares() -> Any:
    form = TaresForm()
    if request.method == "GET":
        for tare, entry in zip(list_tares(reading_desk()), form.tares.entries):
            entry.form.name.data, entry.form.grams.data = tare
    if form.validate_on_submit():
        tares = [Tare(one.form.name.data, one.form.grams.data) for one in form.tares.entries if one.form.grams.data is not None]
        if save(form, lambda desk: set_tares(desk, tares)) is not None:
            flash(gettext("The crates and bags are set. Phones take them when they are connected next."), "done")
            return redirect(url_for(".edit_tares"))
    return show_form("managers/settings/tares.html", form)


@managers.route("/yields", methods=["GET", "POST"])
def edit_yields() -> Any:
    form = YieldsForm()
    if request.method == "GET":
        for line, entry in zip(yields_of(reading_desk()), form.stages.entries, strict=True):
            entry.form.from_years.data, entry.form.low_kg_per_mu.data = line.from_years, line.low_kg_per_mu
            entry.form.mid_kg_per_mu.data, entry.form.high_kg_per_mu.data = line.mid_kg_per_mu, line.high_kg_per_mu
    if form.validate_on_submit():
        yields = [
            StageYield(
                one.form.from_years.data, stage, one.form.low_kg_per_mu.data, one.form.mid_kg_per_mu.data, one.form.high_kg_per_mu.data
            )
            for stage, one in zip(Stage, form.stages.entries, strict=True)
        ]
        if save(form, lambda desk: set_yields(desk, yields)) is not None:
            flash(gettext("The yields are set. Forecasts and the match with the land follow them."), "done")
            return redirect(url_for(".edit_yields"))
    return show_form("managers/settings/yields.html", form, names=list(STAGES.values()))
