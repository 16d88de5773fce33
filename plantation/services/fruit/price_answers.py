"""Answering for a slip whose paper says another price: by name, once, and with the slip that follows from it.

Where the paper's price counts, the slip is taken back and the same fruit is recorded once more under the price sheet that
the paper was printed with: on the nearest day on which that sheet was in force. So the price of every slip still follows
from its day, and the household sees both slips with the answer as the reason.
"""

from __future__ import annotations

import datetime as dt
import uuid

from plantation.domain.pricing import day_of_price
from plantation.domain.words import PriceDecision
from plantation.errors import N_, Refusal
from plantation.models import PriceAnswer
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit.price_questions import PriceSeen, load_question
from plantation.services.fruit.weighing_inputs import WeighingInput
from plantation.services.fruit.weighings import load_slip, record_weighing, reverse_weighing
from plantation.services.lookups import price_sheets, the_season
from plantation.services.words import check_note
from plantation.units import format_yuan


class PriceAnswered(Refusal):
    """One answer ends a question."""

    template = N_("This question was answered on %(day)s by %(who)s.")


class NoWord(Refusal):
    """What is made good is made good in some way."""

    field = "text"
    template = N_("Write in a few words what is done.")


class NoSuchSheet(Refusal):
    """A paper with a price that was never posted."""

    field = "decision"
    template = N_(
        "No price sheet of season %(season)s ever said %(price_yuan)s yuan per kg for grade %(grade)s: the slip cannot be recorded at it."
    )


def answer_question(desk: Desk, question_id: int, *, decision: PriceDecision, text: str) -> PriceAnswer:
    """Decide, once: the season's price stands; the difference is made good outside the books as the text says; or the paper's
    price counts, and the slip is taken back and recorded at it in the same transaction.

    :raises NotFound: there is none of that id. :raises PriceAnswered, NoWord, NoSuchSheet: as they say.
    :raises Refusal: the slip cannot be taken back (it was before, or it is disputed).
    """
    journal.lock(desk)
    seen = load_question(desk, question_id)
    if seen.answer is not None:
        day = seen.answer.recorded_at.astimezone(desk.zone).date()
        raise PriceAnswered(day=day, who=seen.answer.recorded_by)
    if not text.strip():
        raise NoWord()
    check_note(text)
    answer = PriceAnswer(question_id=question_id, decision=decision, text=text.strip())
    facts.seal(desk, [answer])
    if decision is PriceDecision.PAPER:
        _record_at_paper(desk, seen, answer.text)
    return answer


def _record_at_paper(desk: Desk, seen: PriceSeen, reason: str) -> None:
    slip = load_slip(desk, seen.slip)
    season = the_season(desk, slip.season)
    price = seen.question.paper_price_fen_per_kg
    sheet = price_sheets(desk, [season])[season.id]
    day = day_of_price(sheet, slip.grade, price, slip.local_date, season.starts_on, season.ends_on)
    if day is None or slip.price_fen_per_kg is None:
        raise NoSuchSheet(season=season.code, price_yuan=format_yuan(price), grade=slip.grade)
    reverse_weighing(desk, slip.slip, reason=reason)
    time = dt.datetime.combine(day, slip.weighed_at.astimezone(desk.zone).time(), desk.zone)
    record_weighing(
        desk,
        WeighingInput(
            id=str(uuid.uuid4()), season=season.code, time=time, household=slip.household, plot=slip.plot, parcel=slip.parcel,
            grade=slip.grade, gross_grams=slip.gross_grams, tare_grams=slip.tare_grams, deduction_ppm=slip.deduction_ppm,
            picker=slip.picker, piece_rate_fen_per_kg=slip.piece_rate_fen_per_kg, reason=f"{slip.slip}: {reason}"[:1000],
        ),
    )  # fmt: skip
