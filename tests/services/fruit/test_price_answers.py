"""Where the paper's price counts, money moves by reversal and a new slip under the sheet that the paper was printed with."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.pricing import NoPriceInForce, day_of_price, price_on
from plantation.domain.words import PriceDecision
from plantation.services.fruit import price_answers, price_questions
from plantation.services.fruit.season_figures import gather_figures
from plantation.services.fruit.weighings import record_weighings, reverse_weighing
from plantation.services.lookups import the_season
from plantation.services.mine.my_slips import list_own_slips
from plantation.services.money.settlements import settle_season
from plantation.services.people.households import load_household
from plantation.services.proof.verification import verify
from tests.cast import QIAN
from tests.services.fruit.test_weighings import SHANGHAI, weighed

LATE = dt.datetime(2026, 9, 20, 10, tzinfo=SHANGHAI)  # A pays 5.20 since the 15th, 5.00 before


def ask(d, **given):
    record_weighings(d, [weighed(**{"time": LATE, "paper_price_fen_per_kg": 500, "slip": "P-1", "deduction_ppm": 0} | given)])
    return price_questions.list_questions(d).rows[0].question.id


def figures(d):
    deliveries = gather_figures(d, the_season(d, "2026")).deliveries
    return sum(one.net_grams for one in deliveries), sum(one.amount_fen for one in deliveries)


def test_the_papers_price_moves_the_money_and_no_gram(village, desk):
    with desk() as d:
        question = ask(d)
        grams, fen = figures(d)
        seen = price_questions.load_question(d, question)
        price_answers.answer_question(d, question, decision=PriceDecision.PAPER, text="he was promised 5.00")
        assert figures(d) == (grams, seen.question.paper_amount_fen) and fen - seen.question.paper_amount_fen == seen.difference_fen
        rows = list_own_slips(d, load_household(d, QIAN), [the_season(d, "2026")]).rows
        new = next(row for row in rows if not row.reverses and not row.reversed_by)
        assert (new.price_fen_per_kg, new.local_date, new.reason) == (500, dt.date(2026, 9, 14), "P-1: he was promised 5.00")
        assert next(row for row in rows if row.slip == "P-1").reversed_because == "he was promised 5.00"
        with pytest.raises(price_answers.PriceAnswered):
            price_answers.answer_question(d, question, decision=PriceDecision.PAPER, text="again")
        assert verify(d) is None


def test_a_load_of_a_whole_plot_is_shared_once_more(village, desk):
    with desk() as d:
        question = ask(d, household=None, plot="P1")
        grams, _ = figures(d)
        price_answers.answer_question(d, question, decision=PriceDecision.PAPER, text="so be it")
        assert figures(d) == (grams, price_questions.load_question(d, question).question.paper_amount_fen)
        assert verify(d) is None


def test_a_price_that_was_never_posted_or_a_slip_that_is_gone_is_refused_and_nothing_moves(village, desk):
    with desk() as d:
        question = ask(d, paper_price_fen_per_kg=451)
        before = figures(d)
        with pytest.raises(price_answers.NoSuchSheet, match=r"4\.51 yuan per kg for grade A"), d.session.begin_nested():
            price_answers.answer_question(d, question, decision=PriceDecision.PAPER, text="x")
        assert figures(d) == before and price_questions.load_question(d, question).answer is None
        other = ask(d, slip="P-2")
        reverse_weighing(d, "P-2", reason="wrong crate")
        with pytest.raises(Exception, match="P-2"), d.session.begin_nested():
            price_answers.answer_question(d, other, decision=PriceDecision.PAPER, text="x")
        price_answers.answer_question(d, other, decision=PriceDecision.SEASON, text="it is gone")


def test_a_question_without_an_answer_stops_the_final_settlement_and_names_the_slips(village, desk):
    with desk() as d:
        question = ask(d)
        ask(d, slip="P-2", time=LATE + dt.timedelta(hours=1))
        reverse_weighing(d, "P-2", reason="wrong crate")  # what counts nothing asks nothing
        with pytest.raises(price_questions.PricesOpen, match=r"Season 2026 has slips .* 1 \(P-1\)\."), d.session.begin_nested():
            settle_season(d, "2026")
        price_answers.answer_question(d, question, decision=PriceDecision.SEASON, text="told him")
        assert settle_season(d, "2026").number == 1


DAYS = [dt.date(2026, 8, 1) + dt.timedelta(days=n) for n in range(40)]


@given(
    st.lists(st.tuples(st.sampled_from(DAYS), st.integers(1, 3)), unique_by=lambda line: line[0], max_size=6),
    st.integers(1, 3),
    st.sampled_from(DAYS),
)
def test_the_day_that_is_found_pays_that_price_and_none_nearer_does(lines, price, near):
    sheet = [("A", day, fen) for day, fen in lines]

    def pays(day):
        try:
            return price_on(sheet, "A", day) == price
        except NoPriceInForce:
            return False

    found = day_of_price(sheet, "A", price, near, DAYS[0], DAYS[-1])
    right = [day for day in DAYS if pays(day)]
    assert found == min(right, key=lambda day: (abs((day - near).days), day), default=None)
