"""The office's pages for dividends: work one out, declare it, pay it, print its notice."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.masking import mask_name
from plantation.domain.words import ReleaseSubject, Role
from plantation.errors import N_, NotFound, Refusal
from plantation.forms.dividends import DividendForm, PayDividendForm, TakeBackForm
from plantation.models import Release
from plantation.services.desk import Desk
from plantation.services.lookups import DayWrong
from plantation.services.money import dividend_declarations, dividends
from plantation.services.money import dividend_payments as paying
from plantation.services.money.seasons import list_seasons
from plantation.services.people.household_names import names_by_code
from plantation.services.releases import find_prepared
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, show_form
from plantation.web.managers.settlements import page_of
from plantation.web.refusals import attach

PLACES: dict[type[Refusal], str] = {NotFound: "households", DayWrong: "paid_on"}


@managers.get("/dividends")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_dividends() -> str:
    return render_template("managers/dividends/list.html", dividends=dividends.list_dividends(reading_desk()))


@managers.route("/dividends/new", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def new_dividend() -> Any:
    desk = reading_desk()
    form = DividendForm()
    form.season.choices = [("", N_("none")), *((season.code, season.code) for season in list_seasons(desk))]
    worked = None
    if form.validate_on_submit():
        terms, codes = _terms(form), form.codes()
        try:
            worked, _ = dividend_declarations.work_out(desk, terms, codes)
        except Refusal as refusal:
            attach(form, refusal, _place(refusal))
        if worked is not None and form.declare.data:
            seen = form.digest.data or "-"
            declared = save(form, lambda desk: dividend_declarations.declare_dividend(desk, terms, codes, seen_digest=seen), PLACES)
            if declared is not None:
                flash(gettext("The dividend is declared."), "done")
                return redirect(url_for(".show_dividend", code=terms.code))
        if worked is not None:
            form.digest.data = dividend_declarations.digest_of(worked)
    lines = worked.lines if worked else ()
    return show_form("managers/dividends/new.html", form, worked=worked, page=page_of(lines, page_number()), names=_names(desk, lines))


def _terms(form: DividendForm) -> dividend_declarations.DividendTerms:
    is_each = form.way.data == "each"
    return dividend_declarations.DividendTerms(
        code=form.code.data, name=form.name.data, source=form.source.data,
        each_fen=form.amount_fen.data if is_each else None, total_fen=0 if is_each else form.amount_fen.data,
        mix=() if is_each else form.mix(), season=form.season.data or None, is_patronage=not is_each and bool(form.is_patronage.data),
    )  # fmt: skip


def _place(refusal: Refusal) -> str:
    return next((name for kind, name in PLACES.items() if isinstance(refusal, kind)), "")


def _names(desk: Desk, lines: Any) -> dict[str, str]:
    return names_by_code(desk, (line.household_code for line in lines))


@managers.get("/dividends/code/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_dividend(code: str) -> Any:
    return _show(code, PayDividendForm(paid_on=reading_desk().today))


@managers.post("/dividends/pay/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def pay_dividend(code: str) -> Any:
    form = PayDividendForm()
    if form.validate_on_submit():
        paid = save(
            form,
            lambda desk: paying.finish_dividend(
                desk, code, paid_on=form.paid_on.data, method=form.method.data, reference=form.reference.data
            ),
            PLACES,
        )
        if isinstance(paid, Release):
            flash(gettext("It is prepared. Another person looks at it and releases it."), "done")
            return redirect(url_for(".list_releases"))
        if paid is not None:
            flash(gettext("All open lines of the dividend are paid."), "done")
            return redirect(url_for(".show_dividend", code=code))
    return _show(code, form)


def _show(code: str, form: PayDividendForm) -> Any:
    desk = reading_desk()
    dividend = dividends.load_dividend(desk, code)
    lines = dividends.lines_of(desk, dividend)
    return show_form(
        "managers/dividends/show.html", form, dividend=dividend, page=page_of(lines, page_number()), households=len(lines),
        paid_fen=sum(line.paid_fen for line in lines), open_fen=sum(line.open_fen for line in lines), prepared=find_prepared(desk, ReleaseSubject.DIVIDEND, code), basis=dividends.basis_of(dividend),
        season=dividends.season_of(desk, dividend),
    )  # fmt: skip


@managers.get("/dividends/notice/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def print_dividend(code: str) -> str:
    """The notice that is hung up: the basis and the amounts, with masked names."""
    desk = reading_desk()
    dividend = dividends.load_dividend(desk, code)
    lines = [(line.household, mask_name(line.household_name), line.amount_fen) for line in dividends.lines_of(desk, dividend)]
    return render_template(
        "managers/dividends/notice.html",
        dividend=dividend,
        lines=lines,
        basis=dividends.basis_of(dividend),
        season=dividends.season_of(desk, dividend),
    )


@managers.route("/dividends/line/<int:household_id>/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_dividend_line(household_id: int, code: str) -> Any:
    """One household's line: what was paid of it; a payment that bounced is taken back here, with the reason."""
    desk = reading_desk()
    dividend = dividends.load_dividend(desk, code)
    line = next((one for one in dividends.lines_of(desk, dividend) if one.household_id == household_id), None)
    if line is None:
        raise NotFound(what=N_("household"), code=str(household_id))
    form = TakeBackForm()
    if form.validate_on_submit():
        digits = form.payment.data or ""
        wanted = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 and int(digits) < 2**63 else 0
        saved = save(form, lambda desk: paying.reverse_dividend_payment(desk, wanted, reason=form.reason.data))
        if saved is not None:
            flash(gettext("The payment is taken back."), "done")
            return redirect(url_for(".show_dividend_line", household_id=household_id, code=code))
    return show_form(
        "managers/dividends/line.html", form, dividend=dividend, line=line,
        payments=paying.payments_of(desk, dividend, household_id),
    )  # fmt: skip
