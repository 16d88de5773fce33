"""GeoPackage and Shapefile, in and out, through GDAL, which takes a while to load: import this where it is needed.

GDAL guesses a file's format from its content and has formats that read other files and the network, so nothing gets
there whose first bytes are not those of the format that the ending promises.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from plantation.errors import N_
from plantation.exchange import maps

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
MOST_UNPACKED_BYTES = 600_000_000
_GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
_NO_DATE = "1970-01-01T00:00:00.000Z"

Row = tuple[int, Mapping[str, Any], Any, Any]


class PartMissing(maps.NotThisFormat):
    """A Shapefile is several files side by side."""

    template = N_("%(file)s is no Shapefile file that can be read: its %(missing)s is not beside it.")


class NotOneShapefile(maps.NotThisFormat):
    """An archive with none or with several."""

    template = N_("%(file)s is no Shapefile file that can be read: it holds %(count)s of them.")


class UnpackedTooLarge(maps.FileTooLarge):
    """A small archive may hold a disk full."""

    template = N_("%(file)s has %(found)s unpacked; at most %(most)s are read.")


def read_geopackage(path: Path, wanted: str) -> list[Row]:
    """The features of a GeoPackage's only layer, or of the one called `wanted`: (number, properties, geometry, CRS)."""
    with path.open("rb") as file:
        head = file.read(72)
    if not (head.startswith(b"SQLite format 3\0") and head[68:72] in _GEOPACKAGE_IDS):
        raise maps.NotThisFormat(file=path.name, format="GeoPackage", reason=N_("it does not begin as one"))
    with _quiet(path, "GeoPackage"):
        layers = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
    named = [name for name in layers if name.casefold() == wanted]
    chosen = layers if len(layers) == 1 else named
    if len(chosen) != 1:
        raise maps.LayerUnclear(file=path.name, layers=", ".join(layers)[:200], wanted=wanted)
    return _read(path, "GeoPackage", layer=chosen[0])


def read_shapefile(path: Path, wanted: str) -> list[Row]:
    """The features of a Shapefile, of which at least .shp, .shx and .dbf lie side by side."""
    with path.open("rb") as file:
        if file.read(4) != b"\0\0\x27\x0a":
            raise maps.NotThisFormat(file=path.name, format="Shapefile", reason=N_("it does not begin as one"))
    beside = {part.suffix.lower(): part for part in path.parent.glob(f"{_escaped(path.stem)}.*")}
    if missing := [ending for ending in (".shx", ".dbf") if ending not in beside]:
        raise PartMissing(file=path.name, missing=" + ".join(missing))
    encoding = None if ".cpg" in beside else _encoding(beside[".dbf"])
    return _read(path, "Shapefile", encoding=encoding)


def read_zipped_shapefile(path: Path, wanted: str) -> list[Row]:
    """The features of the only Shapefile in a zip archive; what it unpacks to is looked at first."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        entries = [entry for entry in archive.infolist() if Path(entry.filename).suffix.lower() in SHAPEFILE_PARTS]
        entries = [entry for entry in entries if not Path(entry.filename).name.startswith(".")]
        size = sum(entry.file_size for entry in entries)
        if size > MOST_UNPACKED_BYTES:
            most = f"{MOST_UNPACKED_BYTES // 1_000_000:,} MB"
            raise UnpackedTooLarge(file=path.name, found=f"{size // 1_000_000:,} MB", most=most)
        stems = {str(Path(entry.filename).with_suffix("")) for entry in entries if entry.filename.lower().endswith(".shp")}
        if len(stems) != 1:
            raise NotOneShapefile(file=path.name, count=len(stems))
        for entry in entries:
            if str(Path(entry.filename).with_suffix("")) in stems:
                # By the archive's name: what it calls its members never names a file of ours.
                with archive.open(entry) as source, open(Path(folder) / f"{path.stem}{Path(entry.filename).suffix.lower()}", "wb") as out:
                    shutil.copyfileobj(source, out)
        return read_shapefile(Path(folder) / f"{path.stem}.shp", wanted)


def _escaped(stem: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in stem)


def _encoding(table: Path) -> str:
    """What a .dbf without a .cpg is written in: UTF-8 if it reads as that, else GBK, as Chinese programs write it."""
    content = table.read_bytes()[32:]
    for encoding, name in (("utf-8", "UTF-8"), ("gbk", "GBK")):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return name
    return "ISO-8859-1"


def _read(path: Path, kind: str, **options: Any) -> list[Row]:
    with _quiet(path, kind):
        meta, _, shapes, columns = pyogrio.raw.read(path, force_2d=True, max_features=maps.MOST_FEATURES + 1, **options)
        geometries = shapely.from_wkb(shapes, on_invalid="fix") if shapes is not None else [None] * len(columns[0])
    names = meta["fields"].tolist()
    rows = zip(*(column.tolist() for column in columns), strict=True) if names else ([] for _ in geometries)
    return [
        (number, {name: _plain(value) for name, value in zip(names, row, strict=True)}, geometry, meta["crs"])
        for number, (row, geometry) in enumerate(zip(rows, geometries, strict=True), start=1)
    ]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value


class _quiet:
    """GDAL's warnings are not ours to show; its errors become a refusal that names the file."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path, self.kind = path, kind
        self.caught = warnings.catch_warnings()

    def __enter__(self) -> None:
        self.caught.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.caught.__exit__(kind, error, trace)
        if isinstance(error, (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FieldError,
                              pyogrio.errors.GeometryError, pyogrio.errors.FeatureError, shapely.errors.GEOSException,
                              UnicodeDecodeError)):  # fmt: skip
            reason = str(error).splitlines()[0][:160]
            raise maps.NotThisFormat(file=self.path.name, format=self.kind, reason=reason) from error


def write_with_gdal(path: Path, geometries: Sequence[Any], columns: Mapping[str, Sequence[Any]], *, layer: str) -> Iterator[Path]:
    """Write a GeoPackage or Shapefile (by ending) at `path` in WGS84; gives the files that it made.

    The same content gives the same bytes: no date of writing stands in them.
    """
    driver, options = {
        ".gpkg": ("GPKG", {}),
        ".shp": ("ESRI Shapefile", {"ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": _NO_DATE[:10]}),
    }[path.suffix.lower()]
    kinds = {shape.geom_type for shape in geometries}
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _NO_DATE})
    try:
        with _quiet(path, driver):
            pyogrio.raw.write(
                path, geometry=shapely.to_wkb(np.array(geometries, dtype=object)),
                field_data=[np.array(values) if values and not isinstance(values[0], str) else np.array(values, dtype=object)
                            for values in columns.values()],
                fields=np.array(list(columns), dtype=object), layer=layer, driver=driver,
                geometry_type="Polygon" if kinds <= {"Polygon"} else "MultiPolygon", crs="EPSG:4326",
                promote_to_multi=len(kinds) > 1, layer_options=options,
            )  # fmt: skip
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return (made for made in sorted(path.parent.iterdir()) if made.stem == path.stem)
