"""Disputes (申诉): a household says that a slip is wrong. The slip is frozen until it is answered, and nobody can
settle the season meanwhile; upheld, it is reversed in the same moment, else it stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, select

from plantation.domain.words import DisputeAbout
from plantation.domain.working_days import last_working_day
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Dispute, DisputeAnswer, Household, Season, Weighing, WeighingShare
from plantation.services import facts, journal
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.pages import Page, paginate
from plantation.services.words import check_note
from plantation.units import format_kg


class NothingSaid(Refusal):
    """A dispute or an answer without a word."""

    field = "text"
    template = N_("Write in a few words what is wrong.")


class DisputedNow(Refusal):
    """One dispute about a slip at a time."""

    template = N_("Slip %(slip)s is disputed since %(day)s already; the answer is due by %(due_on)s.")


class SlipFrozen(Refusal):
    """A disputed slip is reversed by the answer and in no other way."""

    template = N_("Slip %(slip)s is disputed: answer the dispute first. Upholding it reverses the slip.")


class SlipReversed(Refusal):
    """There is nothing left to dispute."""

    template = N_("Slip %(slip)s was reversed or is a reversal; it counts nothing that could be disputed.")


class DisputesOpen(Refusal):
    """A season with open disputes is not settled finally."""

    template = N_("Season %(season)s has disputed slips that nobody has answered: %(count)s (%(net_kg)s kg): %(slips)s.")


class DisputeAnswered(Refusal):
    """One answer ends a dispute."""

    template = N_("This dispute was answered on %(day)s by %(who)s.")


FRESH_DAYS = 30


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """A dispute as it is shown: `slip`, `season`, `household` are codes; `answer` is None while it is open."""

    dispute: Dispute
    slip: str
    season: str
    net_grams: int
    household: str
    household_name: str
    answer: DisputeAnswer | None

    def is_overdue(self, today: dt.date) -> bool:
        """Whether the day of the answer has passed without one."""
        return self.answer is None and today > self.dispute.due_on


def open_dispute(desk: Desk, household: Household, slip: str, about: DisputeAbout, text: str = "") -> Dispute:
    """Dispute a slip of the household's own; "other" needs words, the rest may have some. The answer is due within the collective's dispute days.

    :raises NotFound: no such slip, or somebody else's. :raises NothingSaid, DisputedNow, SlipReversed: as they say.
    """
    journal.lock(desk)
    text = said(text) if about == DisputeAbout.OTHER or text.strip() else ""
    weighing = _own_weighing(desk, household, slip)
    taken_back = desk.session.scalar(
        select(Weighing.id).where(Weighing.collective_id == desk.collective_id, Weighing.reverses_id == weighing.id)
    )
    if weighing.reverses_id is not None or taken_back is not None:
        raise SlipReversed(slip=slip)
    current = find_open(desk, weighing.id)
    if current is not None:
        day = current.recorded_at.astimezone(desk.zone).date()
        raise DisputedNow(slip=slip, day=day, due_on=current.due_on)
    due_on = last_working_day(desk.today + dt.timedelta(days=1), desk.collective.dispute_days)
    dispute = Dispute(weighing_id=weighing.id, household_id=household.id, about=about, text=text, due_on=due_on)
    return facts.seal(desk, [dispute])[0]


def find_open(desk: Desk, weighing_id: str) -> Dispute | None:
    """The dispute that freezes a weighing now, or None."""
    return desk.session.scalar(_open(select(Dispute), desk).where(Dispute.weighing_id == weighing_id).limit(1))


def frozen_among(desk: Desk, weighing_ids: list[str]) -> set[str]:
    """Those of `weighing_ids` that are frozen by a dispute now."""
    frozen: set[str] = set()
    for chunk in in_chunks(weighing_ids):
        frozen.update(desk.session.scalars(_open(select(Dispute.weighing_id), desk).where(Dispute.weighing_id.in_(chunk))))
    return frozen


def check_undisputed(desk: Desk, season: Season) -> None:
    """Pass when no slip of the season is disputed. :raises DisputesOpen: with how many, how much and which."""
    rows = desk.session.execute(
        _open(select(Weighing.slip, Weighing.net_grams), desk)
        .join(Weighing, (Weighing.collective_id == Dispute.collective_id) & (Weighing.id == Dispute.weighing_id))
        .where(Weighing.season_id == season.id)
        .order_by(Weighing.slip)
    ).all()
    if rows:
        names = ", ".join(slip for slip, _ in rows[:5]) + (" …" if len(rows) > 5 else "")
        grams = sum(net_grams for _, net_grams in rows)
        raise DisputesOpen(count=len(rows), season=season.code, net_kg=format_kg(grams), slips=names)


def load_dispute(desk: Desk, dispute_id: int) -> DisputeSeen:
    """:raises NotFound: there is none of that id in this collective."""
    row = desk.session.execute(_seen(desk).where(Dispute.id == dispute_id)).one_or_none()
    if row is None:
        raise NotFound(what=N_("dispute"), code=str(dispute_id))
    return DisputeSeen(*row)


def disputes_of_slip(desk: Desk, slip: str, household: Household | None = None) -> list[DisputeSeen]:
    """The history of a slip (as one household sees it), the oldest first."""
    weighing = select(Weighing.id).where(Weighing.collective_id == desk.collective_id, Weighing.slip == slip).scalar_subquery()
    statement = _seen(desk).where(Dispute.weighing_id == weighing).order_by(Dispute.entry)
    if household is not None:
        statement = statement.where(Dispute.household_id == household.id)
    return [DisputeSeen(*row) for row in desk.session.execute(statement)]


def fresh_disputes(desk: Desk, household: Household, *, most: int = 5) -> list[DisputeSeen]:
    """What the household waits for, and what it was answered in the last :data:`FRESH_DAYS` days; the latest said first."""
    answered = DisputeAnswer.recorded_at
    statement = (
        _seen(desk)
        .where(Dispute.household_id == household.id, answered.is_(None) | (answered > desk.now - dt.timedelta(days=FRESH_DAYS)))
        .order_by(Dispute.entry.desc())
        .limit(most)
    )
    return [DisputeSeen(*row) for row in desk.session.execute(statement)]


def list_disputes(desk: Desk, *, page: int = 1) -> Page:
    """Disputes of all seasons: those without an answer first, by the day on which it is due."""
    statement = _seen(desk).order_by(DisputeAnswer.id.is_not(None), Dispute.due_on, Dispute.entry)
    found = paginate(desk.session, statement, page)
    return Page([DisputeSeen(*row) for row in found.rows], found.number, found.size, found.total)


def _seen(desk: Desk) -> Select:
    return (
        select(Dispute, Weighing.slip, Season.code, Weighing.net_grams, Household.code, Household.name, DisputeAnswer)
        .join(Weighing, (Weighing.collective_id == Dispute.collective_id) & (Weighing.id == Dispute.weighing_id))
        .join(Season, (Season.collective_id == Dispute.collective_id) & (Season.id == Weighing.season_id))
        .join(Household, (Household.collective_id == Dispute.collective_id) & (Household.id == Dispute.household_id))
        .outerjoin(
            DisputeAnswer,
            (DisputeAnswer.collective_id == Dispute.collective_id) & (DisputeAnswer.dispute_id == Dispute.id),
        )
        .where(Dispute.collective_id == desk.collective_id)
    )


def _open(statement: Select, desk: Desk) -> Select:
    return (
        statement.select_from(Dispute)
        .outerjoin(
            DisputeAnswer,
            (DisputeAnswer.collective_id == Dispute.collective_id) & (DisputeAnswer.dispute_id == Dispute.id),
        )
        .where(Dispute.collective_id == desk.collective_id, DisputeAnswer.id.is_(None))
    )


def _own_weighing(desk: Desk, household: Household, slip: str) -> Weighing:
    found = desk.session.scalar(select(Weighing).where(Weighing.collective_id == desk.collective_id, Weighing.slip == slip))
    if found is not None and found.household_id is None:
        shares = desk.session.scalar(
            select(WeighingShare.id)
            .where(
                WeighingShare.collective_id == desk.collective_id,
                WeighingShare.weighing_id == found.id,
                WeighingShare.household_id == household.id,
            )
            .limit(1)
        )
        if shares is not None:
            return found
    elif found is not None and found.household_id == household.id:
        return found
    raise NotFound(what=N_("slip"), code=slip[:64])


def said(text: str) -> str:
    """What was typed, without blanks around it. :raises NothingSaid: it is empty."""
    text = text.strip()
    if not text:
        raise NothingSaid()
    check_note(text)
    return text
