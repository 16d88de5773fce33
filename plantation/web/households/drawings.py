"""Small drawings made on the server: bars of days, and a parcel with what lies around it. Templates write the SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import shapely

from plantation.services.mine.my_parcels import Surroundings
from plantation.units import Grams

BARS_WIDTH, BARS_HEIGHT = 320, 96
MAP_WIDTH, MAP_HEIGHT = 340, 260
MARGIN_M = 18.0
LONGEST_SCALE = 110
# The corners of the drawing that the north arrow and the scale bar take: left, top, right, bottom.
TAKEN = ((MAP_WIDTH - 50, 0, MAP_WIDTH, 54), (0, MAP_HEIGHT - 38, LONGEST_SCALE + 40, MAP_HEIGHT))


class Bar(NamedTuple):
    """One day: where it stands, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    day: dt.date
    grams: Grams


class Label(NamedTuple):
    """A text on the map; `kind` is "own" or "other"."""

    x: float
    y: float
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class ParcelMap:
    """Paths of an SVG whose y runs down: `shapes` are (kind, path), from the ground up."""

    width: int
    height: int
    shapes: tuple[tuple[str, str], ...]
    labels: tuple[Label, ...]
    scale_m: int
    scale_width: float


def day_bars(days: Sequence[tuple[dt.date, Grams]]) -> tuple[Bar, ...]:
    """A bar for each day, left to right, the highest as high as the drawing; below zero counts as nothing.

    >>> [(bar.height, bar.grams) for bar in day_bars([(dt.date(2026, 9, 1), 5_000), (dt.date(2026, 9, 3), 10_000)])]
    [(48.0, 5000), (96.0, 10000)]
    >>> day_bars([])
    ()
    """
    highest = max((grams for _, grams in days), default=0)
    if highest <= 0:
        return ()
    slot = BARS_WIDTH / len(days)
    width = min(slot * 0.8, 28.0)
    bars = []
    for place, (day, grams) in enumerate(days):
        height = BARS_HEIGHT * max(grams, 0) / highest
        x = slot * place + (slot - width) / 2
        bars.append(Bar(round(x, 2), round(BARS_HEIGHT - height, 2), round(width, 2), round(height, 2), day, grams))
    return tuple(bars)


def scale_length(metres_per_unit: float) -> int:
    """The longest round length (1, 2 or 5 times a power of ten, in metres) that fits the scale bar.

    >>> scale_length(1.0), scale_length(0.3), scale_length(4.9)
    (100, 20, 500)
    """
    room = metres_per_unit * LONGEST_SCALE
    length, power = 1, 1
    while power <= room:
        length = max(step * power for step in (1, 2, 5) if step * power <= room)
        power *= 10
    return length


def parcel_map(around: Surroundings) -> ParcelMap:
    """The household's parcels in the middle, north up, with what lies around them as far as the drawing reaches."""
    west, south, east, north = shapely.total_bounds([outline for _, outline in around.own]).tolist()
    metres = max((east - west + 2 * MARGIN_M) / MAP_WIDTH, (north - south + 2 * MARGIN_M) / MAP_HEIGHT)
    x0 = (west + east) / 2 - metres * MAP_WIDTH / 2
    y0 = (south + north) / 2 + metres * MAP_HEIGHT / 2
    window = shapely.box(x0, y0 - metres * MAP_HEIGHT, x0 + metres * MAP_WIDTH, y0)

    def place(x: float, y: float) -> tuple[float, float]:
        return round((x - x0) / metres, 1), round((y0 - y) / metres, 1)

    shapes, labels = [], []
    for kind, several in (
        ("plot", around.plots),
        ("parcel", around.parcels),
        *(((exclusion, [(exclusion, shape)]) for exclusion, shape in around.exclusions)),
        ("own", around.own),
    ):
        for text, shape in several:
            seen = shapely.intersection(shape, window)
            path = _path(seen, place)
            if not path:
                continue
            shapes.append((kind, path))
            if kind in ("parcel", "own") and text and (spot := _label_spot(seen, metres)) is not None:
                label = Label(*place(*spot), text, "own" if kind == "own" else "other")
                if not any(left <= label.x <= right and top <= label.y <= bottom for left, top, right, bottom in TAKEN):
                    labels.append(label)
    scale_m = scale_length(metres)
    return ParcelMap(MAP_WIDTH, MAP_HEIGHT, tuple(shapes), tuple(labels), scale_m, round(scale_m / metres, 1))


def _label_spot(shape: Any, metres: float) -> tuple[float, float] | None:
    """Where a text of some 30 × 12 units has room inside `shape`; None where it has none."""
    roomy = shapely.buffer(shape, -6 * metres)
    if roomy.is_empty:
        return None
    west, _, east, _ = shapely.bounds(roomy).tolist()
    if east - west < 18 * metres:
        return None
    spot = shapely.point_on_surface(roomy)
    return float(shapely.get_x(spot)), float(shapely.get_y(spot))


def _path(shape: Any, place: Any) -> str:
    rings = []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon" or polygon.is_empty:
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = [place(x, y) for x, y in shapely.get_coordinates(ring)[:-1].tolist()]
            rings.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(rings)
