"""Cut grounds into regions: many of them at once where area and compactness alone decide, the others one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely

from plantation.geometry.tiling.bisection import FAULTS, Divider
from plantation.geometry.tiling.frames import frame_of, frames_of
from plantation.geometry.tiling.lanes import LaneDivider, LanedStrips
from plantation.geometry.tiling.levels import Direction
from plantation.geometry.tiling.marks import closed, marks_of
from plantation.geometry.tiling.orders import LanesTakeTooMuch, Order, Plan, Wish
from plantation.geometry.tiling.quality import ValueDivider, value_of
from plantation.geometry.tiling.ragged import following
from plantation.geometry.tiling.regions import REACH_M, Numbers, Region, Tiling, compactness
from plantation.geometry.tiling.settling import Make, settle, spread
from plantation.geometry.tiling.sheets import Sheet, sheet_of
from plantation.geometry.tiling.strips import StripDivider
from plantation.geometry.tiling.waves import Waves

# So many plans in different frames are compared, fewer where the pieces are many.
PLANS, PLANNED = 5, 250
# A plan this compact is compared by who can be reached.
COMPACT = 0.72
# What is taken to be left to do after each round of laying lanes.
LEFT = 0.9

Progress = Callable[[int], None]


def cut_in_waves(orders: Sequence[Order], turn: Direction | None, progress: Progress | None) -> list[Plan | None]:
    """Of a few plans for each order, in different frames, the best one; None where a cut failed."""
    numbers = Numbers()
    dividers, own = [], []
    for order in orders:
        frames = _frames(order, turn)
        own.append(range(len(dividers), len(dividers) + len(frames)))
        sizes, ranks = order.sizes, order.places_ranks
        dividers += [Divider(Tiling(order.ground, order.wish.access, numbers), sizes, frame, ranks=ranks) for frame in frames]
    waves = Waves(dividers, numbers)
    sheet = waves.run(progress and _scaled(progress, orders, dividers))
    counts = np.where(waves.failed, 0, [len(divider.sizes) for divider in dividers])
    sheet = closed(sheet, *waves.marks(), numbers.given, np.repeat(np.arange(len(dividers)), counts))
    parts = sheet.parts(counts)
    ranks = _ranks(sheet, counts, dividers, numbers) if len(dividers) > len(orders) else [(0.0,)] * len(dividers)
    plans: list[Plan | None] = []
    for order, mine in zip(orders, own):
        best = max((one for one in mine if counts[one]), key=lambda one: (ranks[one], -one), default=None)
        plans.append(None if best is None else Plan(order, dividers[best].tiling, dividers[best].frame, parts[best], int(counts[best])))
    return plans


def cut_alone(orders: Sequence[Order], turn: Direction | None, progress: Progress | None) -> list[Plan | None]:
    """Plans with lanes, in strips, or of land of different worth.

    :raises LanesTakeTooMuch: with lanes the pieces do not fit.
    """
    return [_cut_alone(order, turn, progress) for order in orders]


def _cut_alone(order: Order, turn: Direction | None, progress: Progress | None) -> Plan | None:
    frame = _frames(order, turn)[0]
    try:
        if order.wish.lane_width_m > 0:
            sizes = [order.areas[i] for i in order.places]
            ranks = [order.ranks[i] for i in order.places]
            make = _with_lanes(order.ground, order.wish, frame, ranks, progress)
            laid, lanes = settle(make, order.whole, sizes, order.wish.lane_width_m)
            if laid is None:
                raise LanesTakeTooMuch(lanes)
            return _plan(order, laid.divider.tiling, frame, laid.regions, laid.divider.lanes)
        tiling = Tiling(order.ground, order.wish.access)
        divider = _divider(tiling, order.sizes, frame, order.wish, ranks=order.places_ranks)
        return _plan(order, tiling, frame, divider.divide(tiling.ground, progress=progress), [])
    except FAULTS:
        return None


def _plan(order: Order, tiling: Tiling, frame: Direction, cells: list[Region], lanes: list[Region]) -> Plan:
    sheet = closed(sheet_of(cells + lanes), *marks_of(tiling.marks), tiling.numbers.given)
    if lanes:
        _open_lane_ends(sheet, len(cells), tiling)
    return Plan(order, tiling, frame, sheet, len(cells))


def _open_lane_ends(sheet: Sheet, cells: int, tiling: Tiling) -> None:
    """Let edges at which lanes end give access; the line that they lie on does not, it leads on between pieces."""
    is_lane = sheet.region_of >= cells
    is_end = is_lane & ~np.isin(sheet.lines, list(tiling.access))
    edges = np.concatenate([sheet.xy, sheet.xy[following(sheet.sizes)]], axis=1)
    ends = {(c, d, a, b) for a, b, c, d in edges[is_end].tolist()}
    near = np.flatnonzero(~is_lane & np.isin(sheet.lines, sheet.lines[is_end])).tolist()
    line = tiling.numbers.take()
    sheet.lines[[index for index in near if tuple(edges[index].tolist()) in ends]] = line
    tiling.access.add(line)


def room_with_lanes(ground: shapely.Polygon, shares: Sequence[float], wish: Wish) -> float:
    """What lanes leave, in square metres or in what they are worth, when the whole ground is divided in these shares."""
    _, lanes = spread(_with_lanes(ground, wish, frame_of(ground, wish.row_bearing_deg)), sorted(shares, reverse=True), wish.lane_width_m)
    return (value_of(ground, wish.zones) if wish.zones else ground.area) - lanes


def _with_lanes(
    ground: shapely.Polygon, wish: Wish, frame: Direction, ranks: Sequence[float] = (), progress: Progress | None = None
) -> Make:
    left = 1.0

    def make(sizes, before, width_m):
        nonlocal left
        if progress is not None:
            # How many rounds it takes nobody knows: each does a part of what is left.
            left *= LEFT
            progress(int(len(ranks) * (1 - left)))
        tiling = Tiling(ground, wish.access)
        own = [*ranks[: len(sizes)], *sizes[len(ranks) :]]
        divider = _divider(tiling, sizes, frame, wish, width_m=width_m, before=before, ranks=own)
        return divider.divide(tiling.ground), divider

    return make


class _ValuedStrips(StripDivider, ValueDivider):
    pass


class _ValuedLanes(LaneDivider, ValueDivider):
    pass


class _ValuedLanedStrips(LanedStrips, ValueDivider):
    pass


# By whether there are lanes, strips and zones.
_DIVIDERS: dict[tuple[bool, bool, bool], type[Divider]] = {
    (False, False, False): Divider,
    (False, False, True): ValueDivider,
    (False, True, False): StripDivider,
    (False, True, True): _ValuedStrips,
    (True, False, False): LaneDivider,
    (True, False, True): _ValuedLanes,
    (True, True, False): LanedStrips,
    (True, True, True): _ValuedLanedStrips,
}


def _divider(tiling: Tiling, sizes: Sequence[float], frame: Direction, wish: Wish, **more: Any) -> Divider:
    has_lanes = "width_m" in more
    if in_strips := wish.shape == "strips":
        more |= {"least_m": wish.min_width_m, "spacing_m": wish.row_spacing_m}
    if wish.zones:
        more["zones"] = wish.zones
    return _DIVIDERS[has_lanes, in_strips, bool(wish.zones)](tiling, sizes, frame, **more)


def _frames(order: Order, turn: Direction | None) -> list[Direction]:
    wish = order.wish
    several = order.is_plain and wish.row_bearing_deg is None
    count = max(1, min(PLANS, PLANNED // len(order.sizes))) if several else 1
    frames = [frame_of(order.ground, wish.row_bearing_deg)] if count == 1 else frames_of(order.ground, count)
    if turn is None:
        return frames
    (x, y), (c, s) = frames[0], turn
    return [(x * c - y * s, x * s + y * c)]


def _scaled(progress: Progress, orders: Sequence[Order], dividers: Sequence[Divider]) -> Progress:
    pieces, cells = sum(len(order.areas) for order in orders), sum(len(divider.sizes) for divider in dividers)
    return lambda count: progress(count * pieces // cells)


def _ranks(sheet: Sheet, counts: np.ndarray, dividers: Sequence[Divider], numbers: Numbers) -> list[tuple]:
    """How good each divider's plan is: the most compact ones, and of these the one that leaves fewest landlocked."""
    access = access_mask([divider.tiling for divider in dividers], numbers)
    compact = compactness(sheet.areas(), sheet.border())
    landlocked = sheet.border(access) < REACH_M
    stops = np.cumsum(counts).tolist()
    ranks = []
    for divider, start, stop in zip(dividers, [0, *stops], stops):
        mean = round(float(compact[start:stop].mean()), 3) if stop > start else 0.0
        shut = int(landlocked[start:stop].sum()) if divider.tiling.access else 0
        ranks.append((True, -shut, mean) if mean >= COMPACT else (False, mean - 0.2 * shut / max(1, stop - start), 0.0))
    return ranks


def access_mask(tilings: Sequence[Tiling], numbers: Numbers) -> np.ndarray:
    """Per line number whether a piece on that line can be reached."""
    mask = np.zeros(numbers.given, bool)
    for tiling in tilings:
        mask[list(tiling.access)] = True
    return mask
