"""What must hold of parcels at all times: they lie on their plot, do not overlap, and have the area written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import shapely
from sqlalchemy import select

from plantation.errors import N_, Refusal
from plantation.geometry.coverage import THIN_M, Tile, faults
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.outline import GPS_ERROR_M
from plantation.models import Parcel, Plot
from plantation.services.desk import Desk
from plantation.units import format_m2, m2_to_dm2


class ParcelFaulty(Refusal):
    """Something is wrong with a parcel; `template` says what was found."""

    def __init__(self, template: str, figures: dict[str, Any]) -> None:
        super().__init__(**figures)
        self.template = template


AREA_DIFFERS = N_("Parcel %(parcel)s has %(area_m2)s m², and %(stated_m2)s m² are written down.")


def check_parcels(desk: Desk) -> ParcelFaulty | None:
    """The first fault of the collective's parcels, by plot, or None.

    A fault is: outside its plot, or overlapping another parcel of it, by more than 0.01 m² (an imported parcel: wider
    than a GPS error); and where an allocation cut it, borders that do not share their points, or a written area that
    is not the outline's to the dm².
    """
    return next(parcel_faults(desk), None)


def parcel_faults(desk: Desk) -> Iterator[ParcelFaulty]:
    """All faults of the collective's parcels, by plot, as they are asked for: see `check_parcels`."""
    plots = desk.session.execute(select(Plot.id, Plot.outline).where(Plot.collective_id == desk.collective_id).order_by(Plot.code)).all()
    for plot_id, outline in plots:
        parcels = desk.session.execute(
            select(Parcel.code, Parcel.outline, Parcel.area_dm2, Parcel.allocation_id)
            .where(Parcel.collective_id == desk.collective_id, Parcel.plot_id == plot_id)
            .order_by(Parcel.code)
        ).all()
        for parcel in parcels:
            area_dm2 = m2_to_dm2(geodesic_area_m2(parcel.outline))
            if parcel.allocation_id is not None and area_dm2 != parcel.area_dm2:
                figures = {"area_m2": format_m2(area_dm2), "stated_m2": format_m2(parcel.area_dm2)}
                yield ParcelFaulty(AREA_DIFFERS, {"parcel": parcel.code, **figures})
        tiles = [
            # What was imported owes no shared points to its neighbours (each is a draw of its own) and is right to a
            # GPS error: its sides may be straight on another map than the geodesics here.
            Tile(parcel.code, part, draw=str(parcel.allocation_id or parcel.code), slack_m=_slack_m(parcel))
            for parcel in parcels
            for part in shapely.get_parts(parcel.outline)
        ]
        for fault in faults(outline, tiles, gaps=False):
            yield ParcelFaulty(fault.what, fault.figures)


def _slack_m(parcel: Any) -> float:
    return 2 * THIN_M if parcel.allocation_id is not None else GPS_ERROR_M
