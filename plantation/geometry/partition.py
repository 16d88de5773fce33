"""Cut a ground into connected, compact pieces of exactly the wanted areas.

The work is done in a plane whose areas are true (metres); `projection` makes one. How it works, from the outside in:
`layouts` tries plans and takes the best; `bisection` fixes which pieces lie on each side and cuts exactly that area off;
`fans` looks at many cuts at once, `cuts` makes one; `tours` always finds a cut where no straight one keeps both sides
whole; `regions` keeps borders shared point for point; `relaxing` lets the borders of plans
that are not compact enough give way; `polish` joins what is narrow or not round with a neighbour and cuts both anew.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import shapely

from plantation.errors import N_, Refusal
from plantation.geometry.outcomes import BadArea, BadGround, GroundShort, LanesTooWide, Note, Partition, PartsTooSmall
from plantation.geometry.rests import collector_rests
from plantation.geometry.tiling.layouts import lay_out
from plantation.geometry.tiling.orders import NAMED, NO_REST, CannotDivide, LanesTakeTooMuch, Layout, Order, Wish
from plantation.geometry.tiling.packing import pack
from plantation.geometry.tiling.plans import room_with_lanes
from plantation.geometry.tiling.quality import apart, value_of
from plantation.geometry.tiling.regions import REACH_M

Ground = shapely.Polygon | shapely.MultiPolygon


def split_by_areas(
    ground: Ground,
    areas_m2: Sequence[float],
    *,
    shape: Literal["compact", "strips"] = "compact",
    row_bearing_deg: float | None = None,
    row_spacing_m: float | None = None,
    access: shapely.Geometry | None = None,
    lane_width_m: float = 0.0,
    min_width_m: float = 3.0,
    quality: Sequence[tuple[shapely.Polygon, float]] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Partition:
    """Divide `ground` (a plane in metres with true areas) into pieces of exactly `areas_m2`.

    - `pieces[i]` has area `areas_m2[i]` within 0.005 m², is connected and valid. What is left is `remainder`: one
      polygon a part of the ground. Areas that sum to the ground within one millionth fill it, sharing the difference.
    - Pieces, lanes and remainder tile the ground; neighbours share identical points (`shapely.coverage_is_valid`).
    - Pieces are at least `min_width_m` wide where the ground is; a piece that is not has a note.
    - A piece has 3 m of border on `access` (within 1 m of it; None: the ground's outer edge) or on a lane, or a note.
      Lanes of `lane_width_m` lie between every two rows of pieces, and beside pieces that would be out of reach; they take
      land, so the areas must leave them room (`room_for`).
    - `shape="compact"`: in the frame of `row_bearing_deg` (degrees clockwise from y) or of the ground's own edges.
      `shape="strips"`: along the rows; with `row_spacing_m` cuts run between rows, stepping over one row where that
      makes the area exact. The rows are taken to begin half a spacing from the ground's low edge.
    - With `quality` (zones with a factor; elsewhere 1; of overlapping zones the first counts) areas are ∫factor dA.
    - The same input gives the same output; `progress` is called with (pieces made, of how many).

    >>> plan = split_by_areas(shapely.box(0, 0, 30, 20), [150.0, 150.0, 300.0])
    >>> [round(piece.area, 6) for piece in plan.pieces], plan.remainder, plan.notes
    ([150.0, 150.0, 300.0], [], [])
    >>> split_by_areas(shapely.box(0, 0, 30, 20), []).remainder[0].area
    600.0

    :raises Refusal: `GroundShort`, `PartsTooSmall`, `LanesTooWide`, `BadArea`, `BadGround`, each with its figures.
    """
    wanted = Wanted(ground, areas_m2, shape, row_bearing_deg, row_spacing_m, access, lane_width_m, min_width_m, tuple(quality))
    (made,) = split_all([wanted], progress=progress)
    if isinstance(made, Refusal):
        raise made
    return made


@dataclass(frozen=True, slots=True)
class Wanted:
    """One division among many; the meaning of each is in `split_by_areas`."""

    ground: Ground
    areas_m2: Sequence[float]
    shape: Literal["compact", "strips"] = "compact"
    row_bearing_deg: float | None = None
    row_spacing_m: float | None = None
    access: shapely.Geometry | None = None
    lane_width_m: float = 0.0
    min_width_m: float = 3.0
    quality: Sequence[tuple[shapely.Polygon, float]] = ()
    # Sizes by which pieces are laid out, where they are not quite the areas: those of a plan that is cut again.
    ranks: Sequence[float] | None = None


def split_all(wanted: Sequence[Wanted], *, progress: Callable[[int, int], None] | None = None) -> list[Partition | Refusal]:
    """Divide many grounds, several times faster than one after the other; each comes out as `split_by_areas` makes it.

    What one of them refuses is in its place; the others are divided.

    >>> half, short = split_all([Wanted(shapely.box(0, 0, 2, 1), [1.0, 1.0]), Wanted(shapely.box(0, 0, 2, 1), [5.0])])
    >>> [piece.area for piece in half.pieces], type(short).__name__
    ([1.0, 1.0], 'GroundShort')
    """
    with collector_rests():
        return _split_all(wanted, progress)


def _split_all(wanted: Sequence[Wanted], progress: Callable[[int, int], None] | None) -> list[Partition | Refusal]:
    made: list[Partition | Refusal] = []
    orders: list[Order] = []
    owners: list[tuple[int, list[int]]] = []
    for number, one in enumerate(wanted):
        try:
            partition, own = _ordered(one)
        except Refusal as refusal:
            made.append(refusal)
            continue
        made.append(partition)
        for indices, order in own:
            orders.append(order)
            owners.append((number, indices))
    total = sum(len(order.areas) for order in orders)
    laid = lay_out(orders, progress and (lambda count: progress(count, total)))
    for order, (number, indices), layout in zip(orders, owners, laid):
        partition = made[number]
        if isinstance(partition, Partition):
            if isinstance(layout, Layout):
                _add(partition, indices, layout, order.wish)
            else:
                made[number] = _refusal(layout, order)
    for partition in made:
        if isinstance(partition, Partition):
            partition.notes.sort(key=lambda note: (note.piece is None, note.piece or 0, note.reason))
    return made


def _ordered(wanted: Wanted) -> tuple[Partition, list[tuple[list[int], Order]]]:
    """What is left of parts that hold no piece, and for each other part its pieces and what is ordered there."""
    areas = [float(area) for area in wanted.areas_m2]
    for number, area in enumerate(areas, 1):
        if not (math.isfinite(area) and area > 0):
            raise BadArea(number=number, area_m2=area)
    for number, (_, factor) in enumerate(wanted.quality, 1):
        if not (math.isfinite(factor) and factor > 0):
            raise BadArea(number=number, area_m2=factor)
    spacing = wanted.row_spacing_m
    if wanted.lane_width_m < 0 or wanted.min_width_m < 0 or (spacing is not None and spacing <= 0):
        raise ValueError("widths must not be negative, a row spacing must be more than 0")
    ranks = areas if wanted.ranks is None else wanted.ranks
    parts = _parts(wanted.ground)
    wish = _wish(wanted)
    made = Partition([shapely.Polygon()] * len(areas), [0.0] * len(areas), [], [], [])
    orders = []
    for part, indices in zip(parts, _packed(parts, areas, wish)):
        if indices:
            orders.append((indices, Order(part, [areas[i] for i in indices], wish, [ranks[i] for i in indices])))
            continue
        made.remainder.append(part)
        if len(parts) > 1 and areas:
            made.notes.append(Note(None, "part_unused", {"area_m2": part.area, "place": _place(part)}))
    return made, orders


def room_for(ground: shapely.Polygon, shares: Sequence[float], *, lane_width_m: float, **more: Any) -> float:
    """Square metres (with `quality`: their value) left for pieces when the whole ground is divided in `shares` with lanes
    of `lane_width_m`; `more` is as in `split_by_areas`.

    >>> room = room_for(shapely.box(0, 0, 600, 600), [1.0] * 36, lane_width_m=4.0)
    >>> plan = split_by_areas(shapely.box(0, 0, 600, 600), [room / 36] * 36, lane_width_m=4.0)
    >>> len(plan.lanes), plan.remainder, plan.notes, round(room)
    (2, [], [], 355200)
    """
    return room_with_lanes(ground, shares, _wish(Wanted(ground, shares, lane_width_m=lane_width_m, **more)))


def _wish(wanted: Wanted) -> Wish:
    return Wish(
        wanted.shape, wanted.row_bearing_deg, wanted.row_spacing_m, wanted.access, wanted.lane_width_m, wanted.min_width_m,
        apart(wanted.quality),
    )  # fmt: skip


def _parts(ground: Ground) -> list[shapely.Polygon]:
    parts = [part for part in shapely.get_parts(ground) if isinstance(part, shapely.Polygon) and not part.is_empty]
    if not parts or not ground.area > 0:
        raise BadGround(reason=N_("it has no area"))
    if not ground.is_valid:
        raise BadGround(reason=shapely.is_valid_reason(ground))
    return [shapely.force_2d(part) for part in parts]


def _packed(parts, areas, wish) -> list[list[int]]:
    room = [value_of(part, wish.zones) if wish.zones else part.area for part in parts]
    asked, available = math.fsum(areas), math.fsum(room)
    if asked > available * (1 + NO_REST):
        raise GroundShort(asked_m2=round(asked, 2), available_m2=round(available, 2))
    if len(parts) == 1:
        return [list(range(len(areas)))]
    packed = pack(room, areas)
    if packed is None:
        raise PartsTooSmall(parts=len(parts), pieces=len(areas), asked_m2=round(asked, 2), available_m2=round(available, 2))
    return packed


def _add(made: Partition, indices: Sequence[int], laid: Layout, wish: Wish) -> None:
    for index, piece, reach_m in zip(indices, laid.pieces, laid.reach_m):
        made.pieces[index], made.reach_m[index] = piece, reach_m
    made.remainder.extend(laid.rest)
    made.lanes.extend(laid.lanes)
    made.notes.extend(_notes(laid, indices, wish))


def _refusal(fault: CannotDivide | LanesTakeTooMuch, order: Order) -> Refusal:
    if isinstance(fault, CannotDivide):
        return BadGround(reason=f"no division of the part at {_place(order.ground)} is whole")
    left_m2 = order.whole - fault.lanes
    return LanesTooWide(lanes_m2=round(fault.lanes, 2), asked_m2=round(math.fsum(order.areas), 2), available_m2=round(left_m2, 2))


def _notes(laid: Layout, indices: Sequence[int], wish: Wish) -> list[Note]:
    notes = []
    for number, narrow in laid.narrow.items():
        reason = "thin" if narrow.is_of_cut else "narrow_ground"
        figures = {"width_m": wish.min_width_m, "lost_m2": narrow.lost_m2, "place": narrow.place}
        notes.append(Note(indices[number], reason, figures))
    shut = [number for number, reach in enumerate(laid.reach_m) if reach < REACH_M]
    for number, place in zip(shut, _places([laid.pieces[number] for number in shut])):
        notes.append(Note(indices[number], "landlocked", {"border_m": laid.reach_m[number], "place": place}))
    if wish.shape == "compact":
        compact = laid.compactness
        for number in (compact < NAMED).nonzero()[0].tolist():
            figures = {"compactness": float(compact[number]), "place": _place(laid.pieces[number])}
            notes.append(Note(indices[number], "not_compact", figures))
    return notes


def _place(piece: shapely.Polygon) -> tuple[float, float]:
    return _places([piece])[0]


def _places(pieces: Sequence[shapely.Polygon]) -> list[tuple[float, float]]:
    inside = shapely.get_coordinates(shapely.point_on_surface(pieces))
    return list(map(tuple, inside.tolist()))
