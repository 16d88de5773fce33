"""From what the database holds to what geometry/allocation.py takes, and back: codes and whole dm² on our side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import shapely

from plantation.geometry import allocation as engine
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.grounds import lay_grounds
from plantation.geometry.lots import draw_order
from plantation.geometry.rules import Settled, settle
from plantation.geometry.standing import Lane, standing_lanes
from plantation.geometry.whiskers import without_whiskers
from plantation.services.land.allocation_inputs import AllocationInputs, StandingParcel
from plantation.services.land.parcel_fates import PlannedParcel
from plantation.units import SquareDecimetres, m2_to_dm2


class Parameters(Protocol):
    """What is needed of `allocation_plans.PlanParameters`."""

    rule: str
    seed: str
    shape: str
    row_bearing: float | None
    lane_width_m: float
    keep_existing: bool
    beside: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A note of the engine: its kind, a template and the figures that fill it in."""

    kind: str
    template: str
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Division:
    """What the engine made of the inputs. `share_ppm` is everyone's part of the entitlement, in millionths."""

    parcels: tuple[PlannedParcel, ...]
    remainders: tuple[tuple[str, Any], ...]
    lanes: tuple[tuple[str, Any], ...]
    remainder_dm2: SquareDecimetres
    lanes_dm2: SquareDecimetres
    share_ppm: int
    notes: tuple[Remark, ...]

    @property
    def landlocked(self) -> int:
        """How many parcels cannot be reached; each is named by a note."""
        return sum(note.kind == "landlocked" for note in self.notes)


def divide(inputs: AllocationInputs, parameters: Parameters, progress: Callable[[int, int], None]) -> Division:
    """Divide the plots of `inputs`. Parcels that keep their right stay, unless the parameters say otherwise.

    :raises Refusal: the engine's: LandShort, LandScattered, NoLand, PlotsOverlap.
    """
    stays = _staying(inputs, parameters)
    resting = _resting(inputs, parameters)
    made = engine.allocate(
        _plots(inputs),
        _rights(inputs, parameters),
        rule=parameters.rule,
        seed=parameters.seed,
        existing=_existing(inputs, parameters),
        lanes=_lanes(inputs, parameters),
        access=shapely.GeometryCollection(list(inputs.access)) if inputs.access else None,
        exclusions=_exclusions(inputs, parameters),
        shape=parameters.shape,
        row_bearing=parameters.row_bearing,
        lane_width_m=parameters.lane_width_m,
        progress=progress,
    )
    standing = {parcel.code: parcel for parcel in stays}
    parcels = [_kept(standing[one.code]) if one.is_kept else _fresh(one) for one in made.parcels]
    return Division(
        parcels=(*parcels, *map(_kept, resting)),
        remainders=tuple((land.plot, land.geometry) for land in made.remainders),
        lanes=tuple((land.plot, land.geometry) for land in made.lanes),
        remainder_dm2=sum(m2_to_dm2(land.area_m2) for land in made.remainders),
        lanes_dm2=sum(m2_to_dm2(land.area_m2) for land in made.lanes),
        share_ppm=round(made.figures.factor * 1_000_000),
        notes=tuple(Remark(note.kind, note.what, dict(note.figures)) for note in made.notes if _is_telling(note)),
    )


def settle_rule(inputs: AllocationInputs, parameters: Parameters, rule: str) -> Settled:
    """What `rule` would decide, without cutting anything: who is served, who waits, and everyone's share.

    :raises Refusal: the rule refuses: LandShort, LandScattered, NoLand; or the plots overlap.
    """
    kept = [one for one in _existing(inputs, parameters) if one.right in {right.code for right in inputs.asking}]
    grounds, _ = lay_grounds(_plots(inputs), exclusions=_exclusions(inputs, parameters), kept=kept, lanes=_lanes(inputs, parameters))
    held = {one.right for one in kept}
    rights = {right.code: right for right in _rights(inputs, parameters) if right.code not in held}
    order = [rights[code] for code in draw_order(parameters.seed, rights)]
    return settle(rule, order, [piece.value_m2 for ground in grounds for piece in ground.pieces])


def _staying(inputs: AllocationInputs, parameters: Parameters) -> list[StandingParcel]:
    return [parcel for parcel in inputs.standing if parcel.keeps and parameters.keep_existing]


def _resting(inputs: AllocationInputs, parameters: Parameters) -> list[StandingParcel]:
    """Parcels of suspended rights: their land is not up for division, and their holder takes no part."""
    asking = {right.code for right in inputs.asking}
    return [parcel for parcel in _staying(inputs, parameters) if parcel.right_code not in asking]


def _lanes(inputs: AllocationInputs, parameters: Parameters) -> list[Lane]:
    """Lanes that lead to parcels which stay; the others' land is up for division."""
    return standing_lanes(inputs.lanes, [(parcel.plot_code, parcel.outline) for parcel in _staying(inputs, parameters)])


def _plots(inputs: AllocationInputs) -> list[engine.PlotInput]:
    return [engine.PlotInput(plot.code, plot.outline, plot.row_bearing, plot.row_spacing_m) for plot in inputs.plots]


def _exclusions(inputs: AllocationInputs, parameters: Parameters) -> list[engine.ExclusionInput]:
    found = [engine.ExclusionInput(geometry, width_m, plot.code) for plot in inputs.plots for geometry, width_m in plot.exclusions]
    found += [engine.ExclusionInput(one.outline, None, one.plot_code) for one in _resting(inputs, parameters)]
    return found


def _rights(inputs: AllocationInputs, parameters: Parameters) -> list[engine.RightInput]:
    word_of = {code: " ".join(group) for group in parameters.beside for code in group}
    return [
        engine.RightInput(right.code, right.household_code, right.entitlement_millimu, word_of.get(right.code, ""))
        for right in inputs.asking
    ]


def _existing(inputs: AllocationInputs, parameters: Parameters) -> list[engine.ExistingParcel]:
    """All parcels there are: those of rights that take part stay, the others only keep their numbers from being used."""
    entitled = {right.code: right.entitlement_millimu for right in inputs.rights}
    found = [
        engine.ExistingParcel(
            parcel.code,
            parcel.plot_code,
            (parcel.right_code or "") if parameters.keep_existing else "",
            parcel.household_code or "",
            parcel.area_dm2 / 100,
            parcel.outline,
            entitled.get(parcel.right_code or "", 0),
        )
        for parcel in inputs.standing
    ]
    return found + [engine.ExistingParcel(code, "", "", "", 0.0, None) for code in sorted(inputs.other_codes)]


def _fresh(one: engine.ParcelPlan) -> PlannedParcel:
    outline = without_whiskers(one.geometry)
    return PlannedParcel(one.code, one.plot, one.right, one.household, outline, m2_to_dm2(geodesic_area_m2(outline)))


def _kept(parcel: StandingParcel) -> PlannedParcel:
    return PlannedParcel(
        parcel.code,
        parcel.plot_code,
        parcel.right_code,
        parcel.household_code,
        parcel.outline,
        parcel.area_dm2,
        parcel.id,
        is_kept=True,
    )


def _is_telling(note: Any) -> bool:
    """Parcels that only lent their numbers returned from nobody."""
    return note.kind != "returned" or bool(note.figures.get("right"))
