"""The field for a boundary: drawn on the map, pasted as GeoJSON, or typed as coordinates, one corner a line.

It reads the text into a shape and refuses what is no shape at all. Whether the shape makes sense as a plot (closed,
not crossing itself, not too large) is said by the use case that saves it, with the place.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

import shapely
from wtforms.widgets import TextArea

from plantation.errors import N_, BadValue, Refusal
from plantation.forms.fields import TypedField

MOST_POINTS = 20_000
MOST_CHARACTERS = 2_000_000


class TooManyPoints(Refusal):
    template = N_("This outline has %(count)s points; at most %(most)s are taken.")


class TooFewCorners(Refusal):
    template = N_("An outline needs at least three different corners; these are %(count)s.")


class OutsideEarth(Refusal):
    """The usual reason is latitude before longitude, or metres instead of degrees."""

    template = N_(
        "“%(x)s, %(y)s” is not a longitude and a latitude in degrees: longitude comes first, from -180 to 180, "
        "then latitude, from -90 to 90."
    )


class OutlineField(TypedField):
    """`data` is a shapely geometry in longitude and latitude; `kinds` says which types are taken."""

    widget = TextArea()

    def __init__(self, label: Any = None, validators: Any = None, *, kinds: Sequence[str] = ("Polygon", "MultiPolygon"), **options: Any):
        super().__init__(label, validators, **options)
        self.kinds = tuple(kinds)

    def read(self, text: str) -> shapely.Geometry:
        if len(text) > MOST_CHARACTERS:
            raise TooManyPoints(count=f"> {MOST_POINTS}", most=MOST_POINTS)
        shape = read_geojson(text) if text.startswith("{") else read_corners(text, line="Polygon" not in self.kinds)
        if shape.geom_type not in self.kinds:
            raise BadValue(value=shape.geom_type, expected=N_("an outline of the kind that belongs here"))
        return shape

    def write(self, value: shapely.Geometry) -> str:
        return shapely.to_geojson(value)


def read_geojson(text: str) -> shapely.Geometry:
    """A geometry, a feature, or a collection of exactly one feature.

    >>> read_geojson('{"type":"Point","coordinates":[78.4,40.9]}').wkt
    'POINT (78.4 40.9)'

    :raises BadValue: no GeoJSON. :raises TooManyPoints, OutsideEarth: its figures.
    """
    expected = N_("GeoJSON with one outline")
    try:
        found = json.loads(text, parse_constant=lambda constant: None)
    except (ValueError, RecursionError) as error:
        raise BadValue(value=text[:40], expected=expected) from error
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        features = found.get("features")
        found = features[0] if isinstance(features, list) and len(features) == 1 else None
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    known = {"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
    if not isinstance(found, dict) or found.get("type") not in known:
        raise BadValue(value=text[:40], expected=expected)
    points = _points(found.get("coordinates"), 0)
    if not points:
        raise BadValue(value=text[:40], expected=expected)
    _check_points(points)
    try:
        return shapely.force_2d(shapely.from_geojson(json.dumps(found)))
    except (shapely.errors.ShapelyError, ValueError, TypeError) as error:
        raise BadValue(value=text[:40], expected=expected) from error


def _points(part: Any, depth: int) -> list[tuple[float, float]]:
    if not isinstance(part, list) or depth > 4:
        return []
    if part and not isinstance(part[0], list):
        numbers = part[:2]
        if len(part) in (2, 3) and all(isinstance(each, int | float) and not isinstance(each, bool) for each in part):
            return [(float(numbers[0]), float(numbers[1]))]
        raise BadValue(value=str(part)[:40], expected=N_("a longitude and a latitude"))
    return [point for each in part for point in _points(each, depth + 1)]


def _check_points(points: Sequence[tuple[float, float]]) -> None:
    if len(points) > MOST_POINTS:
        raise TooManyPoints(count=len(points), most=MOST_POINTS)
    for x, y in points:
        if not (math.isfinite(x) and math.isfinite(y) and -180 <= x <= 180 and -90 <= y <= 90):
            raise OutsideEarth(x=x, y=y)


def read_corners(text: str, *, line: bool = False) -> shapely.Geometry:
    """Corners as `longitude latitude`, one a line (or split by semicolons); a ring is closed if it is not yet.

    >>> read_corners("78.4 40.9\\n78.41,40.9\\n78.41 40.91").wkt
    'POLYGON ((78.4 40.9, 78.41 40.9, 78.41 40.91, 78.4 40.9))'

    :raises BadValue: a line that holds no two numbers. :raises TooFewCorners, OutsideEarth: its figures.
    """
    points: list[tuple[float, float]] = []
    for row in (row.strip() for row in re.split(r"[\n;]", text)):
        if not row:
            continue
        numbers = re.fullmatch(r"(-?\d{1,4}(?:\.\d{1,15})?)\s*[,\s]\s*(-?\d{1,4}(?:\.\d{1,15})?)", row, re.ASCII)
        if numbers is None:
            raise BadValue(value=row[:40], expected=N_("a longitude and a latitude, such as 78.4512 40.9034"))
        points.append((float(numbers[1]), float(numbers[2])))
    _check_points(points)
    different = len(set(points))
    if line:
        if different < 2:
            raise TooFewCorners(count=different)
        return shapely.LineString(points)
    if different < 3:
        raise TooFewCorners(count=different)
    return shapely.Polygon(points)
