from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.seasons import (
    OutsideSeason,
    SeasonDatesReversed,
    SeasonOpen,
    check_dates,
    check_over,
    check_within,
    is_over,
    local_date,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = dt.date(2026, 8, 1), dt.date(2026, 10, 31)


def test_a_season_of_one_day_is_a_season():
    assert check_dates(FIRST, FIRST) is None


def test_a_season_that_ends_before_it_begins_is_refused_with_both_days():
    with pytest.raises(SeasonDatesReversed, match="end on 2026-07-31 when it begins on 2026-08-01"):
        check_dates(FIRST, dt.date(2026, 7, 31))


@pytest.mark.parametrize("day", [FIRST, dt.date(2026, 9, 15), LAST])
def test_the_first_and_the_last_day_belong_to_the_season(day):
    assert check_within("2026", FIRST, LAST, day) is None


@pytest.mark.parametrize("day", [dt.date(2026, 7, 31), dt.date(2026, 11, 1)])
def test_the_days_around_a_season_do_not_belong_to_it(day):
    with pytest.raises(OutsideSeason, match=f"{day} is outside season 2026"):
        check_within("2026", FIRST, LAST, day)


def test_a_season_is_over_at_midnight_of_the_collective_and_not_before():
    # Midnight in Shanghai is 16:00 in Greenwich on the day before.
    assert not is_over(LAST, dt.datetime(2026, 10, 31, 15, 59, 59, 999_999, tzinfo=dt.UTC), SHANGHAI)
    assert is_over(LAST, dt.datetime(2026, 10, 31, 16, 0, tzinfo=dt.UTC), SHANGHAI)


def test_settling_an_open_season_finally_is_refused_with_its_last_day():
    with pytest.raises(SeasonOpen) as refused:
        check_over("2026", LAST, dt.datetime(2026, 10, 31, 12, tzinfo=SHANGHAI), SHANGHAI)
    assert refused.value.figures == {"season": "2026", "last_day": dt.date(2026, 10, 31)}


def test_an_instant_without_an_offset_names_no_day():
    with pytest.raises(ValueError, match="no offset"):
        local_date(dt.datetime(2026, 10, 31, 12), SHANGHAI)


@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1)), st.integers(-14, 14), st.dates(FIRST, LAST))
def test_whether_a_season_is_over_depends_on_the_instant_and_not_on_how_it_is_written(moment, hours, last_day):
    instant = moment.replace(tzinfo=dt.UTC)
    elsewhere = instant.astimezone(dt.timezone(dt.timedelta(hours=hours)))
    assert is_over(last_day, instant, SHANGHAI) == is_over(last_day, elsewhere, SHANGHAI)
    assert is_over(last_day, instant, SHANGHAI) == (local_date(elsewhere, SHANGHAI) > last_day)
