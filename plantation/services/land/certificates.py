"""The certificate of a parcel: whose right, how much land, its corners, and what lies on its four sides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from plantation.geometry.corners import Corner, corners_of
from plantation.models import Household, Parcel, Plot, Right
from plantation.services.desk import Desk
from plantation.services.land.neighbours import Sides, neighbours_of
from plantation.services.pages import Page, paginate
from plantation.units import Millimu, SquareDecimetres


@dataclass(frozen=True, slots=True)
class Certificate:
    """All that is printed for one parcel."""

    parcel: str
    plot: str
    plot_name: str
    right: str
    household: str
    household_name: str
    entitlement_millimu: Millimu
    starts_on: dt.date
    ends_on: dt.date
    area_dm2: SquareDecimetres
    outline: Any
    corners: list[Corner]
    sides: Sides


def list_certificates(desk: Desk, *, plot: str | None = None, page: int = 1) -> Page:
    """One page of the certificates of all parcels that somebody holds, by code; of one `plot` (its code) only."""
    statement = _held(desk)
    if plot is not None:
        statement = statement.where(Plot.code == plot)
    found = paginate(desk.session, statement.order_by(Plot.code, Parcel.code), page)
    sides = neighbours_of(desk, found.rows)
    return Page([_certificate(row, sides[row.id]) for row in found.rows], found.number, found.size, found.total)


def _held(desk: Desk) -> Select[Any]:
    return (
        select(
            Parcel.id,
            Parcel.plot_id,
            Parcel.outline,
            Parcel.code,
            Plot.code.label("plot"),
            Plot.name.label("plot_name"),
            Right.code.label("right"),
            Household.code.label("household"),
            Household.name.label("household_name"),
            Right.entitlement_millimu,
            Right.starts_on,
            Right.ends_on,
            Parcel.area_dm2,
        )
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .join(Right, (Right.collective_id == Parcel.collective_id) & (Right.id == Parcel.right_id))
        .join(Household, (Household.collective_id == Parcel.collective_id) & (Household.id == Parcel.household_id))
        .where(Parcel.collective_id == desk.collective_id)
    )


def _certificate(row: Any, sides: Sides) -> Certificate:
    return Certificate(
        row.code,
        row.plot,
        row.plot_name,
        row.right,
        row.household,
        row.household_name,
        row.entitlement_millimu,
        row.starts_on,
        row.ends_on,
        row.area_dm2,
        row.outline,
        corners_of(row.outline),
        sides,
    )
