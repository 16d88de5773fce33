"""The office's page for the township: who may read this collective's totals."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import NotFound
from plantation.forms.township import GrantForm
from plantation.services.money import township as service
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, show_form


@managers.route("/accounts/township", methods=["GET", "POST"])
@only(Role.MANAGER)
def let_township_read() -> Any:
    desk = reading_desk()
    form = GrantForm(reader_collective=desk.collective.code)
    if form.validate_on_submit():
        saved = save(
            form,
            lambda desk: service.give_grant(
                desk, reader_collective=form.reader_collective.data, reader=form.reader.data, is_given=bool(form.is_given.data)
            ),
            {NotFound: "reader"},
        )
        if saved is not None:
            flash(gettext("The totals may be read.") if saved.is_given else gettext("The totals may no longer be read."), "done")
            return redirect(url_for(".let_township_read"))
    return show_form("managers/accounts/township.html", form, grants=service.list_grants(desk))
