"""A settlement in which any one figure was changed does not pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plantation.domain.conservation import ConservationBroken, check_conserved, conserve
from plantation.domain.deductions import Deduction, DeductionKind
from plantation.domain.season_totals import Delivery, PurchaseTotal, SeasonTerms
from plantation.domain.settlement import settle
from plantation.domain.words import SeasonMode

FUND = Deduction("1-fund", DeductionKind.PERCENT, rate_ppm=25_000)
POOLED = SeasonTerms("2026", SeasonMode.POOLED, deductions=(FUND,))
POSTED = SeasonTerms("2026", SeasonMode.POSTED, deductions=(FUND,))
WEIGHED = (
    Delivery("Qian", "A", 120_000, 60_000, 9_600),
    Delivery("Sun", "A", 80_000, 40_000, 0),
    Delivery("Sun", "B", 10_000, 4_300, 0),
)


def test_a_lost_gram_is_named_with_both_figures():
    with pytest.raises(ConservationBroken) as broken:
        check_conserved("grade A, grams", 1_000, 999)
    assert broken.value.figures == {"what": "grade A, grams", "went_in": 1_000, "came_out": 999}


def test_a_deduction_line_that_was_tampered_with_is_named():
    settlement = settle(POSTED, WEIGHED, [])
    qian, sun = settlement.households
    fund = qian.deductions[0]
    tampered = qian._replace(deductions=(fund._replace(carried_fen=1),))
    with pytest.raises(ConservationBroken, match="household Qian, deduction 1-fund, fen: 1500 went in, 1501 came out"):
        conserve(replace(settlement, households=(tampered, sun)))


def test_a_gram_that_was_neither_sold_nor_left_is_named():
    settlement = settle(POSTED, WEIGHED, [])
    qian, sun = settlement.households
    tampered = qian._replace(fruit=(qian.fruit[0]._replace(common_grams=119_999),))
    with pytest.raises(ConservationBroken, match="household Qian, grams sold and left"):
        conserve(replace(settlement, households=(tampered, sun)))


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("net_grams", "household Qian, grams"),
        ("gross_fen", "household Qian, gross fen"),
        ("deductions_fen", "household Qian, fen deducted"),
        ("net_fen", "household Qian, net fen"),
        ("carried_fen", "household Qian, fen due and carried"),
    ],
)
def test_a_household_figure_that_was_tampered_with_is_named(figure, said):
    settlement = settle(POSTED, WEIGHED, [])
    qian, sun = settlement.households
    tampered = replace(settlement, households=(qian._replace(**{figure: getattr(qian, figure) + 1}), sun))
    with pytest.raises(ConservationBroken) as broken:
        conserve(tampered)
    assert broken.value.figures["what"] == said


@pytest.mark.parametrize(
    "figure",
    [
        "net_grams",
        "revenue_fen",
        "gross_fen",
        "deductions_fen",
        "picking_fen",
        "net_fen",
        "carried_fen",
        "collective_fen",
    ],
)
def test_a_season_figure_that_was_tampered_with_is_found(figure):
    settlement = settle(POSTED, WEIGHED, [])
    with pytest.raises(ConservationBroken, match="season 2026"):
        conserve(replace(settlement, **{figure: getattr(settlement, figure) + 1}))


@pytest.mark.parametrize("figure", ["weighed_grams", "direct_grams", "direct_revenue_fen", "owed_fen", "pool_revenue_fen"])
def test_a_grade_figure_that_was_tampered_with_is_found(figure):
    settlement = settle(POOLED, WEIGHED, [PurchaseTotal("Sun", "A", 1_000, 500)])
    a, b = settlement.grades
    with pytest.raises(ConservationBroken):
        conserve(replace(settlement, grades=(a._replace(**{figure: getattr(a, figure) + 1}), b)))


def test_a_grade_without_its_total_and_a_line_moved_between_households_are_found():
    settlement = settle(POSTED, WEIGHED, [])
    with pytest.raises(ConservationBroken):
        conserve(replace(settlement, grades=settlement.grades[:1]))
    qian, sun = settlement.households
    moved = qian._replace(fruit=(qian.fruit[0]._replace(common_fen=59_999),))
    with pytest.raises(ConservationBroken, match="household Qian, gross fen"):
        conserve(replace(settlement, households=(moved, sun)))
