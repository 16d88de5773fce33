"""The office's pages for usufruct rights."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.forms.rights import RightForm
from plantation.models import Right
from plantation.services.desk import Desk
from plantation.services.land import overview
from plantation.services.land import rights as service
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.households import find_one
from plantation.web.managers.saving import save, search_text, show_form, version_of


@managers.get("/rights")
def list_rights() -> str:
    desk = reading_desk()
    page = service.list_rights(desk, search=search_text(), page=page_number())
    return render_template("managers/rights/list.html", page=page, search=search_text(), land=overview.land_balance(desk))


@managers.route("/rights/new", methods=["GET", "POST"])
@only(Role.MANAGER)
def new_right() -> Any:
    form = RightForm()
    if request.method == "GET":
        form.household.data = request.args.get("household", "")[:64]
    if form.validate_on_submit() and (saved := save(form, lambda desk: _write(desk, form))):
        flash(gettext("The right is saved."), "done")
        return redirect(url_for(".list_rights", search=saved.code))
    return show_form("managers/rights/edit.html", form, right=None)


@managers.route("/rights/edit/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER)
def edit_right(code: str) -> Any:
    form, right = _open_right(code)
    if form.validate_on_submit() and save(form, lambda desk: _write(desk, form, code), stands=lambda: _open_right(code, formdata=None)[0]):
        flash(gettext("The right is saved."), "done")
        return redirect(url_for(".list_rights", search=form.code.data))
    return show_form("managers/rights/edit.html", form, right=right)


def _open_right(code: str, **options: Any) -> tuple[RightForm, Right]:
    desk = reading_desk()
    right = service.load_right(desk, code)
    return RightForm(obj=right, household=service.household_code_of(desk, right), **options), right


def _write(desk: Desk, form: RightForm, code: str | None = None) -> Right:
    right = None if code is None else service.load_right(desk, code)
    return service.save_right(
        desk,
        right=right,
        code=form.code.data,
        household_code=find_one(desk, form.household.data).code,
        entitlement_millimu=form.entitlement_millimu.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        status=form.status.data,
        version=None if right is None else version_of(form),
    )
