"""A buyer's first page: what is in stock by grade, and what they bought so far."""

from __future__ import annotations

from flask import render_template

from plantation.services.fruit.buyer_accounts import account_of
from plantation.services.fruit.own_purchases import season_totals
from plantation.services.fruit.purchases import list_purchases
from plantation.services.fruit.stock import stock
from plantation.web.buyers import buyers
from plantation.web.buyers.own import at_the_counter, season_now


@buyers.get("")
def home() -> str:
    desk, buyer = at_the_counter()
    season = season_now(desk)
    return render_template(
        "buyers/home.html",
        buyer=buyer,
        season=season,
        stock=stock(desk, season) if season else [],
        today=desk.today,
        account=account_of(desk, buyer),
        totals=season_totals(desk, buyer),
        latest=list_purchases(desk, buyer=buyer).rows[:5],
    )
