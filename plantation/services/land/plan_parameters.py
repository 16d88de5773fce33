"""What a manager chooses before an allocation is planned, and whether it can be done."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from plantation.domain.words import AllocationRule, ParcelShape
from plantation.errors import N_, BadValue, Refusal
from plantation.geometry.lots import read_seed
from plantation.services.land.allocation_inputs import AllocationInputs

WIDEST_LANE_M = 50.0


class LaneOutOfRange(Refusal, ValueError):
    """No width that a lane could have."""

    template = N_("A lane of %(width_m)s m is not possible: from 0 (no lanes) to %(most_m)s m.")


class BearingOutOfRange(Refusal, ValueError):
    """No direction of the compass."""

    template = N_("A row bearing of %(bearing)s° is not possible: it must be from 0 to 360°.")


class BesideUnknown(Refusal, ValueError):
    """A wish of somebody who takes no part."""

    template = N_("“%(right)s” asks to lie beside others, but is no active right that takes part.")


class BesideTwice(Refusal, ValueError):
    """A wish that cannot be read."""

    template = N_("Right %(right)s stands in two groups; it can lie beside one group only.")


@dataclass(frozen=True, slots=True)
class PlanParameters:
    """What a manager chooses. `plots` are codes in their order, None for all; `row_bearing` None for each plot's own."""

    rule: str
    seed: str
    shape: str = ParcelShape.COMPACT
    plots: tuple[str, ...] | None = None
    row_bearing: float | None = None
    lane_width_m: float = 0.0
    keep_existing: bool = True
    beside: tuple[tuple[str, ...], ...] = ()
    """Codes of rights that asked to lie next to each other, one tuple a group."""


def check_parameters(parameters: PlanParameters) -> PlanParameters:
    """The parameters with their seed in the form in which it is hashed.

    :raises Refusal: BadValue for a rule or shape that there is not; BadSeed; LaneOutOfRange; BearingOutOfRange.
    """
    if parameters.rule not in set(AllocationRule):
        raise BadValue(value=parameters.rule[:40], expected=N_("strict, prorate or waitlist"))
    if parameters.shape not in set(ParcelShape):
        raise BadValue(value=parameters.shape[:40], expected=N_("compact or strips"))
    width_m, bearing = parameters.lane_width_m, parameters.row_bearing
    if not (math.isfinite(width_m) and 0 <= width_m <= WIDEST_LANE_M):
        raise LaneOutOfRange(width_m=f"{width_m:g}", most_m=f"{WIDEST_LANE_M:g}")
    if bearing is not None and not (math.isfinite(bearing) and 0 <= bearing <= 360):
        raise BearingOutOfRange(bearing=f"{bearing:g}")
    return replace(parameters, seed=read_seed(parameters.seed))


def tidy_groups(beside: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """The same groups in one order, whatever order they came in.

    >>> tidy_groups([["R9", "R2"], ["R1", "R1"]])
    (('R1',), ('R2', 'R9'))
    """
    return tuple(sorted(tuple(sorted(set(group))) for group in beside))


def check_beside(parameters: PlanParameters, inputs: AllocationInputs) -> None:
    """Pass when each right that asked for neighbours takes part and stands in one group.

    :raises BesideUnknown: one takes no part. :raises BesideTwice: one stands in two groups.
    """
    asking = {right.code for right in inputs.asking}
    seen: set[str] = set()
    for group in parameters.beside:
        for code in group:
            if code not in asking:
                raise BesideUnknown(right=code[:40])
            if code in seen:
                raise BesideTwice(right=code)
            seen.add(code)
