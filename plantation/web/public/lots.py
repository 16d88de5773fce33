"""A lot by the code on its label: where its fruit was picked, for whoever holds it. Plots, days, weights; no names."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from plantation.errors import NotFound
from plantation.services.desk import Desk, choose_collective, list_collectives
from plantation.services.fruit.lots import load_lot
from plantation.services.fruit.origins import origin_of_lot
from plantation.web.desks import now, reading_session
from plantation.web.lot_pages import lot_map
from plantation.web.public import public


@public.get("/lots")
def find_lot() -> Response | str:
    """Asks for the code that is printed on the label."""
    code, collective = request.args.get("lot", "").strip(), request.args.get("collective", "").strip()
    if code and collective:
        return redirect(url_for("public.show_lot_of", collective=collective[:64], code=code[:64]))
    return redirect(url_for("public.show_lot", code=code[:64])) if code else _ask()


@public.get("/lots/<code>")
def show_lot(code: str) -> Response | str | tuple[str, int]:
    """A lot where there is one collective; where there are several, its collective is asked for."""
    collectives = list_collectives(reading_session())
    return _show(collectives[0].code, code) if len(collectives) == 1 else _ask(code)


@public.get("/lots/<collective>/<path:code>")
def show_lot_of(collective: str, code: str) -> str | tuple[str, int]:
    """A lot of the collective that its label names."""
    return _show(collective, code)


def _ask(code: str = "", *, unknown: bool = False) -> str:
    collectives = list_collectives(reading_session())
    return render_template("public/lot.html", collectives=collectives, code=code, seen=None, unknown=unknown)


def _show(collective: str, code: str) -> str | tuple[str, int]:
    if not (collective + code).isprintable() or len(collective + code) > 128:
        return _ask(unknown=True), 404
    try:
        desk = Desk(reading_session(), choose_collective(reading_session(), collective), "", now())
        seen = load_lot(desk, code.strip())
    except NotFound:
        return _ask(code, unknown=True), 404
    origin = origin_of_lot(desk, seen.lot) if seen.opening is None else None
    return render_template(
        "public/lot.html",
        collectives=list_collectives(reading_session()),
        collective=desk.collective,
        code=code,
        seen=seen,
        origin=origin,
        map=lot_map(desk, origin),
        unknown=False,
    )
