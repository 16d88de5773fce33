"""Buyers' accounts: what each bought, paid and owes, and for how long; payments are appended, reversed, never edited."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import select

from plantation.domain.limits import MOST_PAID_FEN
from plantation.domain.receivables import Aged, age
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Buyer, BuyerPayment, Purchase, PurchaseLine
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit.buyers import load_buyer
from plantation.services.lookups import check_day
from plantation.services.once import PaidBefore, sent_before
from plantation.services.pages import Page, paginate
from plantation.services.sums import sum_of
from plantation.services.words import check_note
from plantation.units import Fen, format_yuan


class PaidNothing(Refusal):
    """Nothing, or less, was paid."""

    field = "amount_fen"
    template = N_("A payment of %(amount_yuan)s yuan: it must be more than 0.")


class PaidMoreThanOwed(Refusal):
    """A buyer pays what it bought, not more."""

    field = "amount_fen"
    template = N_("Buyer %(buyer)s owes %(owed_yuan)s yuan; %(amount_yuan)s would be more than that.")


class BuyerAccount(NamedTuple):
    """One buyer's account today."""

    code: str
    name: str
    terms_days: int
    bought_fen: Fen
    paid_fen: Fen
    aged: Aged


def account_of(desk: Desk, buyer: Buyer) -> BuyerAccount:
    """What the buyer bought, paid and owes."""
    return _accounts(desk, [buyer])[0]


def receivables(desk: Desk, *, page: int = 1) -> Page:
    """One page of the buyers with their accounts, by code."""
    found = paginate(desk.session, select(Buyer).where(Buyer.collective_id == desk.collective_id).order_by(Buyer.code), page)
    return Page(_accounts(desk, list(found.rows)), found.number, found.size, found.total)


def receivable_fen(desk: Desk) -> Fen:
    """What all buyers owe together."""
    bought = desk.session.scalar(select(sum_of(PurchaseLine.amount_fen)).where(PurchaseLine.collective_id == desk.collective_id))
    paid = desk.session.scalar(select(sum_of(BuyerPayment.amount_fen)).where(BuyerPayment.collective_id == desk.collective_id))
    return (bought or 0) - (paid or 0)


def record_buyer_payment(
    desk: Desk, *, buyer: str, paid_on: dt.date, method: str, amount_fen: Fen, reference: str = "", once: str | None = None
) -> BuyerPayment:
    """Record what a buyer paid. Sent twice under the id `once`, it is one payment.

    :raises PaidNothing, PaidMoreThanOwed, PaidBefore, DayWrong: as they say. :raises NotFound: no such buyer.
    """
    journal.lock(desk)
    found = load_buyer(desk, buyer)
    if not 0 < amount_fen <= MOST_PAID_FEN:
        raise PaidNothing(amount_yuan=format_yuan(amount_fen))
    check_day(desk, paid_on)
    check_note(reference, 200)
    id_, known = sent_before(desk, BuyerPayment, once)
    if known is not None:
        return known
    owed = account_of(desk, found).aged.open_fen
    if amount_fen > owed:
        raise PaidMoreThanOwed(buyer=found.code, owed_yuan=format_yuan(owed), amount_yuan=format_yuan(amount_fen))
    said = {"buyer_id": found.id, "paid_on": paid_on, "method": method, "amount_fen": amount_fen, "reference": reference.strip()}
    if facts.stands(desk, BuyerPayment, **said):
        raise PaidBefore(who=found.code, amount_yuan=format_yuan(amount_fen), day=paid_on)
    return facts.seal(desk, [BuyerPayment(id=id_, reverses_id=None, reason="", **said)])[0]


def reverse_buyer_payment(desk: Desk, payment_id: int, *, reason: str) -> BuyerPayment:
    """Take a payment back, with the reason. :raises NotFound, TakenBackBefore, ReasonNeeded: as they say."""
    journal.lock(desk)
    payment = desk.session.get(BuyerPayment, (desk.collective_id, payment_id))
    if payment is None:
        raise NotFound(what=N_("payment"), code=str(payment_id))
    return facts.take_back(desk, payment, reason=reason)


def list_buyer_payments(desk: Desk, buyer: Buyer, *, page: int = 1) -> Page:
    """The buyer's payments, the latest first."""
    return paginate(
        desk.session,
        select(BuyerPayment)
        .where(BuyerPayment.collective_id == desk.collective_id, BuyerPayment.buyer_id == buyer.id)
        .order_by(BuyerPayment.paid_on.desc(), BuyerPayment.entry.desc()),
        page,
    )


def _accounts(desk: Desk, buyers: list[Buyer]) -> list[BuyerAccount]:
    ids = [buyer.id for buyer in buyers]
    bought: dict[int, list[tuple[dt.date, Fen]]] = {}
    for buyer_id, day, fen in desk.session.execute(
        select(Purchase.buyer_id, Purchase.purchased_on, sum_of(PurchaseLine.amount_fen))
        .join(
            PurchaseLine,
            (PurchaseLine.collective_id == Purchase.collective_id) & (PurchaseLine.purchase_id == Purchase.id),
        )
        .where(Purchase.collective_id == desk.collective_id, Purchase.buyer_id.in_(ids))
        .group_by(Purchase.buyer_id, Purchase.purchased_on)
    ):
        bought.setdefault(buyer_id, []).append((day, fen))
    paid = dict(
        desk.session.execute(
            select(BuyerPayment.buyer_id, sum_of(BuyerPayment.amount_fen))
            .where(BuyerPayment.collective_id == desk.collective_id, BuyerPayment.buyer_id.in_(ids))
            .group_by(BuyerPayment.buyer_id)
        ).all()
    )
    return [
        BuyerAccount(
            one.code, one.name, one.terms_days, sum(fen for _, fen in bought.get(one.id, [])), paid.get(one.id, 0),
            age(bought.get(one.id, []), paid.get(one.id, 0), one.terms_days, desk.today),
        )
        for one in buyers
    ]  # fmt: skip
