"""Households' paper cards, many at once: a sheet to print, with each PIN on it this once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import g, render_template

from plantation.domain.words import Role
from plantation.errors import N_, Refusal
from plantation.forms.accounts import MissingCardsForm, PageCardsForm
from plantation.models import Household
from plantation.services.desk import Desk
from plantation.services.people import account_lists, passwords
from plantation.services.people.cards import Card, new_household_cards
from plantation.web.addresses import page_number
from plantation.web.cards import to_print
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.logs import security
from plantation.web.managers import managers
from plantation.web.managers.saving import save


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
    if form.validate_on_submit() and (cards := _issue(form, account_lists.households_without_card)):
        return _show_sheet(cards)
    return _show_list(form, PageCardsForm(formdata=None))


@managers.post("/accounts/cards/page")
@only(Role.MANAGER)
def issue_page_cards() -> Any:
    """New cards for those that are ticked, or for all of the page that was looked at, by their codes: a list that moved
    meanwhile gives nobody else's household a new PIN."""
    form = PageCardsForm()
    if form.validate_on_submit():
        codes = _codes(form.chosen)
        if cards := _issue(form, lambda desk: account_lists.households_of_codes(desk, codes)):
            return _show_sheet(cards)
    return _show_list(MissingCardsForm(formdata=None), form)


def _issue(form: Any, choose: Callable[[Desk], Sequence[Household]]) -> list[Card] | None:
    expected = len(choose(reading_desk()))
    pins = passwords.random_pins(expected)  # slow, so before the write transaction

    def work(desk: Desk) -> list[Card]:
        # Households that came meanwhile wait for the next sheet.
        households = choose(desk)[:expected]
        if not households:
            raise NobodyLeft()
        return new_household_cards(desk, households, pins)

    cards = save(form, work)
    if cards:
        security("cards made", by=g.signed_in.name, count=len(cards))
    return cards


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


def _show_sheet(cards: list[Card]) -> Any:
    return render_template("managers/accounts/sheet.html", sheet=to_print(cards), missing=account_lists.count_without_card(reading_desk()))
