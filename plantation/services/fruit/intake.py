"""The intake of weighings: what a batch refers to is gathered in a few queries, then each input gets its verdict.

Accepted, it becomes a :class:`.weighing_slips.Slip`; sent again, it is a duplicate; under a used id with other content, a
conflict; else it is refused, with the reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from plantation.domain.pricing import price_on
from plantation.domain.seasons import check_within, local_date
from plantation.domain.weighing import PLOT_LIMIT_GRAMS, Weighed, net_grams, weigh
from plantation.domain.words import SeasonMode
from plantation.errors import N_, NotFound
from plantation.models import Season, Weighing
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.fruit.disputes import SlipFrozen, frozen_among
from plantation.services.fruit.slip_numbers import SlipTaken, lent_slips, taken_slips
from plantation.services.fruit.slip_reversals import mirror
from plantation.services.fruit.weighing_inputs import (
    RateOutOfRange,
    ReversedTwice,
    TimeAhead,
    WeighingInput,
    check_same,
    check_texts,
    offset_minutes,
)
from plantation.services.fruit.weighing_places import Place, Places, share_lines
from plantation.services.fruit.weighing_slips import Slip, SlipShare, content_hash, read_slips
from plantation.services.lookups import price_sheets, seasons_by_code
from plantation.services.words import FieldMissing
from plantation.units import Fen, Grams, format_yuan

ONE_DAY = dt.timedelta(days=1)
RATE_LIMIT_FEN: Fen = 1_000_000


def check_rate(rate_fen: Fen) -> None:
    """Pass a price or piece rate, per kg, from 0 to 10,000 yuan. :raises RateOutOfRange: any other."""
    if not 0 <= rate_fen <= RATE_LIMIT_FEN:
        raise RateOutOfRange(rate_yuan=format_yuan(rate_fen), limit_yuan=format_yuan(RATE_LIMIT_FEN))


class Intake:
    """The verdicts on one batch. The journal must be locked before it is made."""

    def __init__(self, desk: Desk, inputs: Sequence[WeighingInput]) -> None:
        self._desk = desk
        self._seasons = seasons_by_code(desk, (one.season for one in inputs))
        self._sheets = price_sheets(desk, self._seasons.values())
        self._prices: dict[tuple[int, str, dt.date], Fen] = {}
        self._places = Places(desk, inputs)
        self._known = {slip.id: slip for slip in _read(desk, Weighing.id, (one.id for one in inputs))}
        reversed_slips = (one.reverses for one in inputs if one.reverses)
        self._by_slip = {slip.slip: slip for slip in _read(desk, Weighing.slip, reversed_slips)}
        self._frozen = frozen_among(desk, [slip.id for slip in self._by_slip.values()])
        self._reversed_by = _reversals_of(desk, (slip.id for slip in self._by_slip.values()))
        self.spoken_for = {one.slip for one in inputs if one.slip}
        self._taken = taken_slips(desk, self.spoken_for)
        self._lent = lent_slips(desk, self._seasons.values(), self.spoken_for)

    def judge(self, given: WeighingInput) -> tuple[Slip, bool]:
        """The slip of `given`, and whether it is new (else it was sent before). A blank number stays blank.

        :raises IdReused: the id belongs to another content. :raises Refusal: the rules do not allow it.
        """
        check_texts(given)
        offset_minutes(given.time)
        known = self._known.get(given.id)
        if known is not None:
            check_same(given, known)
            return known, False
        season = self._seasons.get(given.season)
        if season is None:
            raise NotFound(what=N_("season"), code=given.season)
        now = self._desk.now
        if given.time > now + ONE_DAY:
            raise TimeAhead(time=given.time, now=now.astimezone(self._desk.zone))
        if given.slip in self._taken:
            raise SlipTaken(slip=given.slip)
        lent = self._lent.get(given.slip or "")
        if lent is not None and lent.device != self._desk.actor and lent.request != given.lease:
            raise lent.refusal(given.slip)
        slip = self._mirror(given) if given.reverses else self._weigh(given, season)
        slip.content_hash = content_hash(slip)
        self._known[slip.id] = slip
        if slip.slip:
            self._taken.add(slip.slip)
            self._by_slip[slip.slip] = slip
        if slip.reverses_id:
            self._reversed_by[slip.reverses_id] = slip.slip or slip.id
        return slip, True

    def _mirror(self, given: WeighingInput) -> Slip:
        original = self._by_slip.get(str(given.reverses))
        if original is None:
            raise NotFound(what=N_("slip"), code=given.reverses)
        slip = mirror(self._desk, given, original)
        if original.id in self._frozen:
            raise SlipFrozen(slip=original.slip)
        if original.id in self._reversed_by:
            raise ReversedTwice(slip=original.slip, by=self._reversed_by[original.id])
        return slip

    def _weigh(self, given: WeighingInput, season: Season) -> Slip:
        day = local_date(given.time, self._desk.zone)
        if not given.reason.strip():
            check_within(season.code, season.starts_on, season.ends_on, day)
        place = self._places.find(given)
        lines = _lines(given, place)
        weighed = weigh(
            given.gross_grams, given.tare_grams, given.deduction_ppm or 0, lines, price_fen_per_kg=self._price(season, given.grade, day),
            piece_rate_fen_per_kg=given.piece_rate_fen_per_kg or 0, limit_grams=PLOT_LIMIT_GRAMS,
        )  # fmt: skip
        return self._slip(given, season, day, place, weighed)

    def _slip(self, given: WeighingInput, season: Season, day: dt.date, place: Place, weighed: Weighed) -> Slip:
        return Slip(
            id=given.id, slip=given.slip or "", season_id=season.id, season=season.code,
            weighed_at=given.time, utc_offset_minutes=offset_minutes(given.time), local_date=day,
            household_id=place.household_id, household=place.household,
            plot_id=place.plot_id, plot=given.plot or None, parcel_id=place.parcel_id, parcel=given.parcel or None,
            grade=given.grade, gross_grams=weighed.gross_grams, tare_grams=weighed.tare_grams, deduction_ppm=weighed.deduction_ppm,
            net_grams=weighed.net_grams, price_fen_per_kg=weighed.price_fen_per_kg, amount_fen=weighed.amount_fen,
            picker=given.picker, piece_rate_fen_per_kg=given.piece_rate_fen_per_kg, picking_fen=weighed.picking_fen,
            reason=given.reason, recorded_at=self._desk.now, recorded_by=self._desk.actor, shares=_shares(place, weighed),
        )  # fmt: skip

    def _price(self, season: Season, grade: str, day: dt.date) -> Fen | None:
        if season.mode != SeasonMode.POSTED:
            return None
        key = (season.id, grade, day)
        if key not in self._prices:
            self._prices[key] = price_on(self._sheets[season.id], grade, day)
        return self._prices[key]


def _lines(given: WeighingInput, place: Place) -> list[tuple[str, str | None, Grams]]:
    """Whose the net weight is, as :func:`.share_lines` says it. :raises Refusal: a figure is missing, or cannot be."""
    if given.gross_grams is None:
        raise FieldMissing(field=N_("The gross weight"))
    if given.tare_grams is None:
        raise FieldMissing(field=N_("The tare"))
    if given.piece_rate_fen_per_kg is not None:
        check_rate(given.piece_rate_fen_per_kg)
    net = net_grams(given.gross_grams, given.tare_grams, given.deduction_ppm or 0, limit_grams=PLOT_LIMIT_GRAMS)
    return share_lines(place, given.parcel, net)


def _shares(place: Place, weighed: Weighed) -> tuple[SlipShare, ...]:
    """Each parcel's part of what was weighed for a plot; none of what is one household's."""
    if place.household is not None:
        return ()
    return tuple(
        SlipShare(
            parcel.id, parcel.code, parcel.household_id or 0, line.household_code, parcel.area_dm2,
            line.net_grams, line.amount_fen, line.picking_fen,
        )
        for parcel, line in zip(place.parcels, weighed.lines, strict=True)
    )  # fmt: skip


def _read(desk: Desk, column, values: Iterable[str]) -> Iterable[Slip]:
    for chunk in in_chunks(dict.fromkeys(values)):
        yield from read_slips(desk, column.in_(chunk))


def _reversals_of(desk: Desk, ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in in_chunks(ids):
        rows = desk.session.execute(
            select(Weighing.reverses_id, Weighing.slip).where(Weighing.collective_id == desk.collective_id, Weighing.reverses_id.in_(chunk))
        )
        found.update((reverses_id, slip) for reverses_id, slip in rows if reverses_id is not None)
    return found
