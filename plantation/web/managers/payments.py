"""The office's pages for payments: who is owed what, pay one, pay all, take a payment back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import N_, Refusal
from plantation.forms.payments import PayAllForm, PaymentForm, SignedSheetForm
from plantation.forms.weighings import ReversalForm
from plantation.models import Payment, Season
from plantation.services.desk import Desk
from plantation.services.lookups import DayWrong, check_day
from plantation.services.money import payments as service
from plantation.services.money.balances import balance_of
from plantation.services.money.payment_inputs import BalancesMoved, MoreThanOwed
from plantation.services.money.payment_records import read_payments
from plantation.services.money.season_money import season_money
from plantation.services.money.seasons import list_seasons, load_season
from plantation.services.money.settlements import latest_settlement
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.households import find_one
from plantation.web.managers.saving import new_once, once_of, save, show_form
from plantation.web.managers.seasons import season_to_pay
from plantation.web.managers.settlements import figure

PLACES: dict[type[Refusal], str] = {MoreThanOwed: "amount_fen", DayWrong: "paid_on", BalancesMoved: "confirmed"}


@managers.get("/payments")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_payments() -> Any:
    desk = reading_desk()
    season = season_to_pay(desk)
    if season is None:
        return redirect(url_for(".list_seasons"))
    money = season_money(desk, season)
    return render_template(
        "managers/payments/list.html",
        season=season,
        seasons=list_seasons(desk),
        page=service.balances(desk, season, page=page_number(), total=money.households),
        money=money,
        settled=latest_settlement(desk, season),
    )


@managers.get("/payments/made")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_made_payments() -> Any:
    desk = reading_desk()
    season = load_season(desk, code) if (code := request.args.get("season")) else None
    return render_template(
        "managers/payments/made.html",
        season=season,
        seasons=list_seasons(desk),
        page=service.list_payments(desk, season=season, page=page_number()),
    )


@managers.route("/payments/sheet/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def print_signature_sheet(code: str) -> Any:
    """Who is owed cash, to be signed on paper: a page at a time, each with its own total and the total of all. Who has
    signed is ticked, and one post pays exactly those."""
    desk = reading_desk()
    season = service.the_season(desk, code)
    form = SignedSheetForm(once=new_once(), paid_on=desk.today)
    if form.validate_on_submit() and (paid := save(form, lambda desk: _pay_sheet(desk, form, season), PLACES)) is not None:
        flash(gettext("The payments of the sheet are recorded.") if paid else N_("These payments were recorded before."), "done")
        return redirect(url_for(".print_signature_sheet", code=code))
    money = season_money(desk, season)
    return show_form(
        "managers/payments/sheet.html",
        form,
        season=season,
        page=service.balances(desk, season, is_open=True, page=page_number(), total=money.open_households),
        total_fen=money.open_fen,
        today=desk.today,
    )


def _pay_sheet(desk: Desk, form: SignedSheetForm, season: Season) -> int:
    return service.pay_listed(
        desk,
        season.code,
        form.rows(),
        date=form.paid_on.data,
        method="cash",
        reference=form.reference.data,
        once=once_of(form),
    )


@managers.route("/payments/new", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def new_payment() -> Any:
    desk = reading_desk()
    season = season_to_pay(desk)
    if season is None:
        return redirect(url_for(".list_seasons"))
    form = PaymentForm(once=new_once(), season=season.code, paid_on=desk.today)
    balance_fen = None
    typed = form.household.data or request.args.get("household", "")[:64]
    if typed:
        try:
            household = find_one(desk, typed)
            balance_fen = balance_of(desk, season, household)
        except Refusal:
            household = None  # said again, at its field, when the form is sent
        if request.method == "GET" and household is not None:
            form.household.data = household.code
            form.amount_fen.data = balance_fen if balance_fen and balance_fen > 0 else None
    if form.validate_on_submit() and (paid := save(form, lambda desk: _record(desk, form, season), PLACES)):
        flash(gettext("The payment is recorded."), "done")
        return redirect(url_for(".show_payment", payment_id=paid.id))
    return show_form("managers/payments/new.html", form, season=season, balance_fen=balance_fen)


def _record(desk: Desk, form: PaymentForm, season: Season) -> Payment:
    check_day(desk, form.paid_on.data)
    return service.record_payment(
        desk,
        season=season.code,
        household=find_one(desk, form.household.data),
        date=form.paid_on.data,
        method=form.method.data,
        amount_fen=form.amount_fen.data,
        reference=form.reference.data,
        once=once_of(form),
    )


@managers.get("/payments/id/<int:payment_id>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_payment(payment_id: int) -> str:
    desk = reading_desk()
    service.load_payment(desk, payment_id)
    payment = next(read_payments(desk, Payment.id == payment_id))
    reversal = next(read_payments(desk, Payment.reverses_id == payment_id), None)
    return render_template("managers/payments/show.html", payment=payment, reversal=reversal)


@managers.route("/payments/all/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def pay_all(code: str) -> Any:
    desk = reading_desk()
    season = service.the_season(desk, code)
    money = season_money(desk, season)
    form = PayAllForm(paid_on=desk.today)
    if form.validate_on_submit():
        seen_fen = figure(form.total_fen.data)
        paid = save(
            form,
            lambda desk: service.pay_all(
                desk,
                code,
                date=form.paid_on.data,
                method=form.method.data,
                reference=form.reference.data,
                seen_total_fen=seen_fen,
            ),
            PLACES,
        )
        if paid is not None:
            flash(gettext("All open balances are paid."), "done")
            return redirect(url_for(".list_payments", season=code))
    form.total_fen.data = str(money.open_fen)
    return show_form("managers/payments/all.html", form, season=season, money=money)


@managers.route("/payments/reverse/<int:payment_id>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def reverse_payment(payment_id: int) -> Any:
    desk = reading_desk()
    service.load_payment(desk, payment_id)
    payment = next(read_payments(desk, Payment.id == payment_id))
    form = ReversalForm(once=new_once())
    if form.validate_on_submit():
        saved = save(form, lambda desk: service.reverse_payment(desk, payment_id, reason=form.reason.data))
        if saved is not None:
            flash(gettext("The payment is taken back."), "done")
            return redirect(url_for(".show_payment", payment_id=saved.id))
    return show_form("managers/payments/reverse.html", form, payment=payment)
