"""What a plantation of some age may bear: a band of kilograms and yuan, never a promise.

The defaults come from the village and its neighbours: first fruit in the third to fifth year, 40 to 100 kg per mu
seen nearby; full bearing from the tenth year, 500 kg per mu in a good orchard and 800 a claim; decline after about
thirty years. Regions and varieties differ, so every figure is a setting of the collective.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from plantation.errors import N_, Refusal
from plantation.units import GRAMS_PER_KG, Fen, Grams, Millimu, half_up


class Stage(StrEnum):
    """How far the trees are."""

    YOUNG = "young"
    FIRST_FRUIT = "first_fruit"
    RISING = "rising"
    FULL_BEARING = "full_bearing"
    DECLINE = "decline"


class StageYield(NamedTuple):
    """From the age of `from_years` on, one mu bears between `low` and `high` kg in a season, most likely `mid`."""

    from_years: int
    stage: Stage
    low_kg_per_mu: int
    mid_kg_per_mu: int
    high_kg_per_mu: int


DEFAULT_YIELDS = (
    StageYield(0, Stage.YOUNG, 0, 0, 0),
    StageYield(3, Stage.FIRST_FRUIT, 40, 50, 100),
    StageYield(6, Stage.RISING, 80, 250, 400),
    StageYield(10, Stage.FULL_BEARING, 100, 500, 800),
    StageYield(31, Stage.DECLINE, 50, 250, 400),
)


class YieldsFaulty(Refusal, ValueError):
    """A table that leaves ages out, or a band that is no band."""

    template = N_("The yields must begin at age 0, rise in age and go from low to high; see age %(years)s.")


class PlantedLater(Refusal, ValueError):
    """A harvest before the planting."""

    template = N_("What was planted on %(planted_on)s has no harvest on %(day)s.")


class Band(NamedTuple):
    """Low, most likely and high, in one unit: grams or fen."""

    low: int
    mid: int
    high: int


class Forecast(NamedTuple):
    """What an area may bear and what that would bring at one price, both rounded half up once."""

    stage: Stage
    grams: Band
    fen: Band


class DayAgainst(NamedTuple):
    """All that was weighed up to the end of a day (None on a day that is yet to come), and what should have been by then."""

    day: date
    weighed_grams: Grams | None
    expected_grams: Grams


def age_in_years(planted_on: date, day: date) -> int:
    """Whole years from planting to `day`.

    >>> age_in_years(date(2018, 4, 15), date(2028, 4, 14)), age_in_years(date(2018, 4, 15), date(2028, 4, 15))
    (9, 10)

    :raises PlantedLater: `day` before the planting.
    """
    if day < planted_on:
        raise PlantedLater(planted_on=planted_on, day=day)
    return day.year - planted_on.year - ((day.month, day.day) < (planted_on.month, planted_on.day))


def check_yields(yields: Sequence[StageYield]) -> None:
    """Pass when the table covers every age from 0 on and each band rises.

    >>> check_yields(DEFAULT_YIELDS)
    >>> check_yields([])
    Traceback (most recent call last):
    plantation.domain.forecast.YieldsFaulty: The yields must begin at age 0, rise in age and go from low to high; \
see age 0.

    :raises YieldsFaulty: with the age at which it does not.
    """
    if not yields or yields[0].from_years != 0:
        raise YieldsFaulty(years=0)
    for place, line in enumerate(yields):
        rises = place == 0 or yields[place - 1].from_years < line.from_years
        if not rises or not 0 <= line.low_kg_per_mu <= line.mid_kg_per_mu <= line.high_kg_per_mu:
            raise YieldsFaulty(years=line.from_years)


def yield_at(age_years: int, yields: Sequence[StageYield] = DEFAULT_YIELDS) -> StageYield:
    """The line of the table that holds at an age in whole years: the last that begins at or before it.

    >>> yield_at(2).stage.value, yield_at(3).stage.value, yield_at(30).stage.value, yield_at(31).stage.value
    ('young', 'first_fruit', 'full_bearing', 'decline')

    :raises YieldsFaulty: as :func:`check_yields`.
    """
    check_yields(yields)
    return [line for line in yields if line.from_years <= max(age_years, 0)][-1]


def forecast(
    area_millimu: Millimu,
    age_years: int,
    price_fen_per_kg: Fen,
    yields: Sequence[StageYield] = DEFAULT_YIELDS,
) -> Forecast:
    """What `area_millimu` of trees of this age may bear in a season, and bring at `price_fen_per_kg`.

    A household of the village, 10 mu at 5 yuan a kg, in the first fruiting year and at full bearing; the village:

    >>> forecast(10_000, 3, 500).fen.mid, forecast(10_000, 10, 500).fen.mid
    (250000, 2500000)
    >>> village = forecast(1_500_000, 10, 500)
    >>> village.grams.mid, village.fen.mid
    (750000000, 375000000)
    >>> forecast(0, 10, 500).grams
    Band(low=0, mid=0, high=0)

    :raises YieldsFaulty: as :func:`check_yields`.
    """
    line = yield_at(age_years, yields)
    # kg per mu are grams per thousandth of a mu, so no division is needed here.
    grams = Band(*(area_millimu * kg_per_mu for kg_per_mu in line[2:]))
    return Forecast(line.stage, grams, Band(*(half_up(weight * price_fen_per_kg, GRAMS_PER_KG) for weight in grams)))


def estimate(value: int, whole: int = GRAMS_PER_KG) -> int:
    """A guess as it is told: half up to three digits, and no finer than `whole` (a kilogram in grams, a yuan in fen).

    >>> estimate(750_000_500), estimate(4_285_714), estimate(57_340), estimate(0), estimate(2_142_857, 100), estimate(4_243, 100)
    (750000000, 4290000, 57000, 0, 2140000, 4200)
    """
    step = max(whole, 10 ** max(0, len(str(value)) - 3))
    return half_up(value, step) * step


def bears_at_most(area_millimu: Millimu, age_years: int, yields: Sequence[StageYield] = DEFAULT_YIELDS) -> Grams:
    """The upper end of the band in grams: a household that delivers more deserves a question.

    >>> bears_at_most(10_000, 10)
    8000000

    :raises YieldsFaulty: as :func:`check_yields`.
    """
    return forecast(area_millimu, age_years, 0, yields).grams.high


def against_forecast(
    by_day: Mapping[date, Grams], first: date, last: date, today: date, expected: Grams, *, most_days: int = 60
) -> list[DayAgainst]:
    """What came in by the end of each day of a season beside `expected`, spread evenly over its days: nobody knows the pace.

    A long season is told in steps of days so that there are at most `most_days`; its last day is always there. What was
    weighed before or after the season counts on its first or last day.

    >>> day = date(2026, 9, 1)
    >>> for line in against_forecast({day: 30}, day, date(2026, 9, 3), date(2026, 9, 2), 100):
    ...     print(line.day.day, line.weighed_grams, line.expected_grams)
    1 30 33
    2 30 66
    3 None 100
    >>> len(against_forecast({}, day, date(2027, 8, 31), day, 0))
    53
    """
    days = (last - first).days + 1
    step = -(-days // most_days)
    by_place: dict[int, Grams] = {}
    for day, grams in by_day.items():
        place = min(max((day - first).days, 0), days - 1)
        by_place[place] = by_place.get(place, 0) + grams
    came, lines = 0, []
    for place in range(days):
        came += by_place.get(place, 0)
        if (days - 1 - place) % step == 0:
            day = first + timedelta(days=place)
            lines.append(DayAgainst(day, came if day <= today else None, expected * (place + 1) // days))
    return lines
