"""The office reads in what a phone could not send: a broken phone, a revoked one, one that never finds a signal."""

from __future__ import annotations

from typing import Any

from plantation.domain.words import Role
from plantation.errors import Refusal
from plantation.exchange.phone_files import slips_in
from plantation.forms.phone_files import PhoneFileForm
from plantation.web.api.weighings import receive_items
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import show_form
from plantation.web.refusals import attach


@managers.route("/closings/file", methods=["GET", "POST"])
@only(Role.MANAGER, Role.WEIGHER)
def read_phone_file() -> Any:
    form = PhoneFileForm()
    results = None
    if form.validate_on_submit():
        try:
            results = receive_items(slips_in(form.content))
        except Refusal as refusal:
            attach(form, refusal, "file")
    return show_form("managers/field/file.html", form, results=results)
