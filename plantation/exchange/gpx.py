"""GPX in, as phones and hand receivers write it: tracks and routes are lines, waypoints are points."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely

from plantation.errors import N_
from plantation.exchange.kml import NotKML, check_size, children, read_elements, read_point


class NotGPX(NotKML):
    """The file's ending promises GPX."""

    template = N_("%(file)s is no GPX that can be read: %(reason)s.")


def read_gpx(path: Path) -> list[tuple[dict[str, str], Any]]:
    """The tracks, routes and waypoints of a GPX file in its order: `name`, and a geometry in degrees, None where it has no points.

    :raises NotGPX: no XML, entities, nesting deeper than 64, or too large. :raises Faulty: every one whose coordinates are none.
    """
    try:
        check_size(path, path.stat().st_size)
        with path.open("rb") as file:
            return read_elements(path, file, {"trk": _track, "rte": lambda route: _line(children(route, "rtept")), "wpt": _point})
    except NotKML as refusal:
        reason = refusal.figures.get("reason", N_("it is too large, or nested too deep"))
        raise NotGPX(file=path.name, reason=reason) from refusal


def _track(track: Any) -> Any:
    lines = [line for segment in children(track, "trkseg") if (line := _line(children(segment, "trkpt"))) is not None]
    return shapely.MultiLineString(lines) if len(lines) > 1 else lines[0] if lines else None


def _line(points: Iterable[Any]) -> Any:
    places = [_place(point) for point in points]
    return shapely.LineString(places) if len(places) > 1 else None


def _point(point: Any) -> Any:
    return shapely.Point(_place(point))


def _place(point: Any) -> tuple[float, float]:
    return read_point(f"{point.get('lon', '')} {point.get('lat', '')}", " ")
