"""The public notice (公示) of a settlement: what hangs at the village office, for any phone. Names are masked."""

from __future__ import annotations

from flask import render_template

from plantation.services.desk import Desk, choose_collective
from plantation.services.lookups import the_season
from plantation.services.money import notices as service
from plantation.web.desks import now, reading_session
from plantation.web.public import public


@public.get("/notices/<collective>/<int:number>/<path:season>")
def show_notice(collective: str, number: int, season: str) -> str:
    """A notice from its first day on. :raises NotFound: there is none."""
    desk = Desk(reading_session(), choose_collective(reading_session(), collective), "", now())
    notice = service.load_notice(desk, the_season(desk, season), number)
    return render_template(
        "public/notice.html",
        collective=desk.collective,
        season=season,
        notice=notice,
        lines=service.lines_of(desk, notice),
        hangs=desk.today <= notice.ends_on,
    )
