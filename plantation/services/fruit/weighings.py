"""Weighings: recorded once and never edited; a correction is a reversal that names the slip, and a new weighing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from plantation.errors import N_, NotFound, Refusal
from plantation.models import Season, Weighing
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.fruit.intake import Intake
from plantation.services.fruit.odd_times import doubt_times
from plantation.services.fruit.price_questions import ask_about_prices
from plantation.services.fruit.season_figures import collection_paused
from plantation.services.fruit.slip_numbers import take_slips
from plantation.services.fruit.weighing_inputs import IdReused, Outcome, Status, WeighingInput
from plantation.services.fruit.weighing_lists import DayTotal, day_totals, list_weighings
from plantation.services.fruit.weighing_slips import Slip, read_slips, write_slips
from plantation.services.lookups import the_season

__all__ = [
    "DayTotal",
    "Outcome",
    "Status",
    "WeighingInput",
    "day_totals",
    "list_weighings",
    "load_slip",
    "record_weighing",
    "record_weighings",
    "reverse_weighing",
]


def record_weighings(desk: Desk, inputs: Sequence[WeighingInput]) -> list[Outcome]:
    """Record a batch (a few thousand at most); one outcome an input, in their order. One bad input spoils no other.

    A reversal may stand before the slip it names. Created ones are in the session's transaction: who wants all or
    nothing rolls back when an outcome says so.
    """
    journal.lock(desk)
    with collection_paused():
        return _record(desk, inputs)


def _record(desk: Desk, inputs: Sequence[WeighingInput]) -> list[Outcome]:
    intake = Intake(desk, inputs)
    verdicts: list[tuple[Status, Slip | None, Refusal | None]] = [(Status.REFUSED, None, None)] * len(inputs)
    created: list[Slip] = []
    for place in _originals_first(inputs):
        try:
            slip, is_new = intake.judge(inputs[place])
        except IdReused as refusal:
            verdicts[place] = (Status.CONFLICT, None, refusal)
        except Refusal as refusal:
            verdicts[place] = (Status.REFUSED, None, refusal)
        else:
            verdicts[place] = (Status.CREATED if is_new else Status.DUPLICATE, slip, None)
            if is_new:
                created.append(slip)
    _number(desk, created, intake.spoken_for)
    write_slips(desk, created)
    papers = {given.id: given.paper_price_fen_per_kg for given in inputs if given.paper_price_fen_per_kg is not None}
    notes = doubt_times(desk, created) | ask_about_prices(desk, created, papers)
    return [
        Outcome(given.id, status, slip.slip if slip else None, refusal, notes.get(given.id) if status == Status.CREATED else None)
        for given, (status, slip, refusal) in zip(inputs, verdicts, strict=True)
    ]


def _originals_first(inputs: Sequence[WeighingInput]) -> list[int]:
    """The places in their order, but a reversal after the slip that it names."""
    places = {given.slip: place for place, given in enumerate(inputs) if given.slip}
    early = [place for place, given in enumerate(inputs) if given.reverses and places.get(given.reverses, -1) > place]
    if not early:
        return list(range(len(inputs)))
    waiting = set(early)
    return [place for place in range(len(inputs)) if place not in waiting] + early


def _number(desk: Desk, slips: Sequence[Slip], spoken_for: set[str]) -> None:
    blank: dict[str, list[Slip]] = {}
    for slip in slips:
        if not slip.slip:
            blank.setdefault(slip.season, []).append(slip)
    for season_code, unnumbered in blank.items():
        numbers = take_slips(desk, the_season(desk, season_code), len(unnumbered), spoken_for=spoken_for)
        for slip, number in zip(unnumbered, numbers, strict=True):
            slip.slip = number


def record_weighing(desk: Desk, given: WeighingInput) -> Weighing:
    """Record one; sent again it is the first one.

    :raises Refusal: what the rules do not allow, :class:`.weighing_inputs.IdReused` included.
    """
    outcome = record_weighings(desk, [given])[0]
    if outcome.refusal is not None:
        raise outcome.refusal
    return desk.session.get_one(Weighing, (desk.collective_id, given.id))


def reverse_weighing(desk: Desk, slip: str, *, reason: str, id: str | None = None) -> Weighing:
    """Take `slip` back, now; the new row is its mirror. The same `id` sent again reverses nothing more.

    :raises NotFound: no such slip. :raises Refusal: no reason, a reversal itself, or reversed before.
    """
    season = desk.session.scalar(
        select(Season.code)
        .join(Weighing, (Weighing.collective_id == Season.collective_id) & (Weighing.season_id == Season.id))
        .where(Weighing.collective_id == desk.collective_id, Weighing.slip == slip)
    )
    if season is None:
        raise NotFound(what=N_("slip"), code=slip)
    return record_weighing(
        desk,
        WeighingInput(
            id=id or str(uuid.uuid4()),
            season=season,
            time=desk.now.astimezone(desk.zone),
            reverses=slip,
            reason=reason,
        ),
    )


def load_slip(desk: Desk, slip: str) -> Slip:
    """All that stands on a slip, with its shares. :raises NotFound: no such slip."""
    for found in read_slips(desk, Weighing.slip == slip):
        return found
    raise NotFound(what=N_("slip"), code=slip)
