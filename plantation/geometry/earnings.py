"""A plot's weighing over its parcels (the contract's rule 9): grams per parcel, by area or by what was harvested.

Geometry here lies in a plane, in metres; whoever reads longitude and latitude projects first.
"""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from plantation.errors import N_, Refusal
from plantation.units import Grams, SquareDecimetres, m2_to_dm2, share


class PlotWithoutParcels(Refusal, ValueError):
    """There is nobody to share with."""

    template = N_("This plot has no parcels yet, so a weighing of the whole plot cannot be shared.")


class OutlineOffParcels(Refusal, ValueError):
    """The harvested outline covers nobody's land."""

    template = N_("The harvested outline covers none of the plot's %(parcels)s parcels.")


class OutlineFaulty(Refusal, ValueError):
    """An outline without a proper inside, such as one that crosses itself."""

    template = N_("The harvested outline is not a proper area: %(reason)s.")


def share_over_parcels(net_grams: Grams, parcels: Sequence[tuple[str, SquareDecimetres]]) -> list[Grams]:
    """Share `net_grams` over (parcel code, area in whole dm²), in that order; the shares sum to `net_grams` exactly.

    Largest remainder, ties by parcel code ascending. A negative weight, a reversal, is shared as the mirror image.

    >>> share_over_parcels(100, [("P1-3", 10), ("P1-1", 10), ("P1-2", 10)])
    [33, 34, 33]
    >>> share_over_parcels(0, [("P1-1", 10)])
    [0]

    :raises PlotWithoutParcels: no parcels, or none with an area.
    """
    areas = [area_dm2 for _, area_dm2 in parcels]
    if not any(areas):
        raise PlotWithoutParcels()
    return share(net_grams, areas, [code for code, _ in parcels])


def harvested_dm2(outline: BaseGeometry, parcels: Sequence[tuple[str, BaseGeometry]]) -> list[SquareDecimetres]:
    """How much of each parcel, in whole dm², lies inside the harvested `outline`.

    Parcels are (code, polygon); polygons and outline are in metres in one plane.

    >>> parcels = [("P1-1", shapely.box(0, 0, 10, 10)), ("P1-2", shapely.box(10, 0, 20, 10))]
    >>> harvested_dm2(shapely.box(5, 0, 15, 10), parcels)
    [5000, 5000]
    >>> harvested_dm2(shapely.Polygon(), parcels), harvested_dm2(shapely.Polygon(), [])
    ([0, 0], [])

    :raises OutlineFaulty: the outline crosses itself or is broken otherwise.
    """
    if not outline.is_valid:
        raise OutlineFaulty(reason=shapely.is_valid_reason(outline))
    if not parcels:
        return []
    overlaps_m2 = shapely.area(shapely.intersection([polygon for _, polygon in parcels], outline))
    return [m2_to_dm2(float(area_m2)) for area_m2 in overlaps_m2]


def share_over_outline(net_grams: Grams, outline: BaseGeometry, parcels: Sequence[tuple[str, BaseGeometry]]) -> list[Grams]:
    """Share `net_grams` over the parcels in proportion to their overlap with the harvested `outline`.

    Overlaps are taken in whole dm², then shared as :func:`share_over_parcels` does. Parcels are (code, polygon).

    >>> parcels = [("P1-1", shapely.box(0, 0, 10, 10)), ("P1-2", shapely.box(10, 0, 20, 10))]
    >>> share_over_outline(1_000, shapely.box(5, 0, 20, 10), parcels)
    [333, 667]

    :raises PlotWithoutParcels: no parcels.
    :raises OutlineOffParcels: the outline covers less than half a dm² of every parcel.
    :raises OutlineFaulty: as :func:`harvested_dm2`.
    """
    if not parcels:
        raise PlotWithoutParcels()
    overlaps_dm2 = harvested_dm2(outline, parcels)
    if not any(overlaps_dm2):
        raise OutlineOffParcels(parcels=len(parcels))
    return share(net_grams, overlaps_dm2, [code for code, _ in parcels])
