"""What somebody says about a payment, and what is refused about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from plantation.errors import N_, BadValue, Refusal
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_inputs import Status
from plantation.services.lookups import DayAhead
from plantation.services.words import NAME_LENGTH, check_note
from plantation.units import Fen, format_yuan

METHOD_LENGTH = 40
AMOUNT_LIMIT_FEN: Fen = 100_000_000_000


@dataclass(frozen=True, slots=True)
class PaymentInput:
    """One payment, by codes. A negative amount takes back a payment of the same amount to that household."""

    season: str
    household: str
    date: dt.date
    method: str
    amount_fen: int
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PaymentOutcome:
    """What became of an input: created, duplicate (it is there already) or refused."""

    status: Status
    refusal: Refusal | None = None


class NotSettled(Refusal):
    """Nobody knows yet what is owed."""

    template = N_("Season %(season)s has no final settlement yet: nothing can be paid before it.")


class MoreThanOwed(Refusal):
    """A payment beyond the balance."""

    template = N_("Household %(household)s is owed %(owed_yuan)s yuan for season %(season)s; %(amount_yuan)s yuan is more.")


class AmountNotAboveZero(Refusal, ValueError):
    """Nothing, less, or with a digit too many."""

    template = N_("A payment must be above 0 and at most %(limit_yuan)s yuan; %(amount_yuan)s yuan is not.")


class PaymentReversed(Refusal):
    """A payment is taken back once, and what took back is not taken back."""

    template = N_("This payment was reversed before, or is a reversal itself.")


class NothingToReverse(Refusal):
    """A negative amount without a payment that it could take back."""

    template = N_("Household %(household)s has no payment of %(amount_yuan)s yuan for season %(season)s that could be taken back.")


class BalancesMoved(Refusal):
    """Something was paid or settled between the look and the click."""

    template = N_("The open balances sum to %(now_yuan)s yuan now, not %(seen_yuan)s. Look at them again, then pay.")


def check_payment(desk: Desk, date: dt.date, method: str, amount_fen: Fen, reference: str) -> None:
    """Pass what can be stored: a day that is not ahead, a method, an amount other than 0.

    :raises DayAhead, BadValue, AmountNotAboveZero: as they say.
    """
    if date > desk.today + dt.timedelta(days=1):
        raise DayAhead(day=date, today=desk.today)
    if not 1 <= len(method.strip()) <= METHOD_LENGTH or len(method) > METHOD_LENGTH or not method.isprintable():
        raise BadValue(value=method[:40], expected=N_("a way of paying of 1 to 40 printable characters"))
    check_note(reference, NAME_LENGTH)
    if amount_fen == 0 or abs(amount_fen) > AMOUNT_LIMIT_FEN:
        raise AmountNotAboveZero(amount_yuan=format_yuan(amount_fen), limit_yuan=format_yuan(AMOUNT_LIMIT_FEN))
