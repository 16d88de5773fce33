"""What was repaired in a boundary, said so that a person can go and look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import shapely

from plantation.errors import N_, Refusal

Place: TypeAlias = tuple[float, float]


class CrossesItself(Refusal):
    """The boundary crosses itself by more than a GPS error: which side is the plot cannot be told."""

    template = N_("The outline crosses itself at (%(lon)s, %(lat)s); the loop there is %(width_m)s m wide.")


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of repair: a template with figures, the first place (longitude, latitude), the largest size in metres
    and how many there were.

    >>> print(Repair(N_("%(count)s loops were cut off, the widest %(size_m)s m, at (%(lon)s, %(lat)s)."), (78.4, 40.9), .25, 3))
    3 loops were cut off, the widest 0.25 m, at (78.4, 40.9).
    """

    what: str
    place: Place
    size: float
    count: int = 1

    @property
    def figures(self) -> dict[str, Any]:
        """What fills the template in."""
        return {"count": self.count, "size_m": f"{self.size:.2f}", "lon": self.place[0], "lat": self.place[1]}

    def __str__(self) -> str:
        return self.what % self.figures


def widest(shape: Any) -> tuple[float, shapely.Point]:
    """How wide the widest place of a plane shape is, in its unit (the largest circle's diameter), and its middle.

    >>> widest(shapely.box(0, 0, 10, 2))[0]
    2.0
    """
    tolerance = max(shapely.bounds(shape)[2:] - shapely.bounds(shape)[:2]) / 1000
    radius = max(
        (shapely.maximum_inscribed_circle(part, tolerance=tolerance) for part in shapely.get_parts(shape)),
        key=shapely.length,
    )
    return round(2 * radius.length, 3), shapely.Point(radius.coords[0])
