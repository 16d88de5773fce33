"""Seasons at random: slips with reversals and purchases, most of them settleable, some with a fault.

A season is drawn once, in whole grams and fen; `as_fractions` says the same in kg and yuan for the oracle.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from hypothesis import strategies as st

from plantation.domain.deductions import Deduction, DeductionKind
from plantation.domain.season_totals import Delivery, PurchaseTotal, SeasonTerms
from plantation.domain.weighing import reverse, weigh_for_household
from plantation.domain.words import SeasonMode

# "H10" sorts before "H2": codes are texts.
HOUSEHOLDS = ("H1", "H10", "H2", "Qian", "Sun")
GRADES = ("A", "B")


class RandomSeason(NamedTuple):
    terms: SeasonTerms
    slips: tuple[Delivery, ...]
    purchases: tuple[PurchaseTotal, ...]

    def as_fractions(self):
        """(mode, tolerance in percent, deductions, slips, purchases) as the oracle reads them."""
        deductions = [
            (one.code, one.kind.value, Fraction(one.rate_ppm, 10_000) + Fraction(one.amount_fen, 100)) for one in self.terms.deductions
        ]
        slips = [(s[0], s[1], Fraction(s[2], 1000), Fraction(s[3], 100), Fraction(s[4], 100)) for s in self.slips]
        purchases = [(p[0] or "pool", p[1], Fraction(p[2], 1000), Fraction(p[3], 100)) for p in self.purchases]
        return self.terms.mode.value, Fraction(self.terms.tolerance_ppm, 10_000), deductions, slips, purchases


@st.composite
def slip_lines(draw, scale: int) -> list[Delivery]:
    household, grade = draw(st.sampled_from(HOUSEHOLDS)), draw(st.sampled_from(GRADES))
    tare = draw(st.integers(0, 3))
    slip = weigh_for_household(
        household,
        (tare + draw(st.integers(1, 12))) * scale,
        tare * scale,
        draw(st.sampled_from([0, 25_000, 333_333])),
        price_fen_per_kg=draw(st.integers(0, 700)),
        piece_rate_fen_per_kg=draw(st.sampled_from([None, 80, 450])),
        limit_grams=10**15,
    )
    line = Delivery(household, grade, slip.net_grams, slip.amount_fen, slip.picking_fen)
    if draw(st.integers(0, 5)):
        return [line]
    back = reverse(slip)
    return [line, Delivery(household, grade, back.net_grams, back.amount_fen, back.picking_fen)]


def all_deductions():
    return st.lists(
        st.builds(
            lambda code, kind, rate_ppm, amount_fen: Deduction(
                code, kind, **({"rate_ppm": rate_ppm} if kind is DeductionKind.PERCENT else {"amount_fen": amount_fen})
            ),
            st.sampled_from(["1", "10", "2", "fund"]),
            st.sampled_from(DeductionKind),
            st.sampled_from([0, 1, 25_000, 125_000, 600_000, 1_000_000]),
            st.integers(0, 900),
        ),
        max_size=3,
        unique_by=lambda deduction: deduction.code,
    ).map(tuple)


@st.composite
def seasons(draw, *, modes=tuple(SeasonMode), faulty: bool = True) -> RandomSeason:
    mode = draw(st.sampled_from(modes))
    tolerance_ppm = draw(st.sampled_from([0, 20_000, 500_000]))
    scale = draw(st.sampled_from([1, 100, 1_000, 2_337, 10**9]))
    slips = [line for lines in draw(st.lists(slip_lines(scale), min_size=draw(st.sampled_from([0, 3, 6])), max_size=9)) for line in lines]
    # One gram or so too much now and then, to walk the edge of every refusal.
    edge = st.sampled_from([0, 0, 0, 0, 0, 1]) if faulty else st.just(0)
    purchases = []
    for grade in GRADES:
        weighed = sum(line.net_grams for line in slips if line.grade == grade)
        bought = 0
        if mode is SeasonMode.POOLED or (faulty and draw(st.integers(0, 9)) == 0):
            for household in draw(st.lists(st.sampled_from(HOUSEHOLDS), max_size=2, unique=True)):
                own = sum(line.net_grams for line in slips if line[:2] == (household, grade))
                grams = own * draw(st.integers(0, 4)) // 4 + draw(edge)
                purchases.append(PurchaseTotal(household, grade, grams, draw(st.integers(0, 5_000))))
                bought += grams
        most = max(weighed * (1_000_000 + tolerance_ppm) // 1_000_000 - bought, 0)
        grams = most * draw(st.integers(0, 3)) // 3 + draw(edge)
        payable = weighed > bought or mode is SeasonMode.POSTED or (faulty and draw(st.integers(0, 9)) == 0)
        fen = draw(st.integers(0, 9_999) | st.integers(0, 10**13)) if payable else 0
        parts = draw(st.integers(1, 2))
        purchases += [PurchaseTotal(None, grade, grams // parts, fen // parts)] * parts
        purchases.append(PurchaseTotal(None, grade, grams % parts, fen % parts))
    return RandomSeason(SeasonTerms("2026", mode, tolerance_ppm, draw(all_deductions())), tuple(slips), tuple(purchases))
