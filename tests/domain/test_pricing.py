from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.pricing import NoPriceInForce, Price, PriceTwice, local_date, price_on
from tests.domain import oracle

SHEET = [
    Price("A", dt.date(2026, 8, 1), 500),
    Price("A", dt.date(2026, 9, 1), 520),
    Price("B", dt.date(2026, 8, 15), 430),
]


def test_the_price_is_the_latest_not_after_the_day():
    assert price_on(SHEET, "A", dt.date(2026, 8, 31)) == 500
    assert price_on(SHEET, "A", dt.date(2026, 9, 1)) == 520
    assert price_on(SHEET, "A", dt.date(2027, 1, 1)) == 520


def test_a_day_before_the_first_price_is_refused_with_grade_and_day():
    with pytest.raises(NoPriceInForce) as refused:
        price_on(SHEET, "B", dt.date(2026, 8, 14))
    assert refused.value.figures == {"grade": "B", "day": dt.date(2026, 8, 14)}


def test_a_grade_without_any_price_is_refused():
    with pytest.raises(NoPriceInForce, match="grade C on 2026-09-01"):
        price_on(SHEET, "C", dt.date(2026, 9, 1))


def test_two_prices_from_one_day_are_refused_only_where_they_decide():
    doubled = [*SHEET, Price("A", dt.date(2026, 8, 1), 510)]
    with pytest.raises(PriceTwice, match="A has two prices from 2026-08-01"):
        price_on(doubled, "A", dt.date(2026, 8, 31))
    assert price_on(doubled, "A", dt.date(2026, 9, 1)) == 520


def test_the_day_is_the_collectives_day_and_not_the_servers():
    # 31 August, 16:30 in Greenwich is half past midnight on 1 September in Shanghai, and 22:30 by the local habit.
    instant = dt.datetime(2026, 8, 31, 16, 30, tzinfo=dt.UTC)
    assert price_on(SHEET, "A", local_date(instant, ZoneInfo("Asia/Shanghai"))) == 520
    assert price_on(SHEET, "A", local_date(instant, ZoneInfo("Asia/Urumqi"))) == 500


sheets = st.lists(
    st.tuples(st.sampled_from("AB"), st.dates(dt.date(2026, 8, 1), dt.date(2026, 8, 9)), st.integers(0, 1000)),
    unique_by=lambda line: line[:2],
    max_size=8,
)


@given(sheets, st.sampled_from("AB"), st.dates(dt.date(2026, 7, 31), dt.date(2026, 8, 11)), st.randoms())
def test_any_sheet_in_any_order_gives_the_price_of_the_contract(sheet, grade, day, random):
    expected = oracle.price_in_force(sheet, grade, day)
    random.shuffle(sheet)
    if expected is None:
        with pytest.raises(NoPriceInForce):
            price_on(sheet, grade, day)
    else:
        assert price_on(sheet, grade, day) == expected
