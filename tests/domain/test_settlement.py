"""One season worked by hand in both modes, every refusal with its figures, and the edges."""

from __future__ import annotations

import pytest

from plantation.domain.deductions import Deduction, DeductionKind
from plantation.domain.season_totals import (
    DeliveredBelowZero,
    Delivery,
    DirectPurchaseInPostedSeason,
    PoolWithoutFruit,
    PurchasedBelowZero,
    PurchasedMoreThanWeighed,
    PurchaseTotal,
    SeasonTerms,
    SoldMoreThanDelivered,
)
from plantation.domain.settlement import settle
from plantation.domain.words import SeasonMode

FUND = Deduction("1-fund", DeductionKind.PERCENT, rate_ppm=25_000)
CRATES = Deduction("2-crates", DeductionKind.YUAN_PER_KG, amount_fen=10)
FEE = Deduction("3-fee", DeductionKind.YUAN_PER_HOUSEHOLD, amount_fen=3_000)
POOLED = SeasonTerms("2026", SeasonMode.POOLED, 20_000, (FUND, CRATES, FEE))
POSTED = SeasonTerms("2026", SeasonMode.POSTED, 20_000, (FUND, CRATES, FEE))

# Qian 120.000 kg and Sun 80.000 kg of A, Sun 10.000 kg of B; Qian's picker earns 0.80 a kg.
WEIGHED = (
    Delivery("Qian", "A", 120_000, 60_000, 9_600),
    Delivery("Sun", "A", 80_000, 40_000, 0),
    Delivery("Sun", "B", 10_000, 4_300, 0),
)


def test_a_pooled_season_by_hand():
    # Li buys 20 kg of A from Sun for 120.00 and 170 kg of A from the pool for 850.00.
    # Left to the pool: Qian 120, Sun 60. 850 × 120/180 = 566.666… and 283.333…: 566.67 and 283.33 (remainder .666).
    # Sun: 120.00 + 283.33 = 403.33. B is not sold yet.
    settlement = settle(POOLED, WEIGHED, [PurchaseTotal("Sun", "A", 20_000, 12_000), PurchaseTotal(None, "A", 170_000, 85_000)])
    qian, sun = settlement.households
    assert [tuple(line) for line in qian.fruit] == [("A", 120_000, 0, 0, 120_000, 56_667)]
    assert [tuple(line) for line in sun.fruit] == [
        ("A", 80_000, 20_000, 12_000, 60_000, 28_333),
        ("B", 10_000, 0, 0, 10_000, 0),
    ]
    # Qian: fund 2.5 % of 566.67 = 14.16675 → 14.17; crates 0.10 × 120 = 12.00; fee 30.00: 56.17 in all.
    # Net 566.67 − 56.17 − 96.00 = 414.50.
    assert (qian.deductions_fen, qian.picking_fen, qian.net_fen) == (5_617, 9_600, 41_450)
    # Sun: fund 10.08325 → 10.08; crates 9.00; fee 30.00: 49.08. Net 403.33 − 49.08 = 354.25.
    assert (sun.gross_fen, sun.deductions_fen, sun.net_fen) == (40_333, 4_908, 35_425)
    a, b = settlement.grades
    assert (a.unsold_grams, a.over_grams, b.unsold_grams) == (10_000, 0, 10_000)
    assert (settlement.revenue_fen, settlement.gross_fen, settlement.collective_fen) == (97_000, 97_000, 0)


def test_a_posted_season_by_hand():
    # The slips promise Qian 600.00 and Sun 400.00 + 43.00; Li pays 980.00 for 200 kg of A and nothing yet for B.
    settlement = settle(POSTED, WEIGHED, [PurchaseTotal(None, "A", 200_000, 98_000)])
    assert [household.gross_fen for household in settlement.households] == [60_000, 44_300]
    # The collective is short of 20.00 on A and has paid 43.00 for B that it still has.
    assert [total.collective_fen for total in settlement.grades] == [-2_000, -4_300]
    assert settlement.collective_fen == 98_000 - 104_300 == -6_300


def test_a_posted_season_shows_a_surplus():
    settlement = settle(POSTED, WEIGHED[:1], [PurchaseTotal(None, "A", 120_000, 66_000)])
    assert settlement.collective_fen == 6_000


def test_equal_remainders_go_to_the_smaller_code():
    # 1.00 yuan over three times 1 kg: 33 fen each, the last fen to H1; "H10" comes before "H2".
    deliveries = [Delivery(code, "A", 1_000, 0, 0) for code in ("H2", "H10", "H1")]
    settlement = settle(SeasonTerms("2026", SeasonMode.POOLED), deliveries, [PurchaseTotal(None, "A", 3_000, 101)])
    assert [(one.household_code, one.gross_fen) for one in settlement.households] == [
        ("H1", 34),
        ("H10", 34),
        ("H2", 33),
    ]


def test_one_household_gets_everything():
    settlement = settle(POOLED, WEIGHED[:1], [PurchaseTotal(None, "A", 1, 99_999)])
    assert settlement.households[0].gross_fen == 99_999


def test_net_may_fall_below_zero_and_is_then_owed_by_the_household():
    # Picked for 96.00, sold for nothing yet: the fee and the crates are carried, the picker is owed.
    settlement = settle(POOLED, WEIGHED[:1], [])
    qian = settlement.households[0]
    assert (qian.gross_fen, qian.deductions_fen, qian.carried_fen, qian.net_fen) == (0, 0, 4_200, -9_600)


def test_a_grade_that_was_reversed_to_nothing_stays_visible_and_owes_nothing():
    slips = [Delivery("Qian", "A", 1_000, 500, 80), Delivery("Qian", "A", -1_000, -500, -80)]
    qian = settle(POSTED, slips, []).households[0]
    assert [tuple(line) for line in qian.fruit] == [("A", 0, 0, 0, 0, 0)]
    assert (qian.net_fen, qian.carried_fen) == (0, 0)


def test_a_household_may_sell_all_it_delivered_and_leaves_the_pool():
    settlement = settle(POOLED, WEIGHED[:2], [PurchaseTotal("Qian", "A", 120_000, 70_000), PurchaseTotal(None, "A", 80_000, 40_000)])
    assert [(one.fruit[0].direct_fen, one.fruit[0].common_fen) for one in settlement.households] == [
        (70_000, 0),
        (0, 40_000),
    ]


def test_selling_a_gram_more_than_delivered_is_refused_with_both_weights():
    with pytest.raises(SoldMoreThanDelivered) as refused:
        settle(POOLED, WEIGHED, [PurchaseTotal("Sun", "B", 10_001, 5_000)])
    assert refused.value.figures == {"household": "Sun", "grade": "B", "sold_kg": "10.001", "delivered_kg": "10.000"}


def test_two_direct_purchases_count_together():
    with pytest.raises(SoldMoreThanDelivered, match=r"sold 12\.000 kg"):
        settle(POOLED, WEIGHED, [PurchaseTotal("Sun", "B", 6_000, 1)] * 2)


def test_a_direct_purchase_from_a_stranger_is_refused():
    with pytest.raises(SoldMoreThanDelivered, match=r"Zhou sold 0\.001 kg of grade A directly but delivered only 0\.000"):
        settle(POOLED, WEIGHED, [PurchaseTotal("Zhou", "A", 1, 1)])


def test_a_direct_purchase_in_a_posted_season_is_refused():
    with pytest.raises(DirectPurchaseInPostedSeason) as refused:
        settle(POSTED, WEIGHED, [PurchaseTotal("Sun", "A", 1_000, 500)])
    assert refused.value.figures == {"season": "2026", "grade": "A", "household": "Sun"}


def test_purchases_up_to_the_tolerance_pass_and_a_gram_beyond_is_refused_with_both_figures():
    # 2 % above 200.000 kg are 204.000 kg.
    settlement = settle(POOLED, WEIGHED, [PurchaseTotal(None, "A", 204_000, 100_000)])
    assert settlement.grades[0].over_grams == 4_000
    with pytest.raises(PurchasedMoreThanWeighed) as refused:
        settle(POOLED, WEIGHED, [PurchaseTotal(None, "A", 204_001, 100_000)])
    assert refused.value.figures == {
        "grade": "A",
        "purchased_kg": "204.001",
        "weighed_kg": "200.000",
        "tolerance_pct": "2",
    }
    assert str(refused.value).endswith("at most 2 % more is accepted.")


def test_the_tolerance_counts_pool_and_direct_purchases_together():
    with pytest.raises(PurchasedMoreThanWeighed, match=r"204\.001 kg were bought"):
        settle(POOLED, WEIGHED, [PurchaseTotal("Qian", "A", 100_000, 1), PurchaseTotal(None, "A", 104_001, 1)])


def test_a_grade_that_nobody_weighed_cannot_be_bought():
    with pytest.raises(PurchasedMoreThanWeighed, match=r"Grade C: 0\.001 kg were bought but only 0\.000 kg"):
        settle(POOLED, WEIGHED, [PurchaseTotal(None, "C", 1, 1)])


def test_money_for_a_pool_without_fruit_is_refused():
    sold_out = [PurchaseTotal("Sun", "B", 10_000, 5_000), PurchaseTotal(None, "B", 100, 50)]
    with pytest.raises(PoolWithoutFruit, match=r"Grade B: buyers paid 0\.50 yuan"):
        settle(POOLED, WEIGHED, sold_out)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((-1, 0, 0), "-0.001 kg, 0.00 yuan and 0.00 yuan"),
        ((0, -1, 0), "0.000 kg, -0.01 yuan and 0.00 yuan"),
        ((0, 0, -1), "0.000 kg, 0.00 yuan and -0.01 yuan"),
    ],
)
def test_more_reversed_than_weighed_is_refused_with_the_figures(figures, said):
    with pytest.raises(DeliveredBelowZero) as refused:
        settle(POSTED, [Delivery("Qian", "A", *figures)], [])
    assert f"Household Qian, grade A: the weighings sum to {said} for picking" in str(refused.value)


@pytest.mark.parametrize(("grams", "fen", "said"), [(-1, 0, "-0.001 kg and 0.00"), (0, -1, "0.000 kg and -0.01")])
def test_more_taken_back_than_bought_is_refused_with_the_figures(grams, fen, said):
    with pytest.raises(PurchasedBelowZero) as refused:
        settle(POOLED, WEIGHED, [PurchaseTotal(None, "A", grams, fen)])
    assert f"from pool, grade A, sum to {said} yuan" in str(refused.value)


def test_a_mode_that_nobody_knows_is_an_error():
    with pytest.raises(ValueError, match="auction"):
        SeasonTerms("2026", "auction")


def test_an_empty_season_settles_to_nothing():
    settlement = settle(POSTED, [], [])
    assert (settlement.households, settlement.grades, settlement.net_fen) == ((), (), 0)


def test_huge_figures_lose_nothing():
    # A million tonnes at 50 yuan a kg, a gram and a fen more than divides evenly.
    deliveries = [Delivery(code, "A", 10**12, 0, 0) for code in ("Qian", "Sun")] + [Delivery("Zhou", "A", 1, 0, 0)]
    settlement = settle(SeasonTerms("2026", SeasonMode.POOLED), deliveries, [PurchaseTotal(None, "A", 2 * 10**12 + 1, 10**13 + 1)])
    # Zhou's gram is worth 4.9999… fen of 10^13 + 1: 5 with the largest remainder.
    assert [one.gross_fen for one in settlement.households] == [4_999_999_999_998, 4_999_999_999_998, 5]


def test_ten_thousand_households_settle_and_everything_is_conserved():
    deliveries = [
        Delivery(f"H{number:05}", grade, 1_000_000 + number * 37, 500_000 + number, 80_000) for number in range(10_000) for grade in "ABC"
    ]
    purchases = [PurchaseTotal(None, grade, 10_000_000_000, 5_000_000_000) for grade in "ABC"]
    settlement = settle(POOLED, deliveries, purchases)
    assert len(settlement.households) == 10_000
    assert sum(one.gross_fen for one in settlement.households) == 15_000_000_000
    assert sum(one.net_grams for one in settlement.households) == sum(each.net_grams for each in deliveries)
