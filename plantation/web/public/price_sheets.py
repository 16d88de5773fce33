"""The price sheet of a season: what hangs at the scale, for any phone and to print."""

from __future__ import annotations

from flask import render_template

from plantation.services.desk import Desk, choose_collective
from plantation.services.money.price_sheets import price_sheet
from plantation.web.desks import now, reading_session
from plantation.web.public import public


@public.get("/prices/<collective>/<path:season>")
def show_price_sheet(collective: str, season: str) -> str:
    """Prices, deductions and limits as they are posted now. :raises NotFound: there is no such season."""
    desk = Desk(reading_session(), choose_collective(reading_session(), collective), "", now())
    return render_template("public/price_sheet.html", collective=desk.collective, sheet=price_sheet(desk, season))
