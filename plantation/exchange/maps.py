"""Maps in: GeoJSON, GeoPackage, Shapefile, KML and GPX, as features in longitude and latitude.

What a file really is decides, not only its ending: a driver that reads other files or the network is never reached.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
import shapely.geometry

from plantation.errors import N_, Fault, Faulty, Refusal
from plantation.exchange.cells import cell_text
from plantation.exchange.geojson import canonical, read_features
from plantation.exchange.gpx import read_gpx
from plantation.exchange.kml import read_kml
from plantation.geometry.coordinates import NotAnArea
from plantation.geometry.outline import Outline, read_outline
from plantation.geometry.places import check_on_earth
from plantation.geometry.projection import to_lonlat

READABLE = (".geojson", ".json", ".gpkg", ".shp", ".kml", ".kmz", ".gpx", ".zip")
_AREAS = ("Polygon", "MultiPolygon")
_LINES = ("LineString", "MultiLineString", "Point", "MultiPoint")
MOST_BYTES = 300_000_000
MOST_FEATURES = 200_000
MOST_POINTS = 10_000_000


class UnknownEnding(Refusal):
    """A file whose ending names no format that is read or written."""

    template = N_("The ending of %(file)s is none of %(endings)s.")


class FileTooLarge(Refusal):
    """More than any village's land."""

    template = N_("%(file)s has %(found)s; at most %(most)s are read.")


class FeaturesTooMany(FileTooLarge):
    """More features than any village has."""

    template = N_("%(file)s has %(count)s features; at most %(most)s are read.")


class PointsTooMany(FileTooLarge):
    """More points than any village's borders have."""

    template = N_("%(file)s has %(count)s points; at most %(most)s are read.")


class ShapeUnreadable(NotAnArea):
    """A geometry whose coordinates are not what its kind promises."""

    template = N_("An outline is a polygon; this is a %(kind)s that cannot be read.")


class NotThisFormat(Refusal):
    """The content is not what the ending promises."""

    template = N_("%(file)s is no %(format)s file that can be read: %(reason)s.")


class LayerUnclear(Refusal):
    """Several layers, and none has the name looked for."""

    template = N_("%(file)s has the layers %(layers)s; which one is meant cannot be told. Name one “%(wanted)s”.")


class NoFeatures(Refusal):
    """Nothing in it."""

    template = N_("%(file)s holds no %(what)s.")


@dataclass(frozen=True, slots=True)
class MapFeature:
    """One feature: its number in the file, its properties as texts by name in small letters, its geometry in degrees
    (None where it has none). `raw` is GeoJSON as it stands in the file, and `crs` what it is in."""

    number: int
    properties: Mapping[str, str]
    raw: Any = None
    crs: Any = None

    def text(self, name: str) -> str:
        """A property, also by its first ten letters, which are all that a Shapefile keeps; "" where there is none."""
        return self.properties.get(name, self.properties.get(name[:10], "")).strip()

    @property
    def is_pin(self) -> bool:
        """Whether it is a point, which marks something and has no area."""
        return _shape(self.raw, ("Point", "MultiPoint")) is not None

    def as_stated(self) -> Any:
        """The geometry to the last bit where it is sound and in degrees, else as `geometry` gives it.

        :raises Refusal: as `geometry`.
        """
        shape = _shape(self.raw, (*_AREAS, *_LINES)) if self.raw is not None else None
        if shape is None or not shape.is_valid or shape.is_empty:
            return self.geometry()
        shape = shape if self.crs is None else to_lonlat(shape, self.crs)
        check_on_earth(shapely.get_coordinates(shape))
        return canonical(shape)

    def geometry(self) -> Any:
        """The geometry in degrees: an area is read as an outline is, anything else as it stands.

        :raises Refusal: it is none, or no place on earth.
        """
        if self.raw is None:
            raise NotAnArea(what=N_("nothing"))
        shape = _shape(self.raw, _LINES)
        if shape is not None:
            shape = shapely.force_2d(shape if self.crs is None else to_lonlat(shape, self.crs))
            check_on_earth(shapely.get_coordinates(shape))
            return shape
        return self.outline().geometry

    def outline(self) -> Outline:
        """The area, repaired or refused.

        :raises Refusal: as `read_outline`.
        """
        if self.raw is None:
            raise NotAnArea(what=N_("nothing"))
        return read_outline(self.raw, crs=self.crs)


@dataclass(frozen=True, slots=True)
class MapArea:
    """A feature that is an area, read and repaired."""

    number: int
    code: str
    properties: Mapping[str, str]
    outline: Outline = field(compare=False)


def read_map(path: Path) -> list[MapArea]:
    """The areas of a map file. `code` is the property of that name, or `name`; "" where there is neither. Pins beside them,
    such as those with which a phone marks where a walk began and ended, are left out.

    :raises Faulty: all features that are no areas or cannot be repaired. :raises Refusal: the file cannot be read.
    """
    areas, faults = [], []
    features = read_layer(path, wanted="plots")
    for feature in [feature for feature in features if not feature.is_pin] or features:
        try:
            outline = feature.outline()
        except Refusal as refusal:
            faults.append(Fault(path.name, feature.number, "geometry", refusal))
            continue
        areas.append(MapArea(feature.number, feature.text("code") or feature.text("name"), feature.properties, outline))
    if faults:
        raise Faulty(faults)
    return areas


def read_layer(path: Path, *, wanted: str, may_be_empty: bool = False) -> list[MapFeature]:
    """The features of a map file, in its order; of a GeoPackage the only layer, or the one called `wanted`.

    :raises Refusal: unknown ending, not that format, too large, several layers, or nothing in it.
    """
    ending = path.suffix.lower()
    if ending not in READABLE:
        raise UnknownEnding(file=path.name, endings=", ".join(READABLE))
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise FileTooLarge(file=path.name, found=f"{size // 1_000_000:,} MB", most=f"{MOST_BYTES // 1_000_000:,} MB")
    if ending in (".geojson", ".json"):
        features = _read_geojson(path)
    elif ending in (".kml", ".kmz", ".gpx"):
        placed = read_gpx(path) if ending == ".gpx" else read_kml(path)
        features = [MapFeature(number, row, shape) for number, (row, shape) in enumerate(placed, start=1)]
    else:
        from plantation.exchange.gdal import read_geopackage, read_shapefile, read_zipped_shapefile

        read = {".gpkg": read_geopackage, ".shp": read_shapefile, ".zip": read_zipped_shapefile}[ending]
        try:
            rows = read(path, wanted)
        except zipfile.BadZipFile as error:
            raise NotThisFormat(file=path.name, format="zip", reason=N_("it is no zip archive, or a broken one")) from error
        features = [MapFeature(number, _texts(row), shape, crs) for number, row, shape, crs in rows]
    if not features and not may_be_empty:
        raise NoFeatures(file=path.name, what=wanted)
    _check_amount(path, features)
    return features


def _check_amount(path: Path, features: Sequence[MapFeature]) -> None:
    if len(features) > MOST_FEATURES:
        raise FeaturesTooMany(file=path.name, count=f"{len(features):,}", most=f"{MOST_FEATURES:,}")
    points = sum(int(shapely.get_num_coordinates(f.raw)) for f in features if isinstance(f.raw, shapely.Geometry))
    if points > MOST_POINTS:
        raise PointsTooMany(file=path.name, count=f"{points:,}", most=f"{MOST_POINTS:,}")


def _read_geojson(path: Path) -> list[MapFeature]:
    found = read_features(path.read_bytes(), path.name)
    if found.table.faults:
        raise Faulty(found.table.faults)
    return [
        MapFeature(number, dict(zip(found.table.header, cells, strict=True)), found.geometries[number], found.crs)
        for number, cells in found.table.rows
    ]


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {name.strip().casefold(): cell_text(value) for name, value in row.items()}


def _shape(raw: Any, kinds: Sequence[str]) -> Any:
    """A geometry without judging it; None where it is not of one of `kinds`."""
    kind = raw.geom_type if isinstance(raw, shapely.Geometry) else raw.get("type") if isinstance(raw, Mapping) else None
    if kind not in kinds or isinstance(raw, shapely.Geometry):
        return raw if kind in kinds else None
    try:
        return shapely.geometry.shape(dict(raw))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, shapely.errors.GEOSException) as error:
        raise ShapeUnreadable(kind=kind) from error
