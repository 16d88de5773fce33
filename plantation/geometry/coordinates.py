"""From what people hand in (shapely, GeoJSON, WKT, typed coordinates) to rings of points, nothing judged yet."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import shapely

from plantation.errors import N_, BadValue, Refusal

Ring: TypeAlias = np.ndarray  # (n, 2); the first point again at the end, or not
Part: TypeAlias = list[Ring]  # the shell, then its holes

MOST_CHARACTERS = 40_000_000


class NotAnArea(Refusal):
    """The input is no polygon."""

    template = N_("An outline is a polygon; this is %(what)s.")


class SeveralFeatures(NotAnArea):
    """A collection where one outline is wanted."""

    template = N_("An outline is a polygon; this is %(count)s features.")


class NotAPoint(BadValue):
    """A typed line that is no pair of coordinates."""

    template = N_("“%(value)s” is not a point such as “78.4012, 40.9034” (line %(line)s).")


_KINDS = {
    "Point": N_("a point"),
    "MultiPoint": N_("a set of points"),
    "LineString": N_("a line"),
    "MultiLineString": N_("a set of lines"),
}


class TextTooLong(Refusal):
    """More text than an outline ever takes."""

    template = N_("The outline is %(characters)s characters long; at most %(most)s can be read.")


_LETTERS = {"北": "N", "南": "S", "东": "E", "西": "W", "東": "E"}
_WORDS = ((re.compile(r"lat(itude)?\.?|纬度?|緯度?", re.I), "N"), (re.compile(r"lon(g(itude)?)?\.?|lng|经度?|經度?", re.I), "E"))
_MARKS = str.maketrans({"º": "°", "˚": "°", "度": "°", "’": "'", "′": "'", "分": "'", "”": '"', "″": '"', "秒": '"', "，": ",",
                        "；": ";", "：": ":", "−": "-", "＋": "+", "\u00a0": " ", "\u3000": " ", "。": ".", "\ufeff": " "})  # fmt: skip
_DMS = r"""[+-]?\d{1,9}(?:\.\d+)?(?:\s*°\s*(?:\d{1,2}(?:\.\d+)?\s*'\s*(?:\d{1,2}(?:\.\d+)?\s*(?:"|''))?)?)?"""
_TOKEN = re.compile(rf"\s*(?:([NSEW])\s*[:=]?\s*({_DMS})|({_DMS})\s*([NSEW])?)\s*[,;]?\s*", re.I | re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


def read_parts(source: Any, *, most_points: int) -> tuple[list[Part], bool]:
    """The parts of `source` as rings, and whether it is GeoJSON (whose rings have a prescribed direction).

    >>> parts, is_geojson = read_parts("POLYGON ((0 0, 1 0, 0 1, 0 0))", most_points=100)
    >>> parts[0][0].tolist(), is_geojson
    ([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], False)
    >>> read_parts("", most_points=100)
    ([], False)

    :raises NotAnArea: there is something else than polygons. :raises BadValue: a typed line that cannot be read.
    """
    if isinstance(source, str):
        if len(source) > MOST_CHARACTERS:
            raise TextTooLong(characters=f"{len(source):,}", most=f"{MOST_CHARACTERS:,}")
        source = _read_text(source.strip(), most_points)
    if isinstance(source, Mapping):
        return _from_geojson(source), True
    if isinstance(source, shapely.Geometry):
        return _from_shapely(source), False
    if isinstance(source, list):
        return source, False
    raise NotAnArea(what=type(source).__name__)


def _read_text(text: str, most_points: int) -> Any:
    if text.startswith(("{", "[")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadValue(value=text[:40], expected=N_("GeoJSON")) from error
    if re.match(r"(SRID=\d+;)?\s*(MULTI)?(POLYGON|LINESTRING|POINT|GEOMETRYCOLLECTION|LINEARRING)\b", text, re.I):
        try:
            return shapely.from_wkt(text.partition(";")[2] if text[:4].upper() == "SRID" else text)
        except shapely.errors.GEOSException as error:
            raise BadValue(value=text[:40], expected=N_("well-known text of a polygon")) from error
    return read_typed(text, most_points=most_points)


def _from_shapely(geometry: shapely.Geometry) -> list[Part]:
    parts: list[Part] = []
    members = shapely.get_parts(geometry)
    if geometry.geom_type == "GeometryCollection":
        members = [members[place] for place in _without_labels([member.geom_type for member in members])]
    for part in members:
        if part.geom_type == "Polygon":
            if not part.is_empty:
                parts.append([shapely.get_coordinates(part.exterior), *map(shapely.get_coordinates, part.interiors)])
        elif part.geom_type in ("LineString", "LinearRing") and len(part.coords) > 2:
            parts.append([_track(shapely.get_coordinates(part))])
        elif part.geom_type in ("MultiPolygon", "GeometryCollection", "MultiLineString"):
            parts += _from_shapely(part)
        else:
            raise NotAnArea(what=_KINDS.get(part.geom_type, part.geom_type))
    return parts


def _without_labels(kinds: Sequence[Any]) -> list[int]:
    """The places of a collection's members, without points beside areas: map programs write where a plot's name stands.

    >>> _without_labels(["Point", "Polygon"]), _without_labels(["Point"])
    ([1], [0])
    """
    is_label = [kind in ("Point", "MultiPoint") for kind in kinds]
    return [place for place, label in enumerate(is_label) if not label or all(is_label)]


def _from_geojson(mapping: Mapping[str, Any], depth: int = 0) -> list[Part]:
    kind = mapping.get("type")
    if depth > 4:
        raise NotAnArea(what=N_("a collection in a collection"))
    try:
        if kind == "Feature" and isinstance(mapping.get("geometry"), Mapping):
            return _from_geojson(mapping["geometry"], depth + 1)
        if kind in ("FeatureCollection", "GeometryCollection"):
            members = mapping["features" if kind == "FeatureCollection" else "geometries"]
            if kind == "FeatureCollection" and len(members) != 1:
                raise SeveralFeatures(count=len(members))
            kept = _without_labels([member.get("type") for member in members])
            return [part for place in kept for part in _from_geojson(members[place], depth + 1)]
        if kind == "Polygon":
            return [_rings(mapping["coordinates"])] if mapping["coordinates"] else []
        if kind == "MultiPolygon":
            return [_rings(part) for part in mapping["coordinates"] if part]
        if kind == "LineString" and len(mapping["coordinates"]) > 2:
            return [[_track(ring) for ring in _rings([mapping["coordinates"]])]]
    except NotAnArea:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        raise BadValue(value=str(kind)[:40], expected=N_("a GeoJSON polygon with lists of [longitude, latitude]")) from error
    raise NotAnArea(what=_KINDS.get(str(kind), str(kind)[:40]))


def _track(line: Ring) -> Ring:
    """A walked track is a ring if its ends nearly meet; the unit does not matter."""
    gap, length = np.hypot(*(line[-1] - line[0])), np.hypot(*np.diff(line, axis=0).T).sum()
    if gap > 0.1 * length:
        raise NotAnArea(what=N_("a line whose ends do not meet"))
    return line


def _rings(rings: list[Any]) -> Part:
    made = []
    for ring in rings:
        points = [(point[0], point[1]) for point in ring]
        if any(isinstance(value, (str, bool)) for point in points for value in point):
            raise ValueError("a coordinate is a number")
        made.append(np.array(points, dtype=float).reshape(-1, 2))
    return made


def read_typed(text: str, *, most_points: int) -> list[Part]:
    """One ring from typed coordinates: one point a line, longitude first unless the line or a header says otherwise.

    Degrees as decimals or as degrees, minutes and seconds, with N/S/E/W, lat/lon or 北纬/东经 before or after them.

    >>> read_typed('78°24\\'00"E, 40°54\\'00"N\\n北纬40.91 东经78.40', most_points=9)[0][0].tolist()
    [[78.4, 40.9], [78.4, 40.91], [78.4, 40.9]]
    >>> read_typed("lat, lon\\n40.9, 78.4", most_points=9)[0][0].tolist()
    [[78.4, 40.9]]
    >>> read_typed("78.4; 40.9 m", most_points=9)
    Traceback (most recent call last):
    plantation.geometry.coordinates.NotAPoint: “78.4; 40.9 m” is not a point such as “78.4012, 40.9034” (line 1).

    :raises BadValue: a line that is no point.
    """
    points: list[tuple[float, float]] = []
    latitude_first = False
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.strip()
        if not plain:
            continue
        header = [word.match(plain) for word, _ in _WORDS]
        if not points and any(header) and not any(character.isdigit() for character in plain):
            latitude_first = header[0] is not None
            continue
        if len(points) > most_points:
            break
        points.append(_point(line, plain, number, latitude_first))
    if points and points[0] != points[-1]:
        points.append(points[0])
    return [[np.array(points, dtype=float).reshape(-1, 2)]] if points else []


def _point(line: str, plain: str, number: int, latitude_first: bool) -> tuple[float, float]:
    for chinese, letter in _LETTERS.items():
        plain = re.sub(rf"{chinese}\s*[纬緯经經]?", f" {letter} ", plain)
    for word, letter in _WORDS:
        plain = word.sub(f" {letter} ", plain)
    plain = plain.translate(_MARKS).strip()
    first = _TOKEN.match(plain)
    second = _TOKEN.fullmatch(plain, first.end()) if first else None
    if first is None or second is None:
        raise _not_a_point(line, number)
    values = [_degrees(token[2] or token[3]) for token in (first, second)]
    letters = [(token[1] or token[4] or "").upper() for token in (first, second)]
    values = [-value if letter in ("S", "W") else value for value, letter in zip(values, letters, strict=True)]
    is_latitude = [letter in ("N", "S") if letter else None for letter in letters]
    if is_latitude[0] is not None and is_latitude[0] == is_latitude[1]:
        raise _not_a_point(line, number)
    swap = is_latitude[0] or is_latitude[1] is False or (is_latitude == [None, None] and latitude_first)
    return (values[1], values[0]) if swap else (values[0], values[1])


def _not_a_point(line: str, number: int) -> NotAPoint:
    return NotAPoint(value=line.strip()[:40], line=number)


def _degrees(text: str) -> float:
    if "°" not in text:
        return float(text)
    parts = [float(part) for part in _NUMBER.findall(text)]
    value = sum(part / 60**index for index, part in enumerate(parts))
    return -value if text.startswith("-") else value
