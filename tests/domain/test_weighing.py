from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain import weighing
from plantation.domain.weighing import (
    PLOT_LIMIT_GRAMS,
    DeductionOutOfRange,
    GrossAboveLimit,
    GrossNotAboveTare,
    TareBelowZero,
    amount_fen,
    net_grams,
    reverse,
    weigh,
    weigh_for_household,
)
from tests.domain import oracle


def test_net_weight_by_hand():
    # (25.300 − 1.200) × 97.5 / 100 = 24.100 × 0.975 = 23.4975 kg, half a gram goes up: 23.498 kg.
    assert net_grams(25_300, 1_200, 25_000) == 23_498


def test_amount_and_picking_by_hand():
    # 23.498 kg × 5.00 yuan = 117.49 yuan; 23.498 kg × 0.80 yuan = 18.7984, rounded 18.80 yuan.
    slip = weigh_for_household("Qian", 25_300, 1_200, 25_000, price_fen_per_kg=500, piece_rate_fen_per_kg=80)
    assert (slip.amount_fen, slip.picking_fen) == (11_749, 1_880)


def test_half_a_fen_goes_up():
    # 0.001 kg × 5.00 yuan = 0.005 yuan.
    assert amount_fen(1, 500) == 1
    assert amount_fen(1, 499) == 0


@pytest.mark.parametrize("gross", [0, 1_199, 1_200])
def test_a_gross_not_above_tare_is_refused_with_both_weights(gross):
    with pytest.raises(GrossNotAboveTare) as refused:
        net_grams(gross, 1_200)
    assert refused.value.figures == {"gross_kg": f"{gross / 1000:.3f}", "tare_kg": "1.200"}


def test_a_tare_below_zero_is_refused():
    with pytest.raises(TareBelowZero, match=r"-0\.001 kg"):
        net_grams(1_000, -1)


@pytest.mark.parametrize("deduction_ppm", [-1, 1_000_000, 2_000_000])
def test_a_deduction_outside_0_to_100_percent_is_refused(deduction_ppm):
    with pytest.raises(DeductionOutOfRange, match="below 100 %"):
        net_grams(2_000, 1_000, deduction_ppm)


def test_a_deduction_just_below_everything_leaves_what_rounding_leaves():
    # 1 kg less 99.9999 % is 0.001 g.
    assert net_grams(2_000, 1_000, 999_999) == 0


def test_a_gross_above_the_limit_is_refused_and_the_limit_itself_is_not():
    assert net_grams(5_000_000, 0) == 5_000_000
    with pytest.raises(GrossAboveLimit, match=r"5000\.001 kg, is above 5000\.000 kg"):
        net_grams(5_000_001, 0)
    assert net_grams(100_000_000, 15_000_000, limit_grams=PLOT_LIMIT_GRAMS) == 85_000_000
    with pytest.raises(GrossAboveLimit):
        net_grams(100_000_001, 0, limit_grams=PLOT_LIMIT_GRAMS)


def test_a_plots_slip_is_worth_the_sum_of_its_lines():
    # 30.000 kg as 10.001 + 9.999 + 10.000. At 5.05 yuan: 50.50505 → 50.51, 50.49495 → 50.49, 50.50.
    # The sum is 151.50; picking 8.0008, 7.9992 and 8 yuan are 8.00 each.
    shares = [("Qian", "P1-1", 10_001), ("Sun", "P1-2", 9_999), ("Sun", "P1-3", 10_000)]
    slip = weigh(31_000, 1_000, 0, shares, price_fen_per_kg=505, piece_rate_fen_per_kg=80)
    assert [line.amount_fen for line in slip.lines] == [5_051, 5_049, 5_050]
    assert [line.picking_fen for line in slip.lines] == [800, 800, 800]
    assert (slip.net_grams, slip.amount_fen, slip.picking_fen) == (30_000, 15_150, 2_400)


def test_a_plots_slip_may_differ_from_its_whole_by_the_rounding_of_its_lines():
    # Three times 0.333 or 0.334 kg at 5 yuan: 1.67 + 1.67 (1.665 goes up) + 1.67 = 5.01, the whole kilogram is 5.00.
    shares = [("Qian", "P1-1", 334), ("Sun", "P1-2", 333), ("Sun", "P1-3", 333)]
    slip = weigh(2_000, 1_000, 0, shares, price_fen_per_kg=500)
    assert slip.amount_fen == 501 == sum(line.amount_fen for line in slip.lines)


def test_shares_that_are_not_the_net_weight_are_an_error():
    with pytest.raises(ValueError, match="1 shares of 999 g in all for a net weight of 1000 g"):
        weigh(2_000, 1_000, 0, [("Qian", None, 999)])
    with pytest.raises(ValueError, match="0 shares"):
        weigh(2_000, 1_000, 0, [])


def test_without_price_and_piece_rate_no_money_is_promised():
    slip = weigh_for_household("Sun", 2_000, 1_000)
    assert (slip.net_grams, slip.amount_fen, slip.picking_fen) == (1_000, 0, 0)
    assert slip.price_fen_per_kg is None


def test_a_reversal_keeps_the_scales_figures_and_turns_the_signs():
    slip = weigh_for_household("Qian", 25_300, 1_200, 25_000, price_fen_per_kg=500, piece_rate_fen_per_kg=80)
    back = reverse(slip)
    assert (back.gross_grams, back.tare_grams, back.deduction_ppm, back.price_fen_per_kg) == (
        25_300,
        1_200,
        25_000,
        500,
    )
    assert (back.net_grams, back.amount_fen, back.picking_fen) == (-23_498, -11_749, -1_880)


scales = st.tuples(st.integers(1, 5_000_000), st.integers(0, 4_999_999), st.integers(0, 999_999)).filter(
    lambda figures: figures[0] > figures[1]
)
rates = st.integers(0, 10_000)


@given(scales, rates, rates)
def test_any_slip_is_what_the_contract_says_in_fractions(figures, price, piece_rate):
    gross, tare, ppm = figures
    slip = weigh_for_household("Qian", gross, tare, ppm, price_fen_per_kg=price, piece_rate_fen_per_kg=piece_rate)
    net = oracle.net_kg(Fraction(gross, 1000), Fraction(tare, 1000), Fraction(ppm, 10_000))
    assert slip.net_grams == net * 1000
    assert slip.amount_fen == oracle.amount_yuan(net, Fraction(price, 100)) * 100
    assert slip.picking_fen == oracle.amount_yuan(net, Fraction(piece_rate, 100)) * 100


@given(scales, st.integers(0, 999_999), rates)
def test_a_higher_deduction_never_weighs_or_pays_more(figures, other_ppm, price):
    gross, tare, ppm = figures
    low, high = sorted((ppm, other_ppm))
    assert net_grams(gross, tare, high) <= net_grams(gross, tare, low) <= gross - tare
    assert amount_fen(net_grams(gross, tare, high), price) <= amount_fen(net_grams(gross, tare, low), price)


@given(st.lists(st.tuples(st.sampled_from(["Qian", "Sun"]), st.none(), st.integers(0, 9_999)), min_size=1), rates, rates)
def test_a_reversal_undoes_its_slip_line_by_line_and_twice_is_the_slip_again(shares, price, piece_rate):
    net = sum(grams for _, _, grams in shares) or 1
    if not sum(grams for _, _, grams in shares):
        shares = [("Qian", None, 1)]
    slip = weigh(net, 0, 0, shares, price_fen_per_kg=price, piece_rate_fen_per_kg=piece_rate, limit_grams=PLOT_LIMIT_GRAMS)
    back = reverse(slip)
    for line, mirrored in zip(slip.lines, back.lines, strict=True):
        assert line[:2] == mirrored[:2]
        assert [a + b for a, b in zip(line[2:], mirrored[2:], strict=True)] == [0, 0, 0]
        assert mirrored == weighing.line_of(*line[:2], -line.net_grams, price, piece_rate)
    assert slip.amount_fen + back.amount_fen == slip.picking_fen + back.picking_fen == 0
    assert reverse(back) == slip
