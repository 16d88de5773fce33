"""Stock by grade and age out of the tables: reversals, whole plots and what a household sold itself."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import event

from plantation.services.fruit.purchases import record_purchase, record_purchases, reverse_purchase
from plantation.services.fruit.stock import stock
from plantation.services.fruit.weighings import record_weighings, reverse_weighing
from tests.cast import QIAN, SUN
from tests.orchard import grow_orchard
from tests.services.fruit.test_purchases import bought
from tests.services.fruit.test_weighings import weighed


def on(day: int, **given):
    return weighed(season="2025", time=dt.datetime(2025, 9, day, 10, tzinfo=dt.UTC), deduction_ppm=0, **given)


def days_of(lines):
    return {line.grade: [(day.day, grams) for day, grams in line.days] for line in lines}


def test_the_oldest_is_sold_first_and_a_reversal_counts_on_the_day_of_its_slip(village, desk):
    with desk() as d:
        outcomes = record_weighings(d, [
            on(1, slip="S-1", gross_grams=31_000, tare_grams=1_000), on(2, slip="S-2", gross_grams=41_000, tare_grams=1_000),
            on(5, slip="S-3", gross_grams=21_000, tare_grams=1_000, household=SUN),
        ])  # fmt: skip
        assert all(one.refusal is None for one in outcomes)
        reverse_weighing(d, "S-1", reason="wrong crate", id="back")
        record_purchases(d, [bought((None, "A", 10_000, 500), number="1")])
        [line] = stock(d, "2025")
        assert (line.weighed_grams, line.left_grams) == (60_000, 50_000)
        assert days_of([line]) == {"A": [(2, 30_000), (5, 20_000)]}
        assert line.by_age(dt.date(2025, 9, 5)) == (20_000, 0, 30_000, 0)
        reverse_purchase(d, "2025", "1", reason="not fetched")
        assert days_of(stock(d, "2025")) == {"A": [(2, 40_000), (5, 20_000)]}


def test_what_a_household_sold_itself_is_its_own_oldest_with_its_share_of_a_plot(village, desk):
    with desk() as d:
        record_weighings(d, [
            on(1, slip="S-1", gross_grams=31_000, tare_grams=1_000),
            on(3, slip="S-2", household=None, plot="P1", gross_grams=31_000, tare_grams=1_000),  # Qian 20 kg, Sun 10 kg
            on(6, slip="S-3", gross_grams=6_000, tare_grams=1_000, household=SUN),
        ])  # fmt: skip
        record_purchase(d, bought((SUN, "A", 12_000, 600)))
        assert days_of(stock(d, "2025")) == {"A": [(1, 30_000), (3, 20_000), (6, 3_000)]}
        record_purchase(d, bought((QIAN, "A", 45_000, 600)))
        assert days_of(stock(d, "2025")) == {"A": [(3, 5_000), (6, 3_000)]}


def test_a_whole_season_adds_up_in_a_few_queries(desk, database, collective):
    grow_orchard(database, collective, mode="pooled")
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *_: asked.append(1))
    with desk(reading=True) as d:
        asked.clear()
        lines = stock(d, "2025")
        assert len(asked) <= 8
        asked.clear()
        assert stock(d, "2025") == lines
        assert len(asked) <= 5  # the sums by day are kept
        assert {line.grade for line in lines} == {"A", "B"}
        for line in lines:
            assert sum(grams for _, grams in line.days) == line.left_grams > 0
