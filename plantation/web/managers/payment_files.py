"""The office's pages for batch files: accounts, banks, a file looked at and made, the bank's answer read."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext

from plantation.domain.bank_layouts import HEADINGS, BankColumn, Layout, layout_of
from plantation.domain.words import ReleaseSubject, Role
from plantation.errors import N_, NotFound, Refusal
from plantation.forms.payment_files import AccountsForm, BankAnswerForm, LayoutForm, PaymentFileForm
from plantation.models import Release
from plantation.services.money import bank_accounts as accounts
from plantation.services.money import payment_files as service
from plantation.services.money.payment_file_answers import take_answer
from plantation.services.money.seasons import list_seasons, load_season
from plantation.services.people.household_names import names_by_code
from plantation.services.releases import find_prepared, waiting
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, seen_entry_of, show_form, standing_at
from plantation.web.managers.seasons import season_to_pay
from plantation.web.managers.settlements import page_of
from plantation.web.refusals import attach, say


def _named(column: BankColumn) -> str:
    """A column as the form reads it back: our word for who reads English, else the heading that the file has."""
    return column.value if get_locale().language == "en" else HEADINGS[column]


@managers.get("/payments/files")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_payment_files() -> str:
    desk = reading_desk()
    prepared = sum(1 for one in waiting(desk) if one.subject == ReleaseSubject.PAYMENT_FILE)
    return render_template(
        "managers/payment_files/list.html", page=page_of(service.list_files(desk), page_number()), prepared=prepared,
        layouts=accounts.list_layouts(desk), named=_named, seasons=list_seasons(desk), season=season_to_pay(desk),
    )  # fmt: skip


@managers.route("/payments/files/new", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def make_payment_file() -> Any:
    desk = reading_desk()
    season, bank = load_season(desk, request.args.get("season", "")), request.args.get("bank", "")[:64]
    form = PaymentFileForm()
    plan = refusal = None
    try:
        plan = service.plan_file(desk, season, bank)
    except NotFound:
        raise
    except Refusal as found:
        refusal = found
    if form.validate_on_submit():
        seen = form.digest.data or "-"
        made = save(form, lambda desk: service.make_file(desk, season.code, bank, seen_digest=seen))
        if isinstance(made, Release):
            flash(gettext("It is prepared. Another person looks at it and releases it."), "done")
            return redirect(url_for(".list_releases"))
        if made is not None:
            flash(gettext("The file is made and its payments are recorded. Give it to the bank."), "done")
            return redirect(url_for(".show_payment_file", code=made.code))
    if plan is not None:
        form.digest.data = plan.digest
    rows = plan.lines if plan else ()
    page = page_of(rows, page_number())
    return show_form(
        "managers/payment_files/new.html", form, plan=plan, refusal=refusal, season=season, bank=bank, page=page,
        prepared=plan and find_prepared(desk, ReleaseSubject.PAYMENT_FILE, plan.code),
    )  # fmt: skip


@managers.route("/payments/files/code/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_payment_file(code: str) -> Any:
    desk = reading_desk()
    file = service.load_file(desk, code)
    form = BankAnswerForm(bounced_words=", ".join(layout_of(file.lines).bounced_words))
    if form.validate_on_submit():
        answered = save(form, lambda desk: take_answer(desk, code, form.content, form.words()))
        if answered is not None:
            told = Refusal(**answered._asdict())
            told.template = N_("The bank's answer is read: %(paid)s paid, %(bounced)s bounced, %(unchanged)s known before.")
            flash(say(told), "done")
            return redirect(url_for(".show_payment_file", code=code))
    lines = service.lines_of(desk, file)
    page = page_of(lines, page_number())
    return show_form(
        "managers/payment_files/show.html", form, file=file, page=page,
        names=names_by_code(desk, (one.household for one in page.rows)),
        seen=next(one for one in service.list_files(desk) if one.file.id == file.id),
    )  # fmt: skip


@managers.get("/payments/files/download/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def download_payment_file(code: str) -> Response:
    """The file's bytes, as the bank wants them."""
    desk = reading_desk()
    file = service.load_file(desk, code)
    answer = Response(service.content_of(desk, file), mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{file.code}.csv")
    return answer


@managers.route("/payments/banks/edit", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def edit_bank() -> Any:
    """A bank's layout: a new one, or `?code=` an old one changed."""
    form = LayoutForm()
    code = request.args.get("code", "")[:64]
    if form.validate_on_submit():
        try:
            layout = form.layout()
        except Refusal as refusal:
            attach(form, refusal, "columns")
        else:
            done = save(
                form,
                lambda desk: accounts.save_layout(
                    desk, form.code.data, layout, is_new=form.code.data != code, seen_entry=seen_entry_of(form)
                ),
                stands=lambda: _show_layout(LayoutForm(formdata=None), form.code.data),
            )
            if done is not None:
                flash(gettext("The bank's layout is saved."), "done")
                return redirect(url_for(".list_payment_files"))
    elif not form.is_submitted():
        _show_layout(form, code)
    return show_form("managers/payment_files/bank.html", form)


def _show_layout(form: LayoutForm, code: str) -> LayoutForm:
    desk = reading_desk()
    form.seen_entry.data = standing_at(desk)
    form.code.data = code
    form.fill_in(accounts.load_layout(desk, code) if code else Layout(), _named)
    return form


@managers.route("/payments/accounts", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def name_accounts() -> Any:
    """Where each household's money goes: masked on screen, whole in the bank's file only."""
    desk = reading_desk()
    form = AccountsForm()
    if form.validate_on_submit():
        try:
            named = form.named()
        except Refusal as refusal:
            attach(form, refusal, "lines")
        else:
            seen = seen_entry_of(form)
            if (
                save(form, lambda desk: accounts.save_accounts(desk, named, seen_entry=seen), {NotFound: "lines", Refusal: "lines"})
                is not None
            ):
                flash(gettext("The accounts are noted."), "done")
                return redirect(url_for(".name_accounts"))
    form.seen_entry.data = standing_at(desk)
    rows = accounts.list_accounts(desk)
    return show_form(
        "managers/payment_files/accounts.html", form, page=page_of(rows, page_number()),
        with_account=sum(1 for one in rows if one.account),
    )  # fmt: skip
