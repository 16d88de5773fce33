"""Answering a dispute: by name, once, and with the reversal that follows from it in the same transaction."""

from __future__ import annotations

from plantation.models import DisputeAnswer
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit.disputes import DisputeAnswered, load_dispute, said
from plantation.services.fruit.weighings import reverse_weighing


def answer_dispute(desk: Desk, dispute_id: int, *, is_upheld: bool, text: str) -> DisputeAnswer:
    """Decide a dispute, once. Upheld, its slip is reversed with the answer as the reason.

    :raises NotFound: there is none of that id. :raises DisputeAnswered, NothingSaid: as they say.
    """
    journal.lock(desk)
    seen = load_dispute(desk, dispute_id)
    if seen.answer is not None:
        day = seen.answer.recorded_at.astimezone(desk.zone).date()
        raise DisputeAnswered(day=day, who=seen.answer.recorded_by)
    answer = DisputeAnswer(dispute_id=dispute_id, is_upheld=is_upheld, text=said(text))
    facts.seal(desk, [answer])
    if is_upheld:
        reverse_weighing(desk, seen.slip, reason=answer.text)
    return answer
