"""Disputes: a household's slip is frozen until it is answered, and the answer reverses it or lets it stand."""

from __future__ import annotations

import datetime as dt

import pytest

from plantation.domain.words import DisputeAbout
from plantation.errors import NotFound
from plantation.services.fruit import disputes
from plantation.services.fruit.dispute_answers import answer_dispute
from plantation.services.fruit.disputes import (
    DisputeAnswered,
    DisputedNow,
    DisputesOpen,
    NothingSaid,
    SlipFrozen,
    SlipReversed,
)
from plantation.services.fruit.weighings import load_slip, record_weighings, reverse_weighing
from plantation.services.money.settlements import preview_settlement, settle_season
from plantation.services.people.households import load_household
from plantation.services.proof.verification import verify
from tests.cast import QIAN, SUN
from tests.services.fruit.test_weighings import weighed

WEIGHT, OTHER = DisputeAbout.WEIGHT, DisputeAbout.OTHER


@pytest.fixture
def slips(village, desk):
    """Q-1 is Qian's, S-1 Sun's, P-1 was weighed for the whole plot."""
    with desk() as d:
        given = [weighed(slip="Q-1"), weighed(household=SUN, slip="S-1"), weighed(household=None, plot="P1", slip="P-1")]
        assert all(outcome.refusal is None for outcome in record_weighings(d, given))


def dispute(d, slip="Q-1", household=QIAN, about=WEIGHT, text=""):
    return disputes.open_dispute(d, load_household(d, household), slip, about, text)


def test_a_disputed_slip_is_frozen_until_the_answer(slips, desk):
    with desk() as d:
        opened = dispute(d)
        # 2026-11-24 is a Tuesday: five working days from the day after are over on Tuesday, December 1.
        assert opened.due_on == dt.date(2026, 12, 1)
        assert disputes.find_open(d, opened.weighing_id).id == opened.id
    with desk() as d, pytest.raises(SlipFrozen, match="Q-1"):
        reverse_weighing(d, "Q-1", reason="the manager would rather not answer")
    with desk() as d, pytest.raises(DisputedNow, match="2026-12-01"):
        dispute(d, about=OTHER, text="again")
    with desk() as d:
        answer_dispute(d, opened.id, is_upheld=False, text="weighed again, it is right")
        assert disputes.find_open(d, opened.weighing_id) is None
        reverse_weighing(d, "Q-1", reason="another matter")
    with desk(reading=True) as d:
        assert verify(d) is None


def test_an_upheld_dispute_reverses_its_slip_with_the_answer_as_reason(slips, desk):
    with desk() as d:
        opened = dispute(d, text="the crate was wet")
        answer_dispute(d, opened.id, is_upheld=True, text="tare of another crate")
        seen = disputes.load_dispute(d, opened.id)
        assert seen.answer.is_upheld and seen.household == QIAN
        totals = {one.household_code: one.net_grams for one in preview_settlement(d, "2026").households}
        shared = load_slip(d, "P-1").shares
        assert totals[QIAN] == sum(share.net_grams for share in shared if share.household == QIAN)
    with desk() as d, pytest.raises(DisputeAnswered, match="Zhao"):
        answer_dispute(d, opened.id, is_upheld=True, text="once more")
    with desk() as d, pytest.raises(SlipReversed):
        dispute(d)


def test_a_season_with_an_open_dispute_is_not_settled(slips, desk):
    after = dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    with desk() as d:
        opened = dispute(d, about=OTHER, text="that is not my crate")
    with desk(now=after) as d, pytest.raises(DisputesOpen, match="Season 2026 has disputed slips .* 1 .*Q-1"):
        settle_season(d, "2026")
    with desk(now=after) as d:
        assert disputes.list_disputes(d).rows[0].is_overdue(d.today)
        answer_dispute(d, opened.id, is_upheld=False, text="it is: three people saw it")
        assert settle_season(d, "2026").number == 1


def test_only_its_own_household_disputes_a_slip(slips, desk):
    with desk() as d:
        with pytest.raises(NotFound):
            dispute(d, slip="S-1")
        with pytest.raises(NotFound):
            dispute(d, slip="no-such")
        with pytest.raises(NothingSaid):
            dispute(d, about=OTHER, text="  ")
        assert dispute(d, slip="P-1").household_id == load_household(d, QIAN).id
