"""The one page of the township."""

from __future__ import annotations

from flask import g, render_template

from plantation.services.money.township import latest_codes, township_totals
from plantation.web.desks import reading_desk
from plantation.web.township import township


@township.get("")
def home() -> str:
    totals = township_totals(reading_desk(), g.signed_in.name)
    codes = latest_codes(totals)
    grams = {(one.code, season.code): season.net_grams for one in totals for season in one.seasons}
    bars = [(one.name, [grams.get((one.code, code), 0) for code in codes]) for one in totals]
    return render_template("township/home.html", totals=totals, codes=codes, bars=bars)
