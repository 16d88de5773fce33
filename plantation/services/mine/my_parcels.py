"""A household's own parcels: where they lie, with what is around them; of other households nothing but a code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import shapely
from sqlalchemy import select

from plantation.errors import N_, NotFound
from plantation.geometry.outline import footprint
from plantation.geometry.projection import LocalPlane
from plantation.models import Exclusion, Household, Parcel, Plot, Right
from plantation.services.desk import Desk
from plantation.units import Millimu, SquareDecimetres, dm2_to_millimu

# What lies further off than this is on no map of a parcel.
AROUND_M = 120.0


class OwnParcel(NamedTuple):
    """A parcel that the household holds; the outlines, its own and its plot's, are in longitude and latitude."""

    id: int
    code: str
    plot_id: int
    plot: str
    plot_name: str
    right: str | None
    area_dm2: SquareDecimetres
    outline: Any
    planted_on: dt.date | None
    plot_outline: Any

    @property
    def area_millimu(self) -> Millimu:
        return dm2_to_millimu(self.area_dm2)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A parcel in its local plane, in metres: `own` and what lies near it, for a map."""

    plane: LocalPlane
    own: Sequence[tuple[str, Any]]
    parcels: Sequence[tuple[str, Any]]
    exclusions: Sequence[tuple[str, Any]]
    plots: Sequence[tuple[str, Any]]


def own_parcels(desk: Desk, household: Household) -> list[OwnParcel]:
    """What the household holds, by code."""
    return sorted(_own(desk, household), key=lambda parcel: parcel.code)


def load_own_parcel(desk: Desk, household: Household, code: str) -> OwnParcel:
    """The household's own parcel of that code.

    :raises NotFound: there is none, or it is somebody else's: the two cannot be told apart.
    """
    for parcel in _own(desk, household, Parcel.code == code):
        return parcel
    raise NotFound(what=N_("parcel"), code=code[:64])


def _own(desk: Desk, household: Household, *conditions: Any) -> list[OwnParcel]:
    rows = desk.session.execute(
        select(
            Parcel.id,
            Parcel.code,
            Parcel.plot_id,
            Plot.code,
            Plot.name,
            Right.code,
            Parcel.area_dm2,
            Parcel.outline,
            Plot.planted_on,
            Plot.outline,
        )
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .outerjoin(Right, (Right.collective_id == Parcel.collective_id) & (Right.id == Parcel.right_id))
        .where(Parcel.collective_id == desk.collective_id, Parcel.household_id == household.id, *conditions)
    )
    return [OwnParcel(*row) for row in rows]


def surroundings_of(desk: Desk, household: Household, parcels: Sequence[OwnParcel]) -> Surroundings | None:
    """What lies around `parcels`, in two queries; None where there are none."""
    if not parcels:
        return None
    plane = LocalPlane.around([parcel.outline for parcel in parcels])
    own = [(parcel.code, plane.forward(parcel.outline)) for parcel in parcels]
    whole = shapely.union_all([outline for _, outline in own])
    plot_ids = sorted({parcel.plot_id for parcel in parcels})
    others = desk.session.execute(
        select(Household.code, Parcel.outline)
        .outerjoin(Household, (Household.collective_id == Parcel.collective_id) & (Household.id == Parcel.household_id))
        .where(
            Parcel.collective_id == desk.collective_id,
            Parcel.plot_id.in_(plot_ids),
            Parcel.id.not_in([parcel.id for parcel in parcels]),
        )
        .order_by(Parcel.code)
    )
    exclusions = desk.session.execute(
        select(Exclusion.id, Exclusion.kind, Exclusion.outline, Exclusion.width_m).where(
            Exclusion.collective_id == desk.collective_id, Exclusion.plot_id.in_(plot_ids)
        )
    )
    plots = {parcel.plot: parcel.plot_outline for parcel in parcels}
    return Surroundings(
        plane,
        own,
        _near(whole, _in_plane(plane, [(code or "", outline) for code, outline in others])),
        _near(
            whole,
            [(kind, footprint(plane.forward(outline), width_m)) for _, kind, outline, width_m in sorted(exclusions, key=itemgetter(0))],
        ),
        [(code, plane.forward(outline)) for code, outline in plots.items()],
    )


def _in_plane(plane: LocalPlane, outlines: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    shapes = plane.forward([outline for _, outline in outlines])
    return [(name, shape) for (name, _), shape in zip(outlines, shapes, strict=True)]


def _near(whole: Any, shapes: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(name, shape) for name, shape in shapes if shapely.distance(whole, shape) <= AROUND_M]
