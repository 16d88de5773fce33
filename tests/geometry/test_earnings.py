from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import translate

from plantation.geometry.earnings import (
    OutlineFaulty,
    OutlineOffParcels,
    PlotWithoutParcels,
    harvested_dm2,
    share_over_outline,
    share_over_parcels,
)

# Three strips of 100 m × 66.67 m, 10 mu each to the dm².
STRIPS = [(f"P1-{place + 1}", shapely.box(0, 66.67 * place, 100, 66.67 * (place + 1))) for place in range(3)]


def test_equal_parcels_tie_by_their_code():
    # 100 g over three equal areas: 33 each, the gram that is left goes to the smallest code.
    assert share_over_parcels(100, [("P1-3", 666_700), ("P1-1", 666_700), ("P1-2", 666_700)]) == [33, 34, 33]


def test_unequal_parcels_by_hand():
    # 1000 g over 1 : 2 : 4 dm²: 142.857, 285.714, 571.428; floors make 998, the remainders .857 and .714 get a gram.
    assert share_over_parcels(1_000, [("P1-1", 1), ("P1-2", 2), ("P1-3", 4)]) == [143, 286, 571]


def test_a_plot_without_parcels_is_refused():
    with pytest.raises(PlotWithoutParcels):
        share_over_parcels(1_000, [])
    with pytest.raises(PlotWithoutParcels):
        share_over_parcels(1_000, [("P1-1", 0)])
    with pytest.raises(PlotWithoutParcels):
        share_over_outline(1_000, shapely.box(0, 0, 1, 1), [])


def test_a_harvested_outline_counts_by_its_overlap():
    # The outline covers all of strip 1 and the lower half of strip 2: 2 : 1, nothing of strip 3.
    outline = shapely.box(0, 0, 100, 66.67 * 1.5)
    assert harvested_dm2(outline, STRIPS) == [666_700, 333_350, 0]
    assert share_over_outline(90_001, outline, STRIPS) == [60_001, 30_000, 0]


def test_an_outline_off_the_parcels_is_refused_with_their_number():
    with pytest.raises(OutlineOffParcels, match="none of the plot's 3 parcels"):
        share_over_outline(1_000, shapely.box(200, 200, 300, 300), STRIPS)
    with pytest.raises(OutlineOffParcels):
        share_over_outline(1_000, shapely.Polygon(), STRIPS)


def test_an_outline_that_touches_only_a_border_harvests_nothing():
    with pytest.raises(OutlineOffParcels):
        share_over_outline(1_000, shapely.box(100, 0, 200, 200), STRIPS)


def test_an_outline_that_crosses_itself_is_refused_with_the_place():
    with pytest.raises(OutlineFaulty, match="Self-intersection"):
        share_over_outline(1_000, shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]), STRIPS)


areas = st.lists(st.integers(1, 10**7), min_size=1, max_size=12).map(
    lambda listed: [(f"P1-{place}", area) for place, area in enumerate(listed)]
)


@given(st.integers(0, 10**8), areas, st.randoms())
def test_shares_conserve_mirror_and_do_not_depend_on_the_order(net_grams, parcels, random):
    shares = share_over_parcels(net_grams, parcels)
    assert sum(shares) == net_grams
    assert share_over_parcels(-net_grams, parcels) == [-part for part in shares]
    by_code = dict(zip([code for code, _ in parcels], shares, strict=True))
    random.shuffle(parcels)
    assert dict(zip([code for code, _ in parcels], share_over_parcels(net_grams, parcels), strict=True)) == by_code


@given(st.integers(0, 10**6), areas)
def test_a_larger_parcel_never_gets_less(net_grams, parcels):
    shares = share_over_parcels(net_grams, parcels)
    ranked = sorted(zip([area for _, area in parcels], shares, strict=True))
    assert all(larger[1] >= smaller[1] - (larger[0] == smaller[0]) for smaller, larger in zip(ranked, ranked[1:]))


@given(st.integers(0, 10**6), st.integers(0, 99), st.integers(0, 150))
def test_the_harvest_of_any_strip_conserves(net_grams, left, bottom):
    outline = translate(shapely.box(0, 0, 30, 50), left, bottom)
    assert sum(share_over_outline(net_grams, outline, STRIPS)) == net_grams
