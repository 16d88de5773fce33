"""The office's pages for what buyers owe and pay."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import N_, NotFound, Refusal
from plantation.forms.buyer_payments import BuyerPaymentForm
from plantation.forms.weighings import ReversalForm
from plantation.models import BuyerPayment
from plantation.services.fruit import buyer_accounts as service
from plantation.services.fruit.buyers import load_buyer
from plantation.services.lookups import DayWrong
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import new_once, once_of, save, show_form

PLACES: dict[type[Refusal], str] = {DayWrong: "paid_on"}


@managers.get("/receivables")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_receivables() -> str:
    desk = reading_desk()
    return render_template(
        "managers/buyers/receivables.html",
        page=service.receivables(desk, page=page_number()),
        owed_fen=service.receivable_fen(desk),
    )


@managers.route("/receivables/pay/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def new_buyer_payment(code: str) -> Any:
    desk = reading_desk()
    buyer = load_buyer(desk, code)
    account = service.account_of(desk, buyer)
    form = BuyerPaymentForm(once=new_once(), paid_on=desk.today)
    if form.validate_on_submit():
        once = once_of(form)
        paid = save(
            form,
            lambda desk: service.record_buyer_payment(
                desk, buyer=code, paid_on=form.paid_on.data, method=form.method.data, amount_fen=form.amount_fen.data,
                reference=form.reference.data, once=once,
            ),
            PLACES,
        )  # fmt: skip
        if paid is not None:
            flash(gettext("The payment is recorded."), "done")
            return redirect(url_for(".show_buyer", code=code))
    return show_form("managers/buyers/pay.html", form, buyer=buyer, account=account)


@managers.route("/receivables/reverse/<int:payment_id>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def reverse_buyer_payment(payment_id: int) -> Any:
    desk = reading_desk()
    payment = desk.session.get(BuyerPayment, (desk.collective_id, payment_id))
    if payment is None:
        raise NotFound(what=N_("payment"), code=str(payment_id))
    form = ReversalForm(once=new_once())
    if form.validate_on_submit():
        if save(form, lambda desk: service.reverse_buyer_payment(desk, payment_id, reason=form.reason.data)) is not None:
            flash(gettext("The payment is taken back."), "done")
            return redirect(url_for(".list_receivables"))
    return show_form("managers/buyers/reverse_payment.html", form, payment=payment)
