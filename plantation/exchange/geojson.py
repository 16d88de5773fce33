"""GeoJSON in and out, feature by feature: each feature a row of texts with its geometry, each fault with its number."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

import numpy as np
import shapely
import shapely.geometry

from plantation.errors import N_, Refusal
from plantation.exchange.cells import cell_text
from plantation.exchange.csv_tables import RawTable, decode
from plantation.exchange.table_faults import WrongEncoding
from plantation.geometry.outline import Outline, read_outline
from plantation.geometry.places import check_on_earth
from plantation.geometry.projection import to_lonlat
from plantation.geometry.whiskers import is_sound

_AREAS = {"Polygon", "MultiPolygon"}
_LINES = {"LineString", "MultiLineString"}
# A file may also be one geometry and nothing about it.
_BARE = _AREAS | _LINES | {"GeometryCollection"}
_COLLECTIONS = (shapely.GeometryType.MULTILINESTRING, shapely.GeometryType.MULTIPOLYGON)
_LONLAT = {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84"}


class NotGeoJSON(Refusal):
    """The file's ending promises GeoJSON."""

    template = N_("This is no GeoJSON that can be read: %(reason)s.")


class Breaks(Refusal):
    """A text that was cut off, or edited by hand."""

    template = N_("it breaks off, or has a mistake, in line %(line)s at character %(column)s")


class NoNumber(Refusal, ValueError):
    """JSON has no word for it."""

    template = N_("%(name)s is no number")


class WrongGeometry(Refusal):
    """A point where a polygon is needed, and the like."""

    template = N_("The geometry is %(found)s; %(expected)s is expected.")


class CoordinatesWrong(Refusal):
    """Coordinates that are no places."""

    template = N_("The coordinates cannot be read: %(reason)s.")


@dataclass(slots=True)
class Features:
    """The features of a file: their properties as a table (row = number of the feature), their geometries by number."""

    table: RawTable
    geometries: dict[int, Mapping[str, Any] | None] = field(default_factory=dict)
    crs: str | None = None


def read_features(content: bytes, file: str, columns: Iterable[str] = ()) -> Features:
    """The features of `content`; what cannot be read is among the table's faults. A property of `columns` that no
    feature has is blank in all.

    >>> features = read_features(b'{"type": "Feature", "properties": {"code": 7}, "geometry": null}', "plots.geojson")
    >>> features.table.header, features.table.rows, features.geometries
    (['code'], [(1, ['7'])], {1: None})
    >>> print(read_features(b"[", "plots.geojson").table.faults[0])
    plots.geojson: This is no GeoJSON that can be read: it breaks off, or has a mistake, in line 1 at character 2.
    """
    features = Features(RawTable(file))
    try:
        whole = json.loads(decode(content), parse_constant=_refuse_constant)
        members = _members(whole)
    except NotGeoJSON as refusal:
        features.table.blame(0, "", refusal)
        return features
    except WrongEncoding:
        features.table.blame(0, "", NotGeoJSON(reason=N_("it is not UTF-8; let the map program write it anew")))
        return features
    except NoNumber as refusal:
        features.table.blame(0, "", NotGeoJSON(reason=refusal))
        return features
    except json.JSONDecodeError as error:
        features.table.blame(0, "", NotGeoJSON(reason=Breaks(line=error.lineno, column=error.colno)))
        return features
    except RecursionError:
        features.table.blame(0, "", NotGeoJSON(reason=N_("it is nested too deep")))
        return features
    except ValueError:
        features.table.blame(0, "", NotGeoJSON(reason=N_("it has a number of thousands of digits")))
        return features
    features.crs = _crs(whole)
    headings = dict.fromkeys(columns)
    rows: list[tuple[int, dict[str, str]]] = []
    for number, member in enumerate(members, start=1):
        if not isinstance(member, dict) or member.get("type") != "Feature":
            features.table.blame(number, "", NotGeoJSON(reason=N_("a member of the collection is no Feature")))
            continue
        properties = member.get("properties")
        given = properties if isinstance(properties, dict) else {}
        cells = {key.strip().casefold(): _text(value) for key, value in given.items()}
        headings.update(dict.fromkeys(cells))
        rows.append((number, cells))
        geometry = member.get("geometry")
        features.geometries[number] = geometry if isinstance(geometry, dict) else None
    features.table.header = list(headings)
    features.table.rows = [(number, [cells.get(heading, "") for heading in headings]) for number, cells in rows]
    return features


def _refuse_constant(name: str) -> NoReturn:
    raise NoNumber(name=name)


def _members(whole: Any) -> list[Any]:
    if isinstance(whole, dict):
        if whole.get("type") == "FeatureCollection" and isinstance(whole.get("features"), list):
            return whole["features"]
        if whole.get("type") == "Feature":
            return [whole]
        if whole.get("type") in _BARE:
            return [{"type": "Feature", "properties": {}, "geometry": whole}]
    raise NotGeoJSON(reason=N_("it is no FeatureCollection with features"))


def _crs(whole: Mapping[str, Any]) -> str | None:
    named = whole.get("crs")
    properties = named.get("properties") if isinstance(named, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) and name not in _LONLAT else None


def _text(value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
        return f"{Decimal(repr(value)):f}"
    return cell_text(value)


def read_area(geometry: Mapping[str, Any] | None, crs: str | None = None) -> Outline:
    """A polygon as it is, to the last bit, if it is sound; else repaired or refused by :func:`read_outline`.

    >>> square = {"type": "Polygon", "coordinates": [[[78.4, 40.9], [78.401, 40.9], [78.401, 40.901], [78.4, 40.9]]]}
    >>> read_area(square).geometry.wkt
    'POLYGON ((78.4 40.9, 78.401 40.9, 78.401 40.901, 78.4 40.9))'

    :raises WrongGeometry: no polygon. :raises Refusal: as :func:`read_outline`.
    """
    check_kind(geometry, _AREAS, N_("a Polygon or MultiPolygon"))
    if crs is None:
        try:
            shape = canonical(shapely.geometry.shape(geometry))
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.GEOSException):
            return read_outline(geometry)
        if not shape.is_empty and _is_on_earth(shape) and is_sound(shape):
            check_on_earth(shapely.get_coordinates(shape))
            return Outline(shape)
    return read_outline(geometry, crs=crs)


def read_line(geometry: Mapping[str, Any] | None, crs: str | None = None) -> Any:
    """A line in longitude and latitude.

    >>> read_line({"type": "LineString", "coordinates": [[78.4, 40.9, 2100], [78.401, 40.9]]}).wkt
    'LINESTRING (78.4 40.9, 78.401 40.9)'

    :raises WrongGeometry: no line. :raises CoordinatesWrong: its coordinates are no places.
    """
    check_kind(geometry, _LINES, N_("a LineString or MultiLineString"))
    try:
        line = canonical(shapely.geometry.shape(_without_heights(geometry)))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.GEOSException) as error:
        raise CoordinatesWrong(reason=str(error).splitlines()[0][:80]) from error
    if crs is not None:
        line = to_lonlat(line, crs)
    if line.is_empty or line.length == 0 or not _is_on_earth(line):
        raise CoordinatesWrong(reason=N_("they must be longitude (to 180°) and latitude (to 90°) of several places"))
    check_on_earth(shapely.get_coordinates(line))
    return line


def _without_heights(geometry: Any) -> dict[str, Any]:
    def flat(coordinates: Any) -> Any:
        if isinstance(coordinates[0], int | float) and not isinstance(coordinates[0], bool):
            return coordinates[:2]
        if isinstance(coordinates[0], list):
            return [flat(one) for one in coordinates]
        raise ValueError("a coordinate is a number")

    return {"type": geometry["type"], "coordinates": flat(geometry["coordinates"])}


def check_kind(geometry: Mapping[str, Any] | None, kinds: set[str], expected: str) -> None:
    """Pass when the geometry is of one of `kinds`. :raises WrongGeometry: it is not, or there is none."""
    found = None if geometry is None else geometry.get("type")
    if not isinstance(found, str) or found not in kinds:
        raise WrongGeometry(found=N_("missing") if geometry is None else str(found)[:40], expected=expected)


def _is_on_earth(shape: Any) -> bool:
    coordinates = shapely.get_coordinates(shape)
    return bool(np.isfinite(coordinates).all() and (np.abs(coordinates) <= (180, 90)).all())


def canonical(geometry: Any) -> Any:
    """The one form in which a geometry is compared and written: flat, shells counterclockwise, no collection of one.

    >>> canonical(shapely.MultiPolygon([shapely.Polygon([(0, 0), (0, 1), (1, 1)])])).wkt
    'POLYGON ((0 0, 1 1, 0 1, 0 0))'
    """
    return canonical_all([geometry])[0]


def canonical_all(geometries: Sequence[Any]) -> np.ndarray:
    """Each of `geometries` as `canonical` has it, in one go.

    >>> canonical_all([]).tolist()
    []
    """
    flat = shapely.force_2d(np.array(geometries, dtype=object))
    alone = np.isin(shapely.get_type_id(flat), _COLLECTIONS) & (shapely.get_num_geometries(flat) == 1)
    flat[alone] = shapely.get_geometry(flat[alone], 0)
    return shapely.orient_polygons(flat)
