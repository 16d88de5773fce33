"""A buyer's page of lots: those that can be bought, and the latest that were."""

from __future__ import annotations

from flask import render_template

from plantation.services.fruit.lots import list_free_lots, list_lots_of_buyer
from plantation.services.pages import Page
from plantation.web.addresses import page_number
from plantation.web.buyers import buyers
from plantation.web.buyers.own import at_the_counter, season_now


@buyers.get("/lots")
def list_lots() -> str:
    desk, buyer = at_the_counter()
    season = season_now(desk)
    page = list_free_lots(desk, season, page=page_number()) if season else Page((), 1, 1, 0)
    return render_template("buyers/lots.html", buyer=buyer, page=page, own=list_lots_of_buyer(desk, buyer))
