"""The map of the land, coloured by what the office wants to see; every parcel leads to who holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext, ngettext

from plantation.domain.land_colours import SHADES
from plantation.domain.words import LandColour
from plantation.services.desk import Desk
from plantation.services.fruit.coloured_land import MOST_PARCELS, ColouredLand, ColouredParcel, coloured_land
from plantation.services.money.seasons import list_seasons
from plantation.web.desks import reading_desk
from plantation.web.filters import number
from plantation.web.languages import Count
from plantation.web.managers import managers
from plantation.web.managers.maps import MapFeature, addresses, areas, as_geojson, feature
from plantation.web.managers.seasons import chosen_season

_FIGURES = (LandColour.YIELD, LandColour.AGE)


@managers.get("/land")
def show_land() -> str:
    desk = reading_desk()
    by = _by()
    land = _land(desk, by, drawn=False)
    return render_template(
        "managers/land_map.html",
        by=by,
        colours=list(LandColour),
        season=chosen_season(desk),
        seasons=list_seasons(desk),
        land=land,
        most=MOST_PARCELS,
        legend=_legend(by, land),
    )


@managers.get("/maps/land")
def map_land() -> Response:
    desk = reading_desk()
    by = _by()
    return as_geojson(_features(by, _land(desk, by, drawn=True).parcels))


def _by() -> LandColour:
    chosen = request.args.get("by", "")
    return LandColour(chosen) if chosen in set(LandColour) else LandColour.YIELD


def _land(desk: Desk, by: LandColour, *, drawn: bool) -> ColouredLand:
    return coloured_land(desk, by, chosen_season(desk) if by == LandColour.YIELD else None, drawn=drawn)


def _features(by: LandColour, parcels: Iterable[ColouredParcel]) -> Iterator[MapFeature]:
    area, household_at, plot_at = areas(), addresses(".show_household"), addresses(".show_plot")
    words = cache(lambda value: _words(by, value))
    for parcel in parcels:
        lines = [area(parcel.area_dm2)]
        if parcel.value is not None:
            lines.append(words(parcel.value))
        if parcel.variety:
            lines.append(parcel.variety)
        more: dict[str, Any] = {"lines": lines}
        if parcel.shade is not None:
            more["shade" if by in _FIGURES else "hue"] = parcel.shade
        url = household_at(parcel.household) if parcel.household else plot_at(parcel.plot)
        yield feature(parcel.outline, "parcel", label=parcel.code, title=f"{parcel.code} {parcel.household}", url=url, **more)


def _words(by: LandColour, value: int) -> str:
    if by == LandColour.AGE:
        return ngettext("%(num)s year", "%(num)s years", Count(value))
    return gettext("%(kg)s kg per mu", kg=number(value))


def _band(by: LandColour, low: int, high: int) -> str:
    if by == LandColour.AGE:
        return gettext("%(low)s to under %(high)s years", low=number(low), high=number(high))
    return gettext("%(low)s to under %(high)s kg per mu", low=number(low), high=number(high))


def _legend(by: LandColour, land: ColouredLand) -> list[tuple[str, str]]:
    """(class of the colour, what it says)."""
    if by in _FIGURES:
        bands = [(number * land.step, (number + 1) * land.step) for number in range(SHADES)]
        told = [_band(by, low, high) for low, high in bands]
        return [*((f"shade-{number}", text) for number, text in enumerate(told)), ("shade-none", gettext("not known"))]
    if by == LandColour.VARIETY:
        return [*((f"hue-{number}", name) for number, name in enumerate(land.names)), ("shade-none", gettext("another, or not known"))]
    return [("hue-all", gettext("held by a household; five colours in turn")), ("shade-none", gettext("nobody's"))]
