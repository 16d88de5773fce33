"""Settling a season: preview it as often as you like, freeze it once it is over.

A settlement is cumulative: what was corrected after number 1 comes into number 2, which computes the whole season
again; what moves is the difference.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import or_, select

from plantation.domain.difference import HouseholdDifference, difference
from plantation.domain.earnings import Settlement as Computed
from plantation.domain.seasons import check_over
from plantation.domain.settlement import settle
from plantation.errors import N_, Refusal
from plantation.models import Household, Purchase, Season, Settlement, Weighing
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.fruit.disputes import check_undisputed
from plantation.services.fruit.price_questions import check_prices_answered
from plantation.services.fruit.season_figures import collection_paused, gather_figures
from plantation.services.lookups import codes_by_id, the_season
from plantation.services.money.advances import recover_advances
from plantation.services.money.earnings import EarningsRow, earnings_all, earnings_rows
from plantation.services.money.explanations import Explanation, explain
from plantation.services.money.previews import preview_settlement, seen_settlement
from plantation.services.money.settlement_records import freeze, parse_terms, read_lines, write_terms
from plantation.services.money.statements import SeasonEarnings, earnings_of
from plantation.units import Fen, format_yuan

__all__ = [
    "EarningsRow",
    "Explanation",
    "FiguresMoved",
    "GrossMoved",
    "NothingChanged",
    "NothingWeighed",
    "SeasonEarnings",
    "Workings",
    "came_after",
    "changed_since",
    "check_seen",
    "check_settleable",
    "earnings_all",
    "earnings_of",
    "earnings_rows",
    "explain",
    "freeze_settlement",
    "latest_settlement",
    "preview_settlement",
    "seen_settlement",
    "settle_season",
    "settled",
    "settlement_difference",
    "work_out_settlement",
]


class NothingChanged(Refusal):
    """Two managers at once, or twice by the same: one settlement."""

    template = N_("Nothing has changed in season %(season)s since settlement %(number)s.")


class NothingWeighed(Refusal):
    """A season in which nobody delivered anything owes nobody anything."""

    template = N_("Nothing was weighed in season %(season)s, so there is nothing to settle.")


class FiguresMoved(Refusal):
    """Fruit or money came in between the look and the click."""

    template = N_(
        "Season %(season)s has moved since you looked: net earnings are %(now_yuan)s yuan now,"
        " not %(seen_yuan)s. Look at them again, then settle."
    )


class GrossMoved(FiguresMoved):
    """Fruit and picking moved by the same: only the gross shows it."""

    template = N_(
        "Season %(season)s has moved since you looked: gross earnings are %(now_yuan)s yuan now,"
        " not %(seen_yuan)s. Look at them again, then settle."
    )


class Workings(NamedTuple):
    """A season that may be frozen now: the journal is locked, so that nothing can be weighed or bought meanwhile.

    `terms` is the deduction sheet and tolerance as canonical JSON, `households` all the collective's codes by id.
    """

    season: Season
    number: int
    terms: str
    households: dict[int, str]
    computed: Computed


def work_out_settlement(desk: Desk, season: Season | str) -> Workings:
    """The season's next settlement, of all that is recorded by now, not frozen yet. It locks the journal.

    :raises SeasonOpen, NothingChanged, DisputesOpen, PricesOpen, NothingWeighed: as they say.
    :raises Refusal: what :func:`plantation.domain.settlement.settle` refuses.
    """
    journal.lock(desk)
    season = the_season(desk, season)
    before = check_settleable(desk, season)
    terms = write_terms(desk, season)
    households = codes_by_id(desk, Household)
    with collection_paused():
        computed = settle(*gather_figures(desk, season, terms=parse_terms(terms), households=households))
    if not computed.households and before is None:
        raise NothingWeighed(season=season.code)
    return Workings(season, before.number + 1 if before else 1, terms, households, computed)


def freeze_settlement(desk: Desk, workings: Workings, *, takes_advances: bool = True) -> Settlement:
    """Freeze what was worked out in this transaction; then take what households have open in advances from what it owes them (not
    when a settlement is read from files, whose payments come with it)."""
    season, number, terms, households, computed = workings
    through, _ = journal.lock(desk)  # a release may have been entered since
    settlement = freeze(desk, season, computed, number=number, through=through, terms=terms, households=households)
    if takes_advances:
        recover_advances(desk, season, computed, households)
    return settlement


def settle_season(
    desk: Desk,
    season: Season | str,
    *,
    seen_gross_fen: Fen | None = None,
    seen_net_fen: Fen | None = None,
    takes_advances: bool = True,
) -> Settlement:
    """Work the season's settlement out and freeze it: :func:`work_out_settlement`, :func:`freeze_settlement`.

    `seen_gross_fen` and `seen_net_fen` are the totals that were on screen: if they have moved, nothing is frozen.

    :raises FiguresMoved: as it says. :raises Refusal: what :func:`work_out_settlement` refuses.
    """
    with collection_paused():
        workings = work_out_settlement(desk, season)
        check_seen(workings.computed, seen_gross_fen, seen_net_fen)
        settlement = freeze_settlement(desk, workings, takes_advances=takes_advances)
        del workings  # before the collector is let loose again, which would look through all of it
    return settlement


def check_seen(computed: Computed, gross_fen: Fen | None, net_fen: Fen | None) -> None:
    """Pass when the totals are those that were on screen; None was on none. :raises FiguresMoved, GrossMoved: they have moved."""
    moved = ((FiguresMoved, net_fen, computed.net_fen), (GrossMoved, gross_fen, computed.gross_fen))
    for refusal, seen, now in moved:
        if seen is not None and seen != now:
            raise refusal(season=computed.season_code, now_yuan=format_yuan(now), seen_yuan=format_yuan(seen))


def check_settleable(desk: Desk, season: Season) -> Settlement | None:
    """Pass when the season may be settled finally now; its latest final settlement, if there is one.

    :raises SeasonOpen, NothingChanged, DisputesOpen, PricesOpen: as they say.
    """
    check_over(season.code, season.ends_on, desk.now, desk.zone)
    before = latest_settlement(desk, season)
    if before is not None and not came_after(desk, season, before.through_entry):
        raise NothingChanged(season=season.code, number=before.number)
    check_undisputed(desk, season)
    check_prices_answered(desk, season)
    return before


def latest_settlement(desk: Desk, season: Season | str) -> Settlement | None:
    """The final settlement of the highest number, None while there is none."""
    return desk.session.scalar(
        select(Settlement)
        .where(Settlement.collective_id == desk.collective_id, Settlement.season_id == the_season(desk, season).id)
        .order_by(Settlement.number.desc())
        .limit(1)
    )


def settled(desk: Desk, season: Season | str) -> bool:
    """Whether the season was settled finally, so that its terms can no longer change."""
    return latest_settlement(desk, season) is not None


def changed_since(desk: Desk, season: Season | str) -> bool:
    """Whether anything was recorded for the season after its latest final settlement (or at all, before the first)."""
    season = the_season(desk, season)
    before = latest_settlement(desk, season)
    return came_after(desk, season, before.through_entry if before else 0)


def settlement_difference(desk: Desk, record: Settlement) -> tuple[HouseholdDifference, ...]:
    """What this settlement moved: household by household, this one minus the number before, those that moved only."""
    before = desk.session.scalar(
        select(Settlement).where(
            Settlement.collective_id == desk.collective_id,
            Settlement.season_id == record.season_id,
            Settlement.number == record.number - 1,
        )
    )
    lines = difference(read_lines(desk, record), read_lines(desk, before) if before else [])
    return tuple(line for line in lines if line.moved)


def came_after(desk: Desk, season: Season, entry: int) -> bool:
    """Whether anything was weighed or bought in the season after that entry of the journal."""
    came = [
        select(table.id).where(table.collective_id == desk.collective_id, table.season_id == season.id, table.entry > entry).exists()
        for table in (Weighing, Purchase)
    ]
    return bool(desk.session.scalar(select(or_(*came))))
