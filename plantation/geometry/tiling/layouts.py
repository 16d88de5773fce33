"""Lay pieces out on connected grounds: cut them, polish the plans, name what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import shapely

from plantation.geometry.tiling.bisection import TURNS
from plantation.geometry.tiling.levels import Direction
from plantation.geometry.tiling.orders import NO_REST, SHARED_M2, CannotDivide, Laid, LanesTakeTooMuch, Layout, Order, Plan
from plantation.geometry.tiling.plans import COMPACT, Progress, access_mask, cut_alone, cut_in_waves
from plantation.geometry.tiling.polish import polished
from plantation.geometry.tiling.ragged import firsts
from plantation.geometry.tiling.relaxing import relaxed
from plantation.geometry.tiling.sheets import stacked
from plantation.geometry.tiling.width import narrow

# Plans of more pieces are taken as they come: the inside rules their figures, and it is regular.
POLISHED = 120
# Plans less compact than this have their borders relaxed, others keep straight cuts.
ENOUGH = 0.74
# Of more pieces, up to so many, only plans that miss the aim by no more than borders can win: needles stay needles.
RELAXED, WON = 1000, 0.08

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
    plans = dict(enumerate(cut(orders, turn, progress)))
    laid = _sound_ones({at: plan for at, plan in plans.items() if plan is not None})
    if turn is None:
        laid |= _finished({at: one for at, one in laid.items() if _can_be_cut_anew(one.plan)})
    _measure(laid.values())
    return [laid[at].layout if at in laid else None for at in plans]


def _sound_ones(plans: dict[int, Plan]) -> dict[int, Laid]:
    made = zip(plans.items(), _layouts(list(plans.values())))
    return {at: Laid(plan, layout) for (at, plan), layout in made if _sound(layout, plan.order)}


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


def _finished(laid: dict[int, Laid]) -> dict[int, Laid]:
    """Plans with rounder pieces where they are not compact enough, and with faulty pieces cut anew."""
    rounder = _rounder(laid)
    made = _polished(laid | rounder)
    # Borders that gave way can leave too little room for mending: then what is faulty is mended first.
    loose = _polished({at: laid[at] for at in rounder if made[at].thin or laid[at].plan.cells <= POLISHED})
    for others in (loose, _polished(_rounder(loose))):
        made |= {at: one for at, one in others.items() if one.rank < made[at].rank}
    return made


def _rounder(laid: dict[int, Laid]) -> dict[int, Laid]:
    """Those plans of few pieces that are not compact enough, with rounder pieces, where that puts no more of them out of reach."""
    loose = [at for at, one in laid.items() if _may_give_way(one.plan, one.compactness)]
    plans = [laid[at].plan for at in loose]
    sheets = relaxed([plan.tiling for plan in plans], [plan.sheet for plan in plans]) if loose else []
    made = _sound_ones({at: replace(plan, sheet=sheet, narrow=None) for at, plan, sheet in zip(loose, plans, sheets) if sheet is not None})
    return {at: one for at, one in made.items() if one.compactness > laid[at].compactness and one.far_off <= laid[at].far_off}


def _polished(laid: dict[int, Laid]) -> dict[int, Laid]:
    """The plans, those of few pieces with all cut anew that gain by it, the others with the faulty ones."""
    _measure(laid.values())
    made = dict(laid)
    some = {at: one for at, one in laid.items() if 1 < one.plan.cells and (one.plan.cells <= POLISHED or one.faulty.any())}
    if some:
        faulty = [None if one.plan.cells <= POLISHED else one.faulty for one in some.values()]
        plans = polished([one.measured for one in some.values()], faulty)
        better = _sound_ones(dict(zip(some, plans)))
        made |= {at: one for at, one in better.items() if one.rank < laid[at].rank}
    return made


def _measure(laid: Iterable[Laid]) -> None:
    """Find out of layouts which pieces are too narrow, where that is not known yet."""
    new = [one for one in laid if one.layout.narrow is None]
    for one in new:
        one.layout.narrow = {}
    pieces = [piece for one in new for piece in one.layout.pieces]
    of = np.repeat(np.arange(len(new)), [len(one.layout.pieces) for one in new])
    grounds, widths = (
        np.array([one.plan.order.ground for one in new], dtype=object)[of],
        np.array([one.plan.order.wish.min_width_m for one in new])[of],
    )
    begins = firsts(np.bincount(of, minlength=len(new)))
    for index, found in narrow(pieces, grounds, widths).items():
        new[of[index]].layout.narrow[index - int(begins[of[index]])] = found


def _may_give_way(plan: Plan, compact: float) -> bool:
    # Whoever names a bearing wants straight borders along it.
    if not plan.order.is_plain or plan.order.wish.row_bearing_deg is not None:
        return False
    if plan.cells <= POLISHED:
        return plan.cells > 1 and compact < ENOUGH
    return plan.cells <= RELAXED and COMPACT - WON <= compact < COMPACT


def _can_be_cut_anew(plan: Plan) -> bool:
    # Where the ground touches itself, arrays do not see that what they join or cut hangs together by a point.
    return plan.order.wish.shape == "compact" and not plan.order.wish.zones and not plan.tiling.touching


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
    if plan.narrow is not None:
        places = plan.order.places
        made.narrow = {places[cell]: found for cell, found in plan.narrow.items()}
    return made
