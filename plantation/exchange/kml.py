"""KML in: placemarks with polygons and lines. Entities and document types are refused before they are expanded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

from plantation.errors import N_, Refusal

MOST_DEPTH = 64
MOST_BYTES = 50_000_000


class NotKML(Refusal):
    """The file's ending promises KML."""

    template = N_("%(file)s is no KML that can be read: %(reason)s.")


class KMLTooLarge(NotKML):
    """More than any village's map."""

    template = N_("%(file)s is no KML that can be read: it has more than %(most_mb)s MB.")


class KMLTooDeep(NotKML):
    """Nesting that no program writes."""

    template = N_("%(file)s is no KML that can be read: it is nested deeper than %(most)s.")


def read_kml(path: Path) -> list[tuple[dict[str, str], Any]]:
    """The placemarks of a KML file in its order: properties by name in small letters (`name`, and the extended data),
    and a geometry in degrees, None where there is none.

    :raises NotKML: no XML, entities, nesting deeper than 64, coordinates that are no numbers, or too large.
    """
    import defusedxml
    from defusedxml.ElementTree import ParseError, iterparse

    if path.stat().st_size > MOST_BYTES:
        raise KMLTooLarge(file=path.name, most_mb=MOST_BYTES // 1_000_000)
    found: list[tuple[dict[str, str], Any]] = []
    depth = 0
    try:
        with path.open("rb") as file:
            for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
                depth += 1 if event == "start" else -1
                if depth > MOST_DEPTH:
                    raise KMLTooDeep(file=path.name, most=MOST_DEPTH)
                if event == "end" and _name(element) == "Placemark":
                    found.append((_properties(element), _geometry(element)))
                    element.clear()
    except ParseError as error:
        raise NotKML(file=path.name, reason=str(error)[:120]) from error
    except defusedxml.DefusedXmlException as error:
        raise NotKML(file=path.name, reason=N_("it declares a document type or entities")) from error
    except (ValueError, LookupError, shapely.errors.GEOSException) as error:
        raise NotKML(file=path.name, reason=str(error).splitlines()[0][:120]) from error
    return found


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Any, name: str) -> Iterator[Any]:
    return (child for child in element if _name(child) == name)


def _properties(placemark: Any) -> dict[str, str]:
    row = {}
    for child in _children(placemark, "name"):
        row["name"] = (child.text or "").strip()
    for extended in _children(placemark, "ExtendedData"):
        for data in extended.iter():
            key = data.get("name", "").strip().casefold()
            if key and _name(data) == "Data":
                row[key] = next((child.text or "" for child in _children(data, "value")), "").strip()
            elif key and _name(data) == "SimpleData":
                row[key] = (data.text or "").strip()
    return row


def _geometry(placemark: Any) -> Any:
    shapes = [shape for child in placemark for shape in _shapes(child)]
    if not shapes:
        return None
    if len(shapes) == 1:
        return shapes[0]
    if all(shape.geom_type == "Polygon" for shape in shapes):
        return shapely.MultiPolygon(shapes)
    return shapely.GeometryCollection(shapes)


def _shapes(element: Any) -> Iterator[Any]:
    match _name(element):
        case "Polygon":
            outer = [ring for side in _children(element, "outerBoundaryIs") for ring in _rings(side)]
            inner = [ring for side in _children(element, "innerBoundaryIs") for ring in _rings(side)]
            if len(outer) != 1:
                raise ValueError(f"a polygon has {len(outer)} outer boundaries")
            yield shapely.Polygon(outer[0], inner)
        case "LineString":
            points = _points(element)
            if len(points) > 1:
                yield shapely.LineString(points)
        case "LinearRing":
            yield shapely.Polygon(_points(element))
        case "Point":
            yield from (shapely.Point(point) for point in _points(element)[:1])
        case "MultiGeometry":
            for child in element:
                yield from _shapes(child)


def _rings(boundary: Any) -> Iterator[list[tuple[float, float]]]:
    return (_points(ring) for ring in _children(boundary, "LinearRing"))


def _points(element: Any) -> list[tuple[float, float]]:
    points = []
    for coordinates in _children(element, "coordinates"):
        for word in (coordinates.text or "").split():
            lon, lat, *_ = word.split(",")
            points.append((float(lon), float(lat)))
    return points
