"""Plans: what an allocation would do, worked out without writing anything.

The same inputs and parameters give the same plan, byte for byte; `digest` says so. A plan is carried out by
:func:`plantation.services.land.allocations.commit_allocation`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import shapely
from sqlalchemy import select

from plantation.domain.words import ParcelShape
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.lots import draw_order
from plantation.geometry.projection import LocalPlane
from plantation.models import Weighing, WeighingShare
from plantation.services.desk import Desk
from plantation.services.land.allocation_engine import Division, divide
from plantation.services.land.allocation_inputs import AllocationInputs, StandingParcel, read_inputs
from plantation.services.land.parcel_fates import PlannedParcel, settle_fates
from plantation.services.land.plan_parameters import PlanParameters, check_beside, check_parameters, tidy_groups
from plantation.units import Millimu, SquareDecimetres, m2_to_dm2

Progress = Callable[[int, int], None]


class Note(NamedTuple):
    """Something that a plan says about itself, such as a parcel that cannot be reached, by name and with the reason."""

    kind: str
    template: str
    figures: dict[str, Any]


class Share(NamedTuple):
    """What one right asked for and got; without a parcel it waits, `turn` counting from 1 in the order of the draw."""

    turn: int
    right: str
    household: str
    entitlement_millimu: Millimu
    parcel: str | None
    area_dm2: SquareDecimetres


class Figures(NamedTuple):
    """A plan in numbers: land in thousandths of a mu, what was left and taken by lanes in dm²."""

    rights: int
    asked_millimu: Millimu
    available_millimu: Millimu
    parcels: int
    kept: int
    fresh: int
    reserve: int
    removed: int
    waiting: int
    share_ppm: int
    given_dm2: SquareDecimetres
    remainder_dm2: SquareDecimetres
    lanes_dm2: SquareDecimetres
    compactness: float
    landlocked: int

    @property
    def missing_millimu(self) -> Millimu:
        return max(self.asked_millimu - self.available_millimu, 0)


@dataclass(frozen=True)
class Plan:
    """An allocation that has not been carried out. `shares` are in the order of the draw."""

    parameters: PlanParameters
    inputs_digest: str
    parcels: tuple[PlannedParcel, ...]
    removed: tuple[tuple[int, str], ...]
    """(id, code) of parcels that would go."""
    shares: tuple[Share, ...]
    remainders: tuple[tuple[str, Any], ...]
    """(plot code, land left over)."""
    lanes: tuple[tuple[str, Any], ...]
    notes: tuple[Note, ...]
    figures: Figures
    digest: str = field(default="")

    @property
    def waiting(self) -> list[Share]:
        return [share for share in self.shares if share.parcel is None]


def plan_allocation(
    desk: Desk,
    *,
    rule: str,
    seed: str,
    shape: str = ParcelShape.COMPACT,
    plots: Iterable[str] | None = None,
    row_bearing: float | None = None,
    lane_width_m: float = 0.0,
    keep_existing: bool = True,
    beside: Iterable[Iterable[str]] = (),
    progress: Progress | None = None,
) -> Plan:
    """Work out who would get which parcel of `plots` (codes; None for all). Writes nothing.

    Parcels of rights that go on stay where they are, unless `keep_existing` is False; land of ended rights is given out
    again. `beside` are groups of rights' codes that asked to lie next to each other. `progress(done, whole)` is called
    now and then.

    :raises Refusal: NotFound, NoPlots, NoRights; BadSeed; LaneOutOfRange; BearingOutOfRange; BesideUnknown, BesideTwice;
        the rule's LandShort, LandScattered or NoLand; PlotsOverlap; WeighedParcelLost.
    """
    chosen = None if plots is None else tuple(sorted(set(plots)))
    parameters = check_parameters(
        PlanParameters(str(rule), seed, str(shape), chosen, row_bearing, float(lane_width_m), keep_existing, tidy_groups(beside))
    )
    inputs = read_inputs(desk, chosen)
    check_beside(parameters, inputs)
    division = divide(inputs, parameters, progress or (lambda done, whole: None))
    named = _weighed(desk, inputs.standing)
    return assemble(inputs, parameters, division, named)


def assemble(inputs: AllocationInputs, parameters: PlanParameters, division: Division, named: Iterable[int]) -> Plan:
    """The plan of what the engine divided: with the rows that parcels live on in, and everybody's share."""
    fates = settle_fates(division.parcels, inputs.standing, set(named))
    shares = _shares(inputs, parameters, fates.parcels)
    return Plan(
        parameters=parameters,
        inputs_digest=inputs.digest,
        parcels=fates.parcels,
        removed=tuple((row.id, row.code) for row in fates.removed),
        shares=shares,
        remainders=division.remainders,
        lanes=division.lanes,
        notes=tuple(Note(note.kind, note.template, note.figures) for note in division.notes),
        figures=_figures(inputs, division, fates.parcels, shares, len(fates.removed)),
        digest=_digest(parameters, inputs, fates.parcels, shares),
    )


def _shares(inputs: AllocationInputs, parameters: PlanParameters, parcels: Iterable[PlannedParcel]) -> tuple[Share, ...]:
    held = {parcel.right_code: parcel for parcel in parcels if parcel.right_code is not None}
    rights = {right.code: right for right in inputs.asking}
    shares = []
    for turn, code in enumerate(draw_order(parameters.seed, rights), 1):
        right, parcel = rights[code], held.get(code)
        got = (parcel.code, parcel.area_dm2) if parcel is not None else (None, 0)
        shares.append(Share(turn, code, right.household_code, right.entitlement_millimu, *got))
    return tuple(shares)


def _figures(
    inputs: AllocationInputs, division: Division, parcels: tuple[PlannedParcel, ...], shares: tuple[Share, ...], removed: int
) -> Figures:
    held = [parcel for parcel in parcels if not parcel.is_reserve]
    kept = sum(parcel.is_kept for parcel in held)
    return Figures(
        rights=len(inputs.asking),
        asked_millimu=inputs.asked_millimu,
        available_millimu=inputs.available_millimu,
        parcels=len(held),
        kept=kept,
        fresh=len(held) - kept,
        reserve=len(parcels) - len(held),
        removed=removed,
        waiting=sum(share.parcel is None for share in shares),
        share_ppm=division.share_ppm,
        # Summed before it is rounded: 150 times 6,666.67 m² would be more than there is.
        given_dm2=m2_to_dm2(math.fsum(geodesic_area_m2(parcel.outline) for parcel in held)),
        remainder_dm2=division.remainder_dm2,
        lanes_dm2=division.lanes_dm2,
        compactness=mean_compactness([parcel.outline for parcel in held]),
        landlocked=division.landlocked,
    )


def mean_compactness(outlines: list[Any]) -> float:
    """The mean of 4πA/P² (a circle has 1, a square 0.785), to three decimals; 0 for no outlines.

    >>> mean_compactness([shapely.box(78.4, 40.9, 78.41, 40.9 + 0.01 * 0.7582)])
    0.785
    >>> mean_compactness([])
    0.0
    """
    if not outlines:
        return 0.0
    shapes = LocalPlane.around(outlines).forward(outlines)
    return round(float((4 * math.pi * shapely.area(shapes) / shapely.length(shapes) ** 2).mean()), 3)


def _digest(parameters: PlanParameters, inputs: AllocationInputs, parcels: Iterable[PlannedParcel], shares: Iterable[Share]) -> str:
    whole = hashlib.sha256()
    values = [getattr(parameters, name) for name in PlanParameters.__slots__]
    whole.update(json.dumps([*values, inputs.digest, [list(share) for share in shares]], ensure_ascii=False).encode())
    for parcel in parcels:
        whole.update(f"\n{parcel.code} {parcel.right_code} ".encode() + shapely.to_wkb(parcel.outline, byte_order=1))
    return whole.hexdigest()


def _weighed(desk: Desk, standing: Iterable[StandingParcel]) -> set[int]:
    """Ids of the standing parcels that weighings name. Looked up only where there are parcels."""
    ids = {parcel.id for parcel in standing}
    return weighed_parcels(desk) & ids if ids else set()


def weighed_parcels(desk: Desk) -> set[int]:
    """Ids of all parcels that a weighing, or a share of one, names."""
    found: set[int] = set()
    for column in (Weighing.parcel_id, WeighingShare.parcel_id):
        statement = select(column).where(column.class_.collective_id == desk.collective_id, column.is_not(None))
        found.update(desk.session.scalars(statement.distinct()))
    return found
