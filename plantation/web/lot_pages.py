"""What all pages about a lot share: its public address and the map of where it was picked."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from plantation.services.desk import Desk
from plantation.services.fruit.origins import Origin
from plantation.services.land.overview import plot_shapes
from plantation.web.filters import kg
from plantation.web.land_maps import LandMap, LandShape, draw_land


def lot_address(desk: Desk, code: str) -> str:
    """Where anybody reads about a lot: what the QR code of its label says."""
    return url_for("public.show_lot_of", collective=desk.collective.code, code=code, _external=True)


def lot_map(desk: Desk, origin: Origin | None) -> LandMap | None:
    """The plots, those of the lot over the others; None where none of them is known."""
    grams: dict[str, int] = {}
    for line in origin.lines if origin else ():
        if line.plot is not None:
            grams[line.plot] = grams.get(line.plot, 0) + line.net_grams
    if not grams:
        return None
    plots = plot_shapes(desk)
    shapes = [LandShape("plot", plot.outline, plot.code, plot.code) for plot in plots if plot.code not in grams]
    for plot in plots:
        if plot.code in grams:
            title = _("%(plot)s: %(weight)s of this lot", plot=plot.code, weight=kg(grams[plot.code]))
            shapes.append(LandShape("lot", plot.outline, plot.code, title))
    return draw_land(shapes)
