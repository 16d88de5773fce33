"""Advances: taken from the settlement down to the floor, the rest carried; never taken twice, never quietly changed."""

from __future__ import annotations

import datetime as dt

import pytest

from plantation.domain.words import AdvanceForm
from plantation.services.collectives import Rules, change_rules
from plantation.services.facts import ReasonNeeded, TakenBackBefore
from plantation.services.fruit.purchases import record_purchases
from plantation.services.fruit.weighings import record_weighing, record_weighings
from plantation.services.lookups import DayAhead, DayLongAgo
from plantation.services.money import advances
from plantation.services.money.advances import AdvanceGivenBefore, AdvanceNotAboveZero, AdvanceTaken
from plantation.services.money.balances import balances
from plantation.services.money.settlements import preview_settlement, settle_season
from plantation.services.people.households import load_household
from plantation.services.proof.verification import verify
from tests.cast import QIAN, SUN
from tests.services.fruit.test_purchases import POOLED, bought
from tests.services.fruit.test_weighings import weighed

UNHIRED = {"picker": "", "piece_rate_fen_per_kg": None}
GIVEN = dt.date(2025, 9, 1)


@pytest.fixture
def harvest(village, desk):
    """Season 2025 is over; Qian and Sun delivered the same, Li bought for 100 yuan: 50 each."""
    with desk() as d:
        record_weighings(d, [weighed(**POOLED, **UNHIRED, slip="Q-1"), weighed(**POOLED, **UNHIRED, household=SUN, slip="S-1")])
        record_purchases(d, [bought((None, "A", 20_000, 500), number="7")])


def give(d, fen, household=QIAN, form=AdvanceForm.CASH, text="cash"):
    return advances.give_advance(d, household=household, form=form, text=text, given_on=GIVEN, amount_fen=fen)


def left(d, code):
    return next((row.balance_fen for row in balances(d, "2025").rows if row.household == code), 0)


def net(d, code):
    return next(one.net_fen for one in preview_settlement(d, "2025").households if one.household_code == code)


def opened(d, code=QIAN):
    return advances.open_advance(d, load_household(d, code).id)


def test_a_settlement_takes_what_is_open_down_to_the_floor(harvest, desk):
    with desk() as d:
        qians, suns = net(d, QIAN), net(d, SUN)
        assert qians > 1_000
        change_rules(d, Rules(floor_fen=qians - 300))
        give(d, 100, form=AdvanceForm.GOODS, text="gloves, shears")
        give(d, 400)
        settle_season(d, "2025")
        # 5.00 are open, 3.00 are above the floor: 3.00 are taken, 2.00 carried.
        row = opened(d)
        assert (row.given_fen, row.taken_fen, row.open_fen) == (500, 300, 200)
        assert (left(d, QIAN), left(d, SUN)) == (qians - 300, suns)
    with desk(reading=True) as d:
        assert verify(d) is None


def test_what_was_carried_is_taken_by_the_next_settlement(harvest, desk):
    with desk() as d:
        qians = net(d, QIAN)
        give(d, qians + 200)
        settle_season(d, "2025")
        assert (opened(d).open_fen, left(d, QIAN)) == (200, 0)
        record_purchases(d, [bought((None, "A", 10_000, 500), number="8")])
        more = net(d, QIAN) - qians
        assert more > 200
        settle_season(d, "2025")
        assert (opened(d).open_fen, left(d, QIAN)) == (0, more - 200)
        record_weighing(d, weighed(**POOLED, **UNHIRED, household=SUN, slip="S-2"))
        settle_season(d, "2025")
        assert opened(d).taken_fen == qians + 200


def test_an_advance_is_taken_back_only_while_it_is_open(harvest, desk):
    with desk() as d:
        gloves = give(d, 1_000, form=AdvanceForm.GOODS, text="gloves")
        with pytest.raises(ReasonNeeded):
            advances.reverse_advance(d, gloves.id, reason=" ")
        advances.reverse_advance(d, gloves.id, reason="brought back")
        with pytest.raises(TakenBackBefore):
            advances.reverse_advance(d, gloves.id, reason="again")
        cash = give(d, 400)
        settle_season(d, "2025")
        with pytest.raises(AdvanceTaken, match="4.00 yuan .* only 0.00"):
            advances.reverse_advance(d, cash.id, reason="too late")


def test_the_same_to_the_letter_is_given_once_and_again_only_after_it_was_taken_back(village, desk):
    with desk() as d:
        gloves = give(d, 8_000, form=AdvanceForm.GOODS, text="gloves")
        with pytest.raises(AdvanceGivenBefore, match="had “gloves” for 80.00 yuan on 2025-09-01 already"):
            give(d, 8_000, form=AdvanceForm.GOODS, text=" gloves ")
        for more in ({"text": "gloves, second pair"}, {"text": "gloves", "household": SUN}):
            give(d, 8_000, form=AdvanceForm.GOODS, **more)
        advances.reverse_advance(d, gloves.id, reason="brought back")
        give(d, 8_000, form=AdvanceForm.GOODS, text="gloves")
        assert opened(d).open_fen == 16_000


def test_what_cannot_be_an_advance_is_refused(village, desk):
    with desk() as d:
        for fen in (0, -1, 100_000_001):
            with pytest.raises(AdvanceNotAboveZero):
                give(d, fen)
        with pytest.raises(DayAhead):
            advances.give_advance(d, household=QIAN, form=AdvanceForm.CASH, text="x", given_on=dt.date(2027, 1, 1), amount_fen=1)
        with pytest.raises(DayLongAgo):
            advances.give_advance(d, household=QIAN, form=AdvanceForm.CASH, text="x", given_on=dt.date(2020, 1, 1), amount_fen=1)
        once = "0c5d9a0e-54d4-4a43-9a55-6a5f7fb0b1b0"
        both = [
            advances.give_advance(d, household=QIAN, form=AdvanceForm.CASH, text="x", given_on=GIVEN, amount_fen=5, once=once)
            for _ in range(2)
        ]
        assert both[0].id == both[1].id and advances.open_advance(d, both[0].household_id).given_fen == 5
