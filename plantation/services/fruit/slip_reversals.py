"""Reversals of weighings: the mirror of a slip, a row of its own. Nothing is computed again."""

from __future__ import annotations

from dataclasses import replace

from plantation.domain.seasons import local_date
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_inputs import (
    ReasonMissing,
    ReversalDiffers,
    ReversalReversed,
    WeighingInput,
    offset_minutes,
)
from plantation.services.fruit.weighing_slips import Slip, SlipShare
from plantation.units import format_kg, format_percent, format_yuan


def mirror(desk: Desk, given: WeighingInput, original: Slip) -> Slip:
    """The slip that takes `original` back: scale figures and rates repeated, net, amount, picking and shares negated.

    Its time is its own. Slip and mirror sum to zero, line by line.

    :raises ReasonMissing: none was said. :raises ReversalReversed: `original` takes another slip back itself.
    :raises ReversalDiffers: the input says a figure or a place that the slip does not say.
    """
    if not given.reason.strip():
        raise ReasonMissing()
    if original.reverses_id is not None:
        raise ReversalReversed(slip=original.slip)
    _check_repeats(given, original)
    return replace(
        original,
        id=given.id,
        slip=given.slip or "",
        entry=0,
        weighed_at=given.time,
        utc_offset_minutes=offset_minutes(given.time),
        local_date=local_date(given.time, desk.zone),
        net_grams=-original.net_grams,
        amount_fen=-original.amount_fen,
        picking_fen=-original.picking_fen,
        reverses_id=original.id,
        reverses=original.slip,
        reason=given.reason,
        content_hash="",
        recorded_at=desk.now,
        recorded_by=desk.actor,
        shares=tuple(SlipShare(*share[:5], -share.net_grams, -share.amount_fen, -share.picking_fen) for share in original.shares),
    )


def _check_repeats(given: WeighingInput, original: Slip) -> None:
    rate_fen = original.piece_rate_fen_per_kg
    said = (
        ("season", given.season, original.season, str),
        ("household", given.household, original.household, str),
        ("plot", given.plot, original.plot, str),
        ("parcel", given.parcel, original.parcel, str),
        ("grade", given.grade, original.grade, str),
        ("gross_kg", given.gross_grams, original.gross_grams, format_kg),
        ("tare_kg", given.tare_grams, original.tare_grams, format_kg),
        ("deduction_pct", given.deduction_ppm or None, original.deduction_ppm, format_percent),
        ("picker", given.picker, original.picker, str),
        ("piece_rate_yuan_per_kg", given.piece_rate_fen_per_kg or None, rate_fen, format_yuan),
    )
    for field, value, found, shown in said:
        if value not in (None, "") and value != found:
            raise ReversalDiffers(
                slip=original.slip,
                field=field,
                found="–" if found in (None, "") else shown(found),
                given=shown(value),
            )
