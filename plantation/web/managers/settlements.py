"""The office's pages for a settlement: look at every line, then freeze it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from plantation.domain.earnings import Settlement as Computed
from plantation.domain.seasons import SeasonOpen, is_over
from plantation.domain.words import ReleaseSubject, Role
from plantation.errors import Refusal
from plantation.forms.settlements import SettleForm
from plantation.models import Release, Season
from plantation.services.desk import Desk
from plantation.services.fruit.closings import differing_days
from plantation.services.fruit.price_questions import open_slips
from plantation.services.money import settlements as service
from plantation.services.money.final_settlements import finish_settlement, what_hinders
from plantation.services.money.notices import latest_notice
from plantation.services.money.season_money import final_settlements
from plantation.services.money.seasons import list_seasons
from plantation.services.pages import PAGE_SIZE, Page
from plantation.services.people.household_names import names_by_code
from plantation.services.releases import find_prepared
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import save, show_form
from plantation.web.managers.seasons import chosen_season


def page_of(rows: Any, number: int) -> Page:
    """One page of what is in memory already."""
    number = min(max(1, number), max(1, -(-len(rows) // PAGE_SIZE)))
    first = (number - 1) * PAGE_SIZE
    return Page(rows=rows[first : first + PAGE_SIZE], number=number, size=PAGE_SIZE, total=len(rows))


def look(desk: Desk, season: Season) -> tuple[Computed | None, Refusal | None]:
    """What a settlement would say now, or why it cannot be said."""
    try:
        return service.seen_settlement(desk, season), None
    except Refusal as refusal:
        return None, refusal


@managers.get("/settlements")
@only(Role.MANAGER, Role.ACCOUNTANT)
def show_settlement() -> Any:
    desk = reading_desk()
    season = chosen_season(desk)
    if season is None:
        return redirect(url_for(".list_seasons"))
    computed, refusal = look(desk, season)
    page = page_of(computed.households if computed else (), page_number())
    return render_template(
        "managers/settlements/show.html",
        season=season,
        seasons=list_seasons(desk),
        computed=computed,
        refusal=refusal,
        page=page,
        names=names_by_code(desk, (line.household_code for line in page.rows)),
        records=final_settlements(desk, season),
        over=is_over(season.ends_on, desk.now, desk.zone),
        changed=service.changed_since(desk, season),
        notice=latest_notice(desk, season),
        unanswered=open_slips(desk, season),
        differing=differing_days(desk, season),
        prepared=find_prepared(desk, ReleaseSubject.SETTLEMENT, season.code),
        below_zero=sum(1 for line in computed.households if line.net_fen < 0) if computed else 0,
    )


@managers.route("/settlements/final/<path:code>", methods=["GET", "POST"])
@only(Role.MANAGER, Role.ACCOUNTANT)
def settle_season(code: str) -> Any:
    desk = reading_desk()
    season = service.the_season(desk, code)
    computed, refusal = look(desk, season)
    if refusal is None and not is_over(season.ends_on, desk.now, desk.zone):
        refusal = SeasonOpen(season=season.code, last_day=season.ends_on)
    form = SettleForm()
    if form.validate_on_submit():
        seen = figure(form.gross_fen.data), figure(form.net_fen.data)
        saved = save(form, lambda desk: finish_settlement(desk, code, seen_gross_fen=seen[0], seen_net_fen=seen[1]))
        if isinstance(saved, Release):
            flash(gettext("It is prepared. Another person looks at it and releases it."), "done")
            return redirect(url_for(".show_settlement", season=code))
        if saved is not None:
            flash(gettext("The season is settled. Here is what each household is owed."), "done")
            return redirect(url_for(".list_earnings", season=code))
    if computed is not None:
        form.gross_fen.data, form.net_fen.data = str(computed.gross_fen), str(computed.net_fen)
    return show_form(
        "managers/settlements/final.html",
        form,
        season=season,
        computed=computed,
        refusal=refusal,
        hindrance=what_hinders(desk, season, computed) if computed is not None and not form.errors else None,
        number=len(final_settlements(desk, season)) + 1,
        prepared=find_prepared(desk, ReleaseSubject.SETTLEMENT, season.code),
    )


def figure(text: str | None) -> int:
    """A whole number that the page sent back; -1, which no total is, when it was tampered with."""
    text = text or ""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else -1
