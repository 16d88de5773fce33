"""Do parcels tile a ground? Gaps, overlaps, land outside, borders that do not match, wrong areas: each with figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from plantation.errors import N_
from plantation.geometry.geodesics import geodesic_area_m2, with_points_every
from plantation.geometry.outline import areas_of
from plantation.geometry.projection import LocalPlane, bend_m2
from plantation.geometry.repairs import Place
from plantation.geometry.rings import leaves

TOLERANCE_M2 = 0.01
# Coordinates have twelve decimals (0.1 µm) and a side can be kilometres long: what is thinner than this is rounding.
THIN_M = 0.0005
GAP_M = 0.5
STEP_M = 100.0

OVERLAP = N_("Parcels %(parcel)s and %(other)s overlap by %(area_m2)s m² at (%(lon)s, %(lat)s).")
OUTSIDE = N_("Parcel %(parcel)s lies outside its plot with %(area_m2)s m² at (%(lon)s, %(lat)s).")
GAP = N_("There is a gap of %(area_m2)s m² between parcels at (%(lon)s, %(lat)s).")
UNMATCHED = N_("The borders of parcels %(parcel)s and %(other)s do not share their points at (%(lon)s, %(lat)s).")
WRONG_AREA = N_("Parcel %(parcel)s has %(area_m2)s m², and %(stated_m2)s m² are stated.")
BROKEN = N_("Parcel %(parcel)s is not one sound polygon.")


@dataclass(frozen=True, slots=True)
class Tile:
    """A parcel to be checked: geometry in degrees, the area it should have, and the draw that cut it. Borders must
    share their points among parcels of one draw; an older parcel is never touched, not even by a point on its border.

    Overlaps and land outside count where they are wider than `slack_m`: what was surveyed is right to a GPS error only.
    """

    code: str
    geometry: Any
    area_m2: float | None = None
    draw: str = ""
    slack_m: float = 2 * THIN_M


@dataclass(frozen=True, slots=True)
class CoverageFault:
    """What is wrong: a template with figures."""

    what: str
    parcel: str
    other: str = ""
    area_m2: float = 0.0
    place: Place = (0.0, 0.0)
    stated_m2: float = 0.0

    @property
    def figures(self) -> dict[str, Any]:
        """What fills the template in."""
        return {"parcel": self.parcel, "other": self.other, "area_m2": f"{self.area_m2:.2f}",
                "stated_m2": f"{self.stated_m2:.2f}", "lon": self.place[0], "lat": self.place[1]}  # fmt: skip

    def __str__(self) -> str:
        return self.what % self.figures


def faults(ground: Any, tiles: Sequence[Tile], *, gaps: bool = True) -> list[CoverageFault]:
    """Everything wrong with `tiles` on `ground` (degrees), in order of kind and code; none where all is right.

    Ground that no tile covers is a reserve and no fault, except, with `gaps`, one up to 0.5 m wide with a tile on it: no plan leaves
    such a reserve, an edited boundary may.

    >>> left, right = shapely.box(78.4, 40.9, 78.401, 40.901), shapely.box(78.401, 40.9, 78.402, 40.901)
    >>> faults(shapely.union(left, right), [Tile("P-1", left, 9357.42), Tile("P-2", right)])
    []
    >>> print(*faults(left, [Tile("P-1", left, 9357.42), Tile("P-2", right)]))
    Parcel P-2 lies outside its plot with 9357.42 m² at (78.4015, 40.9005).
    >>> faults(left, [])
    []
    """
    tiles = sorted(tiles, key=lambda tile: tile.code)
    broken = [CoverageFault(BROKEN, tile.code) for tile in tiles if not _is_sound(tile.geometry)]
    if broken or not tiles:
        return broken
    found = _wrong_areas(tiles)
    found += _unmatched(tiles)
    plane = LocalPlane.around(ground if not ground.is_empty else [tile.geometry for tile in tiles])
    land, *rest = _in_plane(plane, [ground, *(tile.geometry for tile in tiles)])
    shapes = np.array(rest, dtype=object)
    found += _overlaps(tiles, shapes, plane)
    found += _outside(tiles, shapes, land, plane)
    if gaps:
        found += _gaps(shapes, land, plane)
    return found


def _in_plane(plane: LocalPlane, geometries: Sequence[Any]) -> np.ndarray:
    """Degrees to metres, long sides with points, so that they bend as the shortest lines over the ellipsoid do."""
    lonlat = np.array(geometries, dtype=object)
    shapes = plane.forward(lonlat)
    for index in np.flatnonzero(bend_m2(shapes) > TOLERANCE_M2).tolist():
        shapes[index] = plane.forward(with_points_every(lonlat[index], STEP_M))
    return shapes


def _is_sound(geometry: Any) -> bool:
    return geometry.geom_type == "Polygon" and geometry.is_valid and not geometry.is_empty


def _wrong_areas(tiles: Sequence[Tile]) -> list[CoverageFault]:
    found = []
    for tile in tiles:
        if tile.area_m2 is None:
            continue
        area_m2 = geodesic_area_m2(tile.geometry)
        if abs(area_m2 - tile.area_m2) > TOLERANCE_M2:
            found.append(CoverageFault(WRONG_AREA, tile.code, area_m2=area_m2, stated_m2=tile.area_m2))
    return found


def _unmatched(tiles: Sequence[Tile]) -> list[CoverageFault]:
    by_draw: dict[str, list[Tile]] = defaultdict(list)
    for tile in tiles:
        by_draw[tile.draw].append(tile)
    found = []
    for _, mine in sorted(by_draw.items()):
        shapes = np.array([tile.geometry for tile in mine], dtype=object)
        wrong = shapely.coverage_invalid_edges(shapes)
        bad = np.flatnonzero(~shapely.is_empty(wrong))
        tree = shapely.STRtree(wrong[bad])
        for first, second in sorted(map(tuple, tree.query(wrong[bad], predicate="dwithin", distance=1e-9).T.tolist())):
            if first < second:
                pair = mine[bad[first]].code, mine[bad[second]].code
                found.append(CoverageFault(UNMATCHED, *pair, place=_place(shapely.point_on_surface(wrong[bad[first]]))))
    return found


def _overlaps(tiles: Sequence[Tile], shapes: np.ndarray, plane: LocalPlane) -> list[CoverageFault]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    ahead = first < second
    first, second = first[ahead], second[ahead]
    # Neighbours that only touch are told apart by a matrix without measuring; the rest are few.
    inner = shapely.relate_pattern(shapes[first], shapes[second], "T********")
    found = []
    for a, b in sorted(zip(first[inner].tolist(), second[inner].tolist(), strict=True)):
        shared = areas_of(shapely.intersection(shapes[a], shapes[b]))
        if _counts(shared, max(tiles[a].slack_m, tiles[b].slack_m)):
            spot = _place(plane.inverse(shapely.point_on_surface(shared)))
            found.append(CoverageFault(OVERLAP, tiles[a].code, tiles[b].code, shared.area, spot))
    return found


def _outside(tiles: Sequence[Tile], shapes: np.ndarray, land: Any, plane: LocalPlane) -> list[CoverageFault]:
    shapely.prepare(land)
    found = []
    for index in np.flatnonzero(~shapely.covers(land, shapes)).tolist():
        out = areas_of(shapely.difference(shapes[index], land))
        if _counts(out, tiles[index].slack_m):
            spot = _place(plane.inverse(shapely.point_on_surface(out)))
            found.append(CoverageFault(OUTSIDE, tiles[index].code, area_m2=out.area, place=spot))
    return found


def _gaps(shapes: np.ndarray, land: Any, plane: LocalPlane) -> list[CoverageFault]:
    free = areas_of(shapely.difference(land, shapely.union_all(shapes)))
    found = []
    for part in leaves(free):
        if _counts(part, 2 * THIN_M) and shapely.buffer(part, -GAP_M / 2).is_empty:
            spot = _place(plane.inverse(shapely.point_on_surface(part)))
            found.append(CoverageFault(GAP, "", area_m2=part.area, place=spot))
    return found


def _counts(shape: Any, slack_m: float) -> bool:
    return shape.area > TOLERANCE_M2 and not shapely.buffer(shape, -slack_m / 2).is_empty


def _place(point: Any) -> Place:
    return round(point.x, 7), round(point.y, 7)
