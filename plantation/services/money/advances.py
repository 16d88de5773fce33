"""Advances, goods on credit and hired pickers' days: given before the settlement, taken from it, the rest carried.

What was taken is a payment with the method `advance`, written in the transaction of the final settlement; so given
less taken is what is open, and a household's balance needs no second sum.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select, union_all
from sqlalchemy.orm import aliased

from plantation.domain.advances import recover
from plantation.domain.earnings import Settlement as Computed
from plantation.domain.limits import MOST_ADVANCE_FEN
from plantation.domain.words import AdvanceForm
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Advance, Household, Payment, PickerDay, Season
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.lookups import check_day, the_household
from plantation.services.money.balances import paid_by_household
from plantation.services.money.payment_records import new_payment, write_payments
from plantation.services.once import sent_before
from plantation.services.pages import Page, paginate
from plantation.services.sums import sum_of
from plantation.services.words import check_name
from plantation.units import Fen, format_yuan

METHOD = "advance"
# A picker's day is paid by the collective and given back by the household, as money that it had.
_GIVEN = (Advance, PickerDay)


class AdvanceNotAboveZero(Refusal):
    """Nothing, or less, was given."""

    field = "amount_fen"
    template = N_("An advance of %(amount_yuan)s yuan: it must be more than 0 and at most 1,000,000.")


class AdvanceTaken(Refusal):
    """Part of it was given back already."""

    template = N_("%(taken_yuan)s yuan of this household's advances are taken from settlements already; only %(open_yuan)s are open.")


class AdvanceGivenBefore(Refusal):
    """The same once more, to the letter: a page that was sent again after the back button, most likely."""

    field = "text"
    template = N_(
        "Household %(household)s had “%(text)s” for %(amount_yuan)s yuan on %(day)s already. If it had it once more, say so in the words."
    )


class OpenAdvance(NamedTuple):
    """A household's advances: given, taken from settlements, still open."""

    household_id: int
    household: str
    household_name: str
    given_fen: Fen
    taken_fen: Fen
    open_fen: Fen


def give_advance(
    desk: Desk, *, household: Household | str, form: AdvanceForm, text: str, given_on: dt.date, amount_fen: Fen,
    once: str | None = None,
) -> Advance:  # fmt: skip
    """Record cash or goods that a household had. Sent twice under the id `once`, it is one advance.

    :raises AdvanceNotAboveZero, AdvanceGivenBefore, DayWrong: as they say. :raises BadValue: a text that says nothing.
    """
    journal.lock(desk)
    household = the_household(desk, household)
    if not 0 < amount_fen <= MOST_ADVANCE_FEN:
        raise AdvanceNotAboveZero(amount_yuan=format_yuan(amount_fen))
    check_day(desk, given_on)
    check_name(text)
    id_, known = sent_before(desk, Advance, once)
    if known is not None:
        return known
    said = {"household_id": household.id, "form": form, "text": text.strip(), "given_on": given_on, "amount_fen": amount_fen}
    if facts.stands(desk, Advance, **said):
        raise AdvanceGivenBefore(household=household.code, text=said["text"], amount_yuan=format_yuan(amount_fen), day=given_on)
    return facts.seal(desk, [Advance(id=id_, reverses_id=None, reason="", **said)])[0]


def reverse_advance(desk: Desk, advance_id: int, *, reason: str) -> Advance:
    """Take an advance back: it was never given, or the goods came back.

    :raises NotFound, TakenBackBefore, ReasonNeeded: as they say. :raises AdvanceTaken: a settlement has it already.
    """
    journal.lock(desk)
    advance = load_advance(desk, advance_id)
    facts.check_open(desk, advance, reason)
    row = open_advance(desk, advance.household_id)
    if row.open_fen < advance.amount_fen:
        raise AdvanceTaken(taken_yuan=format_yuan(row.taken_fen), open_yuan=format_yuan(row.open_fen))
    return facts.take_back(desk, advance, reason=reason)


def load_advance(desk: Desk, advance_id: int) -> Advance:
    """:raises NotFound: there is none of that id in this collective."""
    found = desk.session.get(Advance, (desk.collective_id, advance_id))
    if found is None:
        raise NotFound(what=N_("advance"), code=str(advance_id))
    return found


def open_advance(desk: Desk, household_id: int) -> OpenAdvance:
    """One household's advances; zeros where it had none."""
    row = desk.session.execute(_by_household(desk, household_id)).one()
    return OpenAdvance(*row)


def open_advances(desk: Desk) -> list[OpenAdvance]:
    """Every household that ever had one, by code."""
    rows = desk.session.execute(_by_household(desk))
    return sorted((OpenAdvance(*row) for row in rows), key=lambda row: row.household)


def list_advances(desk: Desk, *, household: Household | None = None, page: int = 1) -> Page:
    """Advances and reversals, the latest first: rows with `Advance`, `code`, `name`, `reversed_by` (an id, or None)."""
    reversal = aliased(Advance)
    statement = (
        select(Advance, Household.code, Household.name, reversal.id.label("reversed_by"))
        .outerjoin(reversal, (reversal.collective_id == Advance.collective_id) & (reversal.reverses_id == Advance.id))
        .join(Household, (Household.collective_id == Advance.collective_id) & (Household.id == Advance.household_id))
        .where(Advance.collective_id == desk.collective_id)
        .order_by(Advance.given_on.desc(), Advance.entry.desc())
    )
    if household is not None:
        statement = statement.where(Advance.household_id == household.id)
    return paginate(desk.session, statement, page)


def recover_advances(desk: Desk, season: Season, computed: Computed, households: Mapping[int, str]) -> Fen:
    """Take what is open from the balances of a season that was just frozen as `computed`; how much was taken in all. `households` are all
    the collective's codes by id.

    The journal must be locked. Whoever has a balance above the collective's floor gives back, the rest is carried.
    """
    open_fen = _open_fen(desk)
    if not open_fen:
        return 0
    floor_fen, today = desk.collective.floor_fen, desk.today
    net_fen = {household.household_code: household.net_fen for household in computed.households}
    paid_fen = dict(desk.session.execute(paid_by_household(desk, season.id)).all())
    taken = []
    for code, household_id in sorted((households[household_id], household_id) for household_id in open_fen):
        balance_fen = net_fen.get(code, 0) - paid_fen.get(household_id, 0)
        fen = recover(open_fen[household_id], balance_fen, floor_fen)
        if fen > 0:
            taken.append(new_payment(desk, season, (household_id, code), today, METHOD, fen, ""))
    write_payments(desk, taken)
    return sum(payment.amount_fen for payment in taken)


def _open_fen(desk: Desk) -> dict[int, Fen]:
    """What is open by household id, of those alone who have something open: :func:`open_advances` without the names."""
    given = [select(table.household_id, table.amount_fen.label("fen")).where(table.collective_id == desk.collective_id) for table in _GIVEN]
    taken = select(Payment.household_id, -Payment.amount_fen).where(Payment.collective_id == desk.collective_id, Payment.method == METHOD)
    moved = union_all(*given, taken).subquery()
    fen = sum_of(moved.c.fen)
    return dict(desk.session.execute(select(moved.c.household_id, fen).group_by(moved.c.household_id).having(fen > 0)).all())


def _by_household(desk: Desk, household_id: int | None = None) -> Select:
    """The figures of one household, or of all that ever had something."""

    def mine(table: type[Advance | PickerDay | Payment]) -> tuple[ColumnElement[bool], ...]:
        own = () if household_id is None else (table.household_id == household_id,)
        return (table.collective_id == desk.collective_id, *own)

    had = union_all(*(select(table.household_id, table.amount_fen).where(*mine(table)) for table in _GIVEN)).subquery()
    given = select(had.c.household_id, sum_of(had.c.amount_fen).label("fen")).group_by(had.c.household_id).subquery()
    taken = (
        select(
            Payment.household_id,
            sum_of(case((Payment.method == METHOD, Payment.amount_fen), else_=0)).label("fen"),
        )
        .where(*mine(Payment), Payment.method == METHOD)
        .group_by(Payment.household_id)
        .subquery()
    )
    given_fen, taken_fen = func.coalesce(given.c.fen, 0), func.coalesce(taken.c.fen, 0)
    statement = (
        select(Household.id, Household.code, Household.name, given_fen, taken_fen, given_fen - taken_fen)
        .select_from(Household)
        .outerjoin(given, given.c.household_id == Household.id)
        .outerjoin(taken, taken.c.household_id == Household.id)
        .where(Household.collective_id == desk.collective_id)
    )
    if household_id is not None:
        return statement.where(Household.id == household_id)
    return statement.where(given.c.fen.is_not(None) | taken.c.fen.is_not(None))
