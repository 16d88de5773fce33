"""The choice of kilograms or jin: kept in a cookie, and with the account of a household that is signed in."""

from __future__ import annotations

import datetime as dt

from flask import abort, current_app, g, redirect, request
from werkzeug.wrappers import Response

from plantation.domain.words import WeightUnit
from plantation.services.people.accounts import load_account, set_weight_unit
from plantation.web.cookies import set_cookie
from plantation.web.desks import writing_desk
from plantation.web.guard import is_safe_next
from plantation.web.public import public
from plantation.web.weights import COOKIE


@public.post("/weights")
def choose_weight_unit() -> Response:
    """Read on in another unit, on the page one came from."""
    unit = request.form.get("unit", "")
    if unit not in set(WeightUnit):
        abort(400)
    if g.signed_in is not None:
        with writing_desk() as desk:
            set_weight_unit(desk, load_account(desk, g.signed_in.name), WeightUnit(unit))
    back = request.form.get("next", "/")
    response = redirect(back if is_safe_next(back) else "/")
    return set_cookie(current_app, response, COOKIE, unit, dt.timedelta(days=365))
