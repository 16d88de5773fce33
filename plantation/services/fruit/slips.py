"""Slips: what anybody may learn who holds one, to see that it is real. No names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from plantation.errors import N_, NotFound
from plantation.models import Dispute, DisputeAnswer, Season, Settlement, Weighing
from plantation.models.collectives import Collective


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """A slip without its people. `amount_fen` is None in a pooled season: its part of the pool is worked out by household, in
    the settlement, which has it once `is_settled`."""

    slip: str
    season_code: str
    local_date: dt.date
    grade: str
    gross_grams: int
    tare_grams: int
    deduction_ppm: int
    net_grams: int
    price_fen_per_kg: int | None
    amount_fen: int | None
    reversed_by: str | None
    reverses: str | None
    is_disputed: bool
    is_settled: bool


def check_slip(session: Session, collective: Collective, slip: str) -> SlipFacts:
    """What was recorded under `slip`, and whether it was reversed since.

    :raises NotFound: no slip of that code.
    """
    later, earlier = aliased(Weighing), aliased(Weighing)
    row = session.execute(
        select(Weighing, Season.code, later.slip, earlier.slip)
        .join(Season, (Season.collective_id == Weighing.collective_id) & (Season.id == Weighing.season_id))
        .outerjoin(later, (later.collective_id == Weighing.collective_id) & (later.reverses_id == Weighing.id))
        .outerjoin(earlier, (earlier.collective_id == Weighing.collective_id) & (earlier.id == Weighing.reverses_id))
        .where(Weighing.collective_id == collective.id, Weighing.slip == slip)
    ).one_or_none()
    if row is None:
        raise NotFound(what=N_("slip"), code=slip[:64])
    weighing, season_code, reversed_by, reverses = row
    return SlipFacts(
        slip=weighing.slip,
        season_code=season_code,
        local_date=weighing.local_date,
        grade=weighing.grade,
        gross_grams=weighing.gross_grams,
        tare_grams=weighing.tare_grams,
        deduction_ppm=weighing.deduction_ppm,
        net_grams=weighing.net_grams,
        price_fen_per_kg=weighing.price_fen_per_kg,
        amount_fen=weighing.amount_fen if weighing.price_fen_per_kg is not None else None,
        reversed_by=reversed_by,
        reverses=reverses,
        is_disputed=_is_disputed(session, weighing),
        is_settled=_is_settled(session, weighing),
    )


def _is_disputed(session: Session, weighing: Weighing) -> bool:
    answered = exists().where(DisputeAnswer.collective_id == Dispute.collective_id, DisputeAnswer.dispute_id == Dispute.id)
    mine = (Dispute.collective_id == weighing.collective_id, Dispute.weighing_id == weighing.id)
    return session.scalar(select(Dispute.id).where(*mine, ~answered).limit(1)) is not None


def _is_settled(session: Session, weighing: Weighing) -> bool:
    mine = (Settlement.collective_id == weighing.collective_id, Settlement.season_id == weighing.season_id)
    return session.scalar(select(Settlement.id).where(*mine, Settlement.through_entry >= weighing.entry).limit(1)) is not None
