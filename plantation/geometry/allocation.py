"""From plots and rights to parcels: which rule, how many where, who gets what, with all the figures.

What holds for every allocation:

- each parcel has its area on the ellipsoid within 0.01 m² of what its right is due under the rule (with zones of
  quality: its value);
- parcels, lanes and the named remainders tile the plots without exclusions; neighbours share their border points;
- each parcel is one polygon; where it is narrower than 3 m, has less than 3 m of border to be reached by, or is less
  compact than 0.25, a note names it;
- the same plots, rights and seed give the same parcels, whatever the order they come in;
- parcels that exist and whose right still takes part stay as they are, to the last digit, and so do the lanes that
  are given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from plantation.errors import N_, Refusal
from plantation.geometry.cutting import cut_pieces, number_parcels
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.grounds import (
    ExclusionInput,
    ExistingParcel,
    PlotGround,
    PlotInput,
    Twice,
    ZoneInput,
    lay_grounds,
)
from plantation.geometry.lots import Lot, Ticket, draw, draw_order, fingerprint, place_of, read_seed
from plantation.geometry.notes import AllocationNote, Together, notes_on, notes_on_ways, together_of
from plantation.geometry.parcel_cuts import Cut, CutPiece
from plantation.geometry.rests import collector_rests
from plantation.geometry.rules import RightInput, Settled
from plantation.geometry.standing import Lane
from plantation.units import Millimu, millimu_to_m2

__all__ = ["Allocation", "ExclusionInput", "ExistingParcel", "Lane", "ParcelPlan", "PlotInput", "RightInput", "ZoneInput", "allocate"]


class UnknownPlot(Refusal, LookupError):
    """A parcel that stays lies in a plot that is not there."""

    template = N_("Parcel %(parcel)s lies in plot %(plot)s, which is not among the plots.")


class NoEntitlement(Refusal, ValueError):
    """A right to nothing takes no part."""

    template = N_("Right %(right)s has no entitlement; it must be more than 0 mu.")


@dataclass(frozen=True, slots=True)
class ParcelPlan:
    """A parcel and who has it; geometry in degrees. `entitlement_millimu` is what the right is entitled to."""

    code: str
    plot: str
    right: str
    household: str
    area_m2: float
    geometry: Any
    entitlement_millimu: Millimu
    value_m2: float = 0.0
    frontage_m: float = 0.0
    compactness: float = 0.0
    draw: str = ""
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Land:
    """Land that is nobody's parcel: a remainder or a lane of a plot, in degrees."""

    plot: str
    area_m2: float
    geometry: Any


@dataclass(frozen=True, slots=True)
class AllocationFigures:
    """What was asked for by rights without a parcel, what there was for them, and everyone's share of its entitlement:
    `factor` as given, `fair` as it would be if land could be cut at will."""

    asked_millimu: Millimu
    available_m2: float
    factor: float
    fair: float
    kept_m2: float


@dataclass(frozen=True, slots=True)
class Allocation:
    """One run: the parcels by code (those that stayed among them), who waits in the order of the draw, and the rest."""

    rule: str
    seed: str
    shape: str
    parcels: tuple[ParcelPlan, ...]
    waiting: tuple[RightInput, ...]
    remainders: tuple[Land, ...]
    lanes: tuple[Land, ...]
    together: tuple[Together, ...]
    figures: AllocationFigures
    notes: tuple[AllocationNote, ...]


def allocate(
    plots: Sequence[PlotInput], rights: Sequence[RightInput], *, rule: str = "strict", seed: str,
    existing: Iterable[ExistingParcel] = (), lanes: Iterable[Lane] = (), access: Any = None, exclusions: Iterable[ExclusionInput] = (),
    shape: str = "compact", row_bearing: float | None = None, lane_width_m: float = 0.0, zones: Sequence[ZoneInput] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Allocation:  # fmt: skip
    """Lay out one parcel for each right and draw who gets which; all geometry in degrees.

    `access` are lines from which parcels may be reached (none: the plots' outer edges); strips follow the rows of their
    plot, or `row_bearing` everywhere where it is given; `lanes` of an earlier allocation stay (`standing.standing_lanes` says
    which are needed); `progress` is called with the parcels laid out and all there are.

    >>> import shapely
    >>> from plantation.geometry.projection import LocalPlane
    >>> field = LocalPlane(78.4, 40.9).inverse(shapely.box(0, 0, 200, 100))  # 20,000 m² are 30 mu
    >>> qian, sun = RightInput("R1", "Qian", 10_000), RightInput("R2", "Sun", 20_000)
    >>> plan = allocate([PlotInput("P01", field)], [qian, sun], seed="316")
    >>> [(parcel.code, parcel.household, round(parcel.area_m2, 2)) for parcel in plan.parcels]
    [('P01-001', 'Sun', 13333.33), ('P01-002', 'Qian', 6666.67)]
    >>> allocate([], [], seed="316").parcels
    ()

    :raises Refusal: land is short or scattered (`rules`), plots overlap (`grounds`), a seed is none (`lots`).
    """
    seed = read_seed(seed)
    rights = _checked(rights)
    codes = {right.code for right in rights}
    existing = sorted(existing, key=lambda parcel: parcel.code)
    kept = [parcel for parcel in existing if parcel.right in codes]
    there = {plot.code for plot in plots}
    if unknown := [parcel for parcel in kept if parcel.plot not in there]:
        raise UnknownPlot(parcel=unknown[0].code, plot=unknown[0].plot)
    held = {parcel.right for parcel in kept}
    by_code = {right.code: right for right in rights if right.code not in held}
    with collector_rests():
        lanes = [lane for lane in lanes if lane.plot in there]
        grounds, trims = lay_grounds(plots, exclusions=exclusions, kept=kept, lanes=lanes, access=access, zones=zones)
        order = [by_code[code] for code in draw_order(seed, by_code)]
        settled, pieces = cut_pieces(
            grounds, rule, order, shape=shape, row_bearing=row_bearing, lane_width_m=lane_width_m, progress=progress
        )
        cuts = _number(pieces, existing)
        drawn = _draw(seed, settled, cuts)
        label = _label(seed, existing)
        parcels = [_plan(cut, by_code[drawn[cut.code]], settled, label) for cut in cuts] + [_stay(parcel) for parcel in kept]
        together = together_of(settled.served, settled.waiting, drawn, cuts)
        return Allocation(
            rule=rule, seed=seed, shape=shape,
            parcels=tuple(sorted(parcels, key=lambda parcel: place_of(parcel.code))),
            waiting=tuple(settled.waiting),
            remainders=tuple(Land(plot, area_m2, rest) for plot, piece in pieces for rest, area_m2 in piece.remainder),
            lanes=(
                *(Land(lane.plot, geodesic_area_m2(lane.geometry), lane.geometry) for lane in lanes),
                *(Land(plot, area_m2, lane) for plot, piece in pieces for lane, area_m2 in piece.lanes),
            ),
            together=tuple(together),
            figures=_figures(order, grounds, settled, kept),
            notes=(*notes_on_ways(grounds), *notes_on(cuts, trims, existing, held, together)),
        )  # fmt: skip


def _checked(rights: Sequence[RightInput]) -> list[RightInput]:
    rights = sorted(rights, key=lambda right: right.code)
    for first, second in zip(rights, rights[1:], strict=False):
        if first.code == second.code:
            raise Twice(what=N_("rights"), code=first.code)
    for right in rights:
        if right.entitlement_millimu <= 0:
            raise NoEntitlement(right=right.code)
    return rights


def _number(pieces: list[tuple[str, CutPiece]], existing: Iterable[ExistingParcel]) -> list[Cut]:
    """Number the parcels of each plot after the last number that the plot ever had."""
    last: dict[str, int] = defaultdict(int)
    for parcel in existing:
        plot, _, number = parcel.code.rpartition("-")
        if number.isascii() and number.isdigit():
            last[plot] = max(last[plot], int(number))
    by_plot: dict[str, list[Cut]] = defaultdict(list)
    for plot, piece in pieces:
        by_plot[plot] += piece.cuts
    for plot, mine in by_plot.items():
        number_parcels(mine, last=last[plot])
    return sorted((cut for mine in by_plot.values() for cut in mine), key=lambda cut: place_of(cut.code))


def _draw(seed: str, settled: Settled, cuts: Sequence[Cut]) -> dict[str, str]:
    """The right of each parcel's code."""
    tickets = [Ticket(right.code, right.entitlement_millimu, right.beside) for right in settled.served]
    lots = [Lot(cut.code, settled.sizes[cut.size]) for cut in cuts]
    return {parcel: right for right, parcel in draw(seed, tickets, lots).items()}


def _label(seed: str, existing: Iterable[ExistingParcel]) -> str:
    """The draw's mark on its parcels; a seed that was used before gets a number."""
    used = {parcel.draw for parcel in existing}
    label, again = fingerprint(seed), 2
    while label in used:
        label, again = f"{fingerprint(seed)}-{again}", again + 1
    return label


def _plan(cut: Cut, right: RightInput, settled: Settled, label: str) -> ParcelPlan:
    return ParcelPlan(
        cut.code, cut.plot, right.code, right.household, cut.area_m2, cut.geometry, right.entitlement_millimu,
        cut.value_m2, cut.frontage_m, cut.compactness, label,
    )  # fmt: skip


def _stay(parcel: ExistingParcel) -> ParcelPlan:
    return ParcelPlan(
        parcel.code, parcel.plot, parcel.right, parcel.household, parcel.area_m2, parcel.geometry,
        parcel.entitlement_millimu, draw=parcel.draw, is_kept=True,
    )  # fmt: skip


def _figures(
    order: Sequence[RightInput], grounds: Sequence[PlotGround], settled: Settled, kept: Sequence[ExistingParcel]
) -> AllocationFigures:
    available_m2 = sum(piece.value_m2 for ground in grounds for piece in ground.pieces)
    asked = sum(right.entitlement_millimu for right in order)
    asked_m2 = millimu_to_m2(asked)
    fair = min(1.0, available_m2 / asked_m2) if asked else 1.0
    return AllocationFigures(asked, available_m2, settled.factor, fair, sum(parcel.area_m2 for parcel in kept))
