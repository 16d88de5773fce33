"""Stock by grade and age: the oldest goes first, and no gram is lost on the way."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plantation.domain.stock import BANDS, Picked, Sold, StockLine, age_stock

DAY = dt.date(2026, 9, 1)
DAYS = st.sampled_from([DAY + dt.timedelta(days=step) for step in range(13)])
WHOSE = st.sampled_from([None, "H001", "H002"])
FRUIT = st.lists(st.builds(Picked, st.sampled_from("AB"), DAYS, WHOSE, st.integers(0, 900)), max_size=15)
SALES = st.lists(st.builds(Sold, st.sampled_from("ABC"), WHOSE, st.integers(0, 900)), max_size=10)


def test_a_heap_worked_by_hand():
    fruit = [
        Picked("A", DAY, None, 300), Picked("A", DAY + dt.timedelta(1), "H002", 100), Picked("A", DAY + dt.timedelta(6), None, 500),
        Picked("A", DAY + dt.timedelta(8), "H002", 200), Picked("B", DAY, None, 50),
    ]  # fmt: skip
    # H002 sold 150 of its own: all of its 100 of the second day and 50 of the ninth. Then 350 of the heap: the first day's
    # 300, nothing of the second day, 50 of the seventh.
    line, other = age_stock(fruit, [Sold("A", None, 350), Sold("A", "H002", 150), Sold("B", None, 60)])
    assert line.days == ((DAY + dt.timedelta(6), 450), (DAY + dt.timedelta(8), 150))
    assert (line.weighed_grams, line.sold_grams, line.left_grams) == (1_100, 500, 600)
    assert line.by_age(DAY + dt.timedelta(9)) == (0, 150, 450, 0)
    assert (other.left_grams, other.days) == (-10, ())


def test_every_age_has_its_band():
    ages = [StockLine("A", 1, 0, ((DAY, 1),)).by_age(DAY + dt.timedelta(days=age)).index(1) for age in range(-1, 9)]
    assert ages == [0, 0, 1, 1, 2, 2, 2, 2, 3, 3] and len(BANDS) == 4


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine
@given(FRUIT, SALES)
def test_the_grams_by_age_sum_to_the_stock_by_grade(fruit, sales):
    for line in age_stock(fruit, sales):
        weighed = sum(one.net_grams for one in fruit if one.grade == line.grade)
        sold = sum(one.net_grams for one in sales if one.grade == line.grade)
        assert (line.weighed_grams, line.sold_grams) == (weighed, sold)
        assert sum(line.by_age(DAY + dt.timedelta(days=12))) == max(0, weighed - sold)
        assert all(grams > 0 for _, grams in line.days)
        picked = {day: sum(one.net_grams for one in fruit if (one.grade, one.day) == (line.grade, day)) for day, _ in line.days}
        assert all(grams <= picked[day] for day, grams in line.days)
        assert [day for day, _ in line.days] == sorted(picked)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FRUIT, st.integers(0, 2_000))
def test_nothing_older_is_left_than_what_was_sold(fruit, grams):
    heap = [one._replace(grade="A", household=None) for one in fruit]
    for line in age_stock(heap, [Sold("A", None, grams)]):
        for day, left in line.days[1:]:
            assert left == sum(one.net_grams for one in heap if one.day == day)
