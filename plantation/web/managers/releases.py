"""The office's page of what one person prepared: another one looks at it there, or it is withdrawn."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.words import ReleaseSubject, Role
from plantation.forms.seasons import RemoveForm
from plantation.models import Release
from plantation.services import releases as service
from plantation.services.desk import Desk
from plantation.services.money.payment_files import bank_of_prepared
from plantation.services.money.price_sheets import price_text
from plantation.services.money.seasons import list_seasons
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, show_form


@managers.get("/releases")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_releases() -> str:
    desk = reading_desk()
    waiting = [(one, _where(desk, one)) for one in service.waiting(desk)]
    return render_template("managers/releases.html", form=RemoveForm(), waiting=waiting)


@managers.post("/releases/withdraw/<int:release_id>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def withdraw_release(release_id: int) -> Any:
    """Take back what was prepared: nothing has happened yet, and it can be prepared again."""
    form = RemoveForm()
    if form.validate_on_submit() and save(form, lambda desk: service.withdraw(desk, release_id)):
        flash(gettext("It is withdrawn. Nothing was released."), "done")
        return redirect(url_for(".list_releases"))
    desk = reading_desk()
    return show_form("managers/releases.html", form, waiting=[(one, _where(desk, one)) for one in service.waiting(desk)])


def _where(desk: Desk, one: Release) -> str:
    """The page on which the second person looks at it and releases it."""
    if one.subject == ReleaseSubject.SETTLEMENT:
        return url_for(".settle_season", code=one.name)
    if one.subject == ReleaseSubject.DIVIDEND:
        return url_for(".show_dividend", code=one.name)
    if one.subject == ReleaseSubject.PRICE:
        season = next((each for each in list_seasons(desk) if price_text(one, each)), None)
        return url_for(".show_season", code=season.code) if season else url_for(".list_seasons")
    found = bank_of_prepared(desk, one)
    return url_for(".make_payment_file", season=found[0], bank=found[1]) if found else url_for(".list_payment_files")
