"""What the office's maps draw: all plots, or one plot with its parcels and exclusions, as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

import shapely
from flask import Response, request, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.services.land import overview
from plantation.services.land.exclusions import list_exclusions
from plantation.services.land.plots import load_plot
from plantation.services.people.households import load_household
from plantation.units import dm2_to_millimu, format_mu
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.words import exclusion_word
from plantation.web.refusals import say

# A millionth of a degree is 0.1 m: more says nothing on a screen and costs the village's line.
GRID_DEGREES = 1e-6


class MapFeature(NamedTuple):
    """A shape and what the map's script may know of it."""

    outline: Any
    properties: dict[str, Any]


def feature(outline: Any, kind: str, *, label: str = "", title: str = "", url: str = "", **more: Any) -> MapFeature:
    """One shape; words that are empty are left out."""
    words = {"kind": kind, "label": label, "title": title, "url": url}
    return MapFeature(outline, {name: word for name, word in words.items() if word} | more)


def as_geojson(features: Iterable[MapFeature]) -> Response:
    """An answer that the map's script reads; all outlines are rounded and written in one go."""
    features = list(features)
    outlines = shapely.set_precision([one.outline for one in features], GRID_DEGREES, mode="pointwise")
    written = ",".join(
        f'{{"type":"Feature","geometry":{geometry},"properties":{json.dumps(one.properties, ensure_ascii=False, separators=(",", ":"))}}}'
        for geometry, one in zip(shapely.to_geojson(outlines), features, strict=True)
    )
    return Response(f'{{"type":"FeatureCollection","features":[{written}]}}', mimetype="application/geo+json")


def addresses(endpoint: str) -> Callable[[str], str]:
    """The address of each code under a route that ends with one: for thousands, where `url_for` would take most of the time."""
    before = url_for(endpoint, code="-").removesuffix("-")
    return lambda code: before + quote(code, safe="!$&'()*+,/:;=@")


def area_words(area_dm2: int) -> str:
    """An area as a map's label has it."""
    return areas()(area_dm2)


def areas() -> Callable[[int], str]:
    """The same for thousands: the words are looked up once."""
    words = gettext("%(mu)s mu")
    return lambda area_dm2: words % {"mu": format_mu(dm2_to_millimu(area_dm2))}


@managers.get("/maps/plots")
def map_plots() -> Response:
    return as_geojson(
        feature(
            shape.outline,
            "plot",
            label=shape.code,
            title=f"{shape.code} {shape.label}: {area_words(shape.area_dm2)}",
            url=url_for(".show_plot", code=shape.code),
        )
        for shape in overview.plot_shapes(reading_desk())
    )


@managers.get("/maps/plot/<path:code>")
def map_plot(code: str) -> Response:
    """With its parcels, or `?bare=1` without: what a new canal is drawn over."""
    desk = reading_desk()
    plot = load_plot(desk, code)
    parcels = [] if request.args.get("bare") else overview.parcel_shapes(desk, plot)
    # Its own code would stand upon that of the parcel in its middle.
    label = "" if parcels else plot.code
    features = [feature(plot.outline, "plot", label=label, title=f"{plot.code}: {area_words(plot.area_dm2)}")]
    for parcel in parcels:
        holder = url_for(".show_household", code=parcel.label) if parcel.label else ""
        title = f"{parcel.code} {parcel.label}: {area_words(parcel.area_dm2)}"
        features.append(feature(parcel.outline, "parcel", label=parcel.code, title=title, url=holder))
    features += [feature(one.outline, "exclusion", title=say(exclusion_word(one.kind))) for one in list_exclusions(desk, plot)]
    return as_geojson(features)


@managers.get("/maps/household/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def map_household(code: str) -> Response:
    desk = reading_desk()
    parcels = overview.parcels_of(desk, load_household(desk, code))
    plots = {shape.code: shape for shape in overview.plot_shapes(desk)}
    around = [plots[plot] for plot in dict.fromkeys(parcel.plot for parcel in parcels) if plot in plots]
    features = [feature(shape.outline, "plot", label=shape.code, url=url_for(".show_plot", code=shape.code)) for shape in around]
    for parcel in parcels:
        title = f"{parcel.code}: {area_words(parcel.area_dm2)}"
        features.append(feature(parcel.outline, "mine", label=parcel.code, title=title))
    return as_geojson(features)
