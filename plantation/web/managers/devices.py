"""The tokens of devices that send weighings: made and shown once, watched, revoked."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import Refusal
from plantation.exchange.slips import qr_svg
from plantation.forms.accounts import DeviceForm, RevokeForm
from plantation.forms.typed import shown
from plantation.services.people import devices as service
from plantation.services.people.accounts import BadAccountName
from plantation.services.people.device_states import list_device_states
from plantation.web.addresses import address_for_phones, page_number
from plantation.web.desks import reading_desk, writing_desk
from plantation.web.guard import only
from plantation.web.logs import security
from plantation.web.managers import managers
from plantation.web.managers.saving import save

PLACES: dict[type[Refusal], str] = {service.DeviceExists: "name", BadAccountName: "name"}


@managers.route("/accounts/devices", methods=["GET", "POST"])
@only(Role.MANAGER)
def list_devices() -> Any:
    form = DeviceForm()
    if form.validate_on_submit():
        token = save(form, lambda desk: service.create_device_token(desk, form.name.data), PLACES)
        if token:
            security("token made", by=g.signed_in.name, device=form.name.data)
            address = address_for_phones(f"{url_for('field.page')}#token={token}")
            qr = qr_svg(address) if address else ""
            trusted = current_app.config["TLS_AUTHORITY"]
            return render_template("managers/accounts/token.html", name=form.name.data, token=token, qr=qr, own_authority=bool(trusted))
    return _show_list(form, form)


@managers.post("/accounts/devices/revoke")
@only(Role.MANAGER)
def revoke_device() -> Any:
    form = RevokeForm()
    if form.validate_on_submit():
        with writing_desk() as desk:
            service.revoke_device(desk, shown(form.name.data or ""))
        security("token revoked", by=g.signed_in.name, device=form.name.data)
        flash(gettext("The device is refused from now on. What it sent before stays."), "done")
        return redirect(url_for(".list_devices"))
    return _show_list(DeviceForm(formdata=None), form)


def _show_list(form: Any, refused: Any) -> Any:
    page = list_device_states(reading_desk(), page=page_number())
    listed = render_template("managers/accounts/devices.html", form=form, refused=refused, page=page)
    return listed, 422 if refused.errors else 200
