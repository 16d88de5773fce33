from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.deductions import (
    Deduction,
    DeductionBelowZero,
    DeductionKind,
    DeductionTwice,
    deduct,
    deduct_each,
    take_in_order,
)
from tests.domain.random_seasons import all_deductions

FUND = Deduction("1-fund", DeductionKind.PERCENT, rate_ppm=25_000)
CRATES = Deduction("2-crates", DeductionKind.YUAN_PER_KG, amount_fen=10)
FEE = Deduction("3-fee", DeductionKind.YUAN_PER_HOUSEHOLD, amount_fen=3_000)


def test_three_kinds_by_hand():
    # Gross 1,166.65 yuan for 233.330 kg. Fund 2.5 % = 29.16625 → 29.17; crates 0.10 × 233.33 = 23.333 → 23.33; fee 30.
    lines = deduct([FEE, CRATES, FUND], 116_665, 233_330)
    assert [tuple(line) for line in lines] == [
        ("1-fund", 2_917, 2_917, 0),
        ("2-crates", 2_333, 2_333, 0),
        ("3-fee", 3_000, 3_000, 0),
    ]


def test_half_a_fen_of_a_percentage_goes_up():
    # 2.5 % of 0.20 yuan is half a fen.
    assert FUND.due_fen(20, 0) == 1
    assert FUND.due_fen(19, 0) == 0


def test_what_the_gross_cannot_bear_is_carried_in_the_order_of_the_codes():
    # Gross 25.00 yuan for 100 kg: fund 0.625 → 0.63, crates 10.00, so 14.37 of the fee of 30.00 are taken.
    lines = deduct([FUND, CRATES, FEE], 2_500, 100_000)
    assert [(line.taken_fen, line.carried_fen) for line in lines] == [(63, 0), (1_000, 0), (1_437, 1_563)]
    assert sum(line.taken_fen for line in lines) == 2_500


def test_codes_are_texts_so_10_comes_before_2():
    tenth, second = (Deduction(code, DeductionKind.YUAN_PER_HOUSEHOLD, amount_fen=80) for code in ("10", "2"))
    assert [tuple(line) for line in deduct([second, tenth], 100, 1)] == [("10", 80, 80, 0), ("2", 80, 20, 60)]


def test_a_household_that_delivered_nothing_owes_no_fee():
    assert [line.due_fen for line in deduct([FUND, CRATES, FEE], 0, 0)] == [0, 0, 0]


def test_a_code_that_comes_twice_is_refused():
    with pytest.raises(DeductionTwice, match="1-fund"):
        deduct([FUND, FUND], 0, 0)


def test_a_deduction_below_zero_is_refused_with_its_value():
    with pytest.raises(DeductionBelowZero, match=r"x cannot be -2\.5:"):
        Deduction("x", DeductionKind.PERCENT, rate_ppm=-25_000)
    with pytest.raises(DeductionBelowZero, match=r"x cannot be -0\.01:"):
        Deduction("x", DeductionKind.YUAN_PER_KG, amount_fen=-1)


def test_a_kind_that_nobody_knows_is_an_error():
    assert Deduction("x", "yuan_per_kg", amount_fen=1).kind is DeductionKind.YUAN_PER_KG
    with pytest.raises(ValueError, match="per_tonne"):
        Deduction("x", "per_tonne")


def test_nothing_is_taken_from_a_debt():
    assert [tuple(line) for line in take_in_order([("gloves", 500)], -1_230)] == [("gloves", 500, 0, 500)]


@given(all_deductions(), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**6))
def test_a_higher_gross_never_takes_less_and_never_carries_more_of_a_fee(deductions, gross_fen, net_grams, more_fen):
    poorer, richer = deduct(deductions, gross_fen, net_grams), deduct(deductions, gross_fen + more_fen, net_grams)
    assert sum(line.taken_fen for line in richer) >= sum(line.taken_fen for line in poorer)
    assert sum(line.taken_fen for line in poorer) <= gross_fen
    for line in (*poorer, *richer):
        assert line.taken_fen + line.carried_fen == line.due_fen


@given(all_deductions(), st.lists(st.tuples(st.integers(-100, 10**9), st.integers(0, 10**9))))
def test_many_households_at_once_are_deducted_as_each_alone(deductions, households):
    lines, taken_fen, carried_fen = deduct_each(deductions, [fen for fen, _ in households], [net_grams for _, net_grams in households])
    ordered = sorted(deductions, key=lambda one: one.code)
    assert lines == [
        take_in_order([(one.code, one.due_fen(gross_fen, net_grams)) for one in ordered], gross_fen) for gross_fen, net_grams in households
    ]
    assert taken_fen == [sum(line.taken_fen for line in one) for one in lines]
    assert carried_fen == [sum(line.carried_fen for line in one) for one in lines]
