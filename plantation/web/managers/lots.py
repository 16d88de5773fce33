"""The office's pages for lots: pack one, print its label, unpack it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.domain.words import Role
from plantation.errors import N_
from plantation.exchange.slips import qr_svg
from plantation.forms.lots import LotForm
from plantation.forms.weighings import ReversalForm
from plantation.models import Lot
from plantation.services.fruit import lots as service
from plantation.services.fruit.origins import origin_of_lot
from plantation.services.money.seasons import list_seasons
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.lot_pages import lot_address, lot_map
from plantation.web.managers import managers
from plantation.web.managers.saving import new_once, once_of, save, show_form
from plantation.web.managers.seasons import chosen_season

SIZES = {"a6": N_("sheet A6"), "58": N_("roll of 58 mm")}


@managers.get("/lots")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_lots() -> str:
    desk = reading_desk()
    season = chosen_season(desk) if request.args.get("season") else None
    conditions = [Lot.season_id == season.id] if season else []
    return render_template(
        "managers/lots/list.html",
        page=service.list_lots(desk, *conditions, page=page_number()),
        seasons=list_seasons(desk),
        season=season,
    )


@managers.route("/lots/new", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def new_lot() -> Any:
    desk = reading_desk()
    season = chosen_season(desk)
    loose = service.loose_grams(desk, season) if season else {}
    if season is None or not any(grams > 0 for grams in loose.values()):
        flash(gettext("Nothing is in stock that could be packed."), "refused")
        return redirect(url_for(".list_lots"))
    form = LotForm(once=new_once())
    form.grade.choices = [(grade, grade) for grade, grams in loose.items() if grams > 0]
    if form.validate_on_submit():
        once = once_of(form)
        packed = save(
            form, lambda desk: service.pack_lot(desk, season.code, grade=form.grade.data, net_grams=form.net_grams.data, once=once)
        )
        if packed is not None:
            flash(gettext("The lot is packed. Print its label."), "done")
            return redirect(url_for(".show_lot", code=packed.code))
    return show_form("managers/lots/new.html", form, season=season, loose=loose)


@managers.get("/lots/code/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_lot(code: str) -> str:
    desk = reading_desk()
    seen = service.load_lot(desk, code)
    origin = origin_of_lot(desk, seen.lot) if seen.opening is None else None
    return render_template(
        "managers/lots/show.html", seen=seen, origin=origin, map=lot_map(desk, origin), sizes=SIZES, address=lot_address(desk, code)
    )


@managers.get("/lots/label/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def print_label(code: str) -> str:
    """The label as it is printed: for a sheet A6, or with `?size=58` for a roll of 58 mm."""
    desk = reading_desk()
    seen = service.load_lot(desk, code)
    service.check_free(desk, seen)
    address = lot_address(desk, code)
    return render_template(
        "managers/lots/label.html",
        seen=seen,
        origin=origin_of_lot(desk, seen.lot),
        size="58" if request.args.get("size") == "58" else "a6",
        sizes=SIZES,
        address=address,
        qr=qr_svg(address),
    )


@managers.route("/lots/open/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def open_lot(code: str) -> Any:
    seen = service.load_lot(reading_desk(), code)
    form = ReversalForm(once=new_once())
    if form.validate_on_submit() and save(form, lambda desk: service.open_lot(desk, code, reason=form.reason.data)) is not None:
        flash(gettext("The lot is unpacked; its fruit is loose again."), "done")
        return redirect(url_for(".show_lot", code=code))
    return show_form("managers/lots/open.html", form, seen=seen)
