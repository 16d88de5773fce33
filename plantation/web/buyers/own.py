"""Who is looking: the buyer of the account that is signed in, and the season that is on."""

from __future__ import annotations

from flask import g

from plantation.models import Buyer, Season
from plantation.services.desk import Desk
from plantation.services.fruit.own_purchases import own_buyer
from plantation.services.money.seasons import list_seasons
from plantation.web.desks import reading_desk


def at_the_counter() -> tuple[Desk, Buyer]:
    """The reading desk, and the buyer. :raises NotAllowed: the account belongs to none."""
    desk = reading_desk()
    return desk, own_buyer(desk, g.signed_in.buyer_id)


def season_now(desk: Desk) -> Season | None:
    """The latest season that has begun, None before the first."""
    return next((season for season in list_seasons(desk) if season.starts_on <= desk.today), None)
