"""Buyers' accounts: bought, paid, owed, and for how long."""

from __future__ import annotations

import datetime as dt

import pytest

from plantation.services.facts import ReasonNeeded, TakenBackBefore
from plantation.services.fruit.buyer_accounts import (
    PaidMoreThanOwed,
    PaidNothing,
    account_of,
    receivable_fen,
    receivables,
    record_buyer_payment,
    reverse_buyer_payment,
)
from plantation.services.fruit.buyers import load_buyer
from plantation.services.fruit.purchases import record_purchases, reverse_purchase
from plantation.services.fruit.weighings import record_weighings
from plantation.services.once import PaidBefore
from plantation.services.proof.verification import verify
from tests.services.fruit.test_purchases import POOLED, bought
from tests.services.fruit.test_weighings import weighed

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def books(village, desk):
    """Li bought for 100 yuan in season 2025, long ago."""
    with desk() as d:
        record_weighings(d, [weighed(**POOLED), weighed(**POOLED)])
        assert record_purchases(d, [bought((None, "A", 20_000, 500), number="7")])[0].refusal is None
        return load_buyer(d, bought().buyer).code


def pay(d, buyer, fen, **more):
    return record_buyer_payment(d, buyer=buyer, paid_on=TODAY, method="bank", amount_fen=fen, **more)


def test_a_buyer_owes_what_it_bought_less_what_it_paid(books, desk):
    with desk() as d:
        first = pay(d, books, 4_000, reference="0017")
        account = account_of(d, load_buyer(d, books))
        assert (account.bought_fen, account.paid_fen, account.aged.open_fen) == (10_000, 4_000, 6_000)
        assert account.aged.over_90_fen == 6_000 and account.aged.overdue_fen == 6_000
        with pytest.raises(PaidMoreThanOwed, match="owes 60.00 yuan; 60.01"):
            pay(d, books, 6_001)
        with pytest.raises(PaidBefore, match="40.00 yuan"):
            pay(d, books, 4_000, reference="0017 ")
        with pytest.raises(PaidNothing):
            pay(d, books, 0)
        with pytest.raises(ReasonNeeded):
            reverse_buyer_payment(d, first.id, reason="")
        reverse_buyer_payment(d, first.id, reason="bounced")
        with pytest.raises(TakenBackBefore):
            reverse_buyer_payment(d, first.id, reason="again")
        assert receivable_fen(d) == 10_000
        assert [row.aged.open_fen for row in receivables(d).rows if row.code == books] == [10_000]
    with desk(reading=True) as d:
        assert verify(d) is None


def test_a_purchase_that_is_taken_back_is_owed_no_more(books, desk):
    with desk() as d:
        pay(d, books, 10_000)
        reverse_purchase(d, "2025", "7", reason="fruit came back")
        account = account_of(d, load_buyer(d, books))
        assert (account.bought_fen, account.aged.open_fen, account.aged.ahead_fen) == (0, 0, 10_000)


def test_a_payment_sent_twice_is_one(books, desk):
    once = "0c5d9a0e-54d4-4a43-9a55-6a5f7fb0b1b0"
    with desk() as d:
        assert pay(d, books, 4_000, once=once).id == pay(d, books, 4_000, once=once).id
        assert account_of(d, load_buyer(d, books)).paid_fen == 4_000
