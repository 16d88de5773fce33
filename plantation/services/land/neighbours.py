"""What lies around parcels: their four sides (四至), for one parcel or for a whole list of certificates.

Corner coordinates: :func:`plantation.geometry.corners.corners_of`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import shapely
from sqlalchemy import select

from plantation.geometry.corners import Corner, corners_of
from plantation.geometry.neighbours import Side, neighbours_by_side
from plantation.geometry.outline import footprint
from plantation.geometry.projection import LocalPlane
from plantation.geometry.standing import standing_lanes
from plantation.models import Exclusion, Household, Parcel, Plot
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.land.lanes import lanes_of

__all__ = ["Corner", "Neighbour", "Sides", "corners_of", "neighbours", "neighbours_of"]

NEAR_M = 1.0
_REST = json.dumps(("rest", "", ""))


class Neighbour(NamedTuple):
    """What lies along a side for `metres`. `kind`: parcel, reserve (a parcel nobody holds), lane, an exclusion's kind,
    edge, the edge of the plot, or rest, what no plan gave to anybody; `parcel` and `household` are codes where it is a parcel."""

    kind: str
    parcel: str
    household: str
    metres: int


Sides = Mapping[Side, list[Neighbour]]


def neighbours(desk: Desk, parcel: Parcel) -> Sides:
    """What lies east, south, west and north of `parcel`, the longest border first; borders under 1 m are left out."""
    return neighbours_of(desk, [parcel])[parcel.id]


def neighbours_of(desk: Desk, parcels: Sequence[Any]) -> dict[int, Sides]:
    """The same for many (rows with `id`, `plot_id` and `outline`), by id; five queries for any number of them."""
    by_plot: dict[int, list[Any]] = defaultdict(list)
    for parcel in parcels:
        by_plot[parcel.plot_id].append(parcel)
    around = _around(desk, sorted(by_plot))
    found: dict[int, Sides] = {}
    for plot_id, mine in by_plot.items():
        found |= _sides_in_plot(mine, around[plot_id])
    return found


def _sides_in_plot(mine: Sequence[Any], things: Sequence[tuple[str, str, str, Any]]) -> dict[int, Sides]:
    """`things` are (kind, parcel, household, outline) in longitude and latitude, the parcels themselves among them."""
    plane = LocalPlane.around([parcel.outline for parcel in mine])
    shapes = plane.forward([outline for *_, outline in things])
    tree = shapely.STRtree(shapes)
    found = {}
    for parcel in mine:
        own = plane.forward(parcel.outline)
        near = sorted(tree.query(own, predicate="dwithin", distance=NEAR_M).tolist())
        others = [(json.dumps(things[index][:3]), shapes[index]) for index in near if not shapely.equals_exact(shapes[index], own)]
        found[parcel.id] = {side: _add_up(those) for side, those in neighbours_by_side(own, others, rest=_REST).items()}
    return found


def _add_up(borders: Iterable[tuple[str, float]]) -> list[Neighbour]:
    """One line for each neighbour, however many pieces its border has on that side."""
    metres: dict[str, float] = defaultdict(float)
    for name, length in borders:
        metres[name] += length
    added = [Neighbour(*json.loads(name), round(length)) for name, length in metres.items()]
    return sorted(added, key=lambda one: (-one.metres, one.parcel, one.kind))


def _around(desk: Desk, plot_ids: Sequence[int]) -> dict[int, list[tuple[str, str, str, Any]]]:
    found: dict[int, list[tuple[str, str, str, Any]]] = {plot_id: [] for plot_id in plot_ids}
    drawn: set[int | None] = set()
    for chunk in in_chunks(plot_ids):
        rows = desk.session.execute(
            select(Parcel.plot_id, Parcel.code, Household.code, Parcel.outline, Parcel.allocation_id)
            .outerjoin(Household, (Household.collective_id == Parcel.collective_id) & (Household.id == Parcel.household_id))
            .where(Parcel.collective_id == desk.collective_id, Parcel.plot_id.in_(chunk))
            .order_by(Parcel.code)
        )
        for plot_id, code, household, outline, allocation_id in rows:
            found[plot_id].append(("parcel" if household else "reserve", code, household or "", outline))
            drawn.add(allocation_id)
        exclusions = desk.session.execute(
            select(Exclusion.plot_id, Exclusion.kind, Exclusion.outline, Exclusion.width_m)
            .where(Exclusion.collective_id == desk.collective_id, Exclusion.plot_id.in_(chunk))
            .order_by(Exclusion.id)
        )
        for plot_id, kind, outline, width_m in exclusions:
            found[plot_id].append((kind, "", "", _footprint(outline, width_m)))
    codes = _edges(desk, plot_ids, found)
    parcels = [(code, outline) for code, plot_id in codes.items() for kind, *_, outline in found[plot_id] if kind in ("parcel", "reserve")]
    for lane in standing_lanes(lanes_of(desk, drawn), parcels):
        found[codes[lane.plot]].append(("lane", "", "", lane.geometry))
    return found


def _edges(desk: Desk, plot_ids: Sequence[int], found: dict[int, list[Any]]) -> dict[str, int]:
    codes = {}
    for chunk in in_chunks(plot_ids):
        rows = desk.session.execute(
            select(Plot.id, Plot.code, Plot.outline).where(Plot.collective_id == desk.collective_id, Plot.id.in_(chunk))
        )
        for plot_id, code, outline in rows:
            codes[code] = plot_id
            found[plot_id].append(("edge", "", "", shapely.boundary(outline)))
    return codes


def _footprint(outline: Any, width_m: float | None) -> Any:
    """What an exclusion covers, in longitude and latitude."""
    plane = LocalPlane.around(outline)
    return plane.inverse(footprint(plane.forward(outline), width_m))
