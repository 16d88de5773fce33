"""What is asked of a division, and what comes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely

from plantation.geometry.tiling.levels import Direction
from plantation.geometry.tiling.quality import Zone, value_of
from plantation.geometry.tiling.regions import REACH_M, Tiling, compactness
from plantation.geometry.tiling.sheets import Sheet
from plantation.geometry.tiling.width import Narrow

# What is left of the ground up to this part of it is no rest: the pieces share it, unless one is off by more than so
# many square metres by that.
NO_REST, SHARED_M2 = 1e-6, 0.005
# Compactness below which a piece is named.
NAMED = 0.25


@dataclass(frozen=True, slots=True)
class Wish:
    """How pieces should lie; the meaning of each is in `partition.split_by_areas`."""

    shape: str = "compact"
    row_bearing_deg: float | None = None
    row_spacing_m: float | None = None
    access: shapely.Geometry | None = None
    lane_width_m: float = 0.0
    min_width_m: float = 3.0
    zones: Sequence[Zone] = ()


@dataclass
class Layout:
    """Pieces in the order of the areas asked for, what is left, lanes, and per piece what a report must name."""

    pieces: list[shapely.Polygon]
    rest: list[shapely.Polygon] = field(default_factory=list)
    lanes: list[shapely.Polygon] = field(default_factory=list)
    reach_m: list[float] = field(default_factory=list)
    # The pieces that are somewhere too narrow; measured for many layouts at once, and of two plans often only of one.
    narrow: dict[int, Narrow] | None = None

    @property
    def compactness(self) -> np.ndarray:
        """Polsby-Popper of each piece."""
        return compactness(shapely.area(self.pieces), shapely.length(self.pieces))


def shareable(total: float, sizes: Sequence[float]) -> float:
    """How much may be left of `total`, or lack, so that the sizes share it and none is off by what matters.

    >>> round(shareable(100_000.0, [10_000.0] * 10), 9), round(shareable(100_000.0, [50_000.0] * 2), 9)
    (0.05, 0.01)
    """
    return min(NO_REST * total, SHARED_M2 * total / max(sizes))


class LanesTakeTooMuch(Exception):
    """Internal: with lanes the pieces do not fit. `lanes` is what the lanes take, in square metres or in their worth."""

    def __init__(self, lanes: float) -> None:
        super().__init__(lanes)
        self.lanes = lanes


class CannotDivide(Exception):
    """Internal: no plan came out whole."""


@dataclass(frozen=True, slots=True)
class Order:
    """A connected ground, the areas (values, if there are zones) to divide it into, which must fit, and how.

    `ranks` are the sizes by which pieces are laid out; areas that differ from them by next to nothing are cut in the
    same places.
    """

    ground: shapely.Polygon
    areas: Sequence[float]
    wish: Wish
    ranks: Sequence[float]

    @property
    def places(self) -> list[int]:
        """The areas' indices by falling size."""
        return np.argsort(-np.array(self.ranks), kind="stable").tolist()

    @property
    def whole(self) -> float:
        """What the ground has to give: square metres, or what they are worth."""
        return value_of(self.ground, self.wish.zones) if self.wish.zones else self.ground.area

    @property
    def sizes(self) -> list[float]:
        """The areas by falling size, and the rest if there is one."""
        sizes = [self.areas[i] for i in self.places]
        total = self.whole
        rest = total - math.fsum(sizes)
        return [*sizes, rest] if rest > shareable(total, sizes) else sizes

    @property
    def places_ranks(self) -> list[float]:
        """What `sizes` are laid out by."""
        return [self.ranks[i] for i in self.places] + self.sizes[len(self.areas) :]

    @property
    def is_plain(self) -> bool:
        """Whether nothing but area and compactness decides the cuts, so that many grounds can be cut at once."""
        return self.wish.shape == "compact" and not self.wish.zones and not self.wish.lane_width_m > 0


@dataclass(slots=True)
class Plan:
    """An order as it was cut: the regions of its pieces, the rest and lanes on a closed sheet."""

    order: Order
    tiling: Tiling
    frame: Direction
    sheet: Sheet
    cells: int  # pieces and rest; what follows are lanes
    narrow: dict[int, Narrow] | None = None  # the pieces' numbers with what is too narrow of them, where that is known


@dataclass(frozen=True)
class Laid:
    """A plan and the layout that it is, and how good that is."""

    plan: Plan
    layout: Layout

    @cached_property
    def compactness(self) -> float:
        """The mean of all pieces."""
        return float(np.round(self.layout.compactness.mean(), 6))

    @cached_property
    def far_off(self) -> int:
        """Pieces out of reach and pieces far from round."""
        return sum(1 for reach_m in self.layout.reach_m if reach_m < REACH_M) + int((self.layout.compactness < NAMED).sum())

    @property
    def _thin(self) -> list[int]:
        return [number for number, narrow in self.layout.narrow.items() if narrow.is_of_cut]

    @property
    def thin(self) -> int:
        """Pieces that are too narrow where the ground is not."""
        return len(self._thin)

    @property
    def rank(self) -> tuple[int, float]:
        """Smaller is better: what a report must name, then how compact it is."""
        return self.far_off + self.thin, -self.compactness

    @cached_property
    def faulty(self) -> np.ndarray:
        """A mask of the plan's cells that a report must name for the shape that the plan gives them."""
        wrong = self.layout.compactness < NAMED
        wrong[self._thin] = True
        mask = np.zeros(self.plan.sheet.count, bool)
        mask[: len(wrong)] = wrong[self.plan.order.places]
        return mask

    @property
    def measured(self) -> Plan:
        """The plan that knows which of its pieces are too narrow."""
        narrow = self.layout.narrow
        return replace(self.plan, narrow={cell: narrow[at] for cell, at in enumerate(self.plan.order.places) if at in narrow})
