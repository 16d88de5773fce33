"""What waits for somebody in the office, counted in one query: the first thing that a manager looks for."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from plantation.domain.words import ReleaseStep
from plantation.models import (
    DeviceState,
    DeviceToken,
    Dispute,
    DisputeAnswer,
    Objection,
    ObjectionAnswer,
    PriceAnswer,
    PriceQuestion,
    Release,
)
from plantation.services.desk import Desk


class Waiting(NamedTuple):
    """How many disputes, objections and questions about prices have no answer, how many things wait for a second person,
    and on how many phones slips wait."""

    disputes: int
    objections: int
    releases: int
    prices: int
    phones: int


def what_waits(desk: Desk) -> Waiting:
    """All of it, now."""
    ended = aliased(Release)
    prepared = Release.step == ReleaseStep.PREPARED
    row = desk.session.execute(
        select(
            _without(desk, Dispute, DisputeAnswer, DisputeAnswer.dispute_id),
            _without(desk, Objection, ObjectionAnswer, ObjectionAnswer.objection_id),
            _without(desk, Release, ended, ended.prepared_id, prepared),
            _without(desk, PriceQuestion, PriceAnswer, PriceAnswer.question_id),
            _phones(desk),
        )
    ).one()
    return Waiting(*row)


def _without(desk: Desk, said: Any, answer: Any, names: Any, *conditions: Any) -> Any:
    answered = exists().where(answer.collective_id == said.collective_id, names == said.id)
    return (
        select(func.count()).select_from(said).where(said.collective_id == desk.collective_id, *conditions, ~answered)
    ).scalar_subquery()


def _phones(desk: Desk) -> Any:
    """Phones that told of slips which they have not sent; a lost one, whose token is revoked, sends nothing any more."""
    state = DeviceState
    return (
        select(func.count())
        .select_from(state)
        .join(DeviceToken, (DeviceToken.collective_id == state.collective_id) & (DeviceToken.id == state.device_id))
        .where(state.collective_id == desk.collective_id, state.waiting > 0, DeviceToken.revoked_at.is_(None))
    ).scalar_subquery()
