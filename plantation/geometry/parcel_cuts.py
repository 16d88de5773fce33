"""Cut parcels from pieces of ground, many pieces at once: each parcel's area on the ellipsoid is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
import shapely

from plantation.errors import Refusal
from plantation.geometry.access import BESIDE_A_WAY_M, LANDLOCKED_BELOW_M, ON_THE_EDGE_M, frontages
from plantation.geometry.bows import stepped
from plantation.geometry.filling import SLACK_M2
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.grounds import Piece, PlotGround
from plantation.geometry.outcomes import Note, Partition
from plantation.geometry.partition import Wanted, split_all
from plantation.geometry.reserve import choose, joined, reserve_sizes
from plantation.geometry.rings import leaves
from plantation.geometry.tiling.orders import shareable
from plantation.geometry.tiling.quality import values_of

EXACT_M2, ROUNDS = 0.002, 6
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


@dataclass(frozen=True, slots=True)
class Task:
    """Cut `counts[i]` parcels of `sizes_m2[i]` from a piece."""

    piece: Piece
    counts: Sequence[int]
    sizes_m2: Sequence[float]
    shape: Literal["compact", "strips"]
    row_bearing: float | None
    lane_width_m: float

    @property
    def size_of(self) -> list[int]:
        """The size class of each parcel."""
        return [size for size, count in enumerate(self.counts) for _ in range(count)]

    def shares(self) -> list[float]:
        """What each parcel should be worth, or its area."""
        return [self.sizes_m2[size] for size in self.size_of]

    def wanted(self) -> np.ndarray:
        """The areas of the parcels, and of what is cut beside them as a reserve to choose from."""
        piece = self.piece
        wanted = np.array(self.shares())
        if piece.plot.zones:
            wanted -= max(0.0, wanted.sum() - piece.value_m2) / len(wanted)
        else:
            wanted -= min(SLACK_M2, max(0.0, wanted.sum() - piece.area_m2) / len(wanted))
        in_cells = self.shape == "compact" and not self.lane_width_m
        return np.concatenate([wanted, reserve_sizes(wanted.max(), piece.value_m2 - wanted.sum()) if in_cells else []])


@dataclass(slots=True)
class _Split:
    """A task's partition, its pieces in degrees, their areas on the ellipsoid, and the areas they should have."""

    wanted: np.ndarray
    made: Partition
    geometries: np.ndarray
    areas: np.ndarray


def cut_all(tasks: Sequence[Task], progress: Progress | None = None) -> list[CutPiece | Refusal]:
    """Cut pieces, all at once; each parcel has its area on the ellipsoid within 0.01 m².

    What cannot be cut has its refusal in its place: `GroundShort` and `LanesTooWide` where, with lanes, there is not enough.
    """
    made: list[CutPiece | Refusal | None] = [
        None if any(task.counts) else CutPiece([], [], _lands([task.piece.shape], task.piece.plot)) for task in tasks
    ]
    full = [index for index, one in enumerate(made) if one is None]
    for index, split in zip(full, _split_exactly([tasks[index] for index in full], progress), strict=True):
        made[index] = split if isinstance(split, Refusal) else _cut_piece(tasks[index], split)
    return [one for one in made if one is not None]


def _cut_piece(task: Task, split: _Split) -> CutPiece:
    ground, made, areas, wanted = task.piece.plot, split.made, split.areas, split.wanted
    size_of = task.size_of
    shapes = np.array(made.pieces, dtype=object)
    values = values_of(shapes, ground.zones) if ground.zones else areas
    metres = np.array(made.reach_m) if access_of(ground) is None else frontage_of(ground, made.pieces, made.lanes)
    narrow = [note for note in made.notes if note.reason in ("narrow_ground", "thin") and note.piece is not None]
    given = _given(wanted, len(size_of), shapes, (metres >= LANDLOCKED_BELOW_M) & ~_marked(len(wanted), narrow))
    compact = 4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2
    cuts = {
        index: Cut(ground.plot.code, size, shapes[index], split.geometries[index], float(areas[index]), float(values[index]),
                   float(compact[index]), float(metres[index]), off_m2=float(values[index] - wanted[index]))
        for size, index in zip(size_of, given, strict=True)
    }  # fmt: skip
    for note in narrow:
        if note.piece in cuts:
            cuts[note.piece].narrow.append(_narrow(note, ground))
    reserve = joined([*(one for index, one in enumerate(made.pieces) if index not in cuts), *made.remainder])
    return CutPiece(list(cuts.values()), _lands(made.lanes, ground), _lands(reserve, ground))


def _lands(shapes: Sequence[shapely.Polygon], ground: PlotGround) -> list[tuple[shapely.Polygon, float]]:
    """Land that is nobody's, in degrees, with its m². A hole that touches the border may cross it there by the last digit: what lies
    on both sides of that digit stays, what is between them goes."""
    found = []
    for land in map(ground.plane.inverse, shapes):
        parts = [land] if land.is_valid else leaves(shapely.make_valid(land, method="structure"))
        measured = ((part, geodesic_area_m2(part)) for part in parts)
        found += [(part, area_m2) for part, area_m2 in measured if part is land or area_m2 > SLACK_M2]
    return found


def _split_exactly(tasks: Sequence[Task], progress: Progress | None) -> list[_Split | Refusal]:
    """Pieces of the wanted areas on the ellipsoid."""
    wanted = [task.wanted() for task in tasks]
    targets = [areas.copy() for areas in wanted]
    found: list[_Split | Refusal | None] = [None] * len(tasks)
    left = list(range(len(tasks)))
    bowed: set[int] = set()
    for _ in range(ROUNDS):
        # Sides kilometres long are shortest lines on the ellipsoid, not quite straight in the plane: few are cut again.
        partitions = split_all([_wanted(tasks[index], targets[index], wanted[index]) for index in left], progress=progress)
        again = []
        for index, made in zip(left, partitions, strict=True):
            if isinstance(made, Refusal):
                found[index] = made
                continue
            piece = tasks[index].piece
            geometries = _in_degrees(made, piece)
            if index in bowed or not shapely.is_valid(geometries).all():
                bowed.add(index)
                made = stepped(made)
                geometries = _in_degrees(made, piece)
            areas = piece.plot.plane.areas_m2(np.array(made.pieces, dtype=object), geometries)
            found[index] = _Split(wanted[index], made, geometries, areas)
            off = areas - wanted[index]
            left_m2 = piece.shape.area - targets[index].sum()
            if left_m2 <= shareable(piece.shape.area, targets[index]):
                off -= left_m2 * targets[index] / targets[index].sum()
            if not piece.plot.zones and abs(off).max() > EXACT_M2:
                targets[index] -= off
                targets[index] -= max(0.0, targets[index].sum() - piece.shape.area) / len(off)
                again.append(index)
        left = again
        if not left:
            break
    return [one for one in found if one is not None]


def _in_degrees(made: Partition, piece: Piece) -> np.ndarray:
    return piece.plot.plane.inverse(np.array(made.pieces, dtype=object))


def _wanted(task: Task, targets: np.ndarray, ranks: np.ndarray) -> Wanted:
    ground = task.piece.plot
    return Wanted(
        task.piece.shape,
        targets.tolist(),
        shape=task.shape,
        row_bearing_deg=task.row_bearing,
        row_spacing_m=ground.plot.row_spacing_m,
        access=access_of(ground),
        lane_width_m=task.lane_width_m,
        quality=ground.zones,
        ranks=ranks.tolist(),
    )


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


def access_of(ground: PlotGround) -> Any:
    """The lines by which a plot's pieces can be reached; None where that is the whole outer edge of its only piece."""
    return None if ground.way is None and ground.is_whole and len(ground.pieces) == 1 else ground.ways


def frontage_of(ground: PlotGround, shapes: Sequence[Any], lanes: Sequence[Any]) -> np.ndarray:
    """Metres of border on the plot's edge, or on the given ways where there are some, and on lanes, those that stay as well."""
    given = ground.way is not None
    metres = frontages(shapes, ground.way if given else ground.edge, reach_m=BESIDE_A_WAY_M if given else ON_THE_EDGE_M)
    if lanes := [*lanes, *ground.lanes]:
        metres = metres + frontages(shapes, shapely.MultiLineString([lane.exterior for lane in lanes]))
    return metres
