"""The form for what lies in a plot and cannot be planted: a polygon, or a line with its width."""

from __future__ import annotations

from typing import Any

import shapely
from wtforms.validators import StopValidation

from plantation.domain.words import ExclusionKind
from plantation.errors import N_, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import Needed, WordField, plain
from plantation.forms.outlines import OutlineField, read_corners
from plantation.forms.plots import DecimalField

KINDS = (
    (ExclusionKind.ROAD.value, N_("road")),
    (ExclusionKind.CANAL.value, N_("canal")),
    (ExclusionKind.ROCK.value, N_("rock")),
    (ExclusionKind.BUILDING.value, N_("building")),
    (ExclusionKind.OTHER.value, N_("other")),
)
SHAPES = (("area", N_("an area: its corners all around")), ("line", N_("a line: its bends, and how wide it is")))


class WidthMissing(Refusal):
    template = N_("A line needs its width in metres.")


class PlaceField(OutlineField):
    """An area or a line. Typed corners are what the form's `shape` says; GeoJSON, drawn or pasted, says it itself."""

    def read(self, text: str) -> shapely.Geometry:
        return super().read(text) if text.startswith("{") else read_corners(text, line=True)

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.is_area(form):
            try:
                self.data = read_corners(self._typed())
            except Refusal as refusal:
                raise StopValidation(refusal) from refusal

    def is_area(self, form: Any) -> bool:
        """Whether typed corners were said to be those of an area."""
        return form.shape.data == "area" and not self._typed().startswith("{")

    def _typed(self) -> str:
        return plain(self.raw_data[0]) if self.raw_data else ""


class ExclusionForm(Form):
    """What lies where; `width_m` counts for a line only."""

    kind = WordField(N_("What it is"), choices=KINDS, default=ExclusionKind.CANAL.value)
    shape = WordField(N_("What was typed is"), choices=SHAPES, default="line")
    width_m = DecimalField(N_("Width in metres"), least=0.1, most=200, description=N_("For lines only."))
    outline = PlaceField(
        N_("Where it lies"),
        [Needed()],
        kinds=("Polygon", "MultiPolygon", "LineString", "MultiLineString"),
        description=N_("Draw it on the map, or type it: longitude and latitude, one corner a line."),
    )

    @property
    def is_line(self) -> bool:
        """Also before an area's corners, which are read as a line first, have become one: the width is looked at before them."""
        place = self.outline.data
        return place is not None and place.geom_type.endswith("LineString") and not self.outline.is_area(self)

    def validate_width_m(self, field: DecimalField) -> None:
        if self.is_line and field.data is None and not field.errors:
            raise StopValidation(WidthMissing())
