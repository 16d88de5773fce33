"""What the slips of a season say beside their sums, kept between requests (kept.py): what the queue of differences looks for.

Sums are added to. What cannot be (the largest slip, slips seconds apart, a weigher's day) is found anew for the
households and days that something came in for, or was taken back from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import case, func, select, tuple_, union_all
from sqlalchemy.orm import aliased

from plantation.domain import differences as rules
from plantation.domain.clocks import OddDay
from plantation.domain.differences import Series
from plantation.models import Season, Weighing
from plantation.services.desk import Desk
from plantation.services.fruit.kept import Keeper, added, between
from plantation.services.fruit.odd_times import odd_days
from plantation.services.fruit.seconds import seconds_between
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams

# Of so many that something came in for each is found by itself.
FEW = 1_000


class Pair(NamedTuple):
    """A slip and the one of the same household that came so soon before it."""

    before: str
    slip: str
    seconds: int
    net_grams: Grams
    amount_fen: Fen


class Place(NamedTuple):
    """What a slip names; None where it does not."""

    household_id: int | None
    parcel_id: int | None
    plot_id: int | None


@dataclass(frozen=True, slots=True)
class SlipFigures:
    """Of a season, by now. Only `places` have what was taken back in them, once with either sign.

    `places`: what was weighed by what the slips name; `largest`: each household's heaviest slip; `pairs`: by household, those seconds apart; `series`: by weigher and day, those
    long enough to be one; `odd_days`: by device and day, those whose date is doubtful.
    """

    places: Mapping[Place, tuple[Grams]] = field(default_factory=dict)
    largest: Mapping[int, Grams] = field(default_factory=dict)
    pairs: Mapping[int, tuple[Pair, ...]] = field(default_factory=dict)
    series: Mapping[tuple[str, dt.date], Series] = field(default_factory=dict)
    odd_days: Mapping[tuple[str, dt.date], OddDay] = field(default_factory=dict)


def standing(desk: Desk, season: Season) -> tuple[Any, ...]:
    """Conditions for slips that were not taken back and take nothing back. Those taken back are few, and found through an
    index of the reversals alone."""
    earlier, back = aliased(Weighing), aliased(Weighing)
    taken_back = (
        select(earlier.entry)
        .join(back, (back.collective_id == earlier.collective_id) & (back.reverses_id == earlier.id))
        .where(back.collective_id == desk.collective_id, back.season_id == season.id, back.reverses_id.is_not(None))
    )
    return (
        Weighing.collective_id == desk.collective_id, Weighing.season_id == season.id, Weighing.reverses_id.is_(None),
        Weighing.entry.not_in(taken_back),
    )  # fmt: skip


def _follow(desk: Desk, season: Season, before: SlipFigures, after: int, through: int) -> SlipFigures:
    households, days = map(_few, _touched(desk, season, after, through)) if after else (None, None)
    return SlipFigures(
        added(before.places, _places(desk, season, after, through)),
        _renewed(before.largest, households, lambda: _largest(desk, season, households)),
        _renewed(before.pairs, households, lambda: _pairs(desk, season, households)),
        _renewed(before.series, days, lambda: _series(desk, season, days)),
        _renewed(before.odd_days, days, lambda: odd_days(desk, season, standing(desk, season), days)),
    )


def _few(keys: set[Any]) -> set[Any] | None:
    """None, for everything, where so many are touched that a walk over all is the shorter way."""
    return keys if len(keys) <= FEW else None


def _renewed(before: Mapping[Any, Any], touched: set[Any] | None, find: Callable[[], dict[Any, Any]]) -> Mapping[Any, Any]:
    if touched is None:
        return find()
    if not touched:
        return before
    return {key: value for key, value in before.items() if key not in touched} | find()


def _touched(desk: Desk, season: Season, after: int, through: int) -> tuple[set[int], set[tuple[str, dt.date]]]:
    """The households, and the weighers' days, of what came in and of what was taken back."""
    earlier = aliased(Weighing)
    new = select(Weighing.household_id, Weighing.recorded_by, Weighing.local_date).distinct()
    back = (
        select(earlier.household_id, earlier.recorded_by, earlier.local_date)
        .select_from(Weighing)
        .join(earlier, (earlier.collective_id == Weighing.collective_id) & (earlier.id == Weighing.reverses_id))
    )
    rows = desk.session.execute(union_all(*(between(one, Weighing, desk, season, after, through) for one in (new, back)))).all()
    return {household_id for household_id, _, _ in rows if household_id is not None}, {(weigher, day) for _, weigher, day in rows}


def _places(desk: Desk, season: Season, after: int, through: int) -> dict[Place, tuple[Grams]]:
    names = (Weighing.household_id, Weighing.parcel_id, Weighing.plot_id)
    statement = between(select(*names, sum_of(Weighing.net_grams)).group_by(*names), Weighing, desk, season, after, through)
    return {Place(*place): (grams,) for *place, grams in desk.session.execute(statement)}


def _largest(desk: Desk, season: Season, households: set[int] | None) -> dict[int, Grams]:
    statement = (
        select(Weighing.household_id, func.max(Weighing.net_grams))
        .where(*standing(desk, season), _of(Weighing.household_id, households))
        .group_by(Weighing.household_id)
    )
    return {household_id: grams for household_id, grams in desk.session.execute(statement)}


def _pairs(desk: Desk, season: Season, households: set[int] | None) -> dict[int, tuple[Pair, ...]]:
    """Walks an index that is in this order, so that nothing is sorted and only the pairs that are found are read as rows."""
    earlier = aliased(Weighing)
    order = {"partition_by": Weighing.household_id, "order_by": (Weighing.weighed_at, Weighing.entry)}
    slips = (
        select(
            Weighing.entry, func.lag(Weighing.entry).over(**order).label("before"),
            seconds_between(func.lag(Weighing.weighed_at).over(**order), Weighing.weighed_at).label("seconds"),
        )
        .where(*standing(desk, season), _of(Weighing.household_id, households))
        .subquery()
    )  # fmt: skip
    rows = desk.session.execute(
        select(Weighing.household_id, earlier.slip, Weighing.slip, slips.c.seconds, Weighing.net_grams, Weighing.amount_fen)
        .select_from(slips)
        .join(Weighing, (Weighing.collective_id == desk.collective_id) & (Weighing.entry == slips.c.entry))
        .join(earlier, (earlier.collective_id == desk.collective_id) & (earlier.entry == slips.c.before))
        .where(slips.c.seconds <= rules.SECONDS)
    )
    found: dict[int, tuple[Pair, ...]] = {}
    for household_id, before, slip, seconds, grams, fen in rows:
        found[household_id] = (*found.get(household_id, ()), Pair(before, slip, round(seconds), grams, fen))
    return found


def _series(desk: Desk, season: Season, days: set[tuple[str, dt.date]] | None) -> dict[tuple[str, dt.date], Series]:
    is_round, count = case((Weighing.gross_grams % 1000 == 0, 1), else_=0), func.count()
    statement = (
        select(
            Weighing.recorded_by, Weighing.local_date, count, sum_of(is_round), func.min(Weighing.tare_grams),
            func.max(Weighing.tare_grams), sum_of(Weighing.net_grams), sum_of(Weighing.amount_fen),
        )
        .where(*standing(desk, season))
        .group_by(Weighing.recorded_by, Weighing.local_date)
        .having(count >= rules.SERIES)
    )  # fmt: skip
    if days is not None:  # an index has the days; whose slips those are is asked of few rows
        statement = statement.where(
            Weighing.local_date.in_(sorted({day for _, day in days})), tuple_(Weighing.recorded_by, Weighing.local_date).in_(sorted(days))
        )
    return {(row[0], row[1]): Series(*row) for row in desk.session.execute(statement)}


def _of(column: Any, keys: set[int] | None) -> Any:
    return column.is_not(None) if keys is None else column.in_(sorted(keys))


# What there is to say of a season's slips by now: one query while nothing came in.
slip_figures = Keeper(SlipFigures(), _follow)
