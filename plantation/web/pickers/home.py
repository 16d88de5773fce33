"""The one page of a picker."""

from __future__ import annotations

from flask import g, render_template

from plantation.errors import NotAllowed
from plantation.services.money.picker_accounts import account_of_picker, days_of_picker, payments_of_picker, slips_of_picker
from plantation.services.money.pickers import picker_of_account
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.pickers import pickers


@pickers.get("")
def home() -> str:
    desk = reading_desk()
    picker = picker_of_account(desk, g.signed_in.name)
    if picker is None:
        raise NotAllowed()
    return render_template(
        "pickers/home.html",
        account=account_of_picker(desk, picker.code),
        page=slips_of_picker(desk, picker.code, page=page_number()),
        days=days_of_picker(desk, picker.code),
        payments=payments_of_picker(desk, picker.code),
    )
