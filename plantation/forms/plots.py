"""The form for a plot: what it is called, what grows there, and its boundary in one of three ways."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import StopValidation

from plantation.errors import N_, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import CodeField, DayField, NameField, Needed, Optional, TypedField
from plantation.forms.outlines import OutlineField
from plantation.units import parse_decimal

MAP_FILES = (".geojson", ".json", ".kml", ".kmz", ".gpx", ".gpkg", ".zip")


class NoBoundary(Refusal):
    template = N_("The boundary is missing: draw it on the map, type its corners, or choose a file.")


class EmptyFile(Refusal):
    template = N_("The file “%(name)s” is empty.")


class WrongFile(Refusal):
    template = N_("“%(name)s” is not a map file that is read here: GeoJSON, KML, KMZ, GPX, GeoPackage, or a zipped Shapefile.")


class DecimalField(TypedField):
    """A measure that only geometry uses: `data` is a float from `least` to `most`."""

    input_mode = "decimal"

    def __init__(self, label: Any = None, validators: Any = None, *, least: float, most: float, **options: Any):
        super().__init__(label, validators, **options)
        self.least, self.most = least, most

    def read(self, text: str) -> float:
        try:
            value = parse_decimal(text, decimals=4, expected="") / 10_000
        except Refusal as refusal:
            raise NoSuchNumber(value=text[:40], least=f"{self.least:g}", most=f"{self.most:g}") from refusal
        if not self.least <= value <= self.most:
            raise OutOfRange(value=text[:40], least=f"{self.least:g}", most=f"{self.most:g}")
        return value

    def write(self, value: float) -> str:
        return f"{value:g}"


class OutOfRange(Refusal):
    template = N_("“%(value)s” is not between %(least)s and %(most)s.")


class NoSuchNumber(OutOfRange):
    """No number at all, or one that is written in a way that is not read."""

    template = N_("“%(value)s” is not a number from %(least)s to %(most)s, with at most four decimals.")


class PlotForm(Form):
    """`outline` (drawn or typed) or `boundary_file` gives the boundary; an edit without either keeps the one there is.

    `layer` chooses one outline of a file that holds several, by its number from 1.
    """

    code = CodeField(N_("Code"), [Needed()], description=N_("Such as P1."))
    name = NameField(N_("Name"), [Needed()])
    planted_on = DayField(N_("Planted on"), [Optional()])
    variety = NameField(N_("Variety"), most=100)
    row_bearing = DecimalField(
        N_("Direction of the rows"), [Optional()], least=0, most=360, description=N_("Degrees from north, clockwise; 90 is east.")
    )
    row_spacing_m = DecimalField(N_("Metres between rows"), [Optional()], least=0.1, most=100)
    outline = OutlineField(
        N_("Boundary"),
        [Optional()],
        description=N_("Draw it on the map, or type its corners: longitude and latitude, one corner a line."),
    )
    boundary_file = FileField(
        N_("Or a file"),
        description=N_("GeoJSON, KML, KMZ, GPX, GeoPackage, or a zipped Shapefile with one boundary. The file wins over the map."),
        render_kw={"accept": ",".join(MAP_FILES)},
    )
    version = HiddenField()

    def validate_boundary_file(self, field: FileField) -> None:
        if field.data is None or not getattr(field.data, "filename", ""):
            field.data = None
            return
        name = field.data.filename[-80:]
        if not name.lower().endswith(MAP_FILES):
            raise StopValidation(WrongFile(name=name))
        first = field.data.stream.read(1)
        field.data.stream.seek(0)
        if not first:
            raise StopValidation(EmptyFile(name=name))


__all__ = ["DecimalField", "EmptyFile", "MAP_FILES", "NoBoundary", "OutOfRange", "PlotForm", "WrongFile"]
