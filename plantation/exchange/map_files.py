"""Maps out: GeoJSON, GeoPackage and Shapefile, written aside and then put in place, so that no half file ever stays."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from plantation.errors import N_, Refusal
from plantation.exchange.geojson_lines import geojson_lines
from plantation.exchange.maps import UnknownEnding

WRITABLE = (".geojson", ".gpkg", ".shp")


class CannotWrite(Refusal):
    """The place where a file should go."""

    template = N_("%(file)s cannot be written: %(reason)s.")


def check_writable(path: Path, endings: Sequence[str]) -> None:
    """Pass when a file of one of `endings` can be written at `path`: found out before hours of work.

    :raises UnknownEnding: another ending. :raises CannotWrite: no folder there, or no right to write.
    """
    if path.suffix.lower() not in endings:
        raise UnknownEnding(file=path.name, endings=", ".join(endings))
    if path.is_dir():
        raise CannotWrite(file=path, reason=N_("it is a folder"))
    if not path.parent.is_dir():
        raise CannotWrite(file=path, reason=N_("its folder does not exist"))
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise CannotWrite(file=path, reason=N_("that is not allowed here"))


def write_map(path: Path, columns: Mapping[str, Sequence[Any]], geometries: Sequence[Any], *, layer: str) -> None:
    """Write features in longitude and latitude, the format by the ending; the same features give the same bytes.

    GeoJSON has every digit of the coordinates, GeoPackage and Shapefile the numbers themselves, in WGS84.

    :raises UnknownEnding: none of .geojson, .gpkg, .shp. :raises CannotWrite: the file cannot be put there.
    """
    check_writable(path, WRITABLE)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".plantation-") as folder:
        aside = Path(folder) / path.name
        if path.suffix.lower() == ".geojson":
            rows = zip(*columns.values(), strict=True) if columns else ([] for _ in geometries)
            features = ((dict(zip(columns, row, strict=True)), shape) for row, shape in zip(rows, geometries, strict=True))
            _write_lines(aside, geojson_lines(features))
            made: Iterable[Path] = [aside]
        else:
            from plantation.exchange.gdal import write_with_gdal

            made = write_with_gdal(aside, geometries, columns, layer=layer)
        # The file that is asked for comes last: where it is, all of it is.
        for file in sorted(made, key=lambda file: file.suffix.lower() == path.suffix.lower()):
            _put(file, path.parent / file.name)


def write_report(path: Path, document: Mapping[str, Any]) -> None:
    """Write a report as JSON, one row of each of its lists a line; aside first.

    :raises CannotWrite: it cannot be put there.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".plantation-") as folder:
        aside = Path(folder) / path.name
        _write_lines(aside, report_lines(document))
        _put(aside, path)


def report_lines(document: Mapping[str, Any]) -> Iterator[str]:
    """A report as JSON: what it holds by name, and of each list one row a line, as a person would read it.

    >>> print(*report_lines({"seed": "316", "rights": [{"right": "R1"}, {"right": "R2"}], "notes": []}), sep="", end="")
    {
    "seed": "316",
    "rights": [
     {"right": "R1"},
     {"right": "R2"}
    ],
    "notes": []
    }
    """
    write = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    before = "{\n"
    for name, value in document.items():
        yield f"{before}{write(name)}: "
        before = ",\n"
        if isinstance(value, list) and value:
            for place, row in enumerate(value):
                yield f"{',' if place else '['}\n {write(row)}"
            yield "\n]"
        else:
            yield write(value)
    yield "{}\n" if before == "{\n" else "\n}\n"


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)


def _put(made: Path, path: Path) -> None:
    try:
        os.replace(made, path)
    except OSError as error:
        raise CannotWrite(file=path, reason=error.strerror or str(error)) from error
