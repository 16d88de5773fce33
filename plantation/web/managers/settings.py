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
from plantation.web.managers.saving import save, seen_entry_of, show_form, standing_at


@managers.route("/collective", methods=["GET", "POST"])
def edit_collective() -> Any:
    form, desk = CollectiveForm(), reading_desk()
    if request.method == "GET":
        _show_name(form)
    if form.validate_on_submit():
        seen = seen_entry_of(form)
        done = save(
            form, lambda writing: rename_collective(writing, form.name.data, seen_entry=seen), {BadValue: "name"},
            stands=lambda: _show_name(CollectiveForm(formdata=None)),
        )  # fmt: skip
        if done is not None:
            flash(gettext("Pages, slips and papers say %(name)s from now on.", name=form.name.data), "done")
            return redirect(url_for(".home"))
    return show_form("managers/settings/collective.html", form, collective=desk.collective)


def _show_name(form: CollectiveForm) -> CollectiveForm:
    desk = reading_desk()
    form.seen_entry.data = standing_at(desk)
    if not is_unnamed(desk):
        form.name.data = desk.collective.name
    return form


@managers.route("/tares", methods=["GET", "POST"])
def edit_tares() -> Any:
    form = TaresForm()
    if request.method == "GET":
        _show_tares(form)
    if form.validate_on_submit():
        tares = [Tare(one.form.name.data, one.form.grams.data) for one in form.tares.entries if one.form.grams.data is not None]
        seen = seen_entry_of(form)
        done = save(form, lambda desk: set_tares(desk, tares, seen_entry=seen), stands=lambda: _show_tares(TaresForm(formdata=None)))
        if done is not None:
            flash(gettext("The crates and bags are set. Phones take them when they are connected next."), "done")
            return redirect(url_for(".edit_tares"))
    return show_form("managers/settings/tares.html", form)


def _show_tares(form: TaresForm) -> TaresForm:
    desk = reading_desk()
    form.seen_entry.data = standing_at(desk)
    for tare, entry in zip(list_tares(desk), form.tares.entries):
        entry.form.name.data, entry.form.grams.data = tare
    return form


@managers.route("/yields", methods=["GET", "POST"])
def edit_yields() -> Any:
    form = YieldsForm()
    if request.method == "GET":
        _show_yields(form)
    if form.validate_on_submit():
        yields = [
            StageYield(
                one.form.from_years.data, stage, one.form.low_kg_per_mu.data, one.form.mid_kg_per_mu.data, one.form.high_kg_per_mu.data
            )
            for stage, one in zip(Stage, form.stages.entries, strict=True)
        ]
        seen = seen_entry_of(form)
        done = save(form, lambda desk: set_yields(desk, yields, seen_entry=seen), stands=lambda: _show_yields(YieldsForm(formdata=None)))
        if done is not None:
            flash(gettext("The yields are set. Forecasts and the match with the land follow them."), "done")
            return redirect(url_for(".edit_yields"))
    return show_form("managers/settings/yields.html", form, names=list(STAGES.values()))


def _show_yields(form: YieldsForm) -> YieldsForm:
    desk = reading_desk()
    form.seen_entry.data = standing_at(desk)
    for line, entry in zip(yields_of(desk), form.stages.entries, strict=True):
        entry.form.from_years.data, entry.form.low_kg_per_mu.data = line.from_years, line.low_kg_per_mu
        entry.form.mid_kg_per_mu.data, entry.form.high_kg_per_mu.data = line.mid_kg_per_mu, line.high_kg_per_mu
    return form
