"""The way to a final settlement in the office: posted, prepared by one person, released by another.

The command line is the operator's: it freezes what it worked out, without these steps.
"""

from __future__ import annotations

from plantation.domain.earnings import Settlement as Computed
from plantation.domain.words import ReleaseSubject
from plantation.errors import Refusal
from plantation.models import Release, Season, Settlement
from plantation.services import releases
from plantation.services.desk import Desk
from plantation.services.money.notices import check_posted, figures_of
from plantation.services.money.settlements import check_seen, freeze_settlement, work_out_settlement
from plantation.units import Fen


def finish_settlement(
    desk: Desk, season: Season | str, *, seen_gross_fen: Fen | None = None, seen_net_fen: Fen | None = None
) -> Settlement | Release:
    """One step further: prepare the settlement of these figures, or release and freeze what somebody else prepared.

    Gives the release when another person must still release it, the settlement once it is final. Without four eyes
    it is final at once. Two who click at the same moment get one settlement.

    :raises NotPosted, StillPosted, ObjectionsOpen: the notice stands in the way. :raises SamePerson: who prepared it
        tries to release it. :raises FiguresMoved: the totals are not those that were on screen.
    :raises Refusal: what :func:`.settlements.work_out_settlement` refuses.
    """
    workings = work_out_settlement(desk, season)
    season, computed = workings.season, workings.computed
    check_seen(computed, seen_gross_fen, seen_net_fen)
    _, digest = figures_of(computed)
    check_posted(desk, season, digest)
    if desk.collective.four_eyes:
        waiting = releases.find_prepared(desk, ReleaseSubject.SETTLEMENT, season.code)
        if waiting is None or waiting.digest != digest:
            return releases.prepare(desk, ReleaseSubject.SETTLEMENT, season.code, digest)
        releases.release(desk, ReleaseSubject.SETTLEMENT, season.code, digest)
    return freeze_settlement(desk, workings)


def what_hinders(desk: Desk, season: Season, computed: Computed) -> Refusal | None:
    """Why who looks at these figures cannot prepare or release them now, said before they try; None when they can."""
    _, digest = figures_of(computed)
    try:
        check_posted(desk, season, digest)
    except Refusal as refusal:
        return refusal
    waiting = releases.find_prepared(desk, ReleaseSubject.SETTLEMENT, season.code) if desk.collective.four_eyes else None
    if waiting is not None and waiting.digest == digest and waiting.recorded_by.casefold() == desk.actor.casefold():
        return releases.SamePerson(who=waiting.recorded_by)
    return None
