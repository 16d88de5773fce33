"""A household's own slips: its weighings, and its share of weighings for a whole plot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, Subquery, cast, func, select, union_all
from sqlalchemy.orm import aliased

from plantation.errors import N_, NotFound
from plantation.models import Household, JournalEntry, Parcel, Plot, Season, Weighing, WeighingShare
from plantation.services.desk import Desk
from plantation.services.pages import Page, paginate
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams


def own_lines(desk: Desk, household: Household, season_ids: Sequence[int]) -> Subquery:
    """One row a weighing with what of it is the household's: `collective_id` and `weighing_id` (join by both, so that
    SQLite begins with these few rows and not with everybody's weighings), `season_id`, `entry`, `grade`,
    `net_grams`, `amount_fen`, `picking_fen` and `is_share` (1 where the weighing was for a whole plot)."""
    whole = select(
        Weighing.collective_id,
        Weighing.id.label("weighing_id"),
        Weighing.season_id,
        Weighing.entry,
        Weighing.grade,
        Weighing.net_grams,
        Weighing.amount_fen,
        Weighing.picking_fen,
        cast(0, BigInteger).label("is_share"),
    ).where(
        Weighing.collective_id == desk.collective_id,
        Weighing.season_id.in_(season_ids),
        Weighing.household_id == household.id,
    )
    # Grouping by the bare column would lure SQLite into walking all shares in the order of their weighings.
    weighing_id = func.coalesce(WeighingShare.weighing_id, "")
    part = (
        select(
            WeighingShare.collective_id,
            weighing_id,
            WeighingShare.season_id,
            WeighingShare.entry,
            WeighingShare.grade,
            sum_of(WeighingShare.net_grams),
            sum_of(WeighingShare.amount_fen),
            sum_of(WeighingShare.picking_fen),
            cast(1, BigInteger),
        )
        .where(
            WeighingShare.collective_id == desk.collective_id,
            WeighingShare.season_id.in_(season_ids),
            WeighingShare.household_id == household.id,
        )
        .group_by(WeighingShare.collective_id, weighing_id, WeighingShare.season_id, WeighingShare.entry, WeighingShare.grade)
    )
    return union_all(whole, part).subquery("own")


class GradeSum(NamedTuple):
    """What the household delivered of a grade in a season, reversals counted off."""

    season_id: int
    grade: str
    slips: int
    net_grams: Grams
    amount_fen: Fen
    picking_fen: Fen


def delivered(desk: Desk, household: Household, season_ids: Sequence[int]) -> list[GradeSum]:
    """What the household delivered, by season and grade."""
    own = own_lines(desk, household, season_ids)
    rows = desk.session.execute(
        select(
            own.c.season_id,
            own.c.grade,
            func.count(),
            sum_of(own.c.net_grams),
            sum_of(own.c.amount_fen),
            sum_of(own.c.picking_fen),
        ).group_by(own.c.season_id, own.c.grade)
    )
    return sorted(GradeSum(*row) for row in rows)


def grams_by_day(desk: Desk, household: Household, season: Season) -> list[tuple[dt.date, Grams]]:
    """What the household delivered on each day, by day; what was taken back is taken from the day of its slip."""
    own = own_lines(desk, household, [season.id])
    taken_back = aliased(Weighing)
    day = func.coalesce(taken_back.local_date, Weighing.local_date)
    rows = desk.session.execute(
        select(day, sum_of(own.c.net_grams))
        .select_from(own)
        .join(Weighing, (Weighing.collective_id == own.c.collective_id) & (Weighing.id == own.c.weighing_id))
        .outerjoin(
            taken_back,
            (taken_back.collective_id == desk.collective_id) & (taken_back.id == Weighing.reverses_id),
        )
        .group_by(day)
        .order_by(day)
    )
    return [(date, grams) for date, grams in rows if grams]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSlip:
    """A slip as its household reads it. `net_grams`, `amount_fen` and `picking_fen` are the household's own; of a
    weighing for a whole plot (`is_share`) `whole_grams` is all of it."""

    id: str
    slip: str
    season: str
    season_mode: str
    weighed_at: dt.datetime
    local_date: dt.date
    plot: str | None
    parcel: str | None
    grade: str
    gross_grams: Grams
    tare_grams: Grams
    deduction_ppm: int
    net_grams: Grams
    whole_grams: Grams
    is_share: bool
    price_fen_per_kg: Fen | None
    amount_fen: Fen
    picker: str
    piece_rate_fen_per_kg: Fen | None
    picking_fen: Fen
    reason: str
    reverses: str | None
    reversed_by: str | None
    reversed_because: str | None
    recorded_by: str
    recorded_at: dt.datetime
    entry: int
    entry_hash: str


def list_own_slips(desk: Desk, household: Household, seasons: Sequence[Season], *, page: int = 1, size: int = 50) -> Page:
    """The household's slips of `seasons`, the latest first."""
    statement, own = _slips(desk, household, [season.id for season in seasons])
    # Ordered by an expression, so that SQLite does not walk everybody's slips in the order of their times.
    when = func.coalesce(Weighing.weighed_at, Weighing.recorded_at)
    found = paginate(desk.session, statement.order_by(when.desc(), own.c.entry.desc()), page, size)
    return Page([OwnSlip(**row._mapping) for row in found.rows], found.number, found.size, found.total)


def load_own_slip(desk: Desk, household: Household, slip: str) -> OwnSlip:
    """The household's own slip of that number.

    :raises NotFound: there is none, or it is somebody else's: the two cannot be told apart.
    """
    found = desk.session.execute(
        select(Weighing.season_id).where(Weighing.collective_id == desk.collective_id, Weighing.slip == slip)
    ).scalar()
    if found is not None:
        statement, _ = _slips(desk, household, [found])
        row = desk.session.execute(statement.where(Weighing.slip == slip)).one_or_none()
        if row is not None:
            return OwnSlip(**row._mapping)
    raise NotFound(what=N_("slip"), code=slip[:64])


def _slips(desk: Desk, household: Household, season_ids: Sequence[int]) -> tuple[Select[Any], Subquery]:
    own = own_lines(desk, household, season_ids)
    earlier, later = aliased(Weighing), aliased(Weighing)
    mine = desk.collective_id
    statement = (
        select(
            Weighing.id,
            Weighing.slip,
            Season.code.label("season"),
            Season.mode.label("season_mode"),
            Weighing.weighed_at,
            Weighing.local_date,
            Plot.code.label("plot"),
            Parcel.code.label("parcel"),
            Weighing.grade,
            Weighing.gross_grams,
            Weighing.tare_grams,
            Weighing.deduction_ppm,
            own.c.net_grams,
            Weighing.net_grams.label("whole_grams"),
            (own.c.is_share == 1).label("is_share"),
            Weighing.price_fen_per_kg,
            own.c.amount_fen,
            Weighing.picker,
            Weighing.piece_rate_fen_per_kg,
            own.c.picking_fen,
            Weighing.reason,
            earlier.slip.label("reverses"),
            later.slip.label("reversed_by"),
            later.reason.label("reversed_because"),
            Weighing.recorded_by,
            Weighing.recorded_at,
            Weighing.entry,
            JournalEntry.hash.label("entry_hash"),
        )
        .select_from(own)
        .join(Weighing, (Weighing.collective_id == own.c.collective_id) & (Weighing.id == own.c.weighing_id))
        .join(Season, (Season.collective_id == mine) & (Season.id == Weighing.season_id))
        .join(JournalEntry, (JournalEntry.collective_id == mine) & (JournalEntry.sequence == Weighing.entry))
        .outerjoin(Plot, (Plot.collective_id == mine) & (Plot.id == Weighing.plot_id))
        .outerjoin(Parcel, (Parcel.collective_id == mine) & (Parcel.id == Weighing.parcel_id))
        .outerjoin(earlier, (earlier.collective_id == mine) & (earlier.id == Weighing.reverses_id))
        .outerjoin(later, (later.collective_id == mine) & (later.reverses_id == Weighing.id))
    )
    return statement, own
