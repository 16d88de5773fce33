"""Notices (公示): a season's settlement is posted before it is final, and households may object to it.

A notice holds the figures as they were posted. It can be settled finally while those figures still hold, after the
posting days, and when every objection has its answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from plantation.domain.earnings import Settlement as Computed
from plantation.domain.journal import canonical
from plantation.domain.masking import mask_name
from plantation.domain.seasons import check_over
from plantation.domain.working_days import last_working_day
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Household, Notice, Season
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.lookups import the_season
from plantation.services.money.objections import check_answered
from plantation.services.money.settlements import NothingWeighed, preview_settlement
from plantation.services.once import id_of
from plantation.units import Fen, Grams


class NotPosted(Refusal):
    """The figures were never posted, or they have moved since."""

    template = N_("The settlement of season %(season)s must be posted first: households see it for %(days)s working days.")


class StillPosted(Refusal):
    """The posting days are not over."""

    template = N_("Notice %(number)s of season %(season)s hangs until %(last_day)s; it can be settled finally from the day after.")


class PostedAlready(Refusal):
    """The same figures hang already."""

    template = N_("Notice %(number)s of season %(season)s has these very figures; it hangs until %(last_day)s.")


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One household of a notice. `name` is masked."""

    household: str
    name: str
    net_grams: Grams
    gross_fen: Fen
    deductions_fen: Fen
    picking_fen: Fen
    net_fen: Fen


def figures_of(computed: Computed) -> tuple[str, str]:
    """The lines of a computed settlement as canonical JSON, and their SHA-256: what is posted and what is prepared."""
    lines = canonical([
        [one.household_code, one.net_grams, one.gross_fen, one.deductions_fen, one.picking_fen, one.net_fen]
        for one in computed.households
    ])  # fmt: skip
    return lines.decode(), sha256(lines).hexdigest()


def post_notice(desk: Desk, season: Season | str) -> Notice:
    """Post the settlement of the season as it would be now, from today for the collective's posting days.

    :raises SeasonOpen, NothingWeighed: too early. :raises PostedAlready: nothing has moved since the last notice.
    :raises Refusal: what a settlement refuses.
    """
    journal.lock(desk)
    season = the_season(desk, season)
    check_over(season.code, season.ends_on, desk.now, desk.zone)
    computed = preview_settlement(desk, season)
    if not computed.households:
        raise NothingWeighed(season=season.code)
    lines, digest = figures_of(computed)
    before = latest_notice(desk, season)
    if before is not None and before.digest == digest:
        raise PostedAlready(number=before.number, season=season.code, last_day=before.ends_on)
    number = before.number + 1 if before else 1
    notice = Notice(
        id=id_of(f"notice/{season.code}/{number}"), season_id=season.id, number=number, posted_on=desk.today,
        ends_on=last_working_day(desk.today, max(desk.collective.posting_days, 1)), lines=lines, digest=digest,
    )  # fmt: skip
    return facts.seal(desk, [notice])[0]


def check_posted(desk: Desk, season: Season, digest: str) -> None:
    """Pass when figures with `digest` may be settled finally.

    :raises NotPosted, StillPosted, ObjectionsOpen: as they say. A collective without posting days need not post.
    """
    if desk.collective.posting_days == 0:
        return
    notice = latest_notice(desk, season)
    if notice is None or notice.digest != digest:
        raise NotPosted(season=season.code, days=desk.collective.posting_days)
    check_answered(desk, season)
    if desk.today <= notice.ends_on:
        raise StillPosted(number=notice.number, season=season.code, last_day=notice.ends_on)


def latest_notice(desk: Desk, season: Season) -> Notice | None:
    """The notice of the highest number, None before the first."""
    return desk.session.scalar(
        select(Notice)
        .where(Notice.collective_id == desk.collective_id, Notice.season_id == season.id)
        .order_by(Notice.number.desc())
        .limit(1)
    )


def load_notice(desk: Desk, season: Season, number: int) -> Notice:
    """:raises NotFound: the season has no notice of that number."""
    found = desk.session.scalar(
        select(Notice).where(Notice.collective_id == desk.collective_id, Notice.season_id == season.id, Notice.number == number)
    )
    if found is None:
        raise NotFound(what=N_("notice"), code=str(number))
    return found


def list_notices(desk: Desk, season: Season) -> list[Notice]:
    """All notices of the season, the latest first."""
    return list(
        desk.session.scalars(
            select(Notice).where(Notice.collective_id == desk.collective_id, Notice.season_id == season.id).order_by(Notice.number.desc())
        )
    )


def hanging_notices(desk: Desk, household: Household) -> list[tuple[Notice, str]]:
    """The notices that hang today and name the household, each with its season's code, the latest first. The database looks for
    the household: everybody's lines are not fetched for one."""
    line = f"{canonical([household.code]).decode()[:-1]},"
    rows = desk.session.execute(
        select(Notice, Season.code)
        .join(Season, (Season.collective_id == Notice.collective_id) & (Season.id == Notice.season_id))
        .where(
            Notice.collective_id == desk.collective_id, Notice.posted_on <= desk.today, Notice.ends_on >= desk.today,
            # Not LIKE: to SQLite h001 would be H001.
            func.replace(Notice.lines, line, "") != Notice.lines,
        )
        .order_by(Notice.entry.desc())
        .limit(10)
        .options(defer(Notice.lines))
    )  # fmt: skip
    return [(notice, code) for notice, code in rows]


def lines_of(desk: Desk, notice: Notice) -> list[NoticeLine]:
    """The posted lines, by code, with masked names: what anybody may read."""
    names = dict(desk.session.execute(select(Household.code, Household.name).where(Household.collective_id == desk.collective_id)).all())
    return [NoticeLine(code, mask_name(names.get(code, "")), *figures) for code, *figures in json.loads(notice.lines)]


def own_line(desk: Desk, notice: Notice, household: Household) -> NoticeLine | None:
    """The household's own posted line, None where the notice does not name it. Everybody else's are not read for it."""
    at = notice.lines.find(f"{canonical([household.code]).decode()[:-1]},")
    if at < 0:
        return None
    (code, *figures), _ = json.JSONDecoder().raw_decode(notice.lines, at)
    return NoticeLine(code, mask_name(household.name), *figures)
