"""The three rules for land that is short: `strict` refuses, `prorate` gives all the same share, `waitlist` lets wait."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from plantation.errors import N_, Refusal
from plantation.geometry.filling import SLACK_M2, Packing, fill_pieces, prorate
from plantation.units import Millimu, format_mu, millimu_to_m2

STRICT, PRORATE, WAITLIST = "strict", "prorate", "waitlist"


class LandShort(Refusal):
    """More land is asked for than there is, and the rule is strict."""

    template = N_("%(asked_mu)s mu are asked for, %(available_mu)s mu can be allocated, %(missing_mu)s mu are missing.")


class LandShortBesideLanes(LandShort):
    """More land is asked for than lanes leave."""

    template = N_(
        "%(asked_mu)s mu are asked for, %(available_mu)s mu can be allocated beside lanes %(lane_width_m)s m wide, "
        "%(missing_mu)s mu are missing."
    )


class LandScattered(Refusal):
    """There is enough land, but in pieces that do not hold whole parcels."""

    template = N_("%(asked_mu)s mu are asked for and %(available_mu)s mu are there, but in %(pieces)s pieces: "
                  "%(left)s parcels find no piece that holds them whole.")  # fmt: skip


class NoLand(Refusal):
    """Nothing can be allocated, under any rule."""

    template = N_("%(asked_mu)s mu are asked for, and no piece of land is left that holds one parcel.")


class UnknownRule(Refusal, ValueError):
    """Not one of the three."""

    template = N_("There is no rule “%(rule)s”: it is strict, prorate or waitlist.")


@dataclass(frozen=True, slots=True)
class RightInput:
    """A right that takes part: how much it is entitled to, and a word it shares with those it wants to lie beside."""

    code: str
    household: str
    entitlement_millimu: Millimu
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a rule decided: who is served, who waits (in the order of the draw), and how many parcels of each size lie
    in each piece. `factor` is everyone's share of its entitlement, `fair` what it would be if land could be cut at will."""

    served: list[RightInput]
    waiting: list[RightInput]
    sizes: list[Millimu]
    counts: list[list[int]]
    factor: float
    fair: float

    @property
    def sizes_m2(self) -> list[float]:
        """The area of a parcel of each size, in m²."""
        return [millimu_to_m2(size) * self.factor for size in self.sizes]


def settle(rule: str, order: Sequence[RightInput], pieces_m2: Sequence[float]) -> Settled:
    """Decide by `rule` how many parcels of each size lie in each of the pieces; `order` is the order of the draw.

    >>> rights = [RightInput(f"R{n}", f"H{n}", 10_000) for n in range(175)]
    >>> settle("strict", rights, [1_000_000.0])
    Traceback (most recent call last):
    plantation.geometry.rules.LandShort: 1,750 mu are asked for, 1,500 mu can be allocated, 250 mu are missing.
    >>> round(10 * settle("prorate", rights, [1_000_000.0]).factor, 3)
    8.571
    >>> plan = settle("waitlist", rights, [1_000_000.0])
    >>> len(plan.served), len(plan.waiting), plan.counts
    (150, 25, [[150]])
    >>> settle("strict", [], []).served
    []

    :raises LandShort: strict, and the areas do not suffice. :raises LandScattered: strict, and the pieces do not.
    :raises NoLand: prorate and waitlist, and not one parcel finds a place.
    """
    if rule not in (STRICT, PRORATE, WAITLIST):
        raise UnknownRule(rule=rule)
    asked = sum(right.entitlement_millimu for right in order)
    asked_m2, available_m2 = millimu_to_m2(asked), math.fsum(pieces_m2)
    fair = min(1.0, available_m2 / asked_m2) if asked else 1.0
    if not order:
        return Settled([], [], [], [[] for _ in pieces_m2], 1.0, 1.0)
    if rule == PRORATE:
        return _prorate(order, pieces_m2, fair)
    if rule == WAITLIST:
        return _waitlist(order, pieces_m2, fair)
    if asked_m2 - available_m2 > SLACK_M2 * len(order):
        raise LandShort(**short_figures(asked, min(available_m2, millimu_to_m2(asked - 1))))
    sizes, packing = _pack(order, pieces_m2)
    if not packing.is_whole:
        raise LandScattered(**short_figures(asked, available_m2), pieces=len(pieces_m2), left=sum(packing.left))
    return Settled(list(order), [], sizes, packing.counts, 1.0, 1.0)


def _sizes(rights: Sequence[RightInput]) -> tuple[list[Millimu], list[int], list[float]]:
    count = Counter(right.entitlement_millimu for right in rights)
    sizes = sorted(count, reverse=True)
    return sizes, [count[size] for size in sizes], [millimu_to_m2(size) for size in sizes]


def _pack(rights: Sequence[RightInput], pieces_m2: Sequence[float]) -> tuple[list[Millimu], Packing]:
    sizes, counts, sizes_m2 = _sizes(rights)
    return sizes, fill_pieces(pieces_m2, sizes_m2, counts)


def _prorate(order: Sequence[RightInput], pieces_m2: Sequence[float], fair: float) -> Settled:
    sizes, counts, sizes_m2 = _sizes(order)
    factor, packing = prorate(pieces_m2, sizes_m2, counts)
    if factor <= 0 or factor * sizes_m2[-1] < 1.0:
        raise NoLand(asked_mu=grouped_mu(sum(right.entitlement_millimu for right in order)))
    return Settled(list(order), [], sizes, packing.counts, factor, fair)


def _waitlist(order: Sequence[RightInput], pieces_m2: Sequence[float], fair: float) -> Settled:
    """The longest beginning of the draw for which whole parcels find a place: nobody passes one who was drawn before."""
    available_m2, sum_m2, served = math.fsum(pieces_m2), 0.0, 0
    for right in order:
        sum_m2 += millimu_to_m2(right.entitlement_millimu)
        if sum_m2 - available_m2 > SLACK_M2 * (served + 1):
            break
        served += 1
    for count in range(served, 0, -1):
        sizes, packing = _pack(order[:count], pieces_m2)
        if packing.is_whole:
            return Settled(list(order[:count]), list(order[count:]), sizes, packing.counts, 1.0, fair)
    raise NoLand(asked_mu=grouped_mu(sum(right.entitlement_millimu for right in order)))


def short_figures(asked: Millimu, available_m2: float) -> dict[str, str]:
    """Asked, available and missing in mu, as texts that add up.

    >>> short_figures(10_000, 6666.0)
    {'asked_mu': '10', 'available_mu': '9.999', 'missing_mu': '0.001'}
    """
    available = to_millimu(available_m2)
    missing = max(0, asked - available)
    return {"asked_mu": grouped_mu(asked), "available_mu": grouped_mu(available), "missing_mu": grouped_mu(missing)}


def to_millimu(area_m2: float) -> Millimu:
    """Square metres in thousandths of a mu, rounded to the nearest.

    >>> to_millimu(6666.67)
    10000
    """
    return math.floor(area_m2 * 1.5 + 0.5)


def grouped_mu(millimu: Millimu) -> str:
    """Mu with thousands marks, for sentences.

    >>> grouped_mu(1_750_000), grouped_mu(8_571), grouped_mu(0)
    ('1,750', '8.571', '0')
    """
    whole, point, digits = format_mu(millimu).partition(".")
    return f"{int(whole):,}{point}{digits}"
