"""The three rules for land that is short, side by side: what everyone would get, before anything is cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from plantation.domain.words import AllocationRule
from plantation.errors import Refusal
from plantation.geometry.lots import draw_order
from plantation.geometry.rules import LandScattered, LandShort, NoLand
from plantation.services.desk import Desk
from plantation.services.land.allocation_engine import settle_rule
from plantation.services.land.allocation_inputs import AllocationInputs, read_inputs
from plantation.services.land.plan_parameters import PlanParameters, check_parameters
from plantation.units import Millimu, dm2_to_millimu, half_up


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule comes to: `share_ppm` of the entitlement for each of the `served`; `refusal` where it says no."""

    rule: str
    served: int = 0
    waiting: int = 0
    share_ppm: int = 0
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class RightUnderRules:
    """One right: what each rule would give it, in thousandths of a mu; None where the rule says no, 0 where it waits."""

    turn: int
    right: str
    household: str
    entitlement_millimu: Millimu
    strict: Millimu | None
    prorate: Millimu | None
    waitlist: Millimu | None


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The outcomes of strict, prorate and waitlist, and a row a right in the order of the draw."""

    asked_millimu: Millimu
    available_millimu: Millimu
    outcomes: tuple[Outcome, ...]
    rows: tuple[RightUnderRules, ...]

    @property
    def missing_millimu(self) -> Millimu:
        return max(self.asked_millimu - self.available_millimu, 0)


def compare_rules(desk: Desk, *, seed: str, plots: Iterable[str] | None = None, keep_existing: bool = False) -> RuleTable:
    """What each rule would give to whom on `plots` (codes; None for all), with the draw of `seed`. Cuts nothing.

    All the land is taken as free, so that a village can hold the rules against what it has; with `keep_existing` the
    parcels that there are stay. Without lanes: these take land that is known only once they are laid.

    :raises Refusal: NotFound, NoPlots, NoRights, BadSeed, PlotsOverlap.
    """
    chosen = None if plots is None else tuple(sorted(set(plots)))
    parameters = check_parameters(PlanParameters(AllocationRule.STRICT, seed, plots=chosen, keep_existing=keep_existing))
    return rule_table(read_inputs(desk, chosen), parameters)


def rule_table(inputs: AllocationInputs, parameters: PlanParameters) -> RuleTable:
    """The table of these inputs. Rights whose parcel stays count as served, with what that parcel has."""
    kept = {one.right_code: dm2_to_millimu(one.area_dm2) for one in inputs.standing if one.right_code}
    served: dict[str, dict[str, int] | None] = {}
    outcomes = []
    for rule in AllocationRule:
        try:
            settled = settle_rule(inputs, replace(parameters, rule=str(rule)), rule)
        except Refusal as refusal:
            if not is_of_the_rules(refusal):
                raise
            served[rule] = None
            outcomes.append(Outcome(rule, refusal=refusal))
            continue
        share_ppm = round(settled.factor * 1_000_000)
        waits = {right.code for right in settled.waiting}
        drawn = {right.code for right in settled.served}
        got = {
            right.code: 0
            if right.code in waits
            else half_up(right.entitlement_millimu * share_ppm, 1_000_000)
            if right.code in drawn
            else kept[right.code]
            for right in inputs.asking
        }
        served[rule] = got
        outcomes.append(Outcome(rule, len(got) - len(waits), len(waits), share_ppm))
    return RuleTable(inputs.asked_millimu, inputs.available_millimu, tuple(outcomes), _rows(inputs, parameters, served))


def _rows(inputs: AllocationInputs, parameters: PlanParameters, served: dict[str, dict[str, int] | None]) -> tuple[RightUnderRules, ...]:
    rights = {right.code: right for right in inputs.asking}
    return tuple(
        RightUnderRules(
            turn,
            code,
            rights[code].household_code,
            rights[code].entitlement_millimu,
            *((served[rule] or {}).get(code) for rule in AllocationRule),
        )
        for turn, code in enumerate(draw_order(parameters.seed, rights), 1)
    )


def is_of_the_rules(refusal: Refusal) -> bool:
    """Whether a refusal says that the land does not suffice, so that another rule may help."""
    return isinstance(refusal, LandShort | LandScattered | NoLand)
