"""Are coordinates places on earth, and near enough to each other to be one plantation?"""

from __future__ import annotations

import numpy as np

from plantation.errors import N_, Refusal
from plantation.geometry.geodesics import distance_m

LARGEST_EXTENT_KM = 50
# The fields nearest to a pole lie at 70°; west of 108° in China, latitude and longitude the wrong way round are a place too.
LAST_FIELD_DEG = 72


class OutsideTheEarth(Refusal):
    """A longitude beyond 180° or a latitude beyond 90°."""

    template = N_("The place (%(lon)s, %(lat)s) is outside the earth: longitude goes to 180°, latitude to 90°.")


class NoFieldThere(Refusal):
    """A place on earth where nothing grows: latitude was written first."""

    template = N_("No field lies as far from the equator as (%(lon)s, %(lat)s): longitude comes first, then latitude.")


class NotDegrees(Refusal):
    """Metres, and no coordinate reference system is named."""

    template = N_("The coordinates (%(x)s, %(y)s) are not degrees, and no coordinate reference system is named.")


class AcrossTheDateLine(Refusal):
    """Places on both sides of 180°: between them in degrees lies the rest of the world."""

    template = N_("The outline lies on both sides of the meridian of 180°, at (%(lon)s, %(lat)s): such land cannot be measured here.")


class TooWide(Refusal):
    """Farther across than a plantation: most likely a wrong coordinate."""

    template = N_("The outline is %(extent_km)s km across, at most %(most_km)s km can be read: is (%(lon)s, %(lat)s) right?")


def check_on_earth(coords: np.ndarray) -> None:
    """Pass where all of `coords`, rows of (longitude, latitude), are places on earth where fields can be.

    >>> check_on_earth(np.array([[78.4, 40.9]]))
    >>> check_on_earth(np.array([[40.9, 78.4]]))
    Traceback (most recent call last):
    plantation.geometry.places.NoFieldThere: No field lies as far from the equator as (40.9, 78.4): longitude comes first, then latitude.

    :raises NotDegrees: they are metres. :raises OutsideTheEarth: a place is none. :raises NoFieldThere: beyond 72°.
    """
    outside = np.flatnonzero(~((abs(coords[:, 0]) <= 180) & (abs(coords[:, 1]) <= 90)))
    if len(outside):
        x, y = coords[outside[0]].tolist()
        if np.isfinite([x, y]).all() and max(abs(x), abs(y)) > 1000:
            raise NotDegrees(x=f"{x:.12g}", y=f"{y:.12g}")
        raise OutsideTheEarth(lon=f"{x:.12g}", lat=f"{y:.12g}")
    beyond = np.flatnonzero(abs(coords[:, 1]) > LAST_FIELD_DEG)
    if len(beyond):
        x, y = coords[beyond[0]].tolist()
        raise NoFieldThere(lon=f"{x:.12g}", lat=f"{y:.12g}")


def check_extent(coords: np.ndarray) -> None:
    """Pass where places on earth lie within 50 km.

    >>> check_extent(np.array([[78.4, 40.9], [79.4, 40.9]]))
    Traceback (most recent call last):
    plantation.geometry.places.TooWide: The outline is 84.3 km across, at most 50 km can be read: is (78.4, 40.9) right?

    :raises TooWide: they do not, with the place that lies farthest from the others. :raises AcrossTheDateLine: they do, but
        longitude jumps between them.
    """
    (west, south), (east, north) = coords.min(axis=0).tolist(), coords.max(axis=0).tolist()
    extent_km = distance_m((west, south), (east, north)) / 1000
    if east - west > 180 and extent_km <= LARGEST_EXTENT_KM:
        raise AcrossTheDateLine(lon=f"{east:.12g}", lat=f"{north:.12g}")
    if extent_km > LARGEST_EXTENT_KM:
        far = coords[np.argmax(abs(coords - np.median(coords, axis=0)).sum(axis=1))].tolist()
        raise TooWide(extent_km=f"{extent_km:,.1f}", most_km=LARGEST_EXTENT_KM, lon=f"{far[0]:.12g}", lat=f"{far[1]:.12g}")
