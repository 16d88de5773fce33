"""GeoJSON out: a FeatureCollection, one feature a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import shapely
import shapely.geometry

from plantation.exchange.geojson import canonical_all

# So many features are written at once: enough to be fast, few enough to hold.
MANY = 2_000


def geojson_lines(features: Iterable[tuple[Mapping[str, Any], Any]]) -> Iterator[str]:
    """A FeatureCollection of (properties, geometry), one feature a line; coordinates as they are, to the last bit.

    >>> print(*geojson_lines([({"code": "P1"}, shapely.LineString([(78.4, 40.9), (78.5, 40.9)]))]), sep="", end="")
    {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"code": "P1"}, "geometry": {"type": "LineString", "coordinates": [[78.4, 40.9], [78.5, 40.9]]}}
    ]}
    """
    yield '{"type": "FeatureCollection", "features": [\n'
    before = ""
    rest = iter(features)
    while some := list(islice(rest, MANY)):
        plain = _plain(canonical_all([geometry for _, geometry in some]))
        for (properties, _), geometry in zip(some, plain, strict=True):
            feature = {"type": "Feature", "properties": dict(properties), "geometry": geometry}
            yield before + json.dumps(feature, ensure_ascii=False, allow_nan=False)
            before = ",\n"
    yield "\n]}\n"


def _plain(geometries: np.ndarray) -> Sequence[Mapping[str, Any]]:
    """The geometries as JSON takes them; polygons all together, many times faster than one by one."""
    is_area = (shapely.get_type_id(geometries) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(geometries)
    areas = iter(_rings(geometries[is_area]))
    return [
        {"type": "Polygon", "coordinates": next(areas)} if plain else shapely.geometry.mapping(geometry)
        for geometry, plain in zip(geometries, is_area.tolist(), strict=True)
    ]


def _rings(polygons: np.ndarray) -> list[list[list[list[float]]]]:
    """The coordinates of the rings of each polygon."""
    rings, polygon_of = shapely.get_rings(polygons, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    ends = np.cumsum(np.bincount(ring_of, minlength=len(rings))).tolist()
    written = points.tolist()
    found: list[list[list[list[float]]]] = [[] for _ in polygons]
    for polygon, start, end in zip(polygon_of.tolist(), [0, *ends], ends, strict=False):
        found[polygon].append(written[start:end])
    return found
