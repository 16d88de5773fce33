"""Payments to households: never more than what a final settlement owes; a correction is a reversal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from plantation.errors import N_, NotFound
from plantation.models import Household, Payment, Season
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_inputs import ReasonMissing
from plantation.services.lookups import the_household, the_season
from plantation.services.money.balances import balance_of, balances, unpaid
from plantation.services.money.payment_facts import record_payments
from plantation.services.money.payment_inputs import (
    BalancesMoved,
    MoreThanOwed,
    NotSettled,
    PaymentInput,
    PaymentOutcome,
    PaymentReversed,
    check_payment,
)
from plantation.services.money.payment_records import mirror_payment, new_payment, read_payments, write_payments
from plantation.services.once import PaidBefore, id_of, sent_before
from plantation.services.pages import Page, paginate
from plantation.services.words import check_note
from plantation.units import Fen, format_yuan

__all__ = [
    "PaymentInput",
    "PaymentOutcome",
    "balances",
    "list_payments",
    "load_payment",
    "pay_all",
    "pay_listed",
    "record_payment",
    "record_payments",
    "reverse_payment",
]


def record_payment(
    desk: Desk,
    *,
    season: Season | str,
    household: Household | str,
    date: dt.date,
    method: str,
    amount_fen: Fen,
    reference: str = "",
    once: str | None = None,
) -> Payment:
    """Record what was paid to a household. Sent twice under the id `once`, it is one payment.

    :raises NotSettled: before a final settlement. :raises MoreThanOwed: beyond the balance, with the figures.
    :raises PaidBefore: the same to the letter stands already.
    :raises Refusal: an amount, a date or a text that cannot be.
    """
    journal.lock(desk)
    season, household = the_season(desk, season), the_household(desk, household)
    check_payment(desk, date, method, max(amount_fen, 0), reference)
    id_, known = sent_before(desk, Payment, once)
    if known is not None:
        return known
    owed_fen = balance_of(desk, season, household)
    if owed_fen is None:
        raise NotSettled(season=season.code)
    if amount_fen > owed_fen:
        raise MoreThanOwed(
            household=household.code,
            season=season.code,
            owed_yuan=format_yuan(owed_fen),
            amount_yuan=format_yuan(amount_fen),
        )
    same = {"paid_on": date, "method": method, "amount_fen": amount_fen, "reference": reference}
    if facts.stands(desk, Payment, season_id=season.id, household_id=household.id, **same):
        raise PaidBefore(who=household.code, amount_yuan=format_yuan(amount_fen), day=date)
    payment = new_payment(desk, season, (household.id, household.code), date, method, amount_fen, reference)
    payment.id = id_
    write_payments(desk, [payment])
    return load_payment(desk, id_)


def pay_all(desk: Desk, season: Season | str, *, date: dt.date, method: str, reference: str = "", seen_total_fen: Fen | None = None) -> int:
    """Pay every household of the season its whole open balance; how many were paid.

    :raises NotSettled: before a final settlement. :raises BalancesMoved: the balances do not sum to `seen_total_fen`.
    """
    journal.lock(desk)
    season = the_season(desk, season)
    check_payment(desk, date, method, 1, reference)
    open_balances = unpaid(desk, season)
    if open_balances is None:
        raise NotSettled(season=season.code)
    total_fen = sum(balance_fen for _, _, balance_fen in open_balances)
    if seen_total_fen is not None and total_fen != seen_total_fen:
        raise BalancesMoved(now_yuan=format_yuan(total_fen), seen_yuan=format_yuan(seen_total_fen))
    write_payments(
        desk,
        [
            new_payment(desk, season, (household_id, code), date, method, balance_fen, reference)
            for household_id, code, balance_fen in open_balances
        ],
    )
    return len(open_balances)


def pay_listed(
    desk: Desk, season: Season | str, listed: Sequence[tuple[str, Fen]], *, date: dt.date, method: str, reference: str = "", once: str
) -> int:
    """Pay exactly these (household, amount) of a signature sheet, all of them or none; how many were new.

    Sent twice under the id `once`, each is one payment. Two sheets that list the same household pay it once: what is no
    longer owed is refused.

    :raises NotSettled: before a final settlement. :raises MoreThanOwed: the first household that is owed less by now.
    """
    journal.lock(desk)
    season = the_season(desk, season)
    ids = {id_of(f"{once}/{code}"): (code, fen) for code, fen in listed}
    mine = (Payment.collective_id == desk.collective_id, Payment.id.in_(list(ids)))
    for known in desk.session.scalars(select(Payment.id).where(*mine)):
        del ids[known]
    open_balances = unpaid(desk, season)
    if open_balances is None:
        raise NotSettled(season=season.code)
    owed = {code: (household_id, fen) for household_id, code, fen in open_balances}
    payments = []
    for id_, (code, amount_fen) in ids.items():
        check_payment(desk, date, method, max(amount_fen, 0), reference)
        household_id, owed_fen = owed.get(code, (0, 0))
        if amount_fen > owed_fen:
            raise MoreThanOwed(household=code, season=season.code, owed_yuan=format_yuan(owed_fen), amount_yuan=format_yuan(amount_fen))
        payment = new_payment(desk, season, (household_id, code), date, method, amount_fen, reference)
        payment.id = id_
        payments.append(payment)
    write_payments(desk, payments)
    return len(payments)


def reverse_payment(desk: Desk, id: int, *, reason: str) -> Payment:
    """Take a payment back, today (a bounced bank row, a typing error): a row of its own, with the amount negative.

    :raises NotFound: no such payment. :raises ReasonMissing, PaymentReversed: as they say.
    """
    journal.lock(desk)
    original = next(read_payments(desk, Payment.id == id), None)
    if original is None:
        raise NotFound(what=N_("payment"), code=id)
    if not reason.strip():
        raise ReasonMissing()
    check_note(reason)
    taken_back = desk.session.scalar(select(Payment.id).where(Payment.collective_id == desk.collective_id, Payment.reverses_id == id))
    if taken_back is not None or original.reverses_id is not None:
        raise PaymentReversed()
    reversal = mirror_payment(desk, original, reason)
    write_payments(desk, [reversal])
    return load_payment(desk, reversal.id)


def load_payment(desk: Desk, id: int) -> Payment:
    """The payment of that id. :raises NotFound: there is none in this collective."""
    found = desk.session.get(Payment, (desk.collective_id, id))
    if found is None:
        raise NotFound(what=N_("payment"), code=id)
    return found


def list_payments(desk: Desk, *, season: Season | str | None = None, household: Household | str | None = None, page: int = 1) -> Page:
    """Payments, the latest first. A row has all columns of a payment, `season`, `household` (codes),
    `household_name`, and `reversed_by` (an id, or None)."""
    mine = Payment.collective_id == desk.collective_id
    latest = (Payment.paid_on.desc(), Payment.entry.desc())
    chosen = select(Payment.id).where(mine)
    if season is not None:
        chosen = chosen.where(Payment.season_id == the_season(desk, season).id)
    if household is not None:
        chosen = chosen.where(Payment.household_id == the_household(desk, household).id)
    # Sorted and counted by themselves: what belongs to a row is looked up for the page alone.
    found = paginate(desk.session, chosen.order_by(*latest), page)
    reversal = select(Payment.id, Payment.reverses_id).where(mine, Payment.reverses_id.in_(found.rows)).subquery()
    rows = desk.session.execute(
        select(
            *Payment.__table__.columns,
            Season.code.label("season"),
            Household.code.label("household"),
            Household.name.label("household_name"),
            reversal.c.id.label("reversed_by"),
        )
        .join(Season, (Season.collective_id == Payment.collective_id) & (Season.id == Payment.season_id))
        .join(Household, (Household.collective_id == Payment.collective_id) & (Household.id == Payment.household_id))
        .outerjoin(reversal, reversal.c.reverses_id == Payment.id)
        .where(mine, Payment.id.in_(found.rows))
        .order_by(*latest)
    )
    return replace(found, rows=rows.all())
