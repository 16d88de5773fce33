"""Lay plans with lanes again and again until their areas are exact, and every piece can be reached if land allows it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plantation.geometry.tiling.lanes import LaneDivider
from plantation.geometry.tiling.orders import shareable
from plantation.geometry.tiling.regions import Region
from plantation.geometry.tiling.spurs import shut, spurs

ROUNDS = 40
# After so many rounds in which two plans may take turns it is looked whether they do.
TURNS = 14
# Lanes are asked for so often, so often without gain, and the areas are to be exact so soon afterwards.
ASKED, IN_VAIN, AGAIN = 8, 3, 20
# An area is exact when it is this close, in m² and as a part of itself, and never further off than the last.
EXACT_M2, EXACT_PART, MOST_M2 = 0.001, 2e-7, 0.003
# Lanes are laid wider at most so many times, to at most so many times their width.
WIDENED, WIDEST = 8, 1.5

Make = Callable[[Sequence[float], LaneDivider | None, float], tuple[list[Region], LaneDivider]]


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A plan whose areas are exact: its regions in the order of the sizes, what lanes take, and which pieces are shut."""

    regions: list[Region]
    divider: LaneDivider
    lanes: float
    shut: list[int]


def settle(make: Make, whole: float, sizes: Sequence[float], width_m: float) -> tuple[Laid | None, float]:
    """Repeat `make(sizes, before, width)` until every piece is exact; what lanes and pieces leave of the `whole` is a last
    size, the rest.

    Where so little is left that no cut beside it settles, or lanes to all pieces do not, the lanes take it: they are laid
    that much wider. Returns the plan, or None where lanes leave too little, and what they take (as dividers measure).
    """
    asked = math.fsum(sizes)
    spare = whole - asked
    slack = shareable(asked, sizes)
    plans, lanes = spread(make, sizes, width_m)
    full = plans[-1] if plans else None
    if spare - lanes < -slack:
        return None, lanes
    if full is not None and spare - lanes <= slack:
        return full, lanes
    laid = _beside_a_rest(make, spare, lanes, sizes, width_m)
    if lanes and (laid is None or (full is not None and len(full.shut) < len(laid.shut))):
        wide = _with_wider_lanes(make, spare, lanes, sizes, width_m, full and full.divider)
        if wide is not None and (laid is None or len(wide.shut) < len(laid.shut)):
            laid = wide
    if laid is not None or lanes:
        return laid, lanes
    # Beside a rest lanes were laid that the pieces alone need not: without them it is a plain division.
    return _laid(*make([*sizes, spare], None, 0.0), len(sizes)), lanes


def _beside_a_rest(make: Make, spare: float, lanes: float, sizes: Sequence[float], width_m: float) -> Laid | None:
    """The plan with fewest shut pieces beside one more piece that takes what lanes and pieces leave."""
    asking = Asking()
    before: LaneDivider | None = None
    rest, left = spare - lanes, ROUNDS
    while left and rest > 0:
        left -= 1
        regions, before = make([*sizes, rest], before, width_m)
        rest = spare - math.fsum(before.measures)
        if rest > 0 and all(abs(before.measure(region) - size) <= exact(size) for region, size in zip(regions, sizes)):
            before, left = asking.after(_laid(regions, before, len(sizes)))
    return asking.best


def _with_wider_lanes(
    make: Make, spare: float, lanes: float, sizes: Sequence[float], width_m: float, before: LaneDivider | None
) -> Laid | None:
    """Lanes that take all of `spare`, where those of `width_m`, laid by `before`, take `lanes`."""
    wide = width_m
    for _ in range(WIDENED):
        if not 0 < spare < lanes * WIDEST < spare * WIDEST * WIDEST:
            return None
        wide *= spare / lanes
        if wide < width_m:
            return None
        plans, lanes = spread(make, sizes, wide, before)
        for full in plans:
            if abs(spare - full.lanes) <= shareable(math.fsum(sizes), sizes):
                return full
    return None


def spread(make: Make, shares: Sequence[float], width_m: float, before: LaneDivider | None = None) -> tuple[list[Laid], float]:
    """Repeat `make(shares, before, width)` until all regions are the same multiple of their shares: such plans, each with
    fewer shut pieces than the one before, and what lanes take in the last of them, or in the last that was tried."""
    asking = Asking()
    plans: list[Laid] = []
    seen: list[tuple] = []
    left = ROUNDS
    lanes = 0.0
    while left:
        left -= 1
        regions, before = make(shares, before, width_m)
        lanes = math.fsum(before.measures)
        # As two rounds ago and not as a round ago: from here on two plans take turns.
        seen.append((*before.ranges, *(round(measure, 3) for measure in before.measures)))
        if even([before.measure(region) for region in regions], shares) <= 1:
            before, left = asking.after(_laid(regions, before, len(shares)))
            if asking.best not in plans:
                plans.append(asking.best)
            seen.clear()
        elif len(seen) > TURNS and seen[-1] == seen[-3] != seen[-2]:
            break
    return plans, plans[-1].lanes if plans else lanes


class Asking:
    """Asks for lanes to shut pieces, until there are none, or nothing that is asked for helps; `best` has fewest of them."""

    def __init__(self) -> None:
        self.best: Laid | None = None
        self._times = self._in_vain = 0

    def after(self, plan: Laid) -> tuple[LaneDivider, int]:
        """What comes after an exact plan: the divider to go on from, and in how many rounds it must be exact again, if any."""
        if self.best is None or len(plan.shut) < len(self.best.shut):
            self.best, self._in_vain = plan, 0
        wanted = spurs(plan.divider, plan.regions, plan.shut)
        if not wanted or self._times == ASKED or self._in_vain == IN_VAIN:
            return plan.divider, 0
        self._times += 1
        self._in_vain += 1
        plan.divider.ask(wanted)
        return plan.divider, AGAIN


def _laid(regions: list[Region], divider: LaneDivider, count: int) -> Laid:
    # A rest is nobody's: it may be shut.
    return Laid(regions, divider, math.fsum(divider.measures), shut(divider.tiling, regions[:count]))


def even(measures: Sequence[float], sizes: Sequence[float]) -> float:
    """How far what regions measure is from being the same multiple of their sizes: up to 1 is exact."""
    scale = math.fsum(measures[: len(sizes)]) / math.fsum(sizes)
    return max(abs(m - s * scale) / exact(s * scale) for m, s in zip(measures, sizes))


def exact(size: float) -> float:
    """How far a piece may be from its size."""
    return min(MOST_M2, EXACT_M2 + EXACT_PART * size)
