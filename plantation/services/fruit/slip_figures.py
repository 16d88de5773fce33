"""What the slips of a season say beside their sums, kept between requests (kept.py): what the queue of differences looks for.

Sums are added to. What cannot be (the largest slip, slips seconds apart, a weigher's day) is found anew for the
households and days that something came in for, or was taken back from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import case, func, select, tuple_, union_all
from sqlalchemy.orm import aliased

from plantation.domain import differences as rules
from plantation.domain.clocks import OddDay
from plantation.domain.series import Series
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
    """A slip and the one of the same deliverer that came so soon before it."""

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


class Deliverer(NamedTuple):
    """Whose slip it is: a household's (`plot_id` None), or, of a load of a whole plot, the plot's (`household_id` None)."""

    household_id: int | None
    plot_id: int | None


@dataclass(frozen=True, slots=True)
class SlipFigures:
    """Of a season, by now. Only `places` have what was taken back in them, once with either sign.

    `places`: what was weighed by what the slips name; `largest`: each deliverer's heaviest slip; `pairs`: by deliverer, those seconds
    apart; `series`: by weigher and day; `odd_days`: by device and day, those whose date is doubtful.
    """

    places: Mapping[Place, tuple[Grams]] = field(default_factory=dict)
    largest: Mapping[Deliverer, Grams] = field(default_factory=dict)
    pairs: Mapping[Deliverer, tuple[Pair, ...]] = field(default_factory=dict)
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
    deliverers, days = map(_few, _touched(desk, season, after, through)) if after else (None, None)
    places = added(before.places, _places(desk, season, after, through))
    if deliverers is None:
        kinds = range(2 if any(place.household_id is None for place in places) else 1)
    else:
        kinds = [place for place in range(2) if any(one[place] is not None for one in deliverers)]
    return SlipFigures(
        places,
        _renewed(before.largest, deliverers, lambda: _of_each(_largest, desk, season, kinds, deliverers)),
        _renewed(before.pairs, deliverers, lambda: _of_each(_pairs, desk, season, kinds, deliverers)),
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


def _touched(desk: Desk, season: Season, after: int, through: int) -> tuple[set[Deliverer], set[tuple[str, dt.date]]]:
    """The deliverers, and the weighers' days, of what came in and of what was taken back."""
    earlier = aliased(Weighing)
    new, back = (
        select(one.household_id, case((one.household_id.is_(None), one.plot_id)), one.recorded_by, one.local_date)
        for one in (Weighing, earlier)
    )
    back = back.select_from(Weighing).join(
        earlier, (earlier.collective_id == Weighing.collective_id) & (earlier.id == Weighing.reverses_id)
    )
    rows = desk.session.execute(union_all(*(between(one, Weighing, desk, season, after, through) for one in (new.distinct(), back)))).all()
    return {Deliverer(row[0], row[1]) for row in rows}, {(weigher, day) for *_, weigher, day in rows}


def _of_each(
    find: Callable[..., dict[int, Any]], desk: Desk, season: Season, kinds: Iterable[int], deliverers: set[Deliverer] | None
) -> dict[Deliverer, Any]:
    """What `find` finds of the `kinds` of deliverers, places in :data:`DELIVERERS`: of all of a kind, or of those among `deliverers`."""
    found: dict[Deliverer, Any] = {}
    for place in kinds:
        column = DELIVERERS[place]
        ids = None if deliverers is None else {one[place] for one in deliverers if one[place] is not None}
        of_kind = find(desk, season, column, (*delivered_by(column), _of(column, ids)))
        found |= {Deliverer(None, id_) if place else Deliverer(id_, None): what for id_, what in of_kind.items()}
    return found


# In the order of Deliverer.
DELIVERERS = (Weighing.household_id, Weighing.plot_id)


def delivered_by(column: Any) -> tuple[Any, ...]:
    """Conditions for the slips of one kind of deliverer. A household's may name a plot as well: it is the household's."""
    return () if column is Weighing.household_id else (Weighing.household_id.is_(None),)


def _places(desk: Desk, season: Season, after: int, through: int) -> dict[Place, tuple[Grams]]:
    names = (Weighing.household_id, Weighing.parcel_id, Weighing.plot_id)
    statement = between(select(*names, sum_of(Weighing.net_grams)).group_by(*names), Weighing, desk, season, after, through)
    return {Place(*place): (grams,) for *place, grams in desk.session.execute(statement)}


def _largest(desk: Desk, season: Season, column: Any, conditions: tuple[Any, ...]) -> dict[int, Grams]:
    statement = select(column, func.max(Weighing.net_grams)).where(*standing(desk, season), *conditions).group_by(column)
    return {id_: grams for id_, grams in desk.session.execute(statement)}


def _pairs(desk: Desk, season: Season, column: Any, conditions: tuple[Any, ...]) -> dict[int, tuple[Pair, ...]]:
    """Walks an index that is in this order, so that nothing is sorted and only the pairs that are found are read as rows."""
    earlier = aliased(Weighing)
    order = {"partition_by": column, "order_by": (Weighing.weighed_at, Weighing.entry)}
    slips = (
        select(
            Weighing.entry, func.lag(Weighing.entry).over(**order).label("before"),
            seconds_between(func.lag(Weighing.weighed_at).over(**order), Weighing.weighed_at).label("seconds"),
        )
        .where(*standing(desk, season), *conditions)
        .subquery()
    )  # fmt: skip
    rows = desk.session.execute(
        select(column, earlier.slip, Weighing.slip, slips.c.seconds, Weighing.net_grams, Weighing.amount_fen)
        .select_from(slips)
        .join(Weighing, (Weighing.collective_id == desk.collective_id) & (Weighing.entry == slips.c.entry))
        .join(earlier, (earlier.collective_id == desk.collective_id) & (earlier.entry == slips.c.before))
        .where(slips.c.seconds <= rules.SECONDS)
    )
    found: dict[int, tuple[Pair, ...]] = {}
    for id_, before, slip, seconds, grams, fen in rows:
        found[id_] = (*found.get(id_, ()), Pair(before, slip, round(seconds), grams, fen))
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
