"""Payments on real databases: never more than is owed, reversals, everything at once, and historic facts."""

import datetime as dt
import threading

import pytest

from plantation.errors import BadValue, NotFound
from plantation.models import Payment
from plantation.services.fruit.weighing_inputs import ReasonMissing
from plantation.services.fruit.weighings import record_weighing
from plantation.services.lookups import DayAhead
from plantation.services.money import payment_inputs as said
from plantation.services.money.earnings import earnings_rows
from plantation.services.money.payments import (
    PaymentInput,
    balances,
    list_payments,
    pay_all,
    record_payment,
    record_payments,
    reverse_payment,
)
from plantation.services.money.settlements import settle_season
from plantation.services.once import PaidBefore
from tests.cast import QIAN, SUN, ZHOU
from tests.services.fruit.test_weighings import count, weighed

DAY = dt.date(2026, 11, 20)


def paid(**given):
    return {"season": "2026", "household": QIAN, "date": DAY, "method": "bank", "amount_fen": 5_000} | given


@pytest.fixture
def owed(village, desk):
    """Season 2026 settled: Qian is owed 9,869 fen."""
    with desk() as d:
        record_weighing(d, weighed())
        settle_season(d, "2026")


def test_nothing_is_paid_before_a_final_settlement(village, desk):
    with desk() as d:
        record_weighing(d, weighed())
        with pytest.raises(said.NotSettled, match="2026"):
            record_payment(d, **paid())
        with pytest.raises(said.NotSettled):
            pay_all(d, "2026", date=DAY, method="cash")
        assert balances(d, "2026").rows == []


def test_payments_never_exceed_what_is_owed(owed, desk):
    with desk() as d:
        record_payment(d, **paid())
        with pytest.raises(said.MoreThanOwed, match=r"owed 48\.69 yuan .* 48\.70 yuan is more"):
            record_payment(d, **paid(amount_fen=4_870))
        record_payment(d, **paid(amount_fen=4_869))
        with pytest.raises(said.MoreThanOwed, match=r"owed 0\.00"):
            record_payment(d, **paid(amount_fen=1))
        with pytest.raises(said.MoreThanOwed, match=ZHOU):
            record_payment(d, **paid(household=ZHOU, amount_fen=1))
        assert [tuple(row)[2:] for row in balances(d, "2026").rows] == [(9_869, 9_869, 0)]
        assert earnings_rows(d, "2026").rows[0].balance_fen == 0


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"amount_fen": 0}, said.AmountNotAboveZero),
        ({"amount_fen": -1}, said.AmountNotAboveZero),
        ({"date": dt.date(2026, 11, 26)}, DayAhead),
        ({"method": " "}, BadValue),
        ({"method": "m" * 41}, BadValue),
        ({"reference": "r" * 201}, BadValue),
        ({"household": "H404"}, NotFound),
        ({"season": "1999"}, NotFound),
    ],
)
def test_a_payment_that_cannot_be_is_refused(owed, desk, given, refusal):
    with desk() as d, pytest.raises(refusal):
        record_payment(d, **paid(**given))
    assert count(desk, Payment) == 0


def test_a_form_sent_twice_pays_once(owed, desk):
    with desk() as d:
        first = record_payment(d, **paid(once="form-1"))
        assert record_payment(d, **paid(once="form-1")).id == first.id
    assert count(desk, Payment) == 1


def test_the_same_to_the_letter_is_paid_once_and_again_only_after_it_was_taken_back(owed, desk):
    with desk() as d:
        first = record_payment(d, **paid(amount_fen=100))
        with pytest.raises(PaidBefore, match="H001: 1.00 yuan of 2026-11-20 are recorded already"):
            record_payment(d, **paid(amount_fen=100))
        record_payment(d, **paid(amount_fen=100, reference="the second envelope"))
        reverse_payment(d, first.id, reason="bounced")
        record_payment(d, **paid(amount_fen=100))
    assert count(desk, Payment) == 4


def test_two_who_pay_at_once_cannot_pay_too_much(owed, desk):
    refusals = []

    def pay():
        try:
            with desk() as d:
                record_payment(d, **paid(amount_fen=9_000))
        except said.MoreThanOwed as refusal:
            refusals.append(refusal)

    threads = [threading.Thread(target=pay) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refusals), count(desk, Payment)) == (2, 1)


def test_a_payment_is_taken_back_once(owed, desk):
    with desk() as d:
        payment = record_payment(d, **paid())
        with pytest.raises(ReasonMissing):
            reverse_payment(d, payment.id, reason=" ")
        back = reverse_payment(d, payment.id, reason="the bank sent it back")
        assert (back.amount_fen, back.paid_on, back.reverses_id) == (-5_000, dt.date(2026, 11, 24), payment.id)
        for id_ in (payment.id, back.id):
            with pytest.raises(said.PaymentReversed):
                reverse_payment(d, id_, reason="again")
        with pytest.raises(NotFound):
            reverse_payment(d, 404, reason="no such payment")
        record_payment(d, **paid(amount_fen=9_869))
        rows = list_payments(d, season="2026", household=QIAN).rows
        assert [(row.amount_fen, row.reversed_by) for row in rows] == [(-5_000, None), (9_869, None), (5_000, back.id)]


def test_all_balances_are_paid_at_once_if_they_are_what_was_seen(owed, desk):
    with desk() as d:
        record_weighing(d, weighed(household=SUN))
        settle_season(d, "2026")
        record_payment(d, **paid(amount_fen=869))
        with pytest.raises(said.BalancesMoved, match=r"188\.69 yuan now, not 197\.38"):
            pay_all(d, "2026", date=DAY, method="bank", seen_total_fen=19_738)
        assert pay_all(d, "2026", date=DAY, method="bank", seen_total_fen=18_869) == 2
        assert [row.balance_fen for row in balances(d, "2026").rows] == [0, 0]
        assert pay_all(d, "2026", date=DAY, method="bank") == 0


def test_historic_payments_are_recorded_unchecked_and_only_once(village, desk):
    file = [
        PaymentInput(**paid()),
        PaymentInput(**paid()),
        PaymentInput(**paid(amount_fen=-5_000)),
        PaymentInput(**paid(household=SUN, amount_fen=10**9)),
    ]
    with desk() as d:
        assert [outcome.status for outcome in record_payments(d, file)] == ["created"] * 4
    with desk() as d:
        again = record_payments(d, [*file, PaymentInput(**paid())])
        assert [outcome.status for outcome in again] == ["duplicate"] * 4 + ["created"]
        assert [(row.household, row.paid_fen) for row in balances(d, "2026").rows] == [(QIAN, 10_000), (SUN, 10**9)]
        faulty = record_payments(
            d,
            [
                PaymentInput(**paid(amount_fen=-1)),
                PaymentInput(**paid(season="1999")),
                PaymentInput(**paid(household="H404")),
                PaymentInput(**paid(amount_fen=0)),
            ],
        )
        assert [type(outcome.refusal) for outcome in faulty] == [said.NothingToReverse, NotFound, NotFound, said.AmountNotAboveZero]
