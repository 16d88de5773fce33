"""Households' paper cards, many at once: a sheet to print, with each PIN on it this once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import g, redirect, render_template, url_for

from plantation.domain.words import Role
from plantation.errors import N_, Refusal
from plantation.forms.accounts import MissingCardsForm, PageCardsForm, SheetForm
from plantation.models import Household
from plantation.services.desk import Desk
from plantation.services.people import account_lists
from plantation.services.people.cards import Card, new_household_cards
from plantation.web.addresses import page_number
from plantation.web.cards import addresses_on_cards, to_print
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.logs import security
from plantation.web.managers import managers
from plantation.web.managers.card_jobs import SHEETS, CardSheet, start_cards
from plantation.web.managers.jobs import Job, find_job
from plantation.web.managers.saving import save
from plantation.web.refusals import attach


class NobodyLeft(Refusal):
    template = N_("There is no household to make a card for.")


@managers.get("/accounts/cards")
@only(Role.MANAGER)
def list_cards() -> Any:
    return _show_list(MissingCardsForm(), PageCardsForm())


@managers.post("/accounts/cards/missing")
@only(Role.MANAGER)
def issue_missing_cards() -> Any:
    """Cards for the households without one, as many as a sheet takes; asked again, for the next."""
    form = MissingCardsForm()
    if form.validate_on_submit() and (job := _start(form, account_lists.households_without_card, is_missing_only=True)):
        return _sheet_or_wait(job)
    return _show_list(form, PageCardsForm(formdata=None))


@managers.post("/accounts/cards/page")
@only(Role.MANAGER)
def issue_page_cards() -> Any:
    """New cards for those that are ticked, or for all of the page that was looked at, by their codes: a list that moved
    meanwhile gives nobody else's household a new PIN."""
    form = PageCardsForm()
    if form.validate_on_submit():
        codes = _codes(form.chosen)
        if job := _start(form, lambda desk: account_lists.households_of_codes(desk, codes)):
            return _sheet_or_wait(job)
    return _show_list(MissingCardsForm(formdata=None), form)


@managers.get("/accounts/cards/sheet/<key>")
@only(Role.MANAGER)
def wait_for_cards(key: str) -> Any:
    """How far the cards are, and once they are made the button that shows them."""
    return _show_waiting(find_job(SHEETS, key), SheetForm(formdata=None))


@managers.post("/accounts/cards/sheet/<key>")
@only(Role.MANAGER)
def show_cards(key: str) -> Any:
    """Write the cards that are made and show their sheet; sent again, the same sheet."""
    job = find_job(SHEETS, key)
    if job is None or not job.is_done:
        return _show_waiting(job, SheetForm(formdata=None))
    return _show_sheet(job)


def _start(form: Any, choose: Callable[[Desk], Sequence[Household]], *, is_missing_only: bool = False) -> Job[CardSheet] | None:
    codes = [household.code for household in choose(reading_desk())]
    try:
        if not codes:
            raise NobodyLeft()
        addresses = addresses_on_cards(codes)
        return start_cards(codes, addresses, is_missing_only=is_missing_only)
    except Refusal as refusal:
        attach(form, refusal)
    return None


def _sheet_or_wait(job: Job[CardSheet]) -> Any:
    return _show_sheet(job) if job.is_done else redirect(url_for(".wait_for_cards", key=job.key))


def _show_waiting(job: Job[CardSheet] | None, form: SheetForm) -> Any:
    shown = render_template("managers/accounts/cards_working.html", job=job, form=form)
    return shown, 422 if form.errors else 200


def _write(sheet: CardSheet, desk: Desk) -> list[Card]:
    """The households of the sheet, as they are now, get the PINs that were made for them."""
    households = account_lists.households_of_codes(desk, sheet.codes)
    if sheet.is_missing_only:  # somebody else may have made a card meanwhile, which may be printed already
        missing = account_lists.codes_without_card(desk, sheet.codes)
        households = [household for household in households if household.code in missing]
    if not households:
        raise NobodyLeft()
    return new_household_cards(desk, households, [sheet.pins[household.code] for household in households])


def _show_sheet(job: Job[CardSheet]) -> Any:
    form, sheet = SheetForm(formdata=None), job.made
    with sheet.turn:  # two sendings at once are one sheet
        if not sheet.cards:
            cards = save(form, lambda desk: _write(sheet, desk))
            if not cards:
                return _show_waiting(job, form)
            security("cards made", by=g.signed_in.name, count=len(cards))
            sheet.cards = cards
    missing = account_lists.count_without_card(reading_desk())
    return render_template("managers/accounts/sheet.html", sheet=to_print(sheet.cards, sheet.drawings), missing=missing)


def _codes(sent: list[str]) -> list[str]:
    """The codes among what was sent; none when it is more than a sheet takes."""
    return [code for code in sent if code.isprintable()] if len(sent) <= account_lists.MOST_CARDS else []


def _show_list(missing_form: Any, page_form: Any) -> Any:
    desk = reading_desk()
    page = account_lists.list_card_lines(desk, page=page_number())
    form = missing_form if missing_form.errors else page_form
    shown = render_template(
        "managers/accounts/cards.html",
        page=page,
        missing=account_lists.count_without_card(desk),
        most=account_lists.MOST_CARDS,
        form=form,
        page_form=page_form,
    )
    return shown, 422 if form.errors else 200
