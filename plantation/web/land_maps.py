"""Land drawn on the server as SVG: it shows and prints without JavaScript. Templates write the elements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import shapely

from plantation.geometry.projection import LocalPlane

WIDTH = 1000.0
TALLEST = 1250.0
MARGIN = 24.0
LONGEST_SCALE = 220.0
SMALLEST_TEXT, LARGEST_TEXT = 9.0, 26.0
READABLE_TEXT = 14.0  # smaller letters show only once the map is enlarged: less than 11 px on a screen, 7 pt on paper
PHONE_TEXT = 34.0  # what can still be read where the map is a phone wide; css/allocations.css sets it
MOST_SHAPES = 1_500


class LandShape(NamedTuple):
    """What is to be drawn, in longitude and latitude; `kind` becomes a class, `label` stands on it, `title` says more."""

    kind: str
    outline: Any
    label: str = ""
    title: str = ""


class DrawnShape(NamedTuple):
    """A path of the drawing."""

    kind: str
    path: str
    title: str


class DrawnLabel(NamedTuple):
    """A text of the drawing, in the middle of (x, y).

    On a phone only those are shown that have room for larger letters; `is_small` waits until the map is enlarged.
    """

    x: float
    y: float
    size: float
    text: str
    fits_phone: bool
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class LandMap:
    """An SVG of `width` × `height` units, north up: shapes from the ground up, then labels, then a scale bar."""

    width: int
    height: int
    shapes: tuple[DrawnShape, ...]
    labels: tuple[DrawnLabel, ...]
    scale_m: int
    scale_width: float


def draw_land(shapes: Iterable[LandShape], *, marks: Iterable[tuple[str, float, float]] = ()) -> LandMap | None:
    """The map of `shapes`, the later over the earlier; None where there is nothing to draw.

    `marks` are (text, longitude, latitude), written at their place, whatever room there is.

    More than 1,500 shapes of one kind become one path, without titles: a page stays small.

    >>> draw_land([]) is None
    True
    >>> field = LandShape("plot", shapely.box(78.4, 40.9, 78.41, 40.9075), "P1")
    >>> drawn = draw_land([field])
    >>> drawn.width, [label.text for label in drawn.labels], drawn.scale_m
    (1000, ['P1'], 100)
    """
    shapes = [shape for shape in shapes if not shape.outline.is_empty]
    if not shapes:
        return None
    plane = LocalPlane.around([shape.outline for shape in shapes])
    flat = [plane.forward(shape.outline) for shape in shapes]
    marked = [(text, plane.forward(shapely.Point(lon, lat))) for text, lon, lat in marks]
    west, south, east, north = shapely.total_bounds([*flat, *(point for _, point in marked)]).tolist()
    metres = max((east - west) / (WIDTH - 2 * MARGIN), (north - south) / (TALLEST - 2 * MARGIN), 1e-6)
    height = round((north - south) / metres + 2 * MARGIN)
    left = west - ((WIDTH * metres) - (east - west)) / 2

    def place(x: float, y: float) -> tuple[float, float]:
        return round((x - left) / metres, 1), round((north - y) / metres + MARGIN, 1)

    drawn = [DrawnShape(shape.kind, _path(outline, place), shape.title) for shape, outline in zip(shapes, flat, strict=True)]
    labels = []
    if len(shapes) <= MOST_SHAPES:
        for shape, outline in zip(shapes, flat, strict=True):
            if shape.label and (label := _label(shape.label, outline, metres, place)):
                labels.append(label)
    for text, point in marked:
        x, y = shapely.get_coordinates(point)[0].tolist()
        labels.append(DrawnLabel(*place(x, y), LARGEST_TEXT, text, True))
    scale_m = _round_length(metres * LONGEST_SCALE)
    return LandMap(round(WIDTH), height, _joined(drawn), tuple(labels), scale_m, round(scale_m / metres, 1))


def _joined(drawn: Sequence[DrawnShape]) -> tuple[DrawnShape, ...]:
    if len(drawn) <= MOST_SHAPES:
        return tuple(drawn)
    kinds = list(dict.fromkeys(shape.kind for shape in drawn))
    return tuple(DrawnShape(kind, "".join(shape.path for shape in drawn if shape.kind == kind), "") for kind in kinds)


def _label(text: str, outline: Any, metres: float, place: Any) -> DrawnLabel | None:
    """As large as the shape allows; None where it would be too small to read."""
    circle = shapely.maximum_inscribed_circle(outline, tolerance=max(metres, float(shapely.length(outline)) / 200))
    room = 2 * float(shapely.length(circle)) / metres
    fits = room / (0.8 * max(len(text), 2))
    size = min(LARGEST_TEXT, fits)
    if size < SMALLEST_TEXT:
        return None
    x, y = shapely.get_coordinates(circle)[0].tolist()
    return DrawnLabel(*place(x, y), round(size, 1), text, fits >= PHONE_TEXT, size < READABLE_TEXT)


def _round_length(room_m: float) -> int:
    """The longest of 1, 2, 5 times a power of ten that fits.

    >>> _round_length(220.0), _round_length(1999.0), _round_length(0.2)
    (200, 1000, 1)
    """
    power = 1
    while power * 10 <= room_m:
        power *= 10
    return max(step * power for step in (1, 2, 5) if step == 1 or step * power <= room_m)


def _path(shape: Any, place: Any) -> str:
    rings = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                points = [place(x, y) for x, y in shapely.get_coordinates(ring)[:-1].tolist()]
                rings.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
        elif part.geom_type == "LineString":
            points = [place(x, y) for x, y in shapely.get_coordinates(part).tolist()]
            rings.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points))
    return "".join(rings)
