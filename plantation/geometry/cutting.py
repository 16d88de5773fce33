"""Settle who is served, cut the pieces of ground for them, and number the parcels along a walk."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely

from plantation.errors import Refusal
from plantation.geometry.grounds import PlotGround
from plantation.geometry.outcomes import GroundShort, LanesTooWide
from plantation.geometry.parcel_cuts import Cut, CutPiece, Progress, Task, access_of, cut_all
from plantation.geometry.partition import room_for
from plantation.geometry.rules import LandShort, LandShortBesideLanes, RightInput, Settled, settle
from plantation.geometry.walks import neighbours_of, walk


def cut_pieces(
    grounds: Sequence[PlotGround], rule: str, order: Sequence[RightInput], *, shape: str, row_bearing: float | None,
    lane_width_m: float, progress: Progress | None = None,
) -> tuple[Settled, list[tuple[str, CutPiece]]]:  # fmt: skip
    """Settle by `rule` who is served and cut all pieces: the plot's code with each.

    Lanes take land that is known only once they are laid: where they leave too little in a piece, it counts for that
    much less and the rule decides anew.

    :raises LandShortBesideLanes: strict, and only lanes make land short. :raises Refusal: the rule refuses, see `rules.settle`.
    """
    pieces = [piece for ground in grounds for piece in ground.pieces]
    rooms_m2 = [piece.value_m2 for piece in pieces]
    bearings = [row_bearing if row_bearing is not None or shape == "compact" else piece.plot.plot.row_bearing for piece in pieces]
    tries = [0] * len(pieces)
    done: dict[tuple[int, tuple[int, ...], tuple[float, ...]], CutPiece | Refusal] = {}
    while True:
        try:
            settled = settle(rule, order, rooms_m2)
        except LandShort as short:
            if any(tries) and lane_width_m:
                raise LandShortBesideLanes(**short.figures, lane_width_m=f"{lane_width_m:g}") from None
            raise
        keys = [(index, tuple(counts), tuple(settled.sizes_m2)) for index, counts in enumerate(settled.counts)]
        new = [key for key in keys if key not in done]
        tasks = [Task(pieces[index], counts, sizes_m2, shape, bearings[index], lane_width_m) for index, counts, sizes_m2 in new]
        done.update(zip(new, cut_all(tasks, progress), strict=True))
        made = [done[key] for key in keys]
        for index, one in enumerate(made):
            if isinstance(one, GroundShort | LanesTooWide):
                tries[index] += 1
                task = Task(pieces[index], settled.counts[index], settled.sizes_m2, shape, bearings[index], lane_width_m)
                rooms_m2[index] = _room_beside_lanes(task, one, rooms_m2[index], tries[index])
            elif isinstance(one, Refusal):
                raise one
        if all(isinstance(one, CutPiece) for one in made):
            return settled, [(piece.plot.plot.code, one) for piece, one in zip(pieces, made, strict=True) if isinstance(one, CutPiece)]


def _room_beside_lanes(task: Task, refusal: GroundShort | LanesTooWide, room: float, tried: int) -> float:
    """What a piece holds when it is wholly divided with lanes; always less than was `tried`, and the more often that was
    too much the less, so that trying ends."""
    wanted = task.shares()
    asked = min(room, math.fsum(wanted))
    if isinstance(refusal, LanesTooWide):  # they were laid to find that out; its figures are rounded
        found = refusal.figures["available_m2"] - 0.01
    else:
        found = room_for(
            task.piece.shape, wanted, lane_width_m=task.lane_width_m, shape=task.shape, row_bearing_deg=task.row_bearing,
            row_spacing_m=task.piece.plot.plot.row_spacing_m, access=access_of(task.piece.plot), quality=task.piece.plot.zones,
        )  # fmt: skip
    return min(found * task.piece.scale, asked * (1 - 1e-6 * 2**tried))


def number_parcels(cuts: Sequence[Cut], *, last: int = 0) -> None:
    """Give the parcels of one plot their codes, `P01-001` and so on after number `last`.

    Parcels of one size follow each other along a walk: each is next to the one before where the land allows it, and the
    last next to the first, so that relatives who stay together in the draw lie next to each other.
    """
    digits = max(3, len(str(last + len(cuts))))
    sizes = sorted({cut.size for cut in cuts})
    for size in sizes:
        mine = [cut for cut in cuts if cut.size == size]
        shapes = np.array([cut.shape for cut in mine], dtype=object)
        middles = shapely.centroid(shapes)
        # Begins in the north-west, as a page does.
        start = int(np.argmin(shapely.get_x(middles) - shapely.get_y(middles)))
        for index in walk(neighbours_of(shapes), start):
            last += 1
            mine[index].code = f"{mine[index].plot}-{last:0{digits}d}"
