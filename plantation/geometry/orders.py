"""What is asked of a division, and what comes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from plantation.geometry.quality import Zone, value_of
from plantation.geometry.regions import Tiling, compactness
from plantation.geometry.sheets import Sheet
from plantation.geometry.width import Narrow

# What is left of the ground up to this part of it is no rest: the pieces share it.
NO_REST = 1e-6
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


@dataclass(slots=True)
class Layout:
    """Pieces in the order of the areas asked for, what is left, lanes, and per piece what a report must name."""

    pieces: list[shapely.Polygon]
    rest: list[shapely.Polygon] = field(default_factory=list)
    lanes: list[shapely.Polygon] = field(default_factory=list)
    reach_m: list[float] = field(default_factory=list)
    narrow: dict[int, Narrow] = field(default_factory=dict)

    @property
    def compactness(self) -> np.ndarray:
        """Polsby-Popper of each piece."""
        return compactness(shapely.area(self.pieces), shapely.length(self.pieces))


class LanesTakeTooMuch(Exception):
    """Internal: with lanes the pieces do not fit. `lanes` is what the lanes take, in square metres or in their worth."""

    def __init__(self, lanes: float) -> None:
        super().__init__(lanes)
        self.lanes = lanes


class CannotDivide(Exception):
    """Internal: no plan came out whole."""


@dataclass(frozen=True, slots=True)
class Order:
    """A connected ground, the areas (values, if there are zones) to divide it into, which must fit, and how."""

    ground: shapely.Polygon
    areas: Sequence[float]
    wish: Wish

    @property
    def places(self) -> list[int]:
        """The areas' indices by falling size."""
        return np.argsort(-np.array(self.areas), kind="stable").tolist()

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
        return [*sizes, rest] if rest > NO_REST * total else sizes

    @property
    def is_plain(self) -> bool:
        """Whether nothing but area and compactness decides the cuts, so that many grounds can be cut at once."""
        return self.wish.shape == "compact" and not self.wish.zones and not self.wish.lane_width_m > 0


@dataclass(slots=True)
class Plan:
    """An order as it was cut: the regions of its pieces, the rest and lanes on a closed sheet."""

    order: Order
    tiling: Tiling
    sheet: Sheet
    cells: int  # pieces and rest; what follows are lanes
