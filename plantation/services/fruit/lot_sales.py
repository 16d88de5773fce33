"""Lots in a purchase: a line that names a label takes the lot whole, as the label says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from plantation.errors import N_, Refusal
from plantation.models import Lot, LotSale
from plantation.services import facts
from plantation.services.desk import Desk
from plantation.services.fruit.lots import LotSeen, check_free, load_lot
from plantation.services.fruit.purchase_inputs import LineInput
from plantation.services.fruit.purchase_notes import Note
from plantation.units import format_kg


class LotOfOtherSeason(Refusal):
    """A label of last year."""

    template = N_("Lot %(lot)s is of season %(lot_season)s; this purchase is of season %(season)s.")


class LotDiffers(Refusal):
    """A line that says something else than the label."""

    template = N_("Lot %(lot)s is %(lot_kg)s kg of grade %(lot_grade)s; the line says %(net_kg)s kg of grade %(grade)s.")


class LotTwice(Refusal):
    """The same label twice in one purchase."""

    template = N_("Lot %(lot)s stands on two lines.")


class LotOfPool(Refusal):
    """A lot with a household's name on it."""

    template = N_("Lot %(lot)s is of the common stock: no household stands on its line.")


def read_labels(desk: Desk, lines: Sequence[LineInput]) -> tuple[list[LineInput], dict[int, LotSeen]]:
    """The lines with grade and weight of the lots that they name (0 g and no grade: as the label says), and those lots by the
    number of their line, from 1.

    :raises NotFound: no such lot. :raises LotTwice, LotDiffers, LotOfPool: as they say.
    """
    filled: list[LineInput] = []
    found: dict[int, LotSeen] = {}
    for number, line in enumerate(lines, 1):
        if line.lot is None:
            filled.append(line)
            continue
        seen = load_lot(desk, line.lot)
        grade, grams = seen.lot.grade, seen.lot.net_grams
        if line.source:
            raise LotOfPool(lot=line.lot)
        if line.lot in {one.lot.code for one in found.values()}:
            raise LotTwice(lot=line.lot)
        if (line.grade or grade, line.net_grams or grams) != (grade, grams):
            raise LotDiffers(
                lot=line.lot, lot_kg=format_kg(grams), lot_grade=grade, net_kg=format_kg(line.net_grams or grams),
                grade=line.grade or grade,
            )  # fmt: skip
        found[number] = seen
        filled.append(replace(line, grade=grade, net_grams=grams))
    return filled, found


def check_sale(desk: Desk, note: Note, lots: Mapping[int, LotSeen]) -> None:
    """Pass lots that the purchase may take. :raises LotSold, LotOpened, LotOfOtherSeason: as they say."""
    for seen in lots.values():
        if seen.lot.season_id != note.season_id:
            raise LotOfOtherSeason(lot=seen.lot.code, lot_season=seen.season, season=note.season)
        check_free(desk, seen)


def sell_lots(desk: Desk, note: Note, lots: Mapping[int, LotSeen]) -> None:
    """Seal which lots the lines of a purchase that was just recorded are; `lots` by the number of the line, from 1."""
    facts.seal(desk, [
        LotSale(lot_id=seen.lot.id, season_id=note.season_id, number=note.number, line=line)
        for line, seen in sorted(lots.items())
    ])  # fmt: skip


def lots_of(desk: Desk, note: Note) -> dict[int, Lot]:
    """The lots that a purchase took, by the number of its line."""
    rows = desk.session.execute(
        select(LotSale.line, Lot)
        .join(Lot, (Lot.collective_id == LotSale.collective_id) & (Lot.id == LotSale.lot_id))
        .where(LotSale.collective_id == desk.collective_id, LotSale.season_id == note.season_id, LotSale.number == note.number)
    )
    return {line: lot for line, lot in rows}
