"""Lay pieces out on one connected ground: try the plans there are, take the best, polish it, number it, name what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from plantation.geometry.bisection import TURNS, Divider
from plantation.geometry.cuts import Direction
from plantation.geometry.frames import frame_of, frames_of
from plantation.geometry.lanes import LaneDivider, settle, spread
from plantation.geometry.numbering import neighbours, walk
from plantation.geometry.polish import Polish
from plantation.geometry.quality import ValueDivider, Zone, value_of
from plantation.geometry.regions import Sheet, Tiling, sheet_of
from plantation.geometry.strips import StripDivider
from plantation.geometry.width import Gauge, Narrow

# What is left of the ground up to this part of it is no rest: the pieces share it.
NO_REST = 1e-6
# Plans of more pieces are taken as they come: the inside rules their figures, and it is regular.
POLISHED = 120
PLANS = 5
# A plan this compact is compared by who can be reached.
COMPACT = 0.72


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
    progress: Callable[[int], None] | None = None


@dataclass(slots=True)
class Layout:
    """Pieces in the order of the areas asked for, what is left, lanes, and per piece what a report must name."""

    pieces: list[shapely.Polygon]
    rest: list[shapely.Polygon] = field(default_factory=list)
    lanes: list[shapely.Polygon] = field(default_factory=list)
    reach_m: list[float] = field(default_factory=list)
    narrow: dict[int, Narrow] = field(default_factory=dict)


class LanesTakeTooMuch(Exception):
    """Internal: with lanes the pieces do not fit. `lanes_m2` is what the lanes take."""

    def __init__(self, lanes_m2: float) -> None:
        super().__init__(lanes_m2)
        self.lanes_m2 = lanes_m2


class CannotDivide(Exception):
    """Internal: no plan came out whole."""


def lay_out(ground: shapely.Polygon, areas: Sequence[float], wish: Wish) -> Layout:
    """Divide a connected ground. The areas (values, if there are zones) must fit."""
    for turn in (None, *TURNS):
        # Grounds that touch themselves can trip a cut that runs exactly along their edges: a turned frame does not.
        try:
            made = _laid_out(ground, areas, wish, turn)
        except (ArithmeticError, AttributeError, LookupError, shapely.GEOSException):
            continue
        if _sound(made, ground, areas, wish):
            return made
    raise CannotDivide


def _laid_out(ground: shapely.Polygon, areas: Sequence[float], wish: Wish, turn: Direction | None) -> Layout:
    order = sorted(range(len(areas)), key=lambda i: (-areas[i], i))
    sizes = [areas[i] for i in order]
    total = value_of(ground, wish.zones) if wish.zones else ground.area
    if wish.lane_width_m > 0:
        laid, lanes_m2 = settle(lambda wanted, before: _with_lanes(ground, wanted, wish, before), ground.area, sizes)
        if laid is None:
            raise LanesTakeTooMuch(lanes_m2)
        regions, divider = laid
        lanes, tiling = divider.lanes, divider.tiling
    else:
        rest = total - math.fsum(sizes)
        if rest > NO_REST * total:
            sizes.append(rest)
        regions, tiling = _best_plan(ground, sizes, wish, turn)
        lanes = []
    sheet = tiling.close(regions + lanes)
    if wish.shape == "compact" and not wish.zones and 1 < len(regions) <= POLISHED and turn is None:
        sheet = _polished(sheet, tiling, ground, sizes, len(areas), wish)
    return _numbered(sheet, tiling, ground, areas, order, len(regions), wish)


def _sound(made: Layout, ground: shapely.Polygon, areas: Sequence[float], wish: Wish) -> bool:
    """Whether all that can be asked of a layout without measuring shapes is so."""
    everything = np.array(made.pieces + made.rest + made.lanes, dtype=object)
    if not shapely.is_valid(everything).all():
        return False
    sizes = shapely.area(everything)
    if abs(math.fsum(sizes.tolist()) - ground.area) > 0.001 + 1e-9 * ground.area:
        return False
    if not wish.zones and (np.abs(sizes[: len(areas)] - areas) > 0.004 + 1.1 * NO_REST * np.array(areas)).any():
        return False
    return len(everything) > POLISHED or bool(shapely.coverage_is_valid(everything))


def room_with_lanes(ground: shapely.Polygon, shares: Sequence[float], wish: Wish) -> float:
    """Square metres that lanes leave when the whole ground is divided in these shares."""
    _, lanes_m2 = spread(lambda sizes, before: _with_lanes(ground, sizes, wish, before), sorted(shares, reverse=True))
    return ground.area - lanes_m2


def _with_lanes(ground, sizes, wish, before):
    tiling = Tiling(ground, wish.access)
    divider = LaneDivider(tiling, sizes, frame_of(ground, wish.row_bearing_deg), wish.lane_width_m, before)
    return divider.divide(tiling.ground), divider


def _divider(tiling: Tiling, sizes: Sequence[float], frame: Direction, wish: Wish) -> Divider:
    if wish.zones:
        return ValueDivider(tiling, sizes, frame, wish.zones)
    if wish.shape == "strips":
        return StripDivider(tiling, sizes, frame, least_m=wish.min_width_m, spacing_m=wish.row_spacing_m)
    return Divider(tiling, sizes, frame)


def _best_plan(ground, sizes, wish, turn):
    """Of a few plans in different frames: the most compact ones, and of these the one that leaves fewest landlocked."""
    count = len(sizes)
    plans = 1 if wish.zones or wish.shape == "strips" or wish.row_bearing_deg is not None else max(1, min(PLANS, 250 // count))
    frames = [frame_of(ground, wish.row_bearing_deg)] if plans == 1 else frames_of(ground)[:plans]
    if turn is not None:
        (x, y), (c, s) = frames[0], turn
        frames = [(x * c - y * s, x * s + y * c)]
    best = None
    for frame in frames:
        tiling = Tiling(ground, wish.access)
        divider = _divider(tiling, sizes, frame, wish)
        regions = divider.divide(tiling.ground, progress=wish.progress)
        if len(frames) == 1:
            return regions, tiling
        rank = _rank(tiling.close(regions), tiling)
        if best is None or rank > best[0]:
            best = (rank, regions, tiling)
    return best[1:]


def _rank(sheet: Sheet, tiling: Tiling) -> tuple:
    areas, border = sheet.areas(), sheet.border()
    compact = 4 * math.pi * areas / (border * border)
    mean = round(float(compact.mean()), 3)
    landlocked = int((sheet.border(tiling.access) < 3.0).sum()) if tiling.access else 0
    if mean >= COMPACT:
        return True, -landlocked, mean
    return False, mean - 0.2 * landlocked / len(areas), 0.0


def _polished(sheet, tiling, ground, sizes, pieces, wish) -> Sheet:
    local = shapely.transform(ground, lambda xy: xy - tiling.origin)
    gauge = Gauge(local, wish.min_width_m)
    frame = frame_of(ground, wish.row_bearing_deg)
    cells = sheet.regions()
    polish = Polish(tiling, cells, [*sizes[:pieces], *(cell.area for cell in cells[pieces:])], frame, gauge.narrow, pieces)
    polish.run(12 + 4 * pieces)
    return sheet_of(polish.cells)


def _numbered(sheet, tiling, ground, areas, order, laid, wish) -> Layout:
    count = len(areas)
    polygons = sheet.polygons(tiling.origin)
    path = [i for i in walk(neighbours(sheet)) if i < count] if count > 2 else list(range(count))
    # Cells were laid out by falling size; among equal sizes the walk decides which piece is which.
    step = {cell: at for at, cell in enumerate(path)}
    cells = sorted(range(count), key=lambda cell: (-areas[order[cell]], step[cell]))
    made = Layout([shapely.Polygon()] * count, polygons[count:laid], polygons[laid:], [0.0] * count)
    reach = sheet.border(tiling.access)
    for place, cell in zip(order, cells):
        made.pieces[place] = polygons[cell]
        made.reach_m[place] = float(reach[cell])
    if wish.access is not None:
        shapely.prepare(wish.access)
        through = shapely.length(shapely.intersection(np.array(made.pieces, dtype=object), wish.access))
        made.reach_m = [a + b for a, b in zip(made.reach_m, through.tolist())]
    if wish.min_width_m > 0:
        made.narrow = Gauge(ground, wish.min_width_m).narrow(made.pieces)
    return made
