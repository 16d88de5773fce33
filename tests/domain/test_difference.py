from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.difference import HouseholdDifference, difference
from plantation.domain.season_totals import Delivery, PurchaseTotal, SeasonTerms
from plantation.domain.settlement import settle
from plantation.domain.words import SeasonMode
from tests.domain.random_seasons import slip_lines

POSTED = SeasonTerms("2026", SeasonMode.POSTED)


def test_a_correction_after_the_final_settlement_moves_as_a_difference():
    # Qian's slip of 23.498 kg at 5 yuan (117.49, picking 18.80) was Sun's: reversed there, weighed anew here.
    before = settle(POSTED, [Delivery("Qian", "A", 23_498, 11_749, 1_880)], [])
    after = settle(
        POSTED,
        [
            Delivery("Qian", "A", 23_498, 11_749, 1_880),
            Delivery("Qian", "A", -23_498, -11_749, -1_880),
            Delivery("Sun", "A", 23_498, 11_749, 1_880),
        ],
        [],
    )
    assert difference(after.households, before.households) == (
        HouseholdDifference("Qian", -23_498, -11_749, 0, -1_880, -9_869, 0),
        HouseholdDifference("Sun", 23_498, 11_749, 0, 1_880, 9_869, 0),
    )


def test_before_the_first_settlement_everything_moves():
    first = settle(POSTED, [Delivery("Qian", "A", 1_000, 500, 80)], [])
    assert difference(first.households, ()) == (HouseholdDifference("Qian", 1_000, 500, 0, 80, 420, 0),)


def test_settling_again_without_a_change_moves_nothing():
    settlement = settle(POSTED, [Delivery("Qian", "A", 1_000, 500, 80)], [])
    assert [line.moved for line in difference(settlement.households, settlement.households)] == [False]


def test_a_household_that_is_gone_owes_all_of_it_back():
    first = settle(POSTED, [Delivery("Qian", "A", 1_000, 500, 80)], [])
    assert difference((), first.households)[0].net_fen == -420


def test_a_household_twice_on_one_side_is_an_error():
    line = HouseholdDifference("Qian", 1, 1, 0, 0, 1, 0)
    with pytest.raises(ValueError, match="Qian comes twice"):
        difference([line, line], [])


@given(st.lists(st.lists(slip_lines(1_000), max_size=4), min_size=1, max_size=4), st.integers(0, 10**6))
def test_corrections_and_new_settlements_in_any_number_sum_to_the_last_one(batches, revenue_fen):
    terms = SeasonTerms("2026", SeasonMode.POOLED)
    slips: list[Delivery] = []
    moved_fen, previous = 0, ()
    for batch in batches:
        slips += [line for lines in batch for line in lines]
        grades = [grade for grade in "AB" if sum(slip.net_grams for slip in slips if slip.grade == grade)]
        settlement = settle(terms, slips, [PurchaseTotal(None, grade, 0, revenue_fen) for grade in grades])
        moved_fen += sum(line.net_fen for line in difference(settlement.households, previous))
        previous = settlement.households
    assert moved_fen == settlement.net_fen == settlement.revenue_fen - settlement.picking_fen
