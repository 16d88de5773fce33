"""A season on one page: what the land may bear beside what came in, and how much has no answer."""

from __future__ import annotations

import datetime as dt

from plantation.domain.words import DifferenceVerdict
from plantation.services.fruit import differences
from plantation.services.fruit.open_differences import count_open_differences
from plantation.services.fruit.season_forecast import days_against_forecast, season_forecast
from plantation.services.fruit.weighing_lists import day_totals
from plantation.services.fruit.weighings import record_weighings
from plantation.services.land.plots import load_plot
from plantation.services.lookups import the_season
from tests.services.fruit.test_weighings import weighed


def test_the_forecast_is_of_all_parcels_by_the_age_of_their_trees(village, desk):
    """P1 was planted in April 2018: eight years old, 15 mu at 80, 250 and 400 kg a mu."""
    with desk() as d:
        season = the_season(d, "2026")
        assert season_forecast(d, season) == ((1_200_000, 3_750_000, 6_000_000), 0)
        load_plot(d, "P1").planted_on = dt.date(2027, 1, 1)
        assert season_forecast(d, season) is None  # nothing stands there yet
        load_plot(d, "P1").planted_on = None
        assert season_forecast(d, season) is None


def test_each_day_has_what_was_weighed_by_then_beside_an_even_pace(village, desk):
    with desk() as d:
        record_weighings(d, [weighed(slip="Q-1")])
        season = the_season(d, "2026")
        lines = days_against_forecast(d, season, day_totals(d, season), season_forecast(d, season))
        net = sum(total.net_grams for total in day_totals(d, season))
        assert (lines[-1].day, lines[-1].weighed_grams, lines[-1].expected_grams) == (season.ends_on, net, 3_750_000)
        assert lines[0].weighed_grams == 0 and len(lines) <= 60
        assert [one.expected_grams for one in lines] == sorted(one.expected_grams for one in lines)


def test_the_count_of_open_differences_follows_what_is_recorded_and_answered(village, desk, database):
    def counted():
        with desk(reading=True) as d:
            return count_open_differences(d, the_season(d, "2026"))

    before = counted()
    with desk() as d:
        record_weighings(d, [weighed(slip="Q-1")])
        inside = count_open_differences(d, the_season(d, "2026"))
    assert counted() == counted() == inside > before
    with desk() as d:
        one = differences.find_differences(d, "2026")[0].difference
        differences.answer_differences(d, "2026", [(one.kind, one.subject, one.digest)], verdict=DifferenceVerdict.ACCEPTED, text="eaten")
    assert counted() == inside - 1
