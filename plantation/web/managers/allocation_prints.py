"""What is printed of the parcels: the map of each plot and the certificates."""

from __future__ import annotations

from flask import render_template, request

from plantation.services.land.certificates import Certificate, list_certificates
from plantation.services.land.plots import load_plot
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.land_maps import LandMap, LandShape, draw_land
from plantation.web.managers import managers
from plantation.web.managers.plan_maps import parcels_map, plots_of


@managers.get("/allocations/map")
def print_map() -> str:
    desk = reading_desk()
    chosen = request.args.get("plot", "")
    if chosen:
        load_plot(desk, chosen)
    plots = plots_of(desk)
    return render_template(
        "managers/allocations/map.html", plots=plots, plot=chosen, map=parcels_map(desk, plots, chosen), today=desk.today
    )


@managers.get("/allocations/certificates")
def print_certificates() -> str:
    desk = reading_desk()
    chosen = request.args.get("plot", "")
    if chosen:
        load_plot(desk, chosen)
    page = list_certificates(desk, plot=chosen or None, page=page_number())
    return render_template(
        "managers/allocations/certificates.html",
        page=page,
        maps={one.parcel: _corner_map(one) for one in page.rows},
        plots=plots_of(desk),
        plot=chosen,
        collective=desk.collective,
        today=desk.today,
    )


def _corner_map(one: Certificate) -> LandMap | None:
    marks = [(str(corner.number), corner.lon, corner.lat) for corner in one.corners]
    return draw_land([LandShape("parcel", one.outline)], marks=marks)
