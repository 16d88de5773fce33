"""The office's pages for hired pickers: who they are, their days, their cash, their cards."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import N_, NotFound, Refusal
from plantation.forms.households import CardForm
from plantation.forms.pickers import NewPickerForm, PickerDayForm, PickerForm, PickerPaymentForm
from plantation.forms.weighings import ReversalForm
from plantation.models import Picker
from plantation.services.lookups import DayWrong
from plantation.services.money import picker_accounts, picker_pay, pickers
from plantation.services.people import cards
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.households import find_one
from plantation.web.managers.saving import new_once, once_of, save, seen_entry_of, show_form, standing_at
from plantation.web.managers.settlements import page_of

DAY_PLACES: dict[type[Refusal], str] = {DayWrong: "worked_on", NotFound: "household"}
CASH_PLACES: dict[type[Refusal], str] = {DayWrong: "paid_on"}


@managers.get("/pickers")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_pickers() -> str:
    desk = reading_desk()
    rows = picker_accounts.picker_accounts(desk)
    return render_template(
        "managers/pickers/list.html", page=page_of(rows, page_number()), open_fen=sum(row.open_fen for row in rows),
        paid_fen=sum(row.paid_fen for row in rows), strangers=picker_accounts.strangers_on_slips(desk)[:100],
    )  # fmt: skip


@managers.route("/pickers/new", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def new_picker() -> Any:
    return _edit(NewPickerForm(), None)


@managers.route("/pickers/edit/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def edit_picker(code: str) -> Any:
    return _edit(*_open_picker(code))


def _open_picker(code: str, **options: Any) -> tuple[PickerForm, Picker]:
    desk = reading_desk()
    seen = standing_at(desk)
    picker = pickers.load_picker(desk, code)
    return PickerForm(obj=picker, seen_entry=seen, **options), picker


def _edit(form: PickerForm, picker: Picker | None) -> Any:
    if form.validate_on_submit():
        wanted = picker.code if picker else form.code.data
        saved = save(
            form,
            lambda desk: pickers.save_picker(
                desk, code=wanted, name=form.name.data, phone=form.phone.data or "", is_new=picker is None,
                seen_entry=seen_entry_of(form) if picker else None,
            ),
            stands=(lambda: _open_picker(picker.code, formdata=None)[0]) if picker else None,
        )  # fmt: skip
        if saved is not None:
            flash(gettext("The picker is written down."), "done")
            return redirect(url_for(".show_picker", code=saved.code))
    return show_form("managers/pickers/edit.html", form, picker=picker)


@managers.get("/pickers/code/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_picker(code: str) -> str:
    desk = reading_desk()
    return render_template(
        "managers/pickers/show.html", account=picker_accounts.account_of_picker(desk, code),
        page=picker_accounts.slips_of_picker(desk, code, page=page_number()), days=picker_accounts.days_of_picker(desk, code),
        payments=picker_accounts.payments_of_picker(desk, code), form=CardForm(),
    )  # fmt: skip


@managers.route("/pickers/day/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def record_picker_day(code: str) -> Any:
    desk = reading_desk()
    picker = pickers.load_picker(desk, code)
    form = PickerDayForm(once=new_once(), worked_on=desk.today)
    if form.validate_on_submit():
        once = once_of(form)
        saved = save(
            form,
            lambda desk: picker_pay.record_day(
                desk, picker=code, household=find_one(desk, form.household.data), worked_on=form.worked_on.data,
                amount_fen=form.amount_fen.data, once=once,
            ),
            DAY_PLACES,
        )  # fmt: skip
        if saved is not None:
            flash(gettext("The day is noted. The household gives it back at its next settlement."), "done")
            return redirect(url_for(".show_picker", code=code))
    return show_form("managers/pickers/day.html", form, picker=picker)


@managers.route("/pickers/pay/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def pay_picker(code: str) -> Any:
    desk = reading_desk()
    account = picker_accounts.account_of_picker(desk, code)
    form = PickerPaymentForm(once=new_once(), paid_on=desk.today, amount_fen=max(account.open_fen, 0) or None)
    if form.validate_on_submit():
        once = once_of(form)
        saved = save(
            form,
            lambda desk: picker_pay.pay_picker(desk, picker=code, paid_on=form.paid_on.data, amount_fen=form.amount_fen.data, once=once),
            CASH_PLACES,
        )
        if saved is not None:
            flash(gettext("The payment is recorded."), "done")
            return redirect(url_for(".show_picker", code=code))
    return show_form("managers/pickers/pay.html", form, account=account)


@managers.route("/pickers/day/reverse/<int:fact_id>/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def reverse_picker_day(fact_id: int, code: str) -> Any:
    return _reverse("day", fact_id, code)


@managers.route("/pickers/pay/reverse/<int:fact_id>/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def reverse_picker_payment(fact_id: int, code: str) -> Any:
    return _reverse("payment", fact_id, code)


def _reverse(what: str, fact_id: int, code: str) -> Any:
    desk = reading_desk()
    picker = pickers.load_picker(desk, code)
    entry = picker_pay.load_day(desk, fact_id) if what == "day" else picker_pay.load_picker_payment(desk, fact_id)
    if entry.picker != code:
        raise NotFound(what=N_("entry"), code=str(fact_id))
    form = ReversalForm(once=new_once())
    if form.validate_on_submit():
        reverse = picker_pay.reverse_day if what == "day" else picker_pay.reverse_picker_payment
        if save(form, lambda desk: reverse(desk, fact_id, reason=form.reason.data)) is not None:
            flash(gettext("It is taken back."), "done")
            return redirect(url_for(".show_picker", code=code))
    return show_form("managers/pickers/reverse.html", form, picker=picker, entry=entry, what=what)


@managers.post("/pickers/card/<path:code>")
@only(Role.MANAGER)
def issue_picker_card(code: str) -> Any:
    """A new PIN. It is in this one answer and nowhere else, so the answer is the card and no redirect follows."""
    picker = pickers.load_picker(reading_desk(), code)
    form = CardForm()
    card = None
    if form.validate_on_submit():
        card = save(form, lambda desk: cards.new_picker_card(desk, picker.code, picker.name))
    return show_form("managers/pickers/card.html", form, picker=picker, card=card)
