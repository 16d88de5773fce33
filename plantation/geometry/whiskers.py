"""Whiskers: spikes of no width that rounding leaves on a border, taken off without moving any other point."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from plantation.geometry.projection import LocalPlane

THIN_M = 1e-4


def without_whiskers(outline: Any) -> Any:
    """The polygon `outline` (degrees) without spikes thinner than 0.1 mm; a sound one is given back as it is.

    Beside a parcel that stays, land that is given out again can have one: its border was rounded once before.

    >>> box = shapely.box(78.4, 40.9, 78.401, 40.901)
    >>> without_whiskers(box) is box
    True
    >>> spiked = shapely.Polygon([(78.4, 40.9), (78.4011, 40.9), (78.401, 40.9), (78.401, 40.901), (78.4, 40.901)])
    >>> spiked.is_valid, without_whiskers(spiked).wkt
    (False, 'POLYGON ((78.4 40.9, 78.401 40.9, 78.401 40.901, 78.4 40.901, 78.4 40.9))')
    >>> without_whiskers(shapely.Polygon()).is_empty
    True
    """
    if outline.is_valid or outline.geom_type != "Polygon":
        return outline
    plane = LocalPlane.around(outline)
    rings = [_trimmed(shapely.get_coordinates(ring)[:-1], plane) for ring in (outline.exterior, *outline.interiors)]
    return shapely.Polygon(rings[0], [ring for ring in rings[1:] if len(ring) > 2])


def _trimmed(ring: np.ndarray, plane: LocalPlane) -> np.ndarray:
    flat = shapely.get_coordinates(plane.forward(shapely.multipoints(ring)))
    place = 0
    while len(ring) > 3 and place < len(ring):
        if _is_tip(flat[place - 1], flat[place], flat[(place + 1) % len(flat)]):
            ring, flat = np.delete(ring, place, axis=0), np.delete(flat, place, axis=0)
            place = max(place - 2, 0)  # what stood beside the tip may be one now
        else:
            place += 1
    return ring


def _is_tip(before: np.ndarray, tip: np.ndarray, after: np.ndarray) -> bool:
    """Whether the border turns back on itself at `tip`."""
    ahead, back = before - tip, after - tip
    if ahead @ back <= 0:
        return False
    longer, shorter = (ahead, back) if ahead @ ahead > back @ back else (back, ahead)
    width_m = abs(longer[0] * shorter[1] - longer[1] * shorter[0]) / np.hypot(*longer)
    return bool(width_m < THIN_M)
