"""Random seasons against the oracle, and what must hold whatever the season."""

from __future__ import annotations

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from plantation.domain.conservation import conserve
from plantation.domain.difference import difference
from plantation.domain.season_totals import Delivery, PurchaseTotal
from plantation.domain.settlement import settle
from plantation.domain.words import SeasonMode
from plantation.errors import Refusal
from tests.domain import oracle
from tests.domain.random_seasons import GRADES, HOUSEHOLDS, seasons

POOLED = (SeasonMode.POOLED,)
settleable = seasons(faulty=False)


@settings(max_examples=300)
@given(seasons())
def test_any_season_is_settled_or_refused_as_the_oracle_says(season):
    mode, tolerance, deductions, slips, purchases = season.as_fractions()
    deserved = oracle.refusals(mode, tolerance, slips, purchases)
    event(f"{mode} {sorted(deserved)}")
    if deserved:
        with pytest.raises(Refusal) as refused:
            settle(*season)
        assert type(refused.value).__name__ in deserved
        return
    expected = oracle.earnings(mode, deductions, slips, purchases)
    settlement = settle(*season)
    assert [household.household_code for household in settlement.households] == sorted(expected)
    for household in settlement.households:
        assert {
            "kg": household.net_grams,
            "gross": household.gross_fen,
            "deductions": household.deductions_fen,
            "carried": household.carried_fen,
            "picking": household.picking_fen,
            "net": household.net_fen,
        } == {figure: value * (1000 if figure == "kg" else 100) for figure, value in expected[household.household_code].items()}


@given(settleable)
def test_what_goes_in_comes_out_to_the_gram_and_the_fen(season):
    settlement = settle(*season)
    conserve(settlement)
    assert sum(household.net_grams for household in settlement.households) == sum(slip[2] for slip in season.slips)
    assert sum(household.picking_fen for household in settlement.households) == sum(slip[4] for slip in season.slips)
    paid_fen = sum(purchase.amount_fen for purchase in season.purchases)
    assert settlement.revenue_fen == paid_fen
    assert paid_fen == settlement.collective_fen + sum(
        household.net_fen + household.deductions_fen + household.picking_fen for household in settlement.households
    )
    if season.terms.mode is SeasonMode.POOLED:
        assert settlement.collective_fen == 0
    for total in settlement.grades:
        assert total.weighed_grams + total.over_grams == (total.direct_grams + total.pool_bought_grams + total.unsold_grams)
        assert 0 in (total.over_grams, total.unsold_grams)


@given(settleable, st.randoms())
def test_the_order_of_slips_purchases_and_deductions_never_matters(season, random):
    slips, purchases, deductions = list(season.slips), list(season.purchases), list(season.terms.deductions)
    for listed in (slips, purchases, deductions):
        random.shuffle(listed)
    terms = type(season.terms)("2026", season.terms.mode, season.terms.tolerance_ppm, tuple(deductions))
    assert settle(terms, slips, purchases) == settle(*season)


@given(settleable)
def test_totals_by_household_and_grade_settle_as_their_slips_do(season):
    totals = []
    for household in HOUSEHOLDS:
        for grade in GRADES:
            own = [slip for slip in season.slips if slip[:2] == (household, grade)]
            if own:
                totals.append(Delivery(household, grade, *(sum(figures) for figures in list(zip(*own))[2:])))
    assert settle(season.terms, totals, season.purchases) == settle(*season)


@given(settleable, st.sampled_from(HOUSEHOLDS), st.sampled_from(GRADES), st.integers(1, 10**9), st.integers(0, 10**6))
def test_a_slip_and_its_reversal_leave_every_figure_where_it_was(season, household, grade, grams, fen):
    both = (Delivery(household, grade, grams, fen, fen), Delivery(household, grade, -grams, -fen, -fen))
    before = settle(*season)
    after = settle(season.terms, season.slips + both, season.purchases)
    moved = [line for line in difference(after.households, before.households) if line.moved]
    assert moved == []
    assert after.net_grams == before.net_grams


@given(settleable)
def test_deductions_never_take_more_than_there_is_and_nothing_that_is_due_is_lost(season):
    for household in settle(*season).households:
        assert 0 <= household.deductions_fen <= household.gross_fen
        for line in household.deductions:
            assert line.due_fen == line.taken_fen + line.carried_fen
            assert line.taken_fen >= 0 <= line.carried_fen
        first_carried = [line.carried_fen > 0 for line in household.deductions]
        if True in first_carried:
            later = household.deductions[first_carried.index(True) + 1 :]
            assert all(line.taken_fen == 0 for line in later)


@given(seasons(modes=POOLED, faulty=False), st.integers(1, 10**6))
def test_more_revenue_never_leaves_a_household_less_than_a_fen_short(season, more_fen):
    settlement = settle(*season)
    payable = [total.grade for total in settlement.grades if total.common_grams]
    assume(payable)
    richer = settle(season.terms, season.slips, (*season.purchases, PurchaseTotal(None, payable[0], 0, more_fen)))
    for before, after in zip(settlement.households, richer.households, strict=True):
        # Largest remainder may move one fen against a household when the total grows, never more.
        assert after.gross_fen >= before.gross_fen - 1


@given(seasons(modes=POOLED, faulty=False))
def test_who_left_more_to_the_pool_never_gets_less_of_it(season):
    for grade in GRADES:
        shares = []
        for household in settle(*season).households:
            shares += [(line.common_grams, line.common_fen) for line in household.fruit if line.grade == grade]
        for grams, fen in shares:
            assert all(fen >= other_fen for other_grams, other_fen in shares if grams > other_grams)
            assert all(abs(fen - other_fen) <= 1 for other_grams, other_fen in shares if grams == other_grams)


@given(settleable, settleable, settleable)
def test_differences_of_settlements_in_a_row_sum_to_the_last_settlement(first, second, third):
    settlements = [settle(*season) for season in (first, second, third)]
    sums: dict[str, int] = {}
    previous = ()
    for settlement in settlements:
        for line in difference(settlement.households, previous):
            sums[line.household_code] = sums.get(line.household_code, 0) + line.net_fen
        previous = settlement.households
    last = {household.household_code: household.net_fen for household in settlements[-1].households}
    assert sums == {code: last.get(code, 0) for code in sums}
    assert last.keys() <= sums.keys()
