"""A collective's land as GeoJSON, one feature a line, in an order that depends on nothing but what is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from operator import attrgetter
from typing import Any

import shapely.geometry
from sqlalchemy import select

from plantation.exchange.geojson import canonical
from plantation.exchange.geojson_lines import geojson_lines
from plantation.models import AccessLine, Exclusion, Household, Parcel, Plot, Right
from plantation.services.desk import Desk
from plantation.services.lookups import codes_by_id
from plantation.units import dm2_to_millimu, format_m2, format_mu


def plot_lines(desk: Desk) -> Iterator[str]:
    """plots.geojson, by code."""
    plots = desk.session.scalars(select(Plot).where(Plot.collective_id == desk.collective_id))
    return geojson_lines(
        (
            {
                "code": one.code,
                "name": one.name,
                "planted_on": None if one.planted_on is None else one.planted_on.isoformat(),
                "variety": one.variety,
                "row_bearing": one.row_bearing,
                "row_spacing_m": one.row_spacing_m,
            },
            one.outline,
        )
        for one in sorted(plots, key=attrgetter("code"))
    )


def exclusion_lines(desk: Desk) -> Iterator[str]:
    """exclusions.geojson, by plot, kind and place."""
    plots = codes_by_id(desk, Plot)
    exclusions = desk.session.scalars(select(Exclusion).where(Exclusion.collective_id == desk.collective_id))
    features = [({"plot": plots[one.plot_id], "kind": one.kind, "width_m": one.width_m}, one.outline) for one in exclusions]
    return geojson_lines(sorted(features, key=lambda one: (one[0]["plot"], one[0]["kind"], one[0]["width_m"] or 0, _place(one[1]))))


def access_lines(desk: Desk) -> Iterator[str]:
    """access.geojson, by kind and place."""
    lines = desk.session.scalars(select(AccessLine).where(AccessLine.collective_id == desk.collective_id))
    features = [({"kind": one.kind}, one.line) for one in lines]
    return geojson_lines(sorted(features, key=lambda one: (one[0]["kind"], _place(one[1]))))


def parcel_lines(desk: Desk) -> Iterator[str]:
    """parcels.geojson, by code."""
    plots, rights, households = (codes_by_id(desk, model) for model in (Plot, Right, Household))
    parcels = desk.session.scalars(select(Parcel).where(Parcel.collective_id == desk.collective_id))
    return geojson_lines(
        (
            {
                "code": one.code,
                "plot": plots[one.plot_id],
                "right": rights.get(one.right_id),
                "household": households.get(one.household_id),
                "area_mu": float(format_mu(dm2_to_millimu(one.area_dm2))),
                "area_m2": float(format_m2(one.area_dm2)),
            },
            one.outline,
        )
        for one in sorted(parcels, key=attrgetter("code"))
    )


def _place(geometry: Any) -> str:
    return json.dumps(shapely.geometry.mapping(canonical(geometry)))
