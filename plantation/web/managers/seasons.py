"""The office's pages for picking seasons, with their prices and deductions."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.domain.words import DeductionKind, Role
from plantation.errors import N_
from plantation.forms.seasons import DeductionForm, LimitForm, PriceForm, RemoveForm, SeasonForm
from plantation.models import Release, Season
from plantation.services.desk import Desk
from plantation.services.fruit import quality
from plantation.services.money import deductions, price_sheets, prices
from plantation.services.money import seasons as service
from plantation.services.money.balances import newest_to_pay
from plantation.web.desks import reading_desk
from plantation.web.guard import OFFICE, only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, seen_entry_of, show_form, standing_at, version_of
from plantation.web.refusals import say


def chosen_season(desk: Desk) -> Season | None:
    """The season that `?season=` names, else the latest that has begun, else the latest; None when there is none yet. One that is
    prepared for next year has nothing to look at.

    :raises NotFound: the address names one that does not exist.
    """
    if "season" not in g:
        code = request.args.get("season", "")
        g.season = service.load_season(desk, code) if code else _newest_begun(desk)
    return g.season


def _newest_begun(desk: Desk) -> Season | None:
    seasons = service.list_seasons(desk)
    return next((season for season in seasons if season.starts_on <= desk.today), next(iter(seasons), None))


def season_to_pay(desk: Desk) -> Season | None:
    """The season that `?season=` names, else the latest with something to pay: the one being picked is not settled yet.

    :raises NotFound: as :func:`chosen_season`.
    """
    found = None if request.args.get("season") else newest_to_pay(desk, service.list_seasons(desk))
    return found or chosen_season(desk)


@managers.get("/seasons")
@only(*OFFICE)
def list_seasons() -> str:
    return render_template("managers/seasons/list.html", seasons=service.list_seasons(reading_desk()))


@managers.route("/seasons/new", methods=["GET", "POST"])
@only(Role.MANAGER)
def new_season() -> Any:
    form = SeasonForm()
    if form.validate_on_submit() and (saved := save(form, lambda desk: _write(desk, form))):
        flash(gettext("The season is saved."), "done")
        return redirect(url_for(".show_season", code=saved.code))
    return show_form("managers/seasons/edit.html", form, season=None, frozen=None)


@managers.route("/seasons/edit/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER)
def edit_season(code: str) -> Any:
    desk = reading_desk()
    season = service.load_season(desk, code)
    frozen = service.settled_refusal(desk, season)
    form = SeasonForm(obj=season)
    if form.validate_on_submit() and (
        saved := save(
            form,
            lambda desk: _write(desk, form, code),
            stands=lambda: SeasonForm(formdata=None, obj=service.load_season(reading_desk(), code)),
        )
    ):
        flash(gettext("The season is saved."), "done")
        return redirect(url_for(".show_season", code=saved.code))
    return show_form("managers/seasons/edit.html", form, season=season, frozen=frozen)


def _write(desk: Desk, form: SeasonForm, code: str | None = None) -> Season:
    season = None if code is None else service.load_season(desk, code)
    return service.save_season(
        desk,
        season=season,
        code=form.code.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        mode=form.mode.data,
        tolerance_ppm=form.tolerance_ppm.data,
        version=None if season is None else version_of(form),
    )


@managers.get("/seasons/code/<path:code>")
@only(*OFFICE)
def show_season(code: str) -> Any:
    return _show(code, PriceForm(formdata=None), DeductionForm(formdata=None))


def _show(code: str, price_form: PriceForm, deduction_form: DeductionForm, limit_form: LimitForm | None = None) -> Any:
    desk = reading_desk()
    season = service.load_season(desk, code)
    if limit_form is None:
        limit_form = _open_limits(desk, season)
    sent = next((form for form in (limit_form, deduction_form) if form.errors), price_form)
    return show_form(
        "managers/seasons/show.html",
        sent,
        season=season,
        frozen=service.settled_refusal(desk, season),
        prices=prices.list_prices(desk, season),
        deductions=deductions.list_deductions(desk, season),
        price_form=price_form,
        deduction_form=deduction_form,
        limits=quality.list_limits(desk, season),
        limit_form=limit_form,
        waiting=price_sheets.waiting_prices(desk, season),
    )


@managers.post("/seasons/prices/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def add_price(code: str) -> Any:
    """A manager's price; an accountant is the second person of one that a manager prepared, and posts no other."""
    form = PriceForm()
    may_prepare = g.signed_in.role == Role.MANAGER
    if form.validate_on_submit():
        posted = save(
            form,
            lambda desk: price_sheets.post_price(
                desk, service.load_season(desk, code), grade=form.grade.data, valid_from=form.valid_from.data,
                price_fen_per_kg=form.price_fen_per_kg.data, may_prepare=may_prepare,
            ),
        )  # fmt: skip
        if posted is not None:
            waits = isinstance(posted, Release)
            flash(
                gettext("It is prepared. Another person types the same price in, then it counts.")
                if waits
                else gettext("The price is posted."),
                "done",
            )
            return redirect(url_for(".show_season", code=code))
    return _show(code, form, DeductionForm(formdata=None))


@managers.post("/seasons/prices/remove/<int:price_id>/<path:code>")
@only(Role.MANAGER)
def remove_price(price_id: int, code: str) -> Any:
    return _remove(code, lambda desk, season: prices.remove_price(desk, season, price_id), N_("The price is taken back."))


@managers.post("/seasons/limits/<path:code>")
@only(Role.MANAGER)
def set_quality_limit(code: str) -> Any:
    desk = reading_desk()
    season = service.load_season(desk, code)
    form = LimitForm()
    _offer_grades(form, prices.grades_of(desk, season))
    if form.validate_on_submit() and save(
        form,
        lambda desk: quality.set_limit(
            desk, code, grade=form.of_grade.data, measure=form.measure.data, limit_ppm=form.limit_ppm.data, regrade=form.regrade.data or "",
            seen_entry=seen_entry_of(form),
        ),
        stands=lambda: _open_limits(reading_desk(), season, form.of_grade.data, form.measure.data),
    ):  # fmt: skip
        flash(gettext("The limit is posted; it holds for fruit that is weighed from now on."), "done")
        return redirect(url_for(".show_season", code=code))
    return _show(code, PriceForm(formdata=None), DeductionForm(formdata=None), form)


def _open_limits(desk: Desk, season: Season, grade: str | None = None, measure: str | None = None) -> LimitForm:
    """The form for a limit, with the one of `grade` and `measure` where there is one."""
    form = LimitForm(formdata=None, seen_entry=standing_at(desk), of_grade=grade, **({"measure": measure} if measure else {}))
    _offer_grades(form, prices.grades_of(desk, season))
    for one in quality.list_limits(desk, season):
        if (one.grade, one.measure) == (grade, measure):
            form.limit_ppm.data, form.regrade.data = one.limit_ppm, one.regrade
    return form


def _offer_grades(form: LimitForm, grades: Any) -> None:
    form.of_grade.choices = [(grade, grade) for grade in grades]
    form.regrade.choices = [("", N_("the delivery is refused")), *((grade, grade) for grade in grades)]


@managers.post("/seasons/deductions/<path:code>")
@only(Role.MANAGER)
def add_deduction(code: str) -> Any:
    form = DeductionForm()
    if form.validate_on_submit() and save(form, lambda desk: _add_deduction(desk, form, code)):
        flash(gettext("The deduction is added."), "done")
        return redirect(url_for(".show_season", code=code))
    return _show(code, PriceForm(formdata=None), form)


def _add_deduction(desk: Desk, form: DeductionForm, code: str) -> Any:
    percent = form.kind.data == DeductionKind.PERCENT
    return deductions.add_deduction(
        desk,
        service.load_season(desk, code),
        code=form.code.data,
        name=form.name.data,
        kind=form.kind.data,
        rate_ppm=form.rate_ppm.data if percent else None,
        amount_fen=None if percent else form.amount_fen.data,
    )


@managers.post("/seasons/deductions/remove/<int:deduction_id>/<path:code>")
@only(Role.MANAGER)
def remove_deduction(deduction_id: int, code: str) -> Any:
    def take_off(desk: Desk, season: Season) -> None:
        found = [one for one in deductions.list_deductions(desk, season) if one.id == deduction_id]
        deductions.remove_deduction(desk, season, found[0].code if found else str(deduction_id))

    return _remove(code, take_off, N_("The deduction is taken off."))


def _remove(code: str, take_off: Any, said: str) -> Any:
    form = RemoveForm()

    def work(desk: Desk) -> bool:
        take_off(desk, service.load_season(desk, code))
        return True

    if form.validate_on_submit() and save(form, work):
        flash(say(said), "done")
        return redirect(url_for(".show_season", code=code))
    shown = PriceForm(formdata=None)
    shown.form_errors.extend(form.form_errors)
    return _show(code, shown, DeductionForm(formdata=None))
