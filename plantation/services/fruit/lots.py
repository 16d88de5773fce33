"""Lots: fruit that is packed under a label, sold whole (lot_sales) or unpacked again; never more than there is.

A lot takes nothing out of stock: it says which part of it is packed. Its weight leaves the stock with the purchase that
names it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from plantation.errors import N_, NotFound, Refusal
from plantation.models import Buyer, Lot, LotOpening, LotSale, Purchase, Season
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit.purchase_inputs import WeightOutOfRange
from plantation.services.fruit.stock import stock
from plantation.services.lookups import the_season
from plantation.services.once import sent_before
from plantation.services.pages import Page, paginate
from plantation.services.sums import sum_of
from plantation.services.words import check_note
from plantation.units import Grams, format_kg


class LotBeyondStock(Refusal):
    """More packed than is there and loose."""

    field = "net_grams"
    template = N_("Of grade %(grade)s %(loose_kg)s kg are in stock and not packed yet; a lot of %(net_kg)s kg cannot be packed.")


class LotSold(Refusal):
    """A lot is sold once."""

    template = N_("Lot %(lot)s was sold with purchase %(number)s.")


class LotOpened(Refusal):
    """A label whose fruit is loose again."""

    template = N_("Lot %(lot)s was unpacked on %(day)s; its label no longer counts.")


class WhyUnpacked(Refusal):
    """An unpacked lot says why."""

    field = "reason"
    template = N_("Say why it is unpacked.")


@dataclass(frozen=True, slots=True)
class LotSeen:
    """A lot as it is shown: `season` is a code, `sold_in` the number of the purchase that has it, or None."""

    lot: Lot
    season: str
    sold_in: str | None
    sold_on: dt.date | None
    buyer_id: int | None
    opening: LotOpening | None

    @property
    def is_free(self) -> bool:
        """Whether it can be sold."""
        return self.sold_in is None and self.opening is None


def pack_lot(desk: Desk, season: Season | str, *, grade: str, net_grams: Grams, once: str | None = None) -> Lot:
    """Pack and label so much of a grade, today. Sent twice under the id `once`, it is one lot.

    :raises NotFound: no such season. :raises WeightOutOfRange: nothing. :raises LotBeyondStock: more than is loose.
    """
    journal.lock(desk)
    season = the_season(desk, season)
    id_, known = sent_before(desk, Lot, once)
    if known is not None:
        return known
    loose = loose_grams(desk, season).get(grade, 0)
    if net_grams <= 0:
        raise WeightOutOfRange(net_kg=format_kg(net_grams), limit_kg=format_kg(max(loose, 0)))
    if net_grams > loose:
        raise LotBeyondStock(grade=grade, loose_kg=format_kg(max(loose, 0)), net_kg=format_kg(net_grams))
    mine = (Lot.collective_id == desk.collective_id, Lot.season_id == season.id)
    number = (desk.session.scalar(select(func.count()).where(*mine)) or 0) + 1
    lot = Lot(
        id=id_, code=f"L{season.code}-{number:04d}"[:64], season_id=season.id, grade=grade, net_grams=net_grams,
        packed_on=desk.today,
    )  # fmt: skip
    return facts.seal(desk, [lot])[0]


def loose_grams(desk: Desk, season: Season | str) -> dict[str, Grams]:
    """Per grade what is in stock and in no lot."""
    packed = packed_grams(desk, season)
    return {line.grade: line.left_grams - packed.get(line.grade, 0) for line in stock(desk, season)}


def packed_grams(desk: Desk, season: Season | str) -> dict[str, Grams]:
    """Per grade what is packed in lots that are neither sold nor unpacked."""
    free = _seen(desk, Lot.season_id == the_season(desk, season).id, *_FREE).subquery()
    rows = desk.session.execute(select(free.c.grade, sum_of(free.c.net_grams)).group_by(free.c.grade))
    return {grade: grams for grade, grams in rows}


def open_lot(desk: Desk, code: str, *, reason: str) -> LotOpening:
    """Unpack a lot: its fruit is loose again. Its label stays known, and says so.

    :raises NotFound, LotSold, LotOpened, WhyUnpacked: as they say.
    """
    journal.lock(desk)
    seen = load_lot(desk, code)
    check_free(desk, seen)
    if not reason.strip():
        raise WhyUnpacked()
    check_note(reason)
    return facts.seal(desk, [LotOpening(lot_id=seen.lot.id, reason=reason.strip())])[0]


def check_free(desk: Desk, seen: LotSeen) -> None:
    """Pass a lot that can be sold. :raises LotSold, LotOpened: as they say."""
    if seen.opening is not None:
        day = seen.opening.recorded_at.astimezone(desk.zone).date()
        raise LotOpened(lot=seen.lot.code, day=day)
    if seen.sold_in is not None:
        raise LotSold(lot=seen.lot.code, number=seen.sold_in)


def load_lot(desk: Desk, code: str) -> LotSeen:
    """:raises NotFound: no lot of that code."""
    row = desk.session.execute(_seen(desk, Lot.code == code)).first()
    if row is None:
        raise NotFound(what=N_("lot"), code=code[:64])
    return LotSeen(*row)


def list_lots(desk: Desk, *conditions: ColumnElement[bool], page: int = 1) -> Page:
    """Lots as :class:`LotSeen`, the latest first."""
    found = paginate(desk.session, _seen(desk, *conditions).order_by(Lot.entry.desc()), page)
    return Page([LotSeen(*row) for row in found.rows], found.number, found.size, found.total)


def list_free_lots(desk: Desk, season: Season, *, page: int = 1) -> Page:
    """The lots of a season that can be bought, as :class:`LotSeen`."""
    return list_lots(desk, Lot.season_id == season.id, *_FREE, page=page)


def list_lots_of_buyer(desk: Desk, buyer: Buyer, *, page: int = 1) -> Page:
    """The lots that a buyer bought, as :class:`LotSeen`, the latest first."""
    return list_lots(desk, _standing.c.buyer_id == buyer.id, page=page)


_later = aliased(Purchase)
_standing = (
    select(LotSale.lot_id, Purchase.number, Purchase.purchased_on, Purchase.buyer_id, LotSale.collective_id)
    .join(
        Purchase,
        (Purchase.collective_id == LotSale.collective_id) & (Purchase.season_id == LotSale.season_id) & (Purchase.number == LotSale.number),
    )
    .outerjoin(_later, (_later.collective_id == Purchase.collective_id) & (_later.reverses_id == Purchase.id))
    .where(_later.id.is_(None))
    .subquery()
)
_FREE = (_standing.c.number.is_(None), LotOpening.id.is_(None))


def _seen(desk: Desk, *conditions: ColumnElement[bool]) -> Select:
    return (
        select(Lot, Season.code, _standing.c.number, _standing.c.purchased_on, _standing.c.buyer_id, LotOpening)
        .join(Season, (Season.collective_id == Lot.collective_id) & (Season.id == Lot.season_id))
        .outerjoin(_standing, (_standing.c.collective_id == Lot.collective_id) & (_standing.c.lot_id == Lot.id))
        .outerjoin(LotOpening, (LotOpening.collective_id == Lot.collective_id) & (LotOpening.lot_id == Lot.id))
        .where(Lot.collective_id == desk.collective_id, *conditions)
    )
