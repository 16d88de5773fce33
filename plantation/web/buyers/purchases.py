"""A buyer's purchases: record one from the pool, list them, and the note with its proof of origin."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.errors import N_, Refusal
from plantation.forms.buyer_purchases import MOST_LINES, BuyerPurchaseForm
from plantation.forms.typed import shown
from plantation.models import Buyer, Season
from plantation.services.desk import Desk
from plantation.services.fruit.origins import origin_of
from plantation.services.fruit.own_purchases import load_own_purchase, own_buyer, reversal_of, season_totals
from plantation.services.fruit.purchases import LineInput, PurchaseInput, record_purchase
from plantation.services.fruit.purchases import list_purchases as purchases_of
from plantation.services.fruit.stock import stock
from plantation.services.lookups import DayWrong
from plantation.units import format_kg, format_yuan
from plantation.web.addresses import page_number
from plantation.web.buyers import buyers
from plantation.web.buyers.own import at_the_counter, season_now
from plantation.web.managers.saving import new_once, once_of, save, show_form
from plantation.web.papers import answer_pdf, purchase_paper
from plantation.web.refusals import attach


class SeasonMoved(Refusal):
    """A page that was opened in one season and sent in the next."""

    template = N_("Another season has begun since this page was opened. Load it again.")


@buyers.get("/purchases")
def list_purchases() -> str:
    desk, buyer = at_the_counter()
    return render_template(
        "buyers/purchases.html",
        buyer=buyer,
        page=purchases_of(desk, buyer=buyer, page=page_number()),
        totals=season_totals(desk, buyer),
    )


@buyers.route("/purchases/new", methods=["GET", "POST"])
def new_purchase() -> Any:
    desk, buyer = at_the_counter()
    season = season_now(desk)
    if season is None:
        flash(gettext("No season has begun yet."), "refused")
        return redirect(url_for(".home"))
    there = stock(desk, season)
    form = BuyerPurchaseForm(season=season.code, once=new_once(), purchased_on=desk.today)
    form.offer([line.grade for line in there if line.left_grams > 0] or [line.grade for line in there])
    around = {"season": season, "stock": there, "today": desk.today, "most": MOST_LINES}
    if request.method == "GET" and request.args.get("lot"):
        form.lines.entries[0].form.lot.data = shown(request.args["lot"])[:64]
    if request.method == "POST" and "add_line" in request.form:
        form.add_a_line()
        return render_template("buyers/new.html", form=form, **around)
    if form.validate_on_submit():
        saved = _record(form, buyer, season)
        if saved is not None:
            flash(gettext("The purchase is recorded. Here is its note."), "done")
            return redirect(url_for(".show_purchase", season=season.code, number=saved))
    return show_form("buyers/new.html", form, **around)


def _record(form: BuyerPurchaseForm, buyer: Buyer, season: Season) -> str | None:
    """The number of the recorded purchase; None, and the form says why."""
    if form.season.data != season.code:
        attach(form, SeasonMoved())
        return None
    given = PurchaseInput(
        season=season.code,
        date=form.purchased_on.data,
        buyer=buyer.code,
        lines=[
            LineInput(
                grade="" if line.lot.data else line.grade.data,
                net_grams=line.net_grams.data or 0,
                price_fen_per_kg=line.price_fen_per_kg.data,
                lot=line.lot.data or None,
            )
            for line in form.begun_lines
        ],
        once=once_of(form),
    )

    def work(desk: Desk) -> str:
        own_buyer(desk, buyer.id)
        return record_purchase(desk, given).number

    return save(form, work, {DayWrong: "purchased_on"})


@buyers.get("/purchases/<season>/<path:number>")
def show_purchase(season: str, number: str) -> str:
    desk, buyer = at_the_counter()
    note = load_own_purchase(desk, buyer, season, number)
    return render_template(
        "buyers/purchase.html",
        buyer=buyer,
        note=note,
        reversal=reversal_of(desk, note),
        origin=origin_of(desk, note),
    )


@buyers.get("/purchase-note/<season>/<path:number>")
def print_purchase(season: str, number: str) -> Response:
    """The purchase note as a PDF, with the lot's origin and no names of households."""
    desk, buyer = at_the_counter()
    note = load_own_purchase(desk, buyer, season, number)
    address = url_for(".show_purchase", season=note.season, number=note.number, _external=True)
    return answer_pdf(
        purchase_paper(desk, note, f"{buyer.code} {buyer.name}", origin_of(desk, note), address), f"{note.season}-{note.number}"
    )


@buyers.get("/origin/<season>/<path:number>")
def origin_as_json(season: str, number: str) -> Response:
    """The proof of origin, for a buyer's own customers: plots, days and weights."""
    desk, buyer = at_the_counter()
    note = load_own_purchase(desk, buyer, season, number)
    origin = origin_of(desk, note)
    answer = jsonify(
        collective=desk.collective.name,
        buyer=buyer.name,
        purchase=note.number,
        season=note.season,
        date=note.purchased_on.isoformat(),
        lines=[
            {
                "grade": line.grade,
                "net_kg": format_kg(line.net_grams),
                "price_yuan_per_kg": format_yuan(line.price_fen_per_kg),
                "amount_yuan": format_yuan(line.amount_fen),
            }
            for line in note.lines
        ],
        taken_back=reversal_of(desk, note) is not None,
        origin=[
            {
                "grade": line.grade,
                "plot": line.plot,
                "plot_name": line.plot_name,
                "weighed_on": line.day.isoformat(),
                "net_kg": format_kg(line.net_grams),
            }
            for line in origin.lines
        ],
        untraced_kg=format_kg(origin.untraced_grams),
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="origin.json"'
    return answer
