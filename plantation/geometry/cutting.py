"""Cut pieces of ground into parcels whose area on the ellipsoid is right, and number them along a walk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import shapely

from plantation.geometry.access import BESIDE_A_WAY_M, LANDLOCKED_BELOW_M, ON_THE_EDGE_M, frontages
from plantation.geometry.filling import SLACK_M2
from plantation.geometry.grounds import Piece, PlotGround
from plantation.geometry.partition import GroundShort, LanesTooWide, Note, Partition, room_for, split_by_areas
from plantation.geometry.projection import geodesic_area_m2, geodesic_areas_m2
from plantation.geometry.quality import value_of
from plantation.geometry.reserve import choose, joined, reserve_sizes
from plantation.geometry.rules import RightInput, Settled, settle
from plantation.geometry.walks import neighbours_of, walk

EXACT_M2 = 0.002
Progress: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Narrow:
    """Where (longitude, latitude) a parcel is narrower than 3 m, how much of it, and whether the plot itself is."""

    place: tuple[float, float]
    lost_m2: float
    is_the_plots: bool


@dataclass(slots=True)
class Cut:
    """A parcel before anybody has it: `shape` in the plot's plane, `geometry` in degrees, `size` the index of its class."""

    plot: str
    size: int
    shape: shapely.Polygon
    geometry: shapely.Polygon
    area_m2: float
    value_m2: float
    compactness: float  # Polsby-Popper, 4πA/P²
    frontage_m: float = 0.0
    code: str = ""
    narrow: list[Narrow] = field(default_factory=list)
    off_m2: float = 0.0


@dataclass(slots=True)
class CutPiece:
    """What became of one piece: parcels, lanes and what is left over, the last two in degrees with their m²."""

    cuts: list[Cut]
    lanes: list[tuple[shapely.Polygon, float]]
    remainder: list[tuple[shapely.Polygon, float]]


def cut_pieces(
    grounds: Sequence[PlotGround], rule: str, order: Sequence[RightInput], *, shape: str, row_bearing: float | None,
    lane_width_m: float, progress: Progress | None = None,
) -> tuple[Settled, list[tuple[str, CutPiece]]]:  # fmt: skip
    """Settle by `rule` who is served and cut all pieces: the plot's code with each.

    Lanes take land that is known only once they are laid: where they leave too little in a piece, it counts for that
    much less and the rule decides anew.

    :raises Refusal: the rule refuses, see `rules.settle`.
    """
    pieces = [piece for ground in grounds for piece in ground.pieces]
    rooms_m2 = [piece.value_m2 for piece in pieces]
    done: dict[tuple[int, tuple[int, ...], tuple[float, ...]], CutPiece] = {}
    while True:
        settled = settle(rule, order, rooms_m2)
        short = False
        made = []
        before, total = 0, sum(map(sum, settled.counts))
        for index, piece in enumerate(pieces):
            key = index, tuple(settled.counts[index]), tuple(settled.sizes_m2)
            bearing = row_bearing if row_bearing is not None or shape == "compact" else piece.plot.plot.row_bearing
            try:
                if key not in done:
                    done[key] = cut_piece(
                        piece, settled.counts[index], settled.sizes_m2, shape=shape, row_bearing=bearing,
                        lane_width_m=lane_width_m, progress=_heard(progress, before, total),
                    )  # fmt: skip
            except (GroundShort, LanesTooWide):
                rooms_m2[index] = _room_beside_lanes(piece, rooms_m2[index], settled.counts[index], settled.sizes_m2, bearing, lane_width_m)
                short = True
                continue
            made.append((piece.plot.plot.code, done[key]))
            before += sum(settled.counts[index])
            if progress is not None:
                progress(before, total)
        if not short:
            return settled, made


def _heard(progress: Progress | None, before: int, total: int) -> Progress | None:
    return None if progress is None else lambda count, _: progress(before + count, total)


def _room_beside_lanes(
    piece: Piece, room_m2: float, counts: Sequence[int], sizes_m2: Sequence[float], bearing: float | None, lane_width_m: float
) -> float:  # fmt: skip
    """What a piece holds when it is wholly divided with lanes; always less than was tried, so that trying ends."""
    shares = [size_m2 for size_m2, count in zip(sizes_m2, counts, strict=True) for _ in range(count)]
    tried_m2 = min(room_m2, sum(shares))
    room = room_for(piece.shape, shares, lane_width_m=lane_width_m, row_bearing_deg=bearing)
    return min(room * piece.value_m2 / piece.shape.area, tried_m2 * (1 - 1e-6))


def cut_piece(
    piece: Piece, counts: Sequence[int], sizes_m2: Sequence[float], *, shape: str, row_bearing: float | None,
    lane_width_m: float, progress: Progress | None = None,
) -> CutPiece:  # fmt: skip
    """Cut `counts[i]` parcels of `sizes_m2[i]` from a piece; each has its area on the ellipsoid within 0.01 m².

    :raises GroundShort: with lanes, there is not enough.
    """
    ground = piece.plot
    size_of = [size for size, count in enumerate(counts) for _ in range(count)]
    if not size_of:
        return CutPiece([], [], [(ground.plane.inverse(piece.shape), piece.area_m2)])
    wanted = np.array([sizes_m2[size] for size in size_of])
    if ground.zones:
        wanted -= max(0.0, wanted.sum() - piece.value_m2) / len(wanted)
    else:
        wanted -= min(SLACK_M2, max(0.0, wanted.sum() - piece.area_m2) / len(wanted))
    in_cells = shape == "compact" and not lane_width_m
    spare = reserve_sizes(wanted.max(), piece.value_m2 - wanted.sum()) if in_cells else []
    wanted = np.concatenate([wanted, spare])
    made, geometries, areas = _split_exactly(piece, wanted, shape, row_bearing, lane_width_m, progress)
    shapes = np.array(made.pieces, dtype=object)
    values = np.array([value_of(one, ground.zones) for one in made.pieces]) if ground.zones else areas
    metres = frontage_of(ground, made.pieces, made.lanes)
    narrow = [note for note in made.notes if note.reason in ("narrow_ground", "thin") and note.piece is not None]
    given = _given(wanted, len(size_of), shapes, (metres >= LANDLOCKED_BELOW_M) & ~_marked(len(wanted), narrow))
    compact = 4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2
    cuts = {
        index: Cut(ground.plot.code, size, shapes[index], geometries[index], float(areas[index]), float(values[index]),
                   float(compact[index]), float(metres[index]), off_m2=float(values[index] - wanted[index]))
        for size, index in zip(size_of, given, strict=True)
    }  # fmt: skip
    for note in narrow:
        if note.piece in cuts:
            cuts[note.piece].narrow.append(_narrow(note, ground))
    reserve = joined([*(one for index, one in enumerate(made.pieces) if index not in cuts), *made.remainder])
    lanes, remainder = ([(land, geodesic_area_m2(land)) for land in map(ground.plane.inverse, shapes)] for shapes in (made.lanes, reserve))
    return CutPiece(list(cuts.values()), lanes, remainder)


def _split_exactly(
    piece: Piece, wanted: np.ndarray, shape: str, row_bearing: float | None, lane_width_m: float, progress: Progress | None
) -> tuple[Partition, np.ndarray, np.ndarray]:
    """Pieces of the wanted areas on the ellipsoid: the partition, the pieces in degrees and their areas."""
    ground = piece.plot
    targets = wanted.copy()
    for _ in range(3):
        made = split_by_areas(
            piece.shape, targets.tolist(), shape=shape, row_bearing_deg=row_bearing, row_spacing_m=ground.plot.row_spacing_m,
            access=_access(ground), lane_width_m=lane_width_m, quality=ground.zones, progress=progress,
        )  # fmt: skip
        geometries = ground.plane.inverse(np.array(made.pieces, dtype=object))
        areas = geodesic_areas_m2(geometries)
        off = np.zeros(1) if ground.zones else areas - wanted
        if abs(off).max() <= EXACT_M2:
            break
        # Sides kilometres long are shortest lines on the ellipsoid, not quite straight in the plane.
        targets = targets - off
        targets -= max(0.0, targets.sum() - piece.shape.area) / len(targets)
    return made, geometries, areas


def _given(wanted: np.ndarray, count: int, shapes: np.ndarray, is_good: np.ndarray) -> list[int]:
    """For each of the first `count` areas the piece that is given for it: one of equal size from the reserve where that
    is better."""
    given = list(range(count))
    alike = np.flatnonzero(wanted == wanted[:count].max()).tolist()
    mine = [index for index in alike if index < count]
    if len(alike) > len(mine):
        best = choose(shapes[alike], len(mine), is_good[alike].tolist())
        for index, chosen in zip(mine, best, strict=True):
            given[index] = alike[chosen]
    return given


def _marked(count: int, notes: Sequence[Note]) -> np.ndarray:
    marked = np.zeros(count, bool)
    marked[[note.piece for note in notes]] = True
    return marked


def _narrow(note: Note, ground: PlotGround) -> Narrow:
    place = ground.plane.inverse(shapely.Point(note.figures["place"]))
    return Narrow((round(place.x, 7), round(place.y, 7)), float(note.figures["lost_m2"]), note.reason == "narrow_ground")


def _access(ground: PlotGround) -> Any:
    if ground.way is not None:
        return ground.way
    return None if ground.is_whole and len(ground.pieces) == 1 else ground.edge


def frontage_of(ground: PlotGround, shapes: Sequence[Any], lanes: Sequence[Any]) -> np.ndarray:
    """Metres of border on the plot's edge, or on the given ways where there are some, and on lanes."""
    given = ground.way is not None
    metres = frontages(shapes, ground.way if given else ground.edge, reach_m=BESIDE_A_WAY_M if given else ON_THE_EDGE_M)
    if lanes:
        metres = metres + frontages(shapes, shapely.MultiLineString([lane.exterior for lane in lanes]))
    return metres


def number_parcels(cuts: Sequence[Cut], *, last: int = 0) -> None:
    """Give the parcels of one plot their codes, `P01-001` and so on after number `last`.

    Parcels of one size follow each other along a walk: each is next to the one before where the land allows it, and the
    last next to the first, so that relatives who stay together in the draw lie next to each other.
    """
    digits = max(3, len(str(last + len(cuts))))
    sizes = sorted({cut.size for cut in cuts})
    for size in sizes:
        mine = [cut for cut in cuts if cut.size == size]
        middles = [cut.shape.centroid for cut in mine]
        # Begins in the north-west, as a page does.
        start = min(range(len(mine)), key=lambda index: (middles[index].x - middles[index].y, index))
        for index in walk(neighbours_of([cut.shape for cut in mine]), start):
            last += 1
            mine[index].code = f"{mine[index].plot}-{last:0{digits}d}"
