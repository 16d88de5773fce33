"""Objections: what a household says against its line of a notice, and what the office answers, once and by name."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import func, select

from plantation.errors import N_, NotFound, Refusal
from plantation.models import Household, Notice, Objection, ObjectionAnswer, Season
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.words import check_note


class TextMissing(Refusal):
    """An objection, a dispute or an answer that says nothing."""

    field = "text"
    template = N_("Write in a few words what it is about.")


class AnsweredBefore(Refusal):
    """One answer ends it."""

    template = N_("This was answered on %(day)s by %(who)s.")


class ObjectionsOpen(Refusal):
    """Somebody objected and was not answered."""

    template = N_("Notice %(number)s of season %(season)s has objections that nobody has answered: %(count)s.")


@dataclass(frozen=True, slots=True)
class ObjectionSeen:
    """An objection with its answer, if it has one."""

    objection: Objection
    household: str
    answer: ObjectionAnswer | None


def object_to(desk: Desk, notice: Notice, household: Household, text: str) -> Objection:
    """Log what a household says against a notice, in its words.

    :raises TextMissing: it says nothing. :raises NotFound: the household is not on the notice.
    """
    journal.lock(desk)
    text = _said(text)
    if household.code not in {line[0] for line in json.loads(notice.lines)}:
        raise NotFound(what=N_("household"), code=household.code)
    return facts.seal(desk, [Objection(notice_id=notice.id, household_id=household.id, text=text)])[0]


def answer_objection(desk: Desk, objection_id: int, *, is_upheld: bool, text: str) -> ObjectionAnswer:
    """Answer it, once. Upheld, the slip or the purchase is corrected by reversal and the settlement posted again.

    :raises NotFound: there is none of that id. :raises AnsweredBefore, TextMissing: as they say.
    """
    journal.lock(desk)
    if desk.session.get(Objection, (desk.collective_id, objection_id)) is None:
        raise NotFound(what=N_("objection"), code=str(objection_id))
    before = desk.session.scalar(
        select(ObjectionAnswer).where(ObjectionAnswer.collective_id == desk.collective_id, ObjectionAnswer.objection_id == objection_id)
    )
    if before is not None:
        day = before.recorded_at.astimezone(desk.zone).date()
        raise AnsweredBefore(day=day, who=before.recorded_by)
    return facts.seal(desk, [ObjectionAnswer(objection_id=objection_id, is_upheld=is_upheld, text=_said(text))])[0]


def objections_to(desk: Desk, notice: Notice, household: Household | None = None) -> list[ObjectionSeen]:
    """The objections to a notice (of one household), in their order, each with its answer."""
    statement = (
        select(Objection, Household.code, ObjectionAnswer)
        .join(Household, (Household.collective_id == Objection.collective_id) & (Household.id == Objection.household_id))
        .outerjoin(
            ObjectionAnswer,
            (ObjectionAnswer.collective_id == Objection.collective_id) & (ObjectionAnswer.objection_id == Objection.id),
        )
        .where(Objection.collective_id == desk.collective_id, Objection.notice_id == notice.id)
        .order_by(Objection.entry)
    )
    if household is not None:
        statement = statement.where(Objection.household_id == household.id)
    return [ObjectionSeen(*row) for row in desk.session.execute(statement)]


def check_answered(desk: Desk, season: Season) -> None:
    """Pass when every objection to a notice of the season has its answer, to one that was replaced as well: its household was told that
    the settlement waits. :raises ObjectionsOpen: how many have none, of the latest notice with such."""
    open_ = desk.session.execute(
        select(Notice.number, func.count())
        .join(Objection, (Objection.collective_id == Notice.collective_id) & (Objection.notice_id == Notice.id))
        .outerjoin(
            ObjectionAnswer,
            (ObjectionAnswer.collective_id == Objection.collective_id) & (ObjectionAnswer.objection_id == Objection.id),
        )
        .where(Notice.collective_id == desk.collective_id, Notice.season_id == season.id, ObjectionAnswer.id.is_(None))
        .group_by(Notice.number)
        .order_by(Notice.number.desc())
    ).first()
    if open_ is not None:
        raise ObjectionsOpen(number=open_[0], count=open_[1], season=season.code)


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise TextMissing()
    check_note(text)
    return text
