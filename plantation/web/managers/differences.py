"""The office's pages for the three-way match: land, scale and buyers, and the queue of what does not agree."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import ngettext

from plantation.domain.differences import TEXTS, Difference
from plantation.domain.words import DifferenceKind, Role
from plantation.errors import N_, NotFound, Refusal
from plantation.forms.differences import DifferencesForm
from plantation.services.fruit import differences as service
from plantation.services.money.seasons import list_seasons, load_season
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.languages import Count
from plantation.web.managers import managers
from plantation.web.managers.saving import save, seen_entry_of, show_form, standing_at
from plantation.web.managers.seasons import chosen_season
from plantation.web.managers.settlements import page_of
from plantation.web.refusals import say


def told(difference: Difference) -> str:
    """A difference in the reader's words, with its figures."""
    figures = dict(difference.figures)
    if "bears_kg" in figures:  # a guess, told in whole kilograms: rounded up it could stand above what exceeds it
        figures["bears_kg"] = str(figures["bears_kg"]).partition(".")[0]
    text = Refusal(**figures)
    text.template = TEXTS[difference.kind]
    return say(text)


@managers.route("/differences", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_differences() -> Any:
    desk = reading_desk()
    season = chosen_season(desk)
    if season is None:
        return redirect(url_for(".list_seasons"))
    form = DifferencesForm()
    if form.validate_on_submit() and _answer(form, season.code):
        return redirect(url_for(".list_differences", season=season.code))
    form.seen_entry.data = standing_at(desk)
    found, grades = service.match_season(desk, season)
    page = page_of(found, page_number())
    return show_form(
        "managers/differences/list.html", form, season=season, seasons=list_seasons(desk), page=page, told=told,
        open=sum(1 for one in found if one.answer is None), grades=grades,
        yields=page_of(service.plot_yields(desk, season), 1),
    )  # fmt: skip


@managers.route("/differences/<season>/<kind>/<path:subject>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def answer_difference(season: str, kind: str, subject: str) -> Any:
    desk = reading_desk()
    load_season(desk, season)
    if kind not in set(DifferenceKind):
        raise NotFound(what=N_("difference"), code=kind[:64])
    seen = service.load_difference(desk, season, kind, subject)
    form = DifferencesForm()
    if form.validate_on_submit() and _answer(form, season):
        return redirect(url_for(".list_differences", season=season))
    form.seen_entry.data = standing_at(desk)
    figures = seen.difference.figures
    slips = [str(figures[name]) for name in ("slip", "first", "second") if name in figures]
    return show_form(
        "managers/differences/answer.html", form, season=season, seen=seen, text=told(seen.difference), slips=slips,
        household=None if "plot" in figures else figures.get("household"), plot=figures.get("plot"), back=request.args.get("page", ""),
    )  # fmt: skip


def _answer(form: DifferencesForm, season: str) -> int | None:
    """Write the answer down for all that are chosen; how many those are, or None, and the form says why."""
    said = {"verdict": form.verdict.data, "text": form.text.data, "seen_entry": seen_entry_of(form)}
    answered = save(form, lambda desk: service.answer_differences(desk, season, form.rows(), **said))
    if answered is None:
        return None
    flash(ngettext("The difference is answered.", "%(num)s differences are answered.", Count(len(answered))), "done")
    return len(answered)
