"""A boundary from an uploaded map file: written aside, read, thrown away."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from plantation.errors import N_, Refusal
from plantation.geometry.outline import Outline


class SeveralBoundaries(Refusal):
    template = N_("The file “%(name)s” holds %(count)s boundaries; a plot takes one. They are: %(codes)s.")


def read_boundary(upload: Any) -> Outline:
    """The only boundary of an uploaded GeoJSON, KML, KMZ, GPX, GeoPackage or zipped Shapefile.

    :raises Refusal: no map, no boundary, several of them, or one that cannot be repaired: with the place.
    """
    from plantation.exchange.maps import read_map  # GDAL takes a while to load, and few pages need it

    name = "".join(mark if mark.isprintable() else "_" for mark in upload.filename.replace("\\", "/"))
    name = name.rpartition("/")[2][-80:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        upload.save(path)
        found = read_map(path)
    if len(found) != 1:
        codes = ", ".join(str(one.code) for one in found[:8])
        raise SeveralBoundaries(name=name, count=len(found), codes=codes or "–")
    return found[0].outline
