"""Hired pickers: what they picked by the kilogram, the days they worked, what they were paid, what is open.

The kilograms are on the slips that name the picker, by code or by any name that was ever written down for that code; the
wage of a slip is in the household's settlement already. A day's wage is taken from the household's next settlement as an
advance is. So every fen that a picker is owed comes out of some household's fruit, once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from sqlalchemy import case, func, select

from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.models import Household, Picker, PickerDay, PickerPayment, Weighing
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit.purchase_intake import id_of
from plantation.services.lookups import DayAhead, the_household
from plantation.services.money.advances import AdvanceTaken, open_advance
from plantation.services.pages import Page, paginate
from plantation.services.people.accounts import plain_name
from plantation.services.sums import sum_of
from plantation.services.words import check_code, check_name
from plantation.units import Fen, Grams, format_yuan

MOST_FEN = 10_000_000


class PickerNameTaken(Refusal):
    """Slips name pickers by code or name, so that one text must mean one picker."""

    field = "name"
    template = N_("“%(text)s” is picker %(code)s already. Slips would not say which of the two picked.")


class WageNotAboveZero(Refusal):
    """Nothing, or less, or a digit too many."""

    field = "amount_fen"
    template = N_("%(amount_yuan)s yuan: it must be more than 0 and at most 100,000.")


class PickerOwedLess(Refusal):
    """More cash than is owed."""

    field = "amount_fen"
    template = N_("Picker %(code)s is owed %(open_yuan)s yuan; %(amount_yuan)s yuan is more.")


class PickerAccount(NamedTuple):
    """A picker's figures: by the kilogram and by the day, paid, open. `open_fen` below zero was paid too much, by slips
    that were reversed later."""

    code: str
    name: str
    phone: str
    net_grams: Grams
    picking_fen: Fen
    days: int
    days_fen: Fen
    paid_fen: Fen

    @property
    def open_fen(self) -> Fen:
        """What the picker is still to be paid."""
        return self.picking_fen + self.days_fen - self.paid_fen


def save_picker(desk: Desk, *, code: str, name: str, phone: str = "", once: str | None = None) -> Picker:
    """Write a picker down, or write another name or phone for that code. Saved unchanged, nothing is written.

    :raises PickerNameTaken: another picker is called so. :raises BadValue: a code, name or phone that is none.
    """
    journal.lock(desk)
    code, name, phone = check_code(code.strip(), N_("a code of 1 to 64 printable characters")), check_name(name.strip()), phone.strip()
    if len(phone) > 30 or not phone.isprintable():
        raise BadValue(value=phone[:40], expected=N_("a phone number of at most 30 characters"))
    aliases = _aliases(desk)
    for text in (code, name):
        if aliases.get(text, code) != code:
            raise PickerNameTaken(text=text, code=aliases[text])
    last = next((one for one in _latest(desk) if one.code == code), None)
    if last is not None and (last.name, last.phone) == (name, phone):
        return last
    return facts.seal(desk, [Picker(id=id_of(once) if once else None, code=code, name=name, phone=phone)])[0]


def load_picker(desk: Desk, code: str) -> Picker:
    """:raises NotFound: there is none of that code in this collective."""
    for one in _latest(desk):
        if one.code == code:
            return one
    raise NotFound(what=N_("picker"), code=code[:64])


def picker_of_account(desk: Desk, name: str) -> Picker | None:
    """The picker who signs in as `name`, None where nobody is."""
    return next((one for one in _latest(desk) if plain_name(one.code) == name), None)


def picker_accounts(desk: Desk) -> list[PickerAccount]:
    """Every picker's figures, by code."""
    aliases = _aliases(desk)
    picked: dict[str, list[int]] = {}
    for text, grams, fen in desk.session.execute(_picked(desk)):
        if text in aliases:
            sums = picked.setdefault(aliases[text], [0, 0])
            sums[0], sums[1] = sums[0] + grams, sums[1] + fen
    days = _sums(desk, PickerDay)
    paid = _sums(desk, PickerPayment)
    return [
        PickerAccount(
            one.code, one.name, one.phone, *picked.get(one.code, (0, 0)), *days.get(one.code, (0, 0)), paid.get(one.code, (0, 0))[1]
        )
        for one in _latest(desk)
    ]


def account_of_picker(desk: Desk, code: str) -> PickerAccount:
    """One picker's figures. :raises NotFound: no such picker."""
    for one in picker_accounts(desk):
        if one.code == code:
            return one
    raise NotFound(what=N_("picker"), code=code[:64])


def strangers_on_slips(desk: Desk) -> list[tuple[str, Grams, Fen]]:
    """(text, net weight, wages) of slips that name a picker whom nobody has written down."""
    aliases = _aliases(desk)
    return [(text, grams, fen) for text, grams, fen in desk.session.execute(_picked(desk)) if text not in aliases and (grams or fen)]


def record_day(
    desk: Desk, *, picker: str, household: Household | str, worked_on: dt.date, amount_fen: Fen, once: str | None = None
) -> PickerDay:
    """Note a day's wage. Sent twice under the id `once`, it is one day.

    :raises NotFound, DayAhead, WageNotAboveZero: as they say.
    """
    journal.lock(desk)
    household = the_household(desk, household)
    _check(desk, picker, worked_on, amount_fen)
    id_ = id_of(once) if once else None
    if id_ is not None and (known := desk.session.get(PickerDay, (desk.collective_id, id_))) is not None:
        return known
    day = PickerDay(
        id=id_, picker=picker, household_id=household.id, worked_on=worked_on, amount_fen=amount_fen, reverses_id=None, reason=""
    )
    return facts.seal(desk, [day])[0]


def pay_picker(desk: Desk, *, picker: str, paid_on: dt.date, amount_fen: Fen, once: str | None = None) -> PickerPayment:
    """Note cash that a picker had. Sent twice under the id `once`, it is one payment.

    :raises NotFound, DayAhead, WageNotAboveZero: as they say. :raises PickerOwedLess: it is more than is open.
    """
    journal.lock(desk)
    _check(desk, picker, paid_on, amount_fen)
    id_ = id_of(once) if once else None
    if id_ is not None and (known := desk.session.get(PickerPayment, (desk.collective_id, id_))) is not None:
        return known
    open_fen = account_of_picker(desk, picker).open_fen
    if amount_fen > open_fen:
        raise PickerOwedLess(code=picker, open_yuan=format_yuan(open_fen), amount_yuan=format_yuan(amount_fen))
    payment = PickerPayment(id=id_, picker=picker, paid_on=paid_on, amount_fen=amount_fen, reverses_id=None, reason="")
    return facts.seal(desk, [payment])[0]


def reverse_day(desk: Desk, day_id: int, *, reason: str) -> PickerDay:
    """Take a day back: it was never worked.

    :raises NotFound, TakenBackBefore, ReasonNeeded: as they say. :raises AdvanceTaken: a settlement has it already.
    :raises PickerOwedLess: the picker was paid for it already; take that back first.
    """
    journal.lock(desk)
    day = _load(desk, PickerDay, day_id)
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
    payment = _load(desk, PickerPayment, payment_id)
    return facts.take_back(desk, payment, reason=reason)


def slips_of_picker(desk: Desk, code: str, *, page: int = 1) -> Page:
    """The slips that name the picker, the latest first: rows with `Weighing` and the household's `code`."""
    names = [text for text, of in _aliases(desk).items() if of == code]
    statement = (
        select(Weighing, Household.code)
        .outerjoin(Household, (Household.collective_id == Weighing.collective_id) & (Household.id == Weighing.household_id))
        .where(Weighing.collective_id == desk.collective_id, Weighing.picker.in_(names))
        .order_by(Weighing.weighed_at.desc(), Weighing.entry.desc())
    )
    return paginate(desk.session, statement, page)


def days_of_picker(desk: Desk, code: str, *, most: int = 100) -> list[tuple[PickerDay, str]]:
    """The picker's days with the household's code, the latest first."""
    rows = desk.session.execute(
        select(PickerDay, Household.code)
        .join(Household, (Household.collective_id == PickerDay.collective_id) & (Household.id == PickerDay.household_id))
        .where(PickerDay.collective_id == desk.collective_id, PickerDay.picker == code)
        .order_by(PickerDay.worked_on.desc(), PickerDay.entry.desc())
        .limit(most)
    )
    return [(day, household) for day, household in rows]


def days_of_household(desk: Desk, household: Household, *, most: int = 100) -> list[PickerDay]:
    """The days that were worked for a household, the latest first."""
    return list(
        desk.session.scalars(
            select(PickerDay)
            .where(PickerDay.collective_id == desk.collective_id, PickerDay.household_id == household.id)
            .order_by(PickerDay.worked_on.desc(), PickerDay.entry.desc())
            .limit(most)
        )
    )


def payments_of_picker(desk: Desk, code: str, *, most: int = 100) -> list[PickerPayment]:
    """What the picker had, the latest first."""
    return list(
        desk.session.scalars(
            select(PickerPayment)
            .where(PickerPayment.collective_id == desk.collective_id, PickerPayment.picker == code)
            .order_by(PickerPayment.paid_on.desc(), PickerPayment.entry.desc())
            .limit(most)
        )
    )


def _check(desk: Desk, picker: str, day: dt.date, amount_fen: Fen) -> None:
    load_picker(desk, picker)
    if day > desk.today:
        raise DayAhead(day=day.isoformat(), today=desk.today.isoformat())
    if not 0 < amount_fen <= MOST_FEN:
        raise WageNotAboveZero(amount_yuan=format_yuan(amount_fen))


def _load(desk: Desk, table: Any, id_: int) -> Any:
    found = desk.session.get(table, (desk.collective_id, id_))
    if found is None:
        raise NotFound(what=N_("entry"), code=str(id_))
    return found


def _latest(desk: Desk) -> list[Picker]:
    return facts.latest_facts(desk, Picker, Picker.code)


def _aliases(desk: Desk) -> dict[str, str]:
    """Every text that means a picker, with the picker's code: a name that was corrected still stands on slips."""
    rows = desk.session.execute(select(Picker.code, Picker.name).where(Picker.collective_id == desk.collective_id)).all()
    return {name: code for code, name in rows} | {code: code for code, _ in rows}


def _picked(desk: Desk) -> Any:
    return (
        select(
            Weighing.picker,
            sum_of(Weighing.net_grams),
            sum_of(Weighing.picking_fen),
        )
        .where(Weighing.collective_id == desk.collective_id, Weighing.picker != "")
        .group_by(Weighing.picker)
        .order_by(Weighing.picker)
    )


def _sums(desk: Desk, table: Any) -> dict[str, tuple[int, Fen]]:
    """By picker: how many stand, and their sum. A reversal takes one away."""
    rows = desk.session.execute(
        select(
            table.picker,
            func.sum(case((table.amount_fen > 0, 1), else_=-1)),
            sum_of(table.amount_fen),
        )
        .where(table.collective_id == desk.collective_id)
        .group_by(table.picker)
    )
    return {code: (int(count), int(fen)) for code, count, fen in rows}
