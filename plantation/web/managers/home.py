"""The office's first page: a season on one page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from babel.dates import format_skeleton
from flask import render_template
from flask_babel import get_locale

from plantation.domain.forecast import estimate
from plantation.domain.seasons import is_over
from plantation.domain.words import Role
from plantation.services.collectives import is_unnamed
from plantation.services.fruit.open_differences import count_open_differences
from plantation.services.fruit.season_forecast import days_against_forecast, season_forecast
from plantation.services.fruit.stock import stock
from plantation.services.fruit.weighings import DayTotal, day_totals
from plantation.services.land import overview
from plantation.services.money import settlements
from plantation.services.money.season_money import season_money
from plantation.services.money.seasons import list_seasons
from plantation.services.money.waiting import what_waits
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.seasons import chosen_season


@managers.get("/")
@only(Role.MANAGER, Role.ACCOUNTANT)
def home() -> str:
    desk = reading_desk()
    season = chosen_season(desk)
    if season is None:
        begun = overview.begun(desk)
        return render_template(
            "managers/home.html", season=None, seasons=[], land=overview.land_balance(desk), unnamed=is_unnamed(desk), begun=begun
        )
    totals = day_totals(desk, season)
    settled = settlements.latest_settlement(desk, season)
    grades = sorted({total.grade for total in totals})
    expected = season_forecast(desk, season)
    against = days_against_forecast(desk, season, totals, expected) if expected else []
    return render_template(
        "managers/home.html",
        season=season,
        seasons=list_seasons(desk),
        over=is_over(season.ends_on, desk.now, desk.zone),
        land=overview.land_balance(desk),
        stock=stock(desk, season),
        weighings=sum(total.weighings for total in totals),
        grades=grades,
        days=stacks(totals, grades),
        expected=expected,
        against=[(_day(one.day), [one.weighed_grams, estimate(one.expected_grams)]) for one in against],
        differences=count_open_differences(desk, season),
        settled=settled,
        changed=settlements.came_after(desk, season, settled.through_entry if settled else 0),
        money=season_money(desk, season),
        waits=what_waits(desk),
        unnamed=is_unnamed(desk),
    )


def stacks(totals: Iterable[DayTotal], grades: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Per day its kilograms grade by grade, as the bar chart takes them."""
    by_day: dict[Any, list[int]] = {}
    for total in totals:
        by_day.setdefault(total.local_date, [0] * len(grades))[grades.index(total.grade)] += total.net_grams
    return [(_day(day), sums) for day, sums in sorted(by_day.items())]


def _day(day: dt.date) -> str:
    return format_skeleton("MMMd", day, locale=get_locale())
