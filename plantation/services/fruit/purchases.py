"""Purchases: what buyers bought, line by line; never edited, a correction is a reversal and a new purchase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select

from plantation.domain.season_totals import PurchaseTotal
from plantation.domain.settlement import settle
from plantation.errors import N_, NotFound
from plantation.models import Buyer, Purchase, PurchaseLine, Season
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.fruit.buyers import load_buyer, meet_buyers
from plantation.services.fruit.lot_sales import check_sale, read_labels, sell_lots
from plantation.services.fruit.purchase_inputs import LineInput, PurchaseInput
from plantation.services.fruit.purchase_intake import PurchaseIntake, PurchaseOutcome
from plantation.services.fruit.purchase_notes import Note, read_notes, write_notes
from plantation.services.fruit.season_figures import gather_figures
from plantation.services.lookups import check_day, the_season
from plantation.services.pages import Page, paginate
from plantation.services.sums import sum_of

__all__ = [
    "LineInput",
    "PurchaseInput",
    "PurchaseOutcome",
    "list_purchases",
    "load_purchase",
    "record_purchase",
    "record_purchases",
    "reverse_purchase",
]


def record_purchases(desk: Desk, inputs: Sequence[PurchaseInput]) -> list[PurchaseOutcome]:
    """Record many; one outcome an input, in their order. Historic facts: not held against the stock.

    A buyer who is not there yet is created. A purchase of the same number and content is a duplicate.
    """
    journal.lock(desk)
    intake = PurchaseIntake(desk, inputs, meet_buyers(desk, (one.buyer for one in inputs)))
    outcomes = [intake.judge(given) for given in inputs]
    write_notes(desk, intake.created)
    return outcomes


def record_purchase(desk: Desk, given: PurchaseInput, *, beyond_stock: bool = False) -> Note:
    """Record one of a buyer who is there; sent again it is the first one.

    What would make the settlement refuse (more bought than weighed, or than the household delivered) is refused at
    once with the same figures, unless `beyond_stock`: weighings may still be on their way. A line that names a lot is that
    lot, whole.

    :raises Refusal: what the rules do not allow.
    """
    journal.lock(desk)
    check_day(desk, given.date)
    buyer = load_buyer(desk, given.buyer)
    lines, lots = read_labels(desk, given.lines)
    given = replace(given, lines=lines)
    intake = PurchaseIntake(desk, [given], {buyer.code: buyer.id})
    outcome = intake.judge(given)
    if outcome.refusal is not None:
        raise outcome.refusal
    for note in intake.created:
        check_sale(desk, note, lots)
        if note.reverses_id is None and not beyond_stock:
            _check_stock(desk, note)
    write_notes(desk, intake.created)
    for note in intake.created:
        sell_lots(desk, note, lots)
    return load_purchase(desk, given.season, str(outcome.number))


def _check_stock(desk: Desk, note: Note) -> None:
    terms, deliveries, purchases = gather_figures(desk, the_season(desk, note.season), grades={line.grade for line in note.lines})
    wanted = [PurchaseTotal(line.source, line.grade, line.net_grams, line.amount_fen) for line in note.lines]
    settle(terms, deliveries, [*purchases, *wanted])


def reverse_purchase(desk: Desk, season: Season | str, number: str, *, reason: str, once: str | None = None) -> Note:
    """Take a purchase back, today; the new one has the same lines with negative weights.

    :raises NotFound: no such purchase. :raises Refusal: no reason, a reversal itself, or reversed before.
    """
    original = load_purchase(desk, season, number)
    return record_purchase(
        desk,
        PurchaseInput(season=original.season, date=desk.today, buyer=original.buyer, reverses=number, reason=reason, once=once),
    )


def load_purchase(desk: Desk, season: Season | str, number: str) -> Note:
    """A purchase with its lines. :raises NotFound: no such season or number."""
    for note in read_notes(desk, Purchase.season_id == the_season(desk, season).id, Purchase.number == number):
        return note
    raise NotFound(what=N_("purchase"), code=number)


def list_purchases(desk: Desk, *, season: Season | str | None = None, buyer: Buyer | str | None = None, page: int = 1) -> Page:
    """Purchases, the latest first. A row has `id`, `number`, `season`, `purchased_on`, `buyer`, `buyer_name`, `lines`
    (how many), `net_grams`, `amount_fen`, `reverses_id`, `reason` and `reversed_by` (a number, or None)."""
    mine = Purchase.collective_id == desk.collective_id
    totals = (
        select(
            PurchaseLine.purchase_id,
            func.count().label("lines"),
            sum_of(PurchaseLine.net_grams).label("net_grams"),
            sum_of(PurchaseLine.amount_fen).label("amount_fen"),
        )
        .where(PurchaseLine.collective_id == desk.collective_id)
        .group_by(PurchaseLine.purchase_id)
        .subquery()
    )
    reversal = select(Purchase.reverses_id, Purchase.number).where(mine, Purchase.reverses_id.is_not(None)).subquery()
    statement = (
        select(
            Purchase.id,
            Purchase.number,
            Season.code.label("season"),
            Purchase.purchased_on,
            Buyer.code.label("buyer"),
            Buyer.name.label("buyer_name"),
            totals.c.lines,
            totals.c.net_grams,
            totals.c.amount_fen,
            Purchase.reverses_id,
            Purchase.reason,
            reversal.c.number.label("reversed_by"),
        )
        .join(Season, (Season.collective_id == Purchase.collective_id) & (Season.id == Purchase.season_id))
        .join(Buyer, (Buyer.collective_id == Purchase.collective_id) & (Buyer.id == Purchase.buyer_id))
        .join(totals, totals.c.purchase_id == Purchase.id)
        .outerjoin(reversal, reversal.c.reverses_id == Purchase.id)
        .where(mine)
        .order_by(Purchase.purchased_on.desc(), Purchase.entry.desc())
    )
    if season is not None:
        statement = statement.where(Purchase.season_id == the_season(desk, season).id)
    if buyer is not None:
        code = buyer.code if isinstance(buyer, Buyer) else buyer
        statement = statement.where(Purchase.buyer_id == load_buyer(desk, code).id)
    return paginate(desk.session, statement, page)
