"""Checking a slip: whoever holds one sees what was recorded under its code, without names."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from plantation.errors import NotFound
from plantation.models import Collective
from plantation.services.desk import choose_collective, list_collectives
from plantation.services.fruit.slips import check_slip
from plantation.web.desks import reading_session
from plantation.web.public import public


@public.get("/verify")
def verify() -> Response | str:
    """Asks for the code that is printed on the slip."""
    collectives = list_collectives(reading_session())
    slip, collective = request.args.get("slip", "").strip(), request.args.get("collective", "").strip()
    if slip and collective:
        return redirect(url_for("public.verify_slip_of", collective=collective, slip=slip))
    if slip and len(collectives) == 1:
        return redirect(url_for("public.verify_slip", slip=slip))
    return render_template("public/verify.html", collectives=collectives, slip=slip, facts=None, unknown=False)


@public.get("/verify/<slip>")
def verify_slip(slip: str) -> Response | str | tuple[str, int]:
    """A slip where there is one collective; where there are several, its collective is asked for."""
    collectives = list_collectives(reading_session())
    if len(collectives) != 1:
        return render_template("public/verify.html", collectives=collectives, slip=slip, facts=None, unknown=False)
    return _show(collectives[0], slip)


@public.get("/verify/<collective>/<slip>")
def verify_slip_of(collective: str, slip: str) -> str | tuple[str, int]:
    """A slip of the collective that its code names."""
    return _show(choose_collective(reading_session(), collective), slip)


def _show(collective: Collective, slip: str) -> str | tuple[str, int]:
    collectives = list_collectives(reading_session())
    try:
        facts = check_slip(reading_session(), collective, slip.strip())
    except NotFound:
        page = render_template("public/verify.html", collectives=collectives, collective=collective, slip=slip, facts=None, unknown=True)
        return page, 404
    return render_template("public/verify.html", collectives=collectives, collective=collective, slip=slip, facts=facts, unknown=False)
