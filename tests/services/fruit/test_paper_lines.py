"""A page of paper in the books: judged line by line, recorded whole or not at all, twins asked about."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from plantation.domain.pricing import NoPriceInForce
from plantation.domain.quality import QualityRefused
from plantation.domain.seasons import OutsideSeason
from plantation.domain.weighing import GrossNotAboveTare, net_grams
from plantation.domain.words import QualityMeasure
from plantation.errors import NotFound
from plantation.models import Household, QualityCheck, Weighing, new_id
from plantation.services.fruit.paper_lines import (
    LinesRefused,
    PaperLine,
    TwinAbove,
    TwinInBooks,
    check_lines,
    control_totals,
    line_id,
    record_lines,
)
from plantation.services.fruit.quality import set_limit
from plantation.services.fruit.slip_numbers import SlipLent, SlipTaken, lease_slips
from plantation.services.fruit.weighings import load_slip, record_weighing, reverse_weighing
from plantation.services.lookups import DayAhead, the_season
from plantation.services.people.devices import create_device_token, find_device
from plantation.services.people.households import SeveralMatch
from plantation.services.proof.verification import verify
from tests.cast import QIAN, SUN
from tests.services.fruit.test_weighings import count, weighed

ONCE = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
DAY = dt.date(2026, 9, 1)


def typed(number=1, **given):
    """A line of Qian's, with what the test changes."""
    usual = {"id": line_id(ONCE, number), "number": number, "household": QIAN, "grade": "A", "day": DAY, "gross_grams": 25_300,
             "tare_grams": 1_200}  # fmt: skip
    return PaperLine(**usual | given)


def refusals(desk, *lines, checking=check_lines):
    with desk() as d:
        return [verdict.refusal for verdict in checking(d, "2026", lines)]


def test_a_page_is_recorded_with_the_figures_of_the_rule_and_the_numbers_of_the_season(village, desk):
    page = [
        typed(1, deduction_ppm=25_000),
        typed(2, household="孙", grade="B", gross_grams=10_000),
        typed(3, household="h001", day=dt.date(2026, 9, 15), slip="纸-7"),
    ]
    with desk() as d:
        checked = check_lines(d, "2026", page)
        assert count(desk, Weighing) == 0
        assert [(one.household, one.household_name, one.slip.net_grams) for one in checked] == [
            (QIAN, "钱", 23_498),
            (SUN, "孙", 8_800),
            (QIAN, "钱", 24_100),
        ]
        assert [(one.grade, one.lines, one.net_grams) for one in control_totals(checked)] == [("A", 2, 47_598), ("B", 1, 8_800)]
    with desk() as d:
        slips = [one.slip.slip for one in record_lines(d, "2026", page)]
        assert slips == ["2026-000001", "2026-000002", "纸-7"]
        found = [load_slip(d, slip) for slip in slips]
        assert [(one.net_grams, one.amount_fen, one.local_date) for one in found] == [
            (23_498, 11_749, DAY),
            (8_800, 2_640, DAY),
            (24_100, 12_532, dt.date(2026, 9, 15)),
        ]
        assert verify(d) is None


def test_sent_twice_it_is_one_page_and_no_line_is_its_own_twin(village, desk):
    page = [typed(1), typed(2, household=SUN)]
    with desk() as d:
        first = [one.slip.slip for one in record_lines(d, "2026", page)]
    with desk() as d:
        assert [one.slip.slip for one in record_lines(d, "2026", page)] == first
    assert count(desk, Weighing) == 2


def test_one_wrong_line_and_nothing_is_written_and_every_wrong_line_is_named(village, desk):
    page = [
        typed(1),
        typed(2, household="H999"),
        typed(3, gross_grams=1_200),
        typed(4, grade="Z"),
        typed(5, day=dt.date(2026, 7, 31)),
        typed(6, day=dt.date(2026, 11, 25)),
        typed(7, gross_grams=30_000),
    ]
    with pytest.raises(LinesRefused, match="Lines to mend first: 5") as refused, desk() as d:
        record_lines(d, "2026", page)
    kinds = [type(one.refusal) for one in refused.value.verdicts]
    assert kinds == [type(None), NotFound, GrossNotAboveTare, NoPriceInForce, OutsideSeason, DayAhead, type(None)]
    assert count(desk, Weighing) == 0


def test_a_number_on_the_paper_is_given_once_on_the_page_in_the_books_and_not_if_it_is_lent(village, desk):
    with desk() as d:
        record_weighing(d, weighed(slip="17"))
        device = find_device(d.session, create_device_token(d, "phone 1"))
        lease_slips(d, device.id, the_season(d, "2026"), 5, "r-1")
    found = refusals(
        desk,
        typed(1, slip="17", gross_grams=9_000),
        typed(2, slip="18", gross_grams=6_000),
        typed(3, slip="18", gross_grams=8_000),
        typed(4, slip="2026-000002", gross_grams=7_000),
    )
    assert [type(one) for one in found] == [SlipTaken, type(None), SlipTaken, SlipLent]


def test_a_twin_is_asked_about_and_recorded_when_it_is_meant(village, desk):
    with desk() as d:
        known = record_weighing(d, weighed(household=SUN)).slip
    page = [typed(1), typed(2), typed(3, household=SUN), typed(4, household=SUN, day=dt.date(2026, 9, 2)), typed(5, grade="B")]
    found = refusals(desk, *page)
    assert [type(one) for one in found] == [type(None), TwinAbove, TwinInBooks, type(None), type(None)]
    assert "Line 1 has the same" in str(found[1]) and f"Slip {known} has the same" in str(found[2])
    with pytest.raises(LinesRefused), desk() as d:
        record_lines(d, "2026", page)
    meant = [typed(1), typed(2, again=True), typed(3, household=SUN, again=True), *page[3:]]
    with desk() as d:
        assert len(record_lines(d, "2026", meant)) == 5
    assert count(desk, Weighing) == 6


def test_a_twin_is_the_same_fruit_with_or_without_its_crate_and_not_what_was_taken_back(village, desk):
    with desk() as d:
        slip = record_weighing(d, weighed()).slip
    assert [type(one) for one in refusals(desk, typed(1, gross_grams=24_100, tare_grams=0))] == [TwinInBooks]
    with desk() as d:
        reverse_weighing(d, slip, reason="typed wrong")
    assert refusals(desk, typed(1)) == [None]


def test_limits_hold_line_by_line(village, desk):
    with desk() as d:
        set_limit(d, "2026", grade="A", measure=QualityMeasure.IMPURITY, limit_ppm=30_000, regrade="B")
        set_limit(d, "2026", grade="B", measure=QualityMeasure.IMPURITY, limit_ppm=80_000)
    mixed, gone = typed(1, impurity_ppm=50_000), typed(2, impurity_ppm=90_000, household=SUN)
    assert [type(one) for one in refusals(desk, mixed, gone)] == [type(None), QualityRefused]
    with desk() as d:
        verdict = record_lines(d, "2026", [mixed, typed(3, gross_grams=9_000)])[0]
        slip = load_slip(d, verdict.slip.slip)
        assert (slip.grade, slip.price_fen_per_kg) == ("B", 300)
        assert [(one.grade, one.lines) for one in control_totals([verdict])] == [("A", 1)]  # as the paper adds it up
        assert verify(d) is None
    assert count(desk, QualityCheck) == 1


def test_a_name_of_two_households_is_asked_for_by_code(village, desk):
    with desk() as d:
        for code in ("H010", "H011"):
            d.session.add(Household(collective_id=d.collective_id, id=new_id(), code=code, name="马", members=1, phone=""))
    found = refusals(desk, typed(1, household="马"), typed(2, household="H011"), typed(3, household="马二"))
    assert [type(one) for one in found] == [SeveralMatch, type(None), NotFound]
    assert "H010 马, H011 马" in str(found[0])


def test_a_thousand_lines_ask_as_many_queries_as_ten(village, desk, database):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *_: asked.append(1))

    def queries(lines: int, first: int) -> int:
        numbers = range(first, first + lines)
        page = [typed(number, gross_grams=2_000 + number, household=(QIAN, "孙")[number % 2]) for number in numbers]
        with desk() as d:
            asked.clear()
            record_lines(d, "2026", page)
            return len(asked)

    few = queries(10, 1)
    assert queries(1_000, 100) <= few <= 25


KG = st.integers(1, 60_000)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.tuples(st.sampled_from((QIAN, SUN)), st.sampled_from("AB"), KG, KG, st.integers(0, 999_999)), max_size=40))
def test_what_is_saved_sums_to_what_was_typed(sqlite_books, lines):
    """Whatever page: recorded whole it sums to the gram to its lines by the rule, refused it leaves the books as they were."""
    desk, once = sqlite_books, str(uuid.uuid4())
    page = [
        typed(number, id=line_id(once, number), household=household, grade=grade, gross_grams=gross, tare_grams=tare, deduction_ppm=ppm, again=True)
        for number, (household, grade, gross, tare, ppm) in enumerate(lines, 1)
    ]  # fmt: skip
    before = sums(desk)
    try:
        with desk() as d:
            verdicts = record_lines(d, "2026", page)
    except LinesRefused as refused:
        assert any(gross <= tare for _, _, gross, tare, _ in lines)
        assert sum(1 for one in refused.verdicts if one.refusal) == sum(1 for _, _, gross, tare, _ in lines if gross <= tare)
        assert sums(desk) == before
        return
    added = {}
    for household, grade, gross, tare, ppm in lines:
        added[household, grade] = added.get((household, grade), 0) + net_grams(gross, tare, ppm)
    after = sums(desk)
    assert {key: value for key in after if (value := after[key] - before.get(key, 0))} == {key: net for key, net in added.items() if net}
    assert sum(total.net_grams for total in control_totals(verdicts)) == sum(added.values())
    assert sum(total.gross_grams for total in control_totals(verdicts)) == sum(gross for _, _, gross, _, _ in lines)


@pytest.fixture
def sqlite_books(sqlite_database):
    """The cast's village on SQLite alone: a desk as `desk()` gives it, the same books for all examples."""
    from contextlib import contextmanager

    from plantation.services.collectives import create_collective
    from plantation.services.desk import Desk
    from tests.cast import found_village
    from tests.conftest import NOW

    with sqlite_database.write() as session:
        collective = create_collective(session, "aguoyi", "阿果依村", "Asia/Shanghai", NOW, actor="Zhao")
        found_village(session, collective)

    @contextmanager
    def at_work():
        with sqlite_database.write() as session:
            yield Desk(session, collective, "Zhao", NOW)

    return at_work


def sums(desk):
    """Net grams in the books by household code and grade."""
    with desk() as d:
        rows = d.session.execute(
            select(Household.code, Weighing.grade, func.sum(Weighing.net_grams))
            .join(Household, Household.id == Weighing.household_id)
            .group_by(Household.code, Weighing.grade)
        )
        return {(code, grade): int(grams) for code, grade, grams in rows}
