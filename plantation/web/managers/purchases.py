"""The office's pages for purchases: several lines, against what is in stock."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.domain.season_totals import DirectPurchaseInPostedSeason
from plantation.domain.words import Role, SeasonMode
from plantation.errors import Refusal
from plantation.forms.purchases import LineForm, PurchaseForm
from plantation.forms.typed import shown
from plantation.forms.weighings import ReversalForm
from plantation.models import Purchase, Season
from plantation.services.desk import Desk
from plantation.services.fruit import purchases as service
from plantation.services.fruit.buyers import list_buyers
from plantation.services.fruit.origins import origin_of
from plantation.services.fruit.purchase_inputs import LineInput, NumberTaken, PurchaseInput
from plantation.services.fruit.purchase_notes import Note, read_notes
from plantation.services.fruit.stock import stock
from plantation.services.lookups import DayWrong
from plantation.services.money.prices import grades_of
from plantation.services.money.seasons import list_seasons
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.households import find_one
from plantation.web.managers.saving import new_once, once_of, save, show_form
from plantation.web.managers.seasons import chosen_season
from plantation.web.papers import answer_pdf, purchase_paper

PLACES: dict[type[Refusal], str] = {NumberTaken: "number", DayWrong: "purchased_on"}
FIRST_LINES = 3


@managers.get("/purchases")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_purchases() -> str:
    desk = reading_desk()
    season = chosen_season(desk) if request.args.get("season") else None
    return render_template(
        "managers/purchases/list.html",
        page=service.list_purchases(desk, season=season, page=page_number()),
        seasons=list_seasons(desk),
        season=season,
    )


@managers.get("/stock")
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_stock() -> str:
    """What is there by grade and age."""
    desk = reading_desk()
    season = chosen_season(desk)
    return render_template(
        "managers/purchases/in_stock.html",
        season=season,
        seasons=list_seasons(desk),
        stock=stock(desk, season) if season else [],
        today=desk.today,
    )


@managers.route("/purchases/new", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def new_purchase() -> Any:
    desk = reading_desk()
    season = chosen_season(desk)
    if season is None:
        flash(gettext("Open a season first, with its prices."), "refused")
        return redirect(url_for(".list_seasons"))
    buyers = [(buyer.code, f"{buyer.code} {buyer.name}") for buyer in list_buyers(desk).rows]
    if not buyers:
        flash(gettext("Enter the buyer first."), "refused")
        return redirect(url_for(".new_buyer"))
    form = PurchaseForm(once=new_once(), season=season.code, purchased_on=desk.today)
    if request.method == "GET":
        for _ in range(FIRST_LINES - len(form.lines.entries)):
            form.lines.append_entry()
        form.lines.entries[0].form.lot.data = shown(request.args.get("lot", ""))[:64]
    form.offer(grades_of(desk, season))
    form.buyer.choices = buyers
    if form.add_line.data:
        form.add_a_line()
    elif form.validate_on_submit() and (note := save(form, lambda desk: _record(desk, form, season), PLACES)):
        flash(gettext("The purchase is recorded."), "done")
        return redirect(url_for(".show_purchase", number=note.number, season=note.season))
    return show_form(
        "managers/purchases/new.html",
        form,
        season=season,
        pooled=season.mode == SeasonMode.POOLED,
        stock=stock(desk, season),
        today=desk.today,
    )


def _record(desk: Desk, form: PurchaseForm, season: Season) -> Note:
    return service.record_purchase(
        desk,
        PurchaseInput(
            season=season.code,
            date=form.purchased_on.data,
            buyer=form.buyer.data,
            number=form.number.data or None,
            once=once_of(form),
            lines=[_line(desk, line, season) for line in form.begun_lines],
        ),
        beyond_stock=form.beyond_stock.data,
    )


def _line(desk: Desk, line: LineForm, season: Season) -> LineInput:
    source = None
    if line.source.data and line.source.data != "pool":
        household = find_one(desk, line.source.data)
        if season.mode == SeasonMode.POSTED:
            raise DirectPurchaseInPostedSeason(season=season.code, grade=line.grade.data, household=household.code)
        source = household.code
    return LineInput(
        source=source,
        grade="" if line.lot.data else line.grade.data,
        net_grams=line.net_grams.data or 0,
        price_fen_per_kg=line.price_fen_per_kg.data,
        lot=line.lot.data or None,
    )


@managers.get("/purchases/number/<path:number>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_purchase(number: str) -> str:
    desk = reading_desk()
    season = chosen_season(desk)
    note = service.load_purchase(desk, season.code if season else "", number)
    reversal = next(read_notes(desk, Purchase.reverses_id == note.id), None)
    return render_template("managers/purchases/show.html", note=note, reversal=reversal)


@managers.get("/purchases/note/<path:number>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def print_purchase(number: str) -> Any:
    """The purchase note as the buyer has it."""
    desk = reading_desk()
    season = chosen_season(desk)
    note = service.load_purchase(desk, season.code if season else "", number)
    address = url_for("buyers.show_purchase", season=note.season, number=note.number, _external=True)
    paper = purchase_paper(desk, note, f"{note.buyer} {note.buyer_name}", origin_of(desk, note), address)
    return answer_pdf(paper, f"{note.season}-{note.number}")


@managers.route("/purchases/reverse/<path:number>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def reverse_purchase(number: str) -> Any:
    desk = reading_desk()
    season = chosen_season(desk)
    note = service.load_purchase(desk, season.code if season else "", number)
    form = ReversalForm(once=new_once())
    if form.validate_on_submit():
        saved = save(
            form,
            lambda desk: service.reverse_purchase(desk, note.season, number, reason=form.reason.data, once=once_of(form)),
        )
        if saved is not None:
            flash(gettext("The purchase is taken back. Record the right one now, if there is one."), "done")
            return redirect(url_for(".show_purchase", number=saved.number, season=saved.season))
    return show_form("managers/purchases/reverse.html", form, note=note)
