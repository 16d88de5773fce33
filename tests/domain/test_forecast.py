from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.forecast import (
    DEFAULT_YIELDS,
    PlantedLater,
    Stage,
    StageYield,
    YieldsFaulty,
    age_in_years,
    bears_at_most,
    check_yields,
    forecast,
    yield_at,
)
from plantation.units import format_kg, format_yuan

PLANTED = dt.date(2018, 4, 15)


def test_a_households_first_fruiting_year_brings_2500_yuan():
    # 10 mu × 50 kg/mu × 5 yuan/kg, three years after April 2018.
    found = forecast(10_000, age_in_years(PLANTED, dt.date(2021, 8, 1)), 500)
    assert found.stage is Stage.FIRST_FRUIT
    assert (format_kg(found.grams.mid), format_yuan(found.fen.mid)) == ("500.000", "2500.00")


def test_a_household_at_full_bearing_earns_25000_yuan_and_over_10000_from_seasonal_picking():
    # 10 mu × 500 kg/mu × 5 yuan/kg.
    found = forecast(10_000, age_in_years(PLANTED, dt.date(2028, 8, 1)), 500)
    assert found.stage is Stage.FULL_BEARING
    assert format_yuan(found.fen.mid) == "25000.00"


def test_the_village_at_full_bearing_sells_750_tonnes_for_3750000_yuan():
    # 1,500 mu × 500 kg/mu × 5 yuan/kg.
    found = forecast(1_500_000, 10, 500)
    assert (format_kg(found.grams.mid), format_yuan(found.fen.mid)) == ("750000.000", "3750000.00")


def test_a_forecast_is_a_band():
    found = forecast(10_000, 12, 500)
    assert tuple(found.grams) == (1_000_000, 5_000_000, 8_000_000)
    assert tuple(found.fen) == (500_000, 2_500_000, 4_000_000)
    assert bears_at_most(10_000, 12) == 8_000_000


def test_a_collective_may_set_its_own_yields():
    improved = (StageYield(0, Stage.YOUNG, 0, 0, 0), StageYield(5, Stage.FULL_BEARING, 300, 500, 1000))
    assert forecast(8_571, 6, 430, improved).grams.mid == 4_285_500
    # 4285.5 kg × 4.30 = 18,427.65 yuan.
    assert forecast(8_571, 6, 430, improved).fen.mid == 1_842_765


@pytest.mark.parametrize(
    ("yields", "years"),
    [
        ((), 0),
        (DEFAULT_YIELDS[1:], 0),
        ((*DEFAULT_YIELDS[:2], DEFAULT_YIELDS[1]), 3),
        ((DEFAULT_YIELDS[0], StageYield(4, Stage.FULL_BEARING, 500, 400, 800)), 4),
        ((DEFAULT_YIELDS[0], StageYield(4, Stage.FULL_BEARING, -1, 400, 800)), 4),
    ],
)
def test_a_faulty_table_is_refused_with_the_age(yields, years):
    with pytest.raises(YieldsFaulty) as refused:
        check_yields(yields)
    assert refused.value.figures == {"years": years}


def test_a_harvest_before_the_planting_is_refused():
    with pytest.raises(PlantedLater, match="planted on 2018-04-15 has no harvest on 2018-04-14"):
        age_in_years(PLANTED, dt.date(2018, 4, 14))


def test_a_year_is_full_on_the_planting_day_and_not_before():
    assert age_in_years(PLANTED, dt.date(2021, 4, 14)) == 2
    assert age_in_years(PLANTED, dt.date(2021, 4, 15)) == 3


def test_a_leap_day_planting_is_a_year_old_on_the_first_of_march():
    assert age_in_years(dt.date(2020, 2, 29), dt.date(2021, 2, 28)) == 0
    assert age_in_years(dt.date(2020, 2, 29), dt.date(2021, 3, 1)) == 1


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 80), st.integers(0, 2_000))
def test_any_band_rises_and_grams_of_two_areas_add_up(area, other, age, price):
    found = forecast(area, age, price)
    assert 0 <= found.grams.low <= found.grams.mid <= found.grams.high
    assert 0 <= found.fen.low <= found.fen.mid <= found.fen.high
    both = forecast(area + other, age, price)
    assert both.grams.mid == found.grams.mid + forecast(other, age, price).grams.mid
    assert found.stage is yield_at(age).stage
