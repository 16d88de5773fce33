"""What hired pickers get beside the kilogram: days that they worked, and cash.

The wage of a slip is in the household's settlement already. A day's wage is taken from the household's next settlement as an
advance is. So every fen that a picker is owed comes out of some household's fruit, once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from plantation.domain.limits import MOST_WAGE_FEN
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Household, PickerDay, PickerPayment
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.lookups import check_day, the_household
from plantation.services.money.advances import AdvanceTaken, open_advance
from plantation.services.money.picker_accounts import account_of_picker
from plantation.services.money.pickers import load_picker
from plantation.services.once import sent_before
from plantation.units import Fen, format_yuan


class WageNotAboveZero(Refusal):
    """Nothing, or less, or a digit too many."""

    field = "amount_fen"
    template = N_("%(amount_yuan)s yuan: it must be more than 0 and at most 100,000.")


class PickerOwedLess(Refusal):
    """More cash than is owed."""

    field = "amount_fen"
    template = N_("Picker %(code)s is owed %(open_yuan)s yuan; %(amount_yuan)s yuan is more.")


class PickerPaidBefore(Refusal):
    """The same cash once more, to the letter: two of the office noted it, or a page was sent again."""

    field = "amount_fen"
    template = N_(
        "Picker %(picker)s: %(amount_yuan)s yuan of %(day)s are noted already."
        " If it was paid twice that day, take that back and note both as one."
    )


class DayNotedBefore(Refusal):
    """One picker, one household, one day: one wage. A page that is sent again after the back button would note a second."""

    field = "worked_on"
    template = N_("Picker %(picker)s's day %(day)s for household %(household)s is noted already. Take it back first if it is wrong.")


def record_day(
    desk: Desk, *, picker: str, household: Household | str, worked_on: dt.date, amount_fen: Fen, once: str | None = None
) -> PickerDay:
    """Note a day's wage. Sent twice under the id `once`, it is one day.

    :raises NotFound, DayWrong, WageNotAboveZero, DayNotedBefore: as they say.
    """
    journal.lock(desk)
    household = the_household(desk, household)
    _check(desk, picker, worked_on, amount_fen)
    id_, known = sent_before(desk, PickerDay, once)
    if known is not None:
        return known
    said = {"picker": picker, "household_id": household.id, "worked_on": worked_on}
    if facts.stands(desk, PickerDay, **said):
        raise DayNotedBefore(picker=picker, day=worked_on, household=household.code)
    return facts.seal(desk, [PickerDay(id=id_, amount_fen=amount_fen, reverses_id=None, reason="", **said)])[0]


def pay_picker(desk: Desk, *, picker: str, paid_on: dt.date, amount_fen: Fen, once: str | None = None) -> PickerPayment:
    """Note cash that a picker had. Sent twice under the id `once`, it is one payment.

    :raises NotFound, DayWrong, WageNotAboveZero, PickerPaidBefore: as they say. :raises PickerOwedLess: it is more than is open.
    """
    journal.lock(desk)
    _check(desk, picker, paid_on, amount_fen)
    id_, known = sent_before(desk, PickerPayment, once)
    if known is not None:
        return known
    open_fen = account_of_picker(desk, picker).open_fen
    if amount_fen > open_fen:
        raise PickerOwedLess(code=picker, open_yuan=format_yuan(open_fen), amount_yuan=format_yuan(amount_fen))
    said = {"picker": picker, "paid_on": paid_on, "amount_fen": amount_fen}
    if facts.stands(desk, PickerPayment, **said):
        raise PickerPaidBefore(picker=picker, amount_yuan=format_yuan(amount_fen), day=paid_on)
    return facts.seal(desk, [PickerPayment(id=id_, reverses_id=None, reason="", **said)])[0]


def reverse_day(desk: Desk, day_id: int, *, reason: str) -> PickerDay:
    """Take a day back: it was never worked.

    :raises NotFound, TakenBackBefore, ReasonNeeded: as they say. :raises AdvanceTaken: a settlement has it already.
    :raises PickerOwedLess: the picker was paid for it already; take that back first.
    """
    journal.lock(desk)
    day = load_day(desk, day_id)
    facts.check_open(desk, day, reason)
    row = open_advance(desk, day.household_id)
    if row.open_fen < day.amount_fen:
        raise AdvanceTaken(taken_yuan=format_yuan(row.taken_fen), open_yuan=format_yuan(row.open_fen))
    open_fen = account_of_picker(desk, day.picker).open_fen
    if open_fen < day.amount_fen:
        raise PickerOwedLess(code=day.picker, open_yuan=format_yuan(open_fen), amount_yuan=format_yuan(day.amount_fen))
    return facts.take_back(desk, day, reason=reason)


def reverse_picker_payment(desk: Desk, payment_id: int, *, reason: str) -> PickerPayment:
    """Take a payment back. :raises NotFound, TakenBackBefore, ReasonNeeded: as they say."""
    journal.lock(desk)
    payment = load_picker_payment(desk, payment_id)
    return facts.take_back(desk, payment, reason=reason)


def _check(desk: Desk, picker: str, day: dt.date, amount_fen: Fen) -> None:
    load_picker(desk, picker)
    check_day(desk, day)
    if not 0 < amount_fen <= MOST_WAGE_FEN:
        raise WageNotAboveZero(amount_yuan=format_yuan(amount_fen))


def load_day(desk: Desk, day_id: int) -> PickerDay:
    """:raises NotFound: there is none of that id in this collective."""
    return _load(desk, PickerDay, day_id)


def load_picker_payment(desk: Desk, payment_id: int) -> PickerPayment:
    """:raises NotFound: there is none of that id in this collective."""
    return _load(desk, PickerPayment, payment_id)


def _load(desk: Desk, table: Any, id_: int) -> Any:
    found = desk.session.get(table, (desk.collective_id, id_))
    if found is None:
        raise NotFound(what=N_("entry"), code=str(id_))
    return found
