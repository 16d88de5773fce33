"""The one page of the township."""

from __future__ import annotations

from flask import g, render_template

from plantation.services.money.township import latest_codes, township_totals
from plantation.web.desks import reading_desk
from plantation.web.township import township

SEASONS = 8
COLOURS = 5


@township.get("")
def home() -> str:
    totals = township_totals(reading_desk(), g.signed_in.name)
    codes = latest_codes(totals, SEASONS)[::-1]
    grams = {(one.code, season.code): season.net_grams for one in totals for season in one.seasons}
    # The years run along the page, so that one sees whether it grows; a few collectives stand on each other, many are a sum.
    parts = [[one] for one in totals] if len(totals) <= COLOURS else [list(totals)]
    bars = [(code, [sum(grams.get((one.code, code), 0) for one in part) for part in parts]) for code in codes]
    return render_template("township/home.html", totals=totals, names=[one.name for one in totals] if len(parts) > 1 else [], bars=bars)
