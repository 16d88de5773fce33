"""What becomes of the parcels that there are when a plan is carried out: kept, inherited, given back, or removed.

A parcel that weighings name is never deleted: slips and statements point to it. Where its land is divided anew, it lives
on as the new parcel that lies on most of it, under that one's code; where its land is left over, it stays, in reserve.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from plantation.errors import N_, Refusal
from plantation.geometry.projection import LocalPlane
from plantation.services.land.allocation_inputs import StandingParcel
from plantation.units import SquareDecimetres

TOUCHING_M2 = 0.01


class WeighedParcelLost(Refusal):
    """A parcel with weighings would lose its land to parcels that live on for others with weighings."""

    template = N_(
        "Weighings name parcel %(parcel)s, and this plan leaves it no land of its own. Keep the existing parcels where "
        "they are, or choose other plots."
    )


@dataclass(frozen=True, slots=True)
class PlannedParcel:
    """A parcel as the plan has it. `standing_id` is the row that it lives on in; None makes a new one. `is_kept`: its
    outline and code are those of that row."""

    code: str
    plot_code: str
    right_code: str | None
    household_code: str | None
    outline: Any
    area_dm2: SquareDecimetres
    standing_id: int | None = None
    is_kept: bool = False

    @property
    def is_reserve(self) -> bool:
        """Nobody holds it."""
        return self.right_code is None


@dataclass(frozen=True, slots=True)
class Fates:
    """`parcels` with the rows they live on in, by plot and number; `removed` are the rows that go, by code."""

    parcels: tuple[PlannedParcel, ...]
    removed: tuple[StandingParcel, ...]


def settle_fates(planned: Iterable[PlannedParcel], standing: Sequence[StandingParcel], named: Collection[int]) -> Fates:
    """Match what is `planned` with what is `standing`; `named` are the ids of rows that weighings name.

    >>> settle_fates([], [], ())
    Fates(parcels=(), removed=())

    :raises WeighedParcelLost: all new parcels on a named row's land live on for other named rows.
    """
    planned = list(planned)
    stays = {parcel.standing_id for parcel in planned if parcel.is_kept}
    left = sorted((row for row in standing if row.id not in stays), key=lambda row: row.code)
    weighed = [row for row in left if row.id in named]
    fresh = [parcel for parcel in planned if not parcel.is_kept]
    heirs = _heirs(weighed, fresh)
    row_of = {place: row_id for row_id, place in heirs.items()}
    settled = [parcel for parcel in planned if parcel.is_kept]
    settled += [replace(parcel, standing_id=row_of.get(place)) for place, parcel in enumerate(fresh)]
    settled += [
        PlannedParcel(row.code, row.plot_code, None, None, row.outline, row.area_dm2, row.id, is_kept=True)
        for row in weighed
        if row.id not in heirs
    ]
    settled.sort(key=lambda parcel: (parcel.plot_code, len(parcel.code), parcel.code))
    return Fates(tuple(settled), tuple(row for row in left if row.id not in named))


def _heirs(weighed: Sequence[StandingParcel], fresh: Sequence[PlannedParcel]) -> dict[int, int]:
    """Per id of a row whose land is divided anew the place in `fresh` of the parcel that it lives on in."""
    if not weighed or not fresh:
        return {}
    plane = LocalPlane.around([row.outline for row in weighed])
    old = plane.forward([row.outline for row in weighed])
    new = plane.forward([parcel.outline for parcel in fresh])
    first, second = shapely.STRtree(new).query(old, predicate="intersects")
    shared = shapely.area(shapely.intersection(old[first], new[second]))
    pairs = sorted(
        (-area_m2, weighed[row].code, fresh[place].code, row, place)
        for row, place, area_m2 in zip(first.tolist(), second.tolist(), shared.tolist(), strict=True)
        if area_m2 > TOUCHING_M2
    )
    heirs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, _, row, place in pairs:
        if weighed[row].id not in heirs and place not in taken:
            heirs[weighed[row].id] = place
            taken.add(place)
    for _, code, _, row, _ in pairs:
        if weighed[row].id not in heirs:
            raise WeighedParcelLost(parcel=code)
    return heirs
