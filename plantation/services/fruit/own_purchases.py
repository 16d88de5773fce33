"""What a buyer bought: their own purchases, and nothing of anybody else's."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from plantation.errors import N_, NotAllowed, NotFound
from plantation.models import Buyer, Purchase, PurchaseLine, Season
from plantation.services.desk import Desk
from plantation.services.fruit.purchase_notes import Note, read_notes
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams


class SeasonTotal(NamedTuple):
    """What a buyer bought in a season, what was taken back counted off."""

    season: str
    net_grams: Grams
    amount_fen: Fen


def own_buyer(desk: Desk, buyer_id: int | None) -> Buyer:
    """The buyer that an account belongs to. :raises NotAllowed: the account belongs to none."""
    buyer = None if buyer_id is None else desk.session.get(Buyer, (desk.collective_id, buyer_id))
    if buyer is None:
        raise NotAllowed()
    return buyer


def load_own_purchase(desk: Desk, buyer: Buyer, season: str, number: str) -> Note:
    """The buyer's own purchase of that number.

    :raises NotFound: there is none, or it is somebody else's: the two cannot be told apart.
    """
    season_id = desk.session.scalar(select(Season.id).where(Season.collective_id == desk.collective_id, Season.code == season))
    if season_id is not None:
        mine = (Purchase.season_id == season_id, Purchase.number == number, Purchase.buyer_id == buyer.id)
        for note in read_notes(desk, *mine):
            return note
    raise NotFound(what=N_("purchase"), code=number[:64])


def reversal_of(desk: Desk, note: Note) -> Note | None:
    """What took the purchase back, None while nothing did."""
    return next(read_notes(desk, Purchase.reverses_id == note.id), None)


def season_totals(desk: Desk, buyer: Buyer) -> list[SeasonTotal]:
    """What the buyer bought, the latest season first."""
    rows = desk.session.execute(
        select(Season.code, sum_of(PurchaseLine.net_grams), sum_of(PurchaseLine.amount_fen))
        .join(
            Purchase,
            (Purchase.collective_id == PurchaseLine.collective_id) & (Purchase.id == PurchaseLine.purchase_id),
        )
        .join(Season, (Season.collective_id == Purchase.collective_id) & (Season.id == Purchase.season_id))
        .where(PurchaseLine.collective_id == desk.collective_id, Purchase.buyer_id == buyer.id)
        .group_by(Season.code, Season.starts_on)
        .order_by(Season.starts_on.desc())
    )
    return [SeasonTotal(*row) for row in rows]
