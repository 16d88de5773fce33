"""Payments as historic facts, many at once: what an import brings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from plantation.errors import N_, NotFound, Refusal
from plantation.models import Household, Payment, Season
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_inputs import Status
from plantation.services.lookups import ids_by_code, seasons_by_code
from plantation.services.money.balances import unpaid
from plantation.services.money.payment_inputs import MoreThanOwed, NothingToReverse, PaymentInput, PaymentOutcome, check_payment
from plantation.services.money.payment_records import PaymentRecord, new_payment, read_payments, write_payments
from plantation.services.words import check_note
from plantation.units import Fen, format_yuan


def record_payments(desk: Desk, inputs: Sequence[PaymentInput], standing: Collection[str] = ()) -> list[PaymentOutcome]:
    """Record many; one outcome an input, in their order. Historic facts: they are held against no balance, but for those of seasons that
    are `standing`, settled finally before these came: beyond what is owed there, all that is new of that household is refused.

    Payments have no number of their own: as many as are there already and say the same are duplicates. A negative
    amount takes back the last payment of that amount that was not taken back yet.
    """
    journal.lock(desk)
    seasons = seasons_by_code(desk, (one.season for one in inputs))
    households = ids_by_code(desk, Household, (one.household for one in inputs))
    stored = list(read_payments(desk, Payment.season_id.in_([season.id for season in seasons.values()])))
    there = Counter(_content(payment) for payment in stored)
    open_ = _open_payments(stored)
    created: list[PaymentRecord] = []
    outcomes = []
    for given in inputs:
        try:
            payment = _judge(desk, given, seasons, households)
            if there[_content(payment)] > 0:
                there[_content(payment)] -= 1
                outcomes.append(PaymentOutcome(Status.DUPLICATE))
                continue
            if payment.amount_fen < 0:
                payment = _take_back(payment, open_)
        except Refusal as refusal:
            outcomes.append(PaymentOutcome(Status.REFUSED, refusal))
            continue
        if payment.amount_fen > 0:
            open_.setdefault(_of(payment), []).append(payment.id)
        created.append(payment)
        outcomes.append(PaymentOutcome(Status.CREATED))
    refusals = _beyond(desk, created, [season for code, season in seasons.items() if code in standing])
    if refusals:
        judged = iter([refusals.get((payment.season_id, payment.household_id)) for payment in created])
        outcomes = [
            one if one.status != Status.CREATED or not (no := next(judged)) else PaymentOutcome(Status.REFUSED, no) for one in outcomes
        ]
        created = [payment for payment in created if (payment.season_id, payment.household_id) not in refusals]
    write_payments(desk, created)
    return outcomes


def _beyond(desk: Desk, created: Sequence[PaymentRecord], seasons: Sequence[Season]) -> dict[tuple[int, int], MoreThanOwed]:
    """By (season id, household id), whom these payments would give more than is owed, one with the other."""
    refusals = {}
    for season in seasons:
        paid_fen: Counter[tuple[int, str]] = Counter()
        for payment in created:
            if payment.season_id == season.id:
                paid_fen[payment.household_id, payment.household] += payment.amount_fen
        owed_fen = {id_: fen for id_, _, fen in unpaid(desk, season) or ()} if paid_fen else {}
        for (household_id, code), fen in paid_fen.items():
            if fen > max(owed_fen.get(household_id, 0), 0):
                figures = {"owed_yuan": format_yuan(owed_fen.get(household_id, 0)), "amount_yuan": format_yuan(fen)}
                refusals[season.id, household_id] = MoreThanOwed(household=code, season=season.code, **figures)
    return refusals


def _judge(desk: Desk, given: PaymentInput, seasons: Mapping[str, Season], households: Mapping[str, int]) -> PaymentRecord:
    if given.season not in seasons:
        raise NotFound(what=N_("season"), code=given.season)
    if given.household not in households:
        raise NotFound(what=N_("household"), code=given.household)
    check_payment(desk, given.date, given.method, given.amount_fen, given.reference)
    check_note(given.reason)
    payment = new_payment(
        desk,
        seasons[given.season],
        (households[given.household], given.household),
        given.date,
        given.method,
        given.amount_fen,
        given.reference,
    )
    return replace(payment, reason=given.reason)


def _content(payment: PaymentRecord) -> tuple[Any, ...]:
    return (
        payment.season_id,
        payment.household_id,
        payment.paid_on,
        payment.method,
        payment.amount_fen,
        payment.reference,
    )


def _of(payment: PaymentRecord) -> tuple[int, int, Fen]:
    return payment.season_id, payment.household_id, abs(payment.amount_fen)


def _open_payments(stored: Sequence[PaymentRecord]) -> dict[tuple[int, int, Fen], list[int]]:
    taken_back = {payment.reverses_id for payment in stored}
    found: dict[tuple[int, int, Fen], list[int]] = {}
    for payment in stored:
        if payment.amount_fen > 0 and payment.id not in taken_back:
            found.setdefault(_of(payment), []).append(payment.id)
    return found


def _take_back(payment: PaymentRecord, open_: dict[tuple[int, int, Fen], list[int]]) -> PaymentRecord:
    candidates = open_.get(_of(payment))
    if not candidates:
        raise NothingToReverse(household=payment.household, season=payment.season, amount_yuan=format_yuan(-payment.amount_fen))
    return replace(payment, reverses_id=candidates.pop())
