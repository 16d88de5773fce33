"""The office's pages for weighings: enter one, find it, print its slip, take it back."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.domain.pricing import NoPriceInForce
from plantation.domain.quality import QualityRefused
from plantation.domain.seasons import OutsideSeason
from plantation.domain.weighing import DeductionOutOfRange, GrossAboveLimit, GrossNotAboveTare
from plantation.domain.words import Role, SeasonMode
from plantation.errors import N_, Refusal
from plantation.forms.weighings import ReversalForm, WeighingForm
from plantation.models import Season, Weighing
from plantation.services.desk import Desk
from plantation.services.fruit import weighings as service
from plantation.services.fruit.disputes import disputes_of_slip
from plantation.services.fruit.photos import photos_of, picture_of
from plantation.services.fruit.quality import check_of, weigh_checked
from plantation.services.fruit.slip_numbers import SlipTaken
from plantation.services.fruit.tares import list_tares
from plantation.services.fruit.weighing_inputs import IdReused, PlotUnshared, WeighingInput
from plantation.services.fruit.weighing_slips import read_slips
from plantation.services.land.overview import plot_names
from plantation.services.lookups import DayAhead
from plantation.services.money import prices
from plantation.services.money.seasons import list_seasons
from plantation.services.people.households import find_households, load_household
from plantation.units import Fen, format_kg
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import OFFICE, only
from plantation.web.managers import managers
from plantation.web.managers.households import find_one
from plantation.web.managers.saving import new_once, once_of, save, search_text, show_form
from plantation.web.managers.seasons import chosen_season

PLACES: dict[type[Refusal], str] = {
    GrossNotAboveTare: "gross_grams",
    GrossAboveLimit: "gross_grams",
    DeductionOutOfRange: "deduction_ppm",
    NoPriceInForce: "grade",
    OutsideSeason: "weighed_at",
    DayAhead: "weighed_at",
    SlipTaken: "slip",
    QualityRefused: "grade",
    PlotUnshared: "plot",
}


@managers.get("/weighings")
@only(*OFFICE)
def list_weighings() -> str:
    desk = reading_desk()
    season = chosen_season(desk) if request.args.get("season") else None
    return render_template(
        "managers/weighings/list.html",
        page=service.list_weighings(desk, season=season, search=search_text(), page=page_number()),
        seasons=list_seasons(desk),
        season=season,
        search=search_text(),
    )


@managers.route("/weighings/new", methods=["GET", "POST"])
@only(Role.MANAGER, Role.WEIGHER)
def new_weighing() -> Any:
    desk = reading_desk()
    season = chosen_season(desk)
    if season is None:
        flash(gettext("Open a season first, with its prices."), "refused")
        return redirect(url_for(".list_seasons"))
    form = WeighingForm(season=season.code, once=new_once(), weighed_at=desk.now.astimezone(desk.zone).replace(tzinfo=None))
    sheet = price_sheet(desk, season)
    form.grade.choices = [(grade, grade) for grade in prices.grades_of(desk, season)]
    form.plot.choices = [("", N_("none")), *plot_names(desk)]
    if request.method == "GET":
        form.household.data = request.args.get("household", "")[:64]
        _repeat_the_last(form)
    elif form.validate_on_submit():
        saved = save(form, lambda desk: _record(desk, form, season), PLACES)
        if saved is not None:
            return _after(form, saved, season)
    return show_form(
        "managers/weighings/new.html",
        form,
        season=season,
        posted=season.mode == SeasonMode.POSTED,
        sheet=json.dumps(sheet, ensure_ascii=False),
        names=find_households(desk, form.household.data or "", limit=10),
        tares=[(tare.name, format_kg(tare.grams), tare.grams) for tare in list_tares(desk)],
    )


def price_sheet(desk: Desk, season: Season) -> dict[str, list[tuple[str, Fen]]]:
    """Per grade the (first day, fen per kg) of its prices, by day: what the page needs to show amounts as you type."""
    sheet: dict[str, list[tuple[str, Fen]]] = {}
    for price in sorted(prices.list_prices(desk, season), key=lambda price: price.valid_from):
        sheet.setdefault(price.grade, []).append((price.valid_from.isoformat(), price.price_fen_per_kg))
    return sheet


def _repeat_the_last(form: WeighingForm) -> None:
    """After "save, then the next": what stays the same from one sack to the next."""
    form.grade.data = request.args.get("grade", "")[:64] or form.grade.data
    form.plot.data = request.args.get("plot", "")[:64]
    for field in (form.tare_grams, form.deduction_ppm):
        text = request.args.get(field.name, "")[:20]
        if text.isascii() and text.isdigit():
            field.data = int(text)


def _record(desk: Desk, form: WeighingForm, season: Season) -> Weighing:
    weighed_at = form.weighed_at.data.replace(tzinfo=desk.zone)
    if weighed_at.date() > desk.today:
        raise DayAhead(day=weighed_at.date(), today=desk.today)
    household = find_one(desk, form.household.data).code if form.household.data else None
    return weigh_checked(
        desk,
        WeighingInput(
            id=once_of(form),
            slip=form.slip.data or None,
            season=season.code,
            time=weighed_at,
            household=household,
            plot=form.plot.data or None,
            grade=form.grade.data,
            gross_grams=form.gross_grams.data,
            tare_grams=form.tare_grams.data or 0,
            deduction_ppm=form.deduction_ppm.data or 0,
            picker=form.picker.data,
            piece_rate_fen_per_kg=form.piece_rate_fen_per_kg.data,
        ),
        impurity_ppm=form.impurity_ppm.data,
        moisture_ppm=form.moisture_ppm.data,
    )


def _after(form: WeighingForm, saved: Weighing, season: Season) -> Any:
    flash(gettext("The weighing is recorded. Here is its slip."), "done")
    if not form.save_next.data:
        return redirect(url_for(".show_weighing", slip=saved.slip))
    same = {
        "grade": form.grade.data,
        "plot": form.plot.data,
        "tare_grams": form.tare_grams.data or 0,
        "deduction_ppm": form.deduction_ppm.data or 0,
    }
    return redirect(url_for(".new_weighing", season=season.code, last=saved.slip, **same))


@managers.get("/weighings/slip/<path:slip>")
@only(*OFFICE)
def show_weighing(slip: str) -> str:
    desk = reading_desk()
    found = service.load_slip(desk, slip)
    reversal = next(read_slips(desk, Weighing.reverses_id == found.id), None)
    household = load_household(desk, found.household) if found.household else None
    return render_template(
        "managers/weighings/show.html",
        slip=found,
        reversal=reversal,
        household=household,
        disputes=disputes_of_slip(desk, found.slip),
        check=check_of(desk, found.id),
        photos=[(photo, url_for(".show_photo", photo_id=photo.id)) for photo in photos_of(desk, found.id)],
    )


@managers.get("/weighings/photo/<int:photo_id>")
@only(*OFFICE)
def show_photo(photo_id: int) -> Response:
    """A picture of the scale."""
    return Response(picture_of(reading_desk(), photo_id), mimetype="image/jpeg")


@managers.route("/weighings/reverse/<path:slip>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.WEIGHER)
def reverse_weighing(slip: str) -> Any:
    desk = reading_desk()
    found = service.load_slip(desk, slip)
    form = ReversalForm(once=new_once())
    if form.validate_on_submit():
        once = once_of(form)

        def reverse(desk: Desk) -> str:
            try:
                return service.reverse_weighing(desk, slip, reason=form.reason.data, id=once).slip
            except IdReused:  # the same form, sent a second time, a moment later
                return slip

        if (saved := save(form, reverse)) is not None:
            flash(gettext("The slip is taken back. Record the right weighing now, if there is one."), "done")
            return redirect(url_for(".show_weighing", slip=saved))
    return show_form("managers/weighings/reverse.html", form, slip=found)
