"""Between degrees on the ellipsoid and metres in a local plane.

Land is measured on the ellipsoid (WGS84; CGCS2000 differs by 0.1 mm in its axes and is taken as the same) and cut in a
plane of its own: Lambert's azimuthal equal-area projection around the land, where areas are true and straight lines
are the shortest lines on the ellipsoid to well below a millimetre over a few kilometres.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely

from plantation.errors import N_, Refusal
from plantation.geometry.geodesics import ELLIPSOID, geodesic_areas_m2

# 1e-12 degree is 0.1 µm: a 10 mu parcel keeps its area to 0.0001 m², and a coordinate that was read with up to 12
# decimals comes back from the plane as it was read.
DECIMALS = 12
# Nowhere is the ellipsoid more curved than a sphere of this radius; e² says how far it is from one.
RADIUS_M, FLATNESS = 6.33e6, ELLIPSOID.es
# As near as this to the origin of a plane the library cannot be relied on.
NEAR_M = 0.01
# An area this near is the same.
PLAIN_M2 = 0.001
SAME_AS_WGS84 = {4326, 4490, 4480, 4979}


class UnknownProjection(Refusal):
    """The coordinate reference system is not one that can be read."""

    template = N_("The coordinate reference system “%(crs)s” is not known.")


class NotConvertible(Refusal):
    """Coordinates lie where their coordinate reference system does not reach."""

    template = N_("The coordinates do not fit their coordinate reference system %(crs)s: (%(x)s, %(y)s) is no place on earth.")


class LocalPlane:
    """An equal-area plane in metres, its origin at (`lon`, `lat`); x runs east, y runs north.

    >>> plane = LocalPlane(78.4, 40.9)
    >>> plane.forward(shapely.Point(78.4, 40.9)).wkt
    'POINT (0 0)'
    >>> plane.inverse(plane.forward(shapely.Point(78.412345, 40.909))).wkt
    'POINT (78.412345 40.909)'
    >>> plane.forward(shapely.Polygon()).is_empty
    True
    """

    def __init__(self, lon: float, lat: float) -> None:
        self.lon, self.lat = float(lon), float(lat)
        self._projection = _laea(self.lon, self.lat)

    @classmethod
    def around(cls, geometry: Any) -> LocalPlane:
        """The plane whose origin is the middle of `geometry` (a geometry or a sequence of them, in degrees).

        The origin is rounded to 0.0001° (11 m), so that plots read twice are cut in the same plane.
        """
        shapes = np.atleast_1d(np.asarray(geometry, dtype=object))
        bounds = shapely.total_bounds(shapes) if len(shapes) else np.array(np.nan)
        if not np.isfinite(bounds).all():
            return cls(0.0, 0.0)
        west, south, east, north = bounds.tolist()
        return cls(round((west + east) / 2, 4), round((south + north) / 2, 4))

    def forward(self, geometry: Any) -> Any:
        """Degrees to metres; a geometry gives a geometry, an array an array. Heights are dropped."""
        return shapely.transform(geometry, self._to_metres)

    def inverse(self, geometry: Any) -> Any:
        """Metres to degrees, rounded to 12 decimals (0.1 µm)."""
        return shapely.transform(geometry, self._to_degrees)

    def areas_m2(self, shapes: np.ndarray, geometries: np.ndarray) -> np.ndarray:
        """The areas on the ellipsoid of polygons that lie as `shapes` in the plane and as `geometries` in degrees.

        Where no side can be bent by more than that, it is the area in the plane, right to `PLAIN_M2`.

        >>> plane = LocalPlane(78.4, 40.9)
        >>> field = np.array([shapely.box(0, 0, 200, 100), shapely.box(0, 0, 200_000, 1)])
        >>> plane.areas_m2(field, plane.inverse(field)).round(3).tolist(), bool(shapely.area(field[1]) == 200_000)
        ([20000.0, 200012.313], True)
        """
        areas = shapely.area(shapes)
        bent = np.flatnonzero(bend_m2(shapes) > PLAIN_M2)
        if len(bent):
            areas[bent] = geodesic_areas_m2(geometries[bent])
        return areas

    def _to_metres(self, coords: np.ndarray) -> np.ndarray:
        return np.column_stack(self._projection(coords[:, 0], coords[:, 1])) if len(coords) else coords

    def _to_degrees(self, coords: np.ndarray) -> np.ndarray:
        if not len(coords):
            return coords
        x, y = coords[:, 0], coords[:, 1]
        lon, lat = self._projection(x, y, inverse=True)
        # The library's way back is a short series, wrong by up to 1 mm; its way forth is exact and mends it. A millimetre
        # further on the series is wrong by the same to 1e-11 m: mended once, it is right.
        there_x, there_y = self._projection(lon, lat)
        lon, lat = self._projection(x + (x - there_x), y + (y - there_y), inverse=True)
        # Within 0.6 mm of the origin it gives the origin itself: a corner there is looked for a thousand times as far away.
        near = np.flatnonzero(x * x + y * y < NEAR_M * NEAR_M)
        if len(near):
            far = self._projection(np.append(x[near], 0) * 1000, np.append(y[near], 0) * 1000, inverse=True)
            lon[near], lat[near] = (origin + (there - origin) / 1000 for there, origin in ((each[:-1], each[-1]) for each in far))
        return np.round(np.column_stack([lon, lat]), DECIMALS)


def bend_m2(shapes: np.ndarray) -> np.ndarray:
    """No more than this lies between the sides of polygons in a plane and the shortest lines over the ellipsoid.

    A straight line at a distance d from the plane's origin is bent by no more than d/R² + e²/2R against the shortest one,
    and a side of length s that is bent by k has s³k/12 beside it.
    """
    coords, owner = shapely.get_coordinates(shapes, return_index=True)
    step = coords[1:] - coords[:-1]
    # Between two rings lies no side: counting one there makes the bound no smaller.
    size = np.where(owner[1:] == owner[:-1], np.sqrt((step * step).sum(axis=1)), 0.0)
    far = np.sqrt((coords * coords).sum(axis=1))
    reach = np.maximum(far[1:], far[:-1])
    bent = reach / RADIUS_M**2 + FLATNESS / (2 * RADIUS_M)
    return np.bincount(owner[1:], size * size * size * bent / 12, len(shapes))


@lru_cache(maxsize=64)
def _laea(lon: float, lat: float) -> pyproj.Proj:
    return pyproj.Proj(proj="laea", lon_0=lon, lat_0=lat, ellps="WGS84", preserve_units=False)


def read_crs(crs: Any) -> pyproj.CRS:
    """The coordinate reference system that a file names: an EPSG number, a name, WKT or a pyproj CRS.

    >>> read_crs(4490).name
    'China Geodetic Coordinate System 2000'

    :raises UnknownProjection: it is not one, or not one of places on a map: heights, three axes from the earth's middle.
    """
    try:
        system = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise UnknownProjection(crs=str(crs)[:80]) from error
    if not (system.is_geographic or system.is_projected):
        raise UnknownProjection(crs=str(crs)[:80])
    return system


def to_lonlat(geometry: Any, crs: Any) -> Any:
    """`geometry` with coordinates of `crs` (x east, y north), in degrees of longitude and latitude.

    Geographic coordinates of WGS84 and CGCS2000 (EPSG:4326, 4490) pass unchanged.

    >>> shapely.set_precision(to_lonlat(shapely.Point(533704.9266, 4529545.0294), 4535), 1e-8).wkt
    'POINT (78.4 40.9)'
    >>> to_lonlat(shapely.Point(78.4, 40.9), "EPSG:4490").wkt
    'POINT (78.4 40.9)'

    :raises UnknownProjection: `crs` cannot be read. :raises NotConvertible: a place has no longitude and latitude.
    """
    system = read_crs(crs)
    if system.to_epsg() in SAME_AS_WGS84:
        return shapely.force_2d(geometry)
    transformer = pyproj.Transformer.from_crs(system, 4326, always_xy=True)

    def convert(coords: np.ndarray) -> np.ndarray:
        lonlat = np.column_stack(transformer.transform(coords[:, 0], coords[:, 1]))
        lost = np.flatnonzero(~np.isfinite(lonlat).all(axis=1))
        if len(lost):
            x, y = coords[lost[0]]
            raise NotConvertible(crs=system.name, x=f"{x:.3f}", y=f"{y:.3f}")
        return np.round(lonlat, DECIMALS)

    return shapely.transform(geometry, lambda coords: convert(coords) if len(coords) else coords)


_GCJ_AXIS, _GCJ_E2 = 6378245.0, 0.00669342162296594323


def gcj02_from_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Where a Chinese web map draws (`lon`, `lat`): for display only, never stored and never measured in.

    >>> [round(value, 6) for value in gcj02_from_wgs84(78.4, 40.9)]
    [78.402434, 40.900906]
    >>> gcj02_from_wgs84(10.0, 54.0)
    (10.0, 54.0)
    """
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    wave = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (wave + 20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (wave + 20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    phi = math.radians(lat)
    w = 1 - _GCJ_E2 * math.sin(phi) ** 2
    d_lat = math.degrees(north * w * math.sqrt(w) / (_GCJ_AXIS * (1 - _GCJ_E2)))
    d_lon = math.degrees(east * math.sqrt(w) / (_GCJ_AXIS * math.cos(phi)))
    return lon + d_lon, lat + d_lat
