"""The first page: one big number, the running season, the land, last year beside this year."""

from __future__ import annotations

from flask import render_template

from plantation.services.fruit.disputes import fresh_disputes
from plantation.services.land.yields import yields_of
from plantation.services.mine.my_forecast import own_forecast
from plantation.services.mine.my_pages import overview
from plantation.services.mine.my_parcels import own_parcels, surroundings_of
from plantation.services.mine.my_slips import grams_by_day
from plantation.services.mine.my_statement import newest
from plantation.services.money.advances import open_advance
from plantation.services.money.dividends import dividends_of
from plantation.services.money.notices import hanging_notices
from plantation.services.money.picker_accounts import days_of_household
from plantation.web.households import households
from plantation.web.households.drawings import day_bars, parcel_map
from plantation.web.households.own import at_home


@households.get("")
def home() -> str:
    desk, household = at_home()
    seen = overview(desk, household)
    current = newest(seen.seasons, desk.today)
    parcels = own_parcels(desk, household)
    advance = open_advance(desk, household.id)
    around = surroundings_of(desk, household, parcels)
    return render_template(
        "households/home.html",
        household=household,
        seen=seen,
        current=current,
        forecast=own_forecast(parcels, seen.seasons, current.season.ends_on if current else desk.today, yields_of(desk)),
        disputes=fresh_disputes(desk, household),
        notices=hanging_notices(desk, household),
        dividends=dividends_of(desk, household),
        advance=advance,
        days=days_of_household(desk, household, most=20) if advance.given_fen else [],
        open=[one for one in seen.seasons if one.balance_fen],
        beside=[one for one in seen.seasons if current and one.season.starts_on <= current.season.starts_on][:3],
        bars=day_bars(grams_by_day(desk, household, current.season)) if current else None,
        parcels=parcels,
        map=parcel_map(around) if around else None,
    )
