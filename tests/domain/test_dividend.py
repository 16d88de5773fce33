from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.dividend import (
    Basis,
    DividendBelowOneFen,
    DividendTooLarge,
    DividendWithoutBasis,
    HouseholdTwice,
    MixNotWhole,
    Receiver,
    fixed_dividend,
    meets_patronage_floor,
    mixed_dividend,
    shared_dividend,
)
from plantation.domain.limits import MOST_PAID_FEN
from tests.domain import oracle

QIAN = Receiver("Qian", members=5, entitlement_millimu=10_000, net_grams=4_000_000)
SUN = Receiver("Sun", members=3, entitlement_millimu=8_571, net_grams=1_000_000)
ZHOU = Receiver("Zhou", members=1, entitlement_millimu=0, net_grams=0)


def amounts(dividend):
    return {line.household_code: line.amount_fen for line in dividend.lines}


def test_the_livestock_cooperative_pays_20_households_1300_yuan_each():
    dividend = fixed_dividend(130_000, [Receiver(f"H{number:03}") for number in range(20, 0, -1)])
    assert dividend.total_fen == 2_600_000
    assert {line.amount_fen for line in dividend.lines} == {130_000}
    assert [line.household_code for line in dividend.lines][:2] == ["H001", "H002"]


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        # 100.00 yuan: over three households 33.33 and a fen for the first code.
        (Basis.HOUSEHOLD, {"Qian": 3_334, "Sun": 3_333, "Zhou": 3_333}),
        # 5 : 3 : 1 of 9 members: 55.555…, 33.333…, 11.111….
        (Basis.MEMBER, {"Qian": 5_556, "Sun": 3_333, "Zhou": 1_111}),
        # 10 : 8.571 of 18.571 mu: 53.8473…, 46.1526….
        (Basis.MU, {"Qian": 5_385, "Sun": 4_615, "Zhou": 0}),
        # 4 : 1 of 5 t.
        (Basis.KG, {"Qian": 8_000, "Sun": 2_000, "Zhou": 0}),
    ],
)
def test_a_hundred_yuan_by_each_basis(basis, expected):
    assert amounts(shared_dividend(10_000, basis, [SUN, ZHOU, QIAN])) == expected


def test_sixty_percent_by_kg_and_the_rest_by_member():
    # 100.00: 60.00 by kg (48.00, 12.00, 0) and 40.00 by member (22.222…, 13.333…, 4.444…: the fen goes to Zhou).
    dividend = mixed_dividend(10_000, [(Basis.KG, 600_000), (Basis.MEMBER, 400_000)], [QIAN, SUN, ZHOU])
    assert [tuple(line) for line in dividend.lines] == [
        ("Qian", 7_022, (4_800, 2_222)),
        ("Sun", 2_533, (1_200, 1_333)),
        ("Zhou", 445, (0, 445)),
    ]


def test_equal_parts_of_one_fen_tie_by_the_name_of_the_basis():
    dividend = mixed_dividend(1, [(Basis.MEMBER, 500_000), (Basis.KG, 500_000)], [QIAN, SUN])
    assert [(part.basis, part.total_fen) for part in dividend.parts] == [(Basis.MEMBER, 0), (Basis.KG, 1)]
    assert amounts(dividend) == {"Qian": 1, "Sun": 0}


def test_a_basis_that_nobody_has_is_refused_with_the_amount():
    with pytest.raises(DividendWithoutBasis) as refused:
        shared_dividend(10_000, Basis.KG, [ZHOU])
    assert refused.value.figures == {"amount_yuan": "100.00", "basis": "kilogram"}


def test_an_empty_list_is_refused():
    with pytest.raises(DividendWithoutBasis):
        shared_dividend(10_000, Basis.HOUSEHOLD, [])
    with pytest.raises(DividendWithoutBasis):
        fixed_dividend(10_000, [])


@pytest.mark.parametrize("total", [0, -1])
def test_nothing_to_hand_out_is_refused(total):
    with pytest.raises(DividendBelowOneFen):
        shared_dividend(total, Basis.HOUSEHOLD, [QIAN])
    with pytest.raises(DividendBelowOneFen):
        fixed_dividend(total, [QIAN])


def test_more_than_any_dividend_is_refused_in_all_and_for_each():
    most = MOST_PAID_FEN
    assert shared_dividend(most, Basis.HOUSEHOLD, [QIAN]).total_fen == most
    with pytest.raises(DividendTooLarge, match=r"1000000000\.01 yuan is too large: at most 1000000000\.00 yuan in all"):
        shared_dividend(most + 1, Basis.HOUSEHOLD, [QIAN])
    with pytest.raises(DividendTooLarge):
        fixed_dividend(most // 2 + 1, [QIAN, SUN])


def test_a_household_twice_on_the_list_is_refused():
    with pytest.raises(HouseholdTwice, match="Qian"):
        fixed_dividend(100, [QIAN, SUN, QIAN._replace(members=4)])


@pytest.mark.parametrize(
    "mix",
    [
        [],
        [(Basis.KG, 999_999)],
        [(Basis.KG, 600_000), (Basis.MU, 500_000)],
        [(Basis.KG, 1_100_000), (Basis.MU, -100_000)],
        [(Basis.KG, 1_000_000), (Basis.MU, 0)],
        [(Basis.KG, 500_000), (Basis.KG, 500_000)],
    ],
)
def test_parts_that_are_not_a_whole_are_refused(mix):
    with pytest.raises(MixNotWhole, match="100 % in all"):
        mixed_dividend(10_000, mix, [QIAN])


def test_the_law_asks_for_sixty_percent_by_what_was_delivered():
    assert meets_patronage_floor([(Basis.KG, 600_000), (Basis.MU, 400_000)])
    assert not meets_patronage_floor([(Basis.KG, 599_999), (Basis.MU, 400_001)])


receivers = st.dictionaries(
    st.sampled_from(["H1", "H10", "H2", "Qian", "Sun"]),
    st.tuples(st.integers(1, 9), st.integers(1, 20_000), st.integers(1, 10**8)),
    min_size=1,
).map(lambda listed: [Receiver(code, *counts) for code, counts in listed.items()])


@st.composite
def mixes(draw):
    bases = draw(st.lists(st.sampled_from(Basis), min_size=1, max_size=4, unique=True))
    cuts = sorted(draw(st.sets(st.integers(1, 999_999), min_size=len(bases) - 1, max_size=len(bases) - 1)))
    return list(zip(bases, [b - a for a, b in zip([0, *cuts], [*cuts, 1_000_000], strict=True)], strict=True))


@given(st.integers(1, 10**4) | st.integers(1, MOST_PAID_FEN), mixes(), receivers, st.randoms())
def test_any_dividend_conserves_and_is_the_oracles_in_any_order(total_fen, mix, listed, random):
    dividend = mixed_dividend(total_fen, mix, listed)
    assert sum(line.amount_fen for line in dividend.lines) == total_fen
    for place, part in enumerate(dividend.parts):
        assert sum(line.part_fen[place] for line in dividend.lines) == part.total_fen
    expected = oracle.dividend(
        Fraction(total_fen, 100),
        [(basis.value, Fraction(rate_ppm, 10_000)) for basis, rate_ppm in mix],
        {
            receiver.household_code: {
                "household": 1,
                "member": receiver.members,
                "mu": receiver.entitlement_millimu,
                "kg": receiver.net_grams,
            }
            for receiver in listed
        },
    )
    assert {code: yuan * 100 for code, yuan in expected.items()} == amounts(dividend)
    random.shuffle(listed)
    assert mixed_dividend(total_fen, mix, listed) == dividend
