"""Lay pieces out on connected grounds: cut them, polish the plans, name what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import shapely

from plantation.geometry.bisection import TURNS
from plantation.geometry.levels import Direction
from plantation.geometry.orders import NAMED, NO_REST, SHARED_M2, CannotDivide, LanesTakeTooMuch, Layout, Order, Plan
from plantation.geometry.plans import COMPACT, Progress, access_mask, cut_alone, cut_in_waves
from plantation.geometry.polish import mended, polished
from plantation.geometry.regions import REACH_M
from plantation.geometry.relaxing import relaxed
from plantation.geometry.sheets import stacked
from plantation.geometry.width import Gauge

# Plans of more pieces are taken as they come: the inside rules their figures, and it is regular.
POLISHED = 120
# Plans less compact than this have their borders relaxed, others keep straight cuts.
ENOUGH = 0.74
# Of more pieces, up to so many, only plans that miss the aim by no more than borders can win: needles stay needles.
RELAXED, WON = 250, 0.045

Cut = Callable[[Sequence[Order], Direction | None, Progress | None], list[Plan | None]]


def lay_out(orders: Sequence[Order], progress: Callable[[int], None] | None = None) -> list[Layout | CannotDivide | LanesTakeTooMuch]:
    """Divide grounds; each comes out the same whether it is divided alone or with others.

    `progress` hears how many pieces there are so far.
    """
    made: list[Layout | CannotDivide | LanesTakeTooMuch | None] = [None] * len(orders)
    plain = [index for index, order in enumerate(orders) if order.is_plain]
    if plain:
        for index, layout in zip(plain, _laid_out([orders[i] for i in plain], cut_in_waves, progress)):
            made[index] = layout
    done = sum(len(orders[index].areas) for index in plain)
    for index, order in enumerate(orders):
        if not order.is_plain:
            try:
                (made[index],) = _laid_out([order], cut_alone, progress and (lambda count, before=done: progress(before + count)))
            except LanesTakeTooMuch as short:
                made[index] = short
                continue
            done += len(order.areas)
    return [layout or _turned(order) for layout, order in zip(made, orders)]


def _laid_out(orders: Sequence[Order], cut: Cut, progress=None, turn: Direction | None = None) -> list[Layout | None]:
    """Layouts as `cut` makes them; None for what did not come out whole."""
    found = cut(orders, turn, progress)
    plans = [plan for plan in found if plan is not None]
    if turn is None:
        plans = _polished(plans)
    layouts = _sound_ones(plans)
    if turn is None:
        plans, layouts = _rounder(plans, layouts)
        layouts = _mended(plans, layouts)
    each = iter(layouts)
    return [None if plan is None else next(each) for plan in found]


def _sound_ones(plans: Sequence[Plan]) -> list[Layout | None]:
    return [made if _sound(made, plan.order) else None for plan, made in zip(plans, _layouts(plans))]


def _turned(order: Order) -> Layout | CannotDivide:
    # Grounds that touch themselves can trip a cut that runs exactly along their edges: a turned frame does not.
    for turn in TURNS:
        (made,) = _laid_out([order], cut_in_waves if order.is_plain else cut_alone, None, turn)
        if made is not None:
            return made
    return CannotDivide()


def _sound(made: Layout, order: Order) -> bool:
    """Whether all that can be asked of a layout without measuring shapes is so."""
    areas = np.array(order.areas)
    everything = np.array(made.pieces + made.rest + made.lanes, dtype=object)
    if not shapely.is_valid(everything).all():
        return False
    sizes = shapely.area(everything)
    if abs(math.fsum(sizes.tolist()) - order.ground.area) > 0.001 + 1e-9 * order.ground.area:
        return False
    if not order.wish.zones and (np.abs(sizes[: len(areas)] - areas) > 0.004 + np.minimum(1.1 * NO_REST * areas, SHARED_M2)).any():
        return False
    return len(everything) > POLISHED or bool(shapely.coverage_is_valid(everything))


def _polished(plans: Sequence[Plan]) -> list[Plan]:
    """The plans, those of few pieces with all that gain by it cut anew."""
    few = [at for at, plan in enumerate(plans) if _is_plain(plan) and 1 < plan.cells <= POLISHED]
    made = dict(zip(few, polished([plans[at] for at in few]) if few else []))
    return [made.get(at, plan) for at, plan in enumerate(plans)]


def _mended(plans: Sequence[Plan], layouts: list[Layout | None]) -> list[Layout | None]:
    """The layouts, those with faulty pieces that a cut is to blame for with fewer of them where that is possible."""
    faulty = {}
    for at, (plan, made) in enumerate(zip(plans, layouts)):
        if made is not None and plan.cells > 1 and _is_plain(plan):
            wrong = _faulty(plan, made)
            if wrong.any():
                faulty[at] = wrong
    if faulty:
        better = mended([_with_narrow(plans[at], layouts[at]) for at in faulty], list(faulty.values()))
        for at, made in zip(faulty, _sound_ones(better)):
            if made is not None and _faults(made) < _faults(layouts[at]):
                layouts[at] = made
    return layouts


def _rounder(plans: list[Plan], layouts: list[Layout | None]) -> tuple[list[Plan], list[Layout | None]]:
    """Plans and layouts, those of few pieces that are not compact enough with rounder pieces where nothing gets worse by it."""
    loose = {at: made for at, made in enumerate(layouts) if made is not None and _may_give_way(plans[at], _compact(made))}
    found = relaxed([plans[at].tiling for at in loose], [plans[at].sheet for at in loose]) if loose else []
    rounder = {at: replace(plans[at], sheet=sheet, narrow=None) for at, sheet in zip(loose, found) if sheet is not None}
    for at, made in zip(rounder, _sound_ones(list(rounder.values()))):
        if made is not None and _is_better(made, loose[at]):
            plans[at], layouts[at] = rounder[at], made
    return plans, layouts


def _may_give_way(plan: Plan, compact: float) -> bool:
    # Whoever names a bearing wants straight borders along it.
    if not plan.order.is_plain or plan.order.wish.row_bearing_deg is not None:
        return False
    if plan.cells <= POLISHED:
        return plan.cells > 1 and compact < ENOUGH
    return plan.cells <= RELAXED and COMPACT - WON <= compact < COMPACT


def _compact(made: Layout) -> float:
    return float(np.round(made.compactness.mean(), 6))


def _is_plain(plan: Plan) -> bool:
    # Where the ground touches itself, arrays do not see that what they join or cut hangs together by a point.
    return plan.order.is_plain and not plan.tiling.touching


def _is_better(made: Layout, loose: Layout) -> bool:
    """Whether a rounder plan is more compact and leaves no more pieces out of reach or far from round; what is too narrow in it is
    mended later."""
    return _compact(made) > _compact(loose) and _far_off(made) <= _far_off(loose)


def _far_off(made: Layout) -> int:
    shut = sum(1 for reach_m in made.reach_m if reach_m < REACH_M)
    return shut + int((made.compactness < NAMED).sum())


def _faulty(plan: Plan, made: Layout) -> np.ndarray:
    """A mask of the cells of a plan that a report would have to name for what the plan makes of them."""
    wrong = np.zeros(plan.sheet.count, bool)
    is_thin = np.zeros(len(made.pieces), bool)
    is_thin[[number for number, narrow in made.narrow.items() if narrow.cut_m2 > 0]] = True
    wrong[: len(made.pieces)] = (is_thin | (made.compactness < NAMED))[plan.order.places]
    return wrong


def _with_narrow(plan: Plan, made: Layout) -> Plan:
    return replace(plan, narrow={cell: made.narrow[at] for cell, at in enumerate(plan.order.places) if at in made.narrow})


def _faults(made: Layout) -> int:
    return _far_off(made) + _thin(made)


def _thin(made: Layout) -> int:
    return sum(1 for narrow in made.narrow.values() if narrow.cut_m2 > 0)


def _layouts(plans: Sequence[Plan]) -> list[Layout]:
    """The plans' pieces as polygons."""
    if not plans:
        return []
    sheet = stacked([plan.sheet for plan in plans])
    counts = [plan.sheet.count for plan in plans]
    plan_of = np.repeat(np.arange(len(plans)), counts)
    polygons = sheet.polygons(np.array([plan.tiling.origin for plan in plans])[plan_of])
    reach = sheet.border(access_mask([plan.tiling for plan in plans], plans[0].tiling.numbers)).tolist()
    made, first = [], 0
    for plan, count in zip(plans, counts):
        mine = slice(first, first + count)
        made.append(_layout(plan, polygons[mine], reach[mine]))
        first += count
    return made


def _layout(plan: Plan, polygons: np.ndarray, reach: list[float]) -> Layout:
    wish, count = plan.order.wish, len(plan.order.areas)
    made = Layout([shapely.Polygon()] * count, list(polygons[count : plan.cells]), list(polygons[plan.cells :]), [0.0] * count)
    for place, polygon, metres in zip(plan.order.places, polygons, reach):
        made.pieces[place] = polygon
        made.reach_m[place] = metres
    if wish.access is not None:
        shapely.prepare(wish.access)
        through = shapely.length(shapely.intersection(np.array(made.pieces, dtype=object), wish.access))
        made.reach_m = [a + b for a, b in zip(made.reach_m, through.tolist())]
    if wish.min_width_m > 0:
        made.gauge = Gauge(plan.order.ground, wish.min_width_m)
        if plan.narrow is not None:
            places = plan.order.places
            made.narrow = {places[cell]: narrow for cell, narrow in plan.narrow.items()}
    return made
