"""What comes of a division: pieces and what must be named of them, or a refusal with its figures."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from plantation.errors import N_, Refusal


@dataclass(frozen=True, slots=True)
class Note:
    """Something a report must name: `piece` is an index into the areas asked for, or None for the ground as a whole.

    Reasons: `narrow_ground` (the ground itself is narrower than asked there), `thin` (a cut made it so), `landlocked`,
    `not_compact`, `part_unused` (a part of the ground too small for any piece). Figures: `place` (x, y) and what is
    measured (`lost_m2`, `border_m`, `compactness`, `area_m2`).
    """

    piece: int | None
    reason: str
    figures: dict


@dataclass(frozen=True, slots=True)
class Partition:
    """Pieces in the order of the areas asked for, with the metres of border by which each can be reached; the rest that
    no piece covers; lanes; what must be named."""

    pieces: list[shapely.Polygon]
    reach_m: list[float]
    remainder: list[shapely.Polygon]
    lanes: list[shapely.Polygon]
    notes: list[Note]


class GroundShort(Refusal):
    """The pieces ask for more than there is."""

    template = N_("The pieces ask for %(asked_m2)s m², the ground has %(available_m2)s m².")


class PartsTooSmall(Refusal):
    """The ground lies in parts, and whole pieces do not fit on them."""

    template = N_(
        "The ground lies in %(parts)s parts of together %(available_m2)s m²; %(pieces)s whole pieces of together"
        " %(asked_m2)s m² do not fit on them."
    )


class LanesTooWide(Refusal):
    """With lanes, the pieces no longer fit."""

    template = N_("Lanes take %(lanes_m2)s m²; %(asked_m2)s m² are asked for and %(available_m2)s m² are left.")


class BadArea(Refusal, ValueError):
    """An area that cannot be laid out."""

    template = N_("Piece %(number)s: an area of %(area_m2)s m² cannot be laid out.")


class BadGround(Refusal, ValueError):
    """A ground that is no valid polygon with an area."""

    template = N_("The ground is not a valid polygon: %(reason)s.")
