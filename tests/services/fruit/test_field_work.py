"""What comes from the field's edge and is not a plain slip: closings, prices on paper, numbers of others, how devices stand."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from plantation.domain.closing import DaySlip
from plantation.domain.words import DifferenceKind, DifferenceVerdict, PriceDecision
from plantation.errors import BadValue
from plantation.models import PriceQuestion
from plantation.services.fruit import closings, differences, price_answers, price_questions
from plantation.services.fruit.slip_numbers import SlipLent, lease_slips
from plantation.services.fruit.weighings import record_weighings, reverse_weighing
from plantation.services.lookups import the_season
from plantation.services.people import device_states, devices
from plantation.services.proof.verification import verify
from tests.cast import QIAN, SUN
from tests.conftest import NOW
from tests.services.fruit.test_weighings import SHANGHAI, count, refusal_of, weighed

DAY = dt.date(2026, 9, 1)


@pytest.fixture
def phones(village, desk):
    """The ids of two devices that have borrowed ten numbers each: phone 1 has 1 to 10, phone 2 has 11 to 20."""
    with desk() as d:
        ids = [devices.find_device(d.session, devices.create_device_token(d, name)).id for name in ("phone 1", "phone 2")]
        for id_ in ids:
            lease_slips(d, id_, the_season(d, "2026"), 10, f"lease of {id_}")
    return ids


def test_a_number_of_a_devices_own_is_refused_to_the_office_and_to_another_device(desk, phones):
    refusal = refusal_of(desk, weighed(slip="2026-000007"))
    assert isinstance(refusal, SlipLent) and "phone 1" in str(refusal) and "2026-000007" in str(refusal)
    with desk(actor="phone 2") as d:
        mine, others, wrong = record_weighings(d, [
            weighed(slip="2026-000011"), weighed(slip="2026-000010"), weighed(slip="2026-000009", lease="a guess"),
        ])  # fmt: skip
    assert (mine.status, others.status, wrong.status) == ("created", "refused", "refused")
    assert "phone 1" in str(others.refusal)


def test_who_holds_the_phone_is_named_where_it_has_told(desk, phones):
    with desk(actor="phone 1") as d:
        device_states.note_state(d, phones[0], clock=NOW, waiting=0, waiting_grams=0, held_by="吴秀英")
    assert "phone 1”, which 吴秀英 holds" in str(refusal_of(desk, weighed(slip="2026-000007")))
    assert "phone 2”: only" in str(refusal_of(desk, weighed(slip="2026-000017")))


def test_a_lost_phones_file_is_sent_by_another_phone_under_the_lease_it_names(desk, phones):
    with desk(actor="phone 2") as d:
        assert record_weighings(d, [weighed(slip="2026-000003", lease=f"lease of {phones[0]}")])[0].status == "created"
    with desk() as d:  # a number that looks like one and is nobody's
        assert [one.status for one in record_weighings(d, [weighed(slip="2026-7"), weighed(slip="2026-000021")])] == ["created"] * 2


def test_another_price_on_paper_is_recorded_at_the_seasons_price_and_asked_about(desk, village):
    with desk(actor="phone 1") as d:
        same, other = record_weighings(d, [weighed(paper_price_fen_per_kg=500), weighed(paper_price_fen_per_kg=450, slip="P-1")])
    assert same.note is None and "5.00" in str(other.note) and "4.50" in str(other.note)
    with desk(reading=True) as d:
        [seen] = price_questions.list_questions(d).rows
    # 23.498 kg at 5.00 and at 4.50
    assert (seen.slip, seen.amount_fen, seen.question.paper_amount_fen, seen.difference_fen) == ("P-1", 11_749, 10_574, 1_175)
    with desk() as d:
        with pytest.raises(price_answers.NoWord):
            price_answers.answer_question(d, seen.question.id, decision=PriceDecision.SEASON, text=" ")
        price_answers.answer_question(d, seen.question.id, decision=PriceDecision.SEASON, text="told him")
        with pytest.raises(price_answers.PriceAnswered):
            price_answers.answer_question(d, seen.question.id, decision=PriceDecision.SEASON, text="again")
    with desk(reading=True) as d:
        assert verify(d) is None


def test_a_slip_sent_again_asks_once_and_a_pooled_season_has_no_price_to_agree_with(desk, village):
    given = weighed(paper_price_fen_per_kg=450)
    pooled = weighed(season="2025", time=dt.datetime(2025, 9, 1, 10, tzinfo=SHANGHAI), paper_price_fen_per_kg=450)
    for _ in range(2):
        with desk(actor="phone 1") as d:
            outcomes = record_weighings(d, [given, pooled])
    assert [(one.status, one.note) for one in outcomes] == [("duplicate", None)] * 2
    assert count(desk, PriceQuestion) == 2


def test_the_closing_explains_every_difference_by_its_slip(desk, phones):
    sent = [weighed(slip=f"2026-00000{n}", deduction_ppm=0, household=QIAN if n % 2 else SUN) for n in (1, 2, 4)]
    with desk(actor="phone 1") as d:
        record_weighings(d, sent)
    with desk() as d:
        reverse_weighing(d, "2026-000004", reason="wrong crate")  # today, by the office: not of the device's day
    told = [DaySlip(one.id, one.slip, one.household, "A", 24_100) for one in sent[:2]]
    told += [DaySlip("not sent", "2026-000005", QIAN, "A", 3_000)]
    with desk(actor="phone 1") as d:
        closed = closings.close_day(d, phones[0], code="c-1", season="2026", day=DAY, slips=told)
        again = closings.close_day(d, phones[0], code="c-1", season="2026", day=DAY, slips=[])
    assert again.closing.entry == closed.closing.entry
    assert [(one.kind, one.slip) for one in closed.differences] == [("unknown_there", "2026-000004"), ("missing_here", "2026-000005")]
    assert (closed.closing.net_grams, closed.recorded_grams, closed.closing.differing) == (51_200, 72_300, 2)
    assert closed.skipped == ["2026-000003"]
    assert closed.closing.head_sequence == closed.closing.entry - 1
    with desk(reading=True) as d:
        sheet = closings.day_sheet(d, "2026", DAY)
        assert sheet.net_grams == 72_300 and sheet.by_grade() == [("A", 3, 72_300)] and sheet.unclosed == []
        assert [row.Closing.slips for row in closings.list_closings(d).rows] == [3]
        assert verify(d) is None


def test_slips_that_came_by_another_phone_are_not_missing(desk, phones):
    sent = weighed(slip="2026-000003", lease=f"lease of {phones[0]}", deduction_ppm=0)
    with desk(actor="phone 2") as d:
        record_weighings(d, [sent])
    with desk(actor="phone 1") as d:
        told = [DaySlip(sent.id, "2026-000003", QIAN, "A", 24_100)]
        assert closings.close_day(d, phones[0], code="c-1", season="2026", day=DAY, slips=told).differences == []


def test_the_office_sees_a_wrong_clock_what_waits_and_what_a_lost_phone_takes_along(desk, phones):
    with desk(actor="phone 1") as d:
        record_weighings(d, [weighed(slip="2026-000001"), weighed(slip="2026-000002")])
        for waiting in (5, 3):
            device_states.note_state(
                d, phones[0], clock=NOW + dt.timedelta(minutes=-6), waiting=waiting, waiting_grams=70_000,
                waiting_since=NOW - dt.timedelta(hours=3), held_by="吴",
            )  # fmt: skip
        device_states.note_state(d, phones[1], clock=NOW + dt.timedelta(minutes=5), waiting=0, waiting_grams=0, waiting_since=NOW)
        for wrong in ({"waiting": -1}, {"waiting_grams": -1}, {"held_by": "x" * 65}, {"clock": NOW.replace(year=1800)}):
            with pytest.raises(BadValue):
                device_states.note_state(d, phones[0], **{"clock": NOW, "waiting": 0, "waiting_grams": 0, **wrong})
    with desk(reading=True) as d:
        one, two = device_states.list_device_states(d).rows
    assert (one.state.waiting, one.state.clock_offset_seconds, one.clock_is_wrong, one.unseen) == (3, -360, True, 8)
    assert (two.state.waiting_since, two.clock_is_wrong, two.unseen) == (None, False, 10)


def test_a_next_number_that_was_set_back_into_a_lease_is_found(desk, phones, database):
    with database.write() as session:
        session.execute(text("UPDATE slip_ranges SET next_number = 15"))
    with desk(reading=True) as d:
        assert "up to 20 are lent" in str(verify(d))


def test_slips_that_come_days_after_their_date_are_asked_about_and_told_to_the_device(desk, phones):
    sent = [weighed(slip=f"2026-00000{n}", deduction_ppm=0, time=dt.datetime(2026, 9, n, 10, tzinfo=SHANGHAI)) for n in (1, 2, 3)]
    came = dt.datetime(2026, 9, 3, 3, tzinfo=dt.UTC)  # the first two days and an hour after its date, the last an hour after
    with desk(actor="phone 1", now=came) as d:
        notes = [one.note for one in record_weighings(d, sent)]
    assert "2026-000001 is dated 2026-09-01 10:00 and came at 2026-09-03 11:00" in str(notes[0]) and notes[1:] == [None, None]
    with desk(actor="phone 1", now=came) as d:
        ahead = weighed(slip="2026-000004", deduction_ppm=0, time=dt.datetime(2026, 9, 4, 9, tzinfo=SHANGHAI))
        assert "2026-000004" in str(record_weighings(d, [ahead])[0].note)
    with desk(now=came) as d:  # a person who writes paper up stands for its date
        assert record_weighings(d, [weighed(time=dt.datetime(2026, 8, 20, 10, tzinfo=SHANGHAI))])[0].note is None
    with desk(now=came) as d:
        said = (dt.date(2026, 9, 3), 1, 24_100)
        assert clocks_of(d) == {"phone 1 2026-09-01": said, "phone 1 2026-09-04": said}
        reverse_weighing(d, "2026-000001", reason="its clock was wrong")
    with desk(now=came) as d:
        assert list(clocks_of(d)) == ["phone 1 2026-09-04"]
        (odd,) = [one.difference for one in differences.find_differences(d, "2026") if one.difference.kind == DifferenceKind.CLOCK]
        answered = differences.answer_differences(
            d, "2026", [(odd.kind, odd.subject, odd.digest)], verdict=DifferenceVerdict.EXPLAINED, text="an hour"
        )
        assert len(answered) == 1 and verify(d) is None


def clocks_of(d):
    """What is asked about clocks: by device and day the day they came, how many, how much."""
    found = [one.difference for one in differences.find_differences(d, "2026") if one.difference.kind == DifferenceKind.CLOCK]
    return {one.subject: (one.figures["came"], one.figures["count"], one.grams) for one in found}
