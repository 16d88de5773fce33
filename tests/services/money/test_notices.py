"""Notices: a settlement is posted with masked names, objected to and answered, and only then final."""

from __future__ import annotations

import datetime as dt

import pytest

from plantation.domain.seasons import SeasonOpen
from plantation.models import Release, Settlement
from plantation.services.collectives import Rules, change_rules
from plantation.services.fruit.purchases import record_purchases
from plantation.services.fruit.weighings import record_weighings, reverse_weighing
from plantation.services.money import notices, objections
from plantation.services.money.final_settlements import finish_settlement
from plantation.services.money.notices import (
    NotPosted,
    PostedAlready,
    StillPosted,
)
from plantation.services.money.objections import AnsweredBefore, ObjectionsOpen, TextMissing
from plantation.services.people.households import load_household
from plantation.services.proof.verification import verify
from plantation.services.releases import SamePerson, waiting
from tests.cast import QIAN, SUN
from tests.services.fruit.test_purchases import POOLED, bought
from tests.services.fruit.test_weighings import weighed

WEDNESDAY = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
# Seven working days from Wednesday, November 25 are over on Thursday, December 3.
LAST, AFTER = dt.datetime(2026, 12, 3, 2, 0, tzinfo=dt.UTC), dt.datetime(2026, 12, 4, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def harvest(village, desk):
    """Season 2025 is over: Qian and Sun delivered, Li bought."""
    with desk() as d:
        record_weighings(d, [weighed(**POOLED, slip="Q-1"), weighed(**POOLED, household=SUN, slip="S-1")])
        record_purchases(d, [bought((None, "A", 20_000, 500), number="7")])


def post(desk):
    with desk(now=WEDNESDAY) as d:
        return notices.post_notice(d, "2025")


def test_a_notice_masks_names_and_keeps_the_figures_as_posted(harvest, desk):
    notice = post(desk)
    assert (notice.number, notice.posted_on, notice.ends_on) == (1, dt.date(2026, 11, 25), dt.date(2026, 12, 3))
    with desk(now=WEDNESDAY) as d, pytest.raises(PostedAlready, match="2026-12-03"):
        notices.post_notice(d, "2025")
    with desk(now=WEDNESDAY) as d:
        before = notices.lines_of(d, notice)
        reverse_weighing(d, "Q-1", reason="wrong household")
        assert notices.lines_of(d, notice) == before
        assert sum(line.gross_fen for line in before) == 10_000
        names = {load_household(d, code).name for code in (QIAN, SUN)}
        assert names.isdisjoint({line.name for line in before})
        assert all("*" in line.name for line in before)
        assert notices.post_notice(d, "2025").number == 2
    with desk(reading=True) as d:
        assert verify(d) is None


def test_a_settlement_is_final_after_the_posting_days_and_by_two_people(harvest, desk):
    with desk(actor="Zhao") as d, pytest.raises(NotPosted, match="7 working days"):
        finish_settlement(d, "2025")
    post(desk)
    with desk(now=LAST) as d, pytest.raises(StillPosted, match="2026-12-03"):
        finish_settlement(d, "2025")
    with desk(now=AFTER, actor="Zhao") as d:
        assert isinstance(finish_settlement(d, "2025"), Release)
    with desk(now=AFTER, actor="Zhao") as d, pytest.raises(SamePerson):
        finish_settlement(d, "2025")
    with desk(now=AFTER, actor="Wang") as d:
        settled = finish_settlement(d, "2025")
        assert isinstance(settled, Settlement) and settled.settled_by == "Wang"
        assert waiting(d) == []
    with desk(reading=True) as d:
        assert verify(d) is None


def test_an_objection_holds_the_settlement_until_it_is_answered(harvest, desk):
    notice = post(desk)
    with desk(now=LAST) as d:
        qian = load_household(d, QIAN)
        with pytest.raises(TextMissing):
            objections.object_to(d, notice, qian, " ")
        said = objections.object_to(d, notice, qian, "one crate is missing")
        assert [code for _, code in notices.hanging_notices(d, qian)] == ["2025"]
    with desk(now=AFTER) as d, pytest.raises(ObjectionsOpen, match="Notice 1 of season .* nobody has answered: 1"):
        finish_settlement(d, "2025")
    with desk(now=AFTER) as d:
        objections.answer_objection(d, said.id, is_upheld=False, text="all crates are on slip Q-1")
        seen = objections.objections_to(d, notice, load_household(d, QIAN))[0]
        assert (seen.household, seen.answer.is_upheld) == (QIAN, False)
    with desk(now=AFTER) as d, pytest.raises(AnsweredBefore, match="Zhao"):
        objections.answer_objection(d, said.id, is_upheld=True, text="again")
    with desk(now=AFTER) as d:
        assert isinstance(finish_settlement(d, "2025"), Release)


def test_an_objection_to_a_notice_that_was_replaced_holds_the_settlement_too(harvest, desk):
    """Its household was told that the settlement waits."""
    first = post(desk)
    with desk() as d:
        said = objections.object_to(d, first, load_household(d, QIAN), "one crate is missing")
        reverse_weighing(d, "Q-1", reason="wrong household")
        assert notices.post_notice(d, "2025").number == 2
    with desk(now=AFTER) as d, pytest.raises(ObjectionsOpen, match="Notice 1 of season .* nobody has answered: 1"):
        finish_settlement(d, "2025")
    with desk(now=AFTER) as d:
        objections.answer_objection(d, said.id, is_upheld=True, text="the crate was Sun's")
        assert isinstance(finish_settlement(d, "2025"), Release)


def test_figures_that_move_after_the_posting_are_posted_again(harvest, desk):
    post(desk)
    with desk(now=AFTER, actor="Zhao") as d:
        finish_settlement(d, "2025")
    with desk(now=AFTER, actor="Wang") as d:
        reverse_weighing(d, "Q-1", reason="wrong household")
        with pytest.raises(NotPosted):
            finish_settlement(d, "2025")


def test_an_office_of_one_may_choose_to_work_alone(harvest, desk):
    with desk() as d:
        change_rules(d, Rules(four_eyes=False, posting_days=0))
        assert isinstance(finish_settlement(d, "2025"), Settlement)
    with desk(reading=True) as d:
        assert verify(d) is None


def test_a_running_season_is_not_posted(village, desk):
    with desk(now=dt.datetime(2026, 9, 20, tzinfo=dt.UTC)) as d:
        record_weighings(d, [weighed()])
        with pytest.raises(SeasonOpen):
            notices.post_notice(d, "2026")
