"""KML and KMZ in: placemarks with polygons, lines and tracks. Entities and document types are refused before they are expanded."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import shapely

from plantation.errors import N_, BadValue, Fault, Faulty, Refusal
from plantation.exchange.geojson import Breaks

MOST_DEPTH = 64
MOST_BYTES = 50_000_000
_CHINESE = re.compile(rb"""^(\s*<\?xml[^>]*encoding=["'])gb[\w-]*(["'])""", re.I)


class NotKML(Refusal):
    """The file's ending promises KML."""

    template = N_("%(file)s is no KML that can be read: %(reason)s.")


class KMLTooLarge(NotKML):
    """More than any village's map."""

    template = N_("%(file)s is no KML that can be read: it has more than %(most_mb)s MB.")


class NoKMLInside(NotKML):
    """An archive that holds something else."""

    template = N_("%(file)s is no KMZ that can be read: there is no .kml in it.")


class OuterBoundaries(Refusal):
    """A polygon has one."""

    template = N_("A polygon has one outer boundary; this has %(count)s.")


class KMLTooDeep(NotKML):
    """Nesting that no program writes."""

    template = N_("%(file)s is no KML that can be read: it is nested deeper than %(most)s.")


def read_kml(path: Path) -> list[tuple[dict[str, str], Any]]:
    """The placemarks of a KML file, or of the only .kml of a KMZ, in its order: properties by name in small letters (`name`,
    and the extended data), and a geometry in degrees, None where there is none.

    :raises NotKML: no XML, entities, nesting deeper than 64, or too large. :raises Faulty: every placemark whose coordinates
        are none.
    """
    if path.suffix.lower() != ".kmz":
        check_size(path, path.stat().st_size)
        with path.open("rb") as file:
            return read_elements(path, _in_utf8(file), {"Placemark": _geometry})
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".kml")]
            # Google's rule: the document is the first in the archive's root.
            inside.sort(key=lambda entry: "/" in entry.filename)
            if not inside:
                raise NoKMLInside(file=path.name)
            check_size(path, inside[0].file_size)
            with archive.open(inside[0]) as file:
                return read_elements(path, _in_utf8(file), {"Placemark": _geometry})
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise NotKML(file=path.name, reason=N_("it is no zip archive, or a broken one")) from error


def check_size(path: Path, size: int) -> None:
    """:raises KMLTooLarge: more than 50 MB."""
    if size > MOST_BYTES:
        raise KMLTooLarge(file=path.name, most_mb=MOST_BYTES // 1_000_000)


def _in_utf8(file: IO[bytes]) -> IO[bytes]:
    """The file itself; one in GBK, which the parser does not know, in UTF-8."""
    content = file.read(MOST_BYTES + 1)
    if _CHINESE.match(content):
        content = _CHINESE.sub(rb"\1utf-8\2", content.decode("gb18030", "replace").encode())
    return io.BytesIO(content)


def read_elements(path: Path, file: IO[bytes], geometries: Mapping[str, Callable[[Any], Any]]) -> list[tuple[dict[str, str], Any]]:
    """The elements of an XML file that are called as `geometries` are, each with its properties and what that makes of it.

    :raises NotKML: no XML, entities, nesting deeper than 64. :raises Faulty: every one of which nothing can be made.
    """
    import defusedxml
    from defusedxml.ElementTree import ParseError, iterparse

    found: list[tuple[dict[str, str], Any]] = []
    faults: list[Fault] = []
    depth = 0
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > MOST_DEPTH:
                raise KMLTooDeep(file=path.name, most=MOST_DEPTH)
            if event == "end" and (made := geometries.get(_name(element))) is not None:
                found.append((_properties(element), None))
                try:
                    found[-1] = (found[-1][0], made(element))
                except Refusal as refusal:
                    faults.append(Fault(path.name, len(found), found[-1][0].get("name", "")[:40] or "geometry", refusal))
                element.clear()
    except ParseError as error:
        line, column = error.position
        raise NotKML(file=path.name, reason=Breaks(line=line, column=column + 1)) from error
    except defusedxml.DefusedXmlException as error:
        raise NotKML(file=path.name, reason=N_("it declares a document type or entities")) from error
    except (ValueError, LookupError) as error:
        raise NotKML(file=path.name, reason=str(error).splitlines()[0][:120]) from error
    if faults:
        raise Faulty(faults)
    return found


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Any, name: str) -> Iterator[Any]:
    """The children of an element that are called `name`, in whatever namespace."""
    return (child for child in element if _name(child) == name)


def _properties(placemark: Any) -> dict[str, str]:
    row = {}
    for child in children(placemark, "name"):
        row["name"] = (child.text or "").strip()
    for extended in children(placemark, "ExtendedData"):
        for data in extended.iter():
            key = data.get("name", "").strip().casefold()
            if key and _name(data) == "Data":
                row[key] = next((child.text or "" for child in children(data, "value")), "").strip()
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
            outer = [ring for side in children(element, "outerBoundaryIs") for ring in _rings(side)]
            inner = [ring for side in children(element, "innerBoundaryIs") for ring in _rings(side)]
            if len(outer) != 1:
                raise OuterBoundaries(count=len(outer))
            yield from _ring(outer[0], [hole for hole in inner if len(hole) > 2])
        case "LineString":
            yield from _line(_points(element))
        case "LinearRing":
            yield from _ring(_points(element))
        case "Track":  # where a phone was, one place a second
            yield from _line([read_point(place.text or "", " ") for place in children(element, "coord")])
        case "Point":
            yield from (shapely.Point(point) for point in _points(element)[:1])
        case "MultiGeometry" | "MultiTrack":
            for child in element:
                yield from _shapes(child)


def _ring(points: list[tuple[float, float]], holes: Any = ()) -> Iterator[Any]:
    return iter([shapely.Polygon(points, holes)]) if len(points) > 2 else _line(points)


def _line(points: list[tuple[float, float]]) -> Iterator[Any]:
    if len(points) > 1:
        yield shapely.LineString(points)


def _rings(boundary: Any) -> Iterator[list[tuple[float, float]]]:
    return (_points(ring) for ring in children(boundary, "LinearRing"))


def _points(element: Any) -> list[tuple[float, float]]:
    """The points of `coordinates`; blanks around the commas, which people write by hand, part none."""
    texts = (re.sub(r"\s*,\s*", ",", coordinates.text or "") for coordinates in children(element, "coordinates"))
    return [read_point(word, ",") for text in texts for word in text.split()]


def read_point(text: str, comma: str) -> tuple[float, float]:
    """Longitude and latitude, and a height that is left out. :raises BadValue: they are no numbers."""
    try:
        lon, lat, *_ = map(float, text.split(comma))
    except ValueError as error:
        raise BadValue(value=text[:40], expected=N_("a longitude and a latitude, such as 78.4512 40.9034")) from error
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise BadValue(value=text[:40], expected=N_("a longitude and a latitude, such as 78.4512 40.9034"))
    return lon, lat
