"""The office's pages for earnings: what each household is owed, and why."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for

from plantation.domain.words import Role
from plantation.errors import N_, NotFound, Refusal
from plantation.services.mine.my_pages import overview
from plantation.services.mine.my_statement import explain_season
from plantation.services.money.earnings import earnings_rows
from plantation.services.money.seasons import list_seasons
from plantation.services.money.settlements import latest_settlement
from plantation.services.money.statements import explain, household_slips
from plantation.services.people.households import load_household
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import search_text
from plantation.web.managers.seasons import chosen_season
from plantation.web.papers import answer_pdf, statement_paper
from plantation.web.statement_text import statement_steps, step_bars


@managers.get("/settlements/earnings")
@only(Role.MANAGER, Role.ACCOUNTANT)
def list_earnings() -> Any:
    desk = reading_desk()
    season = chosen_season(desk)
    if season is None:
        return redirect(url_for(".list_seasons"))
    page = refusal = None
    try:
        page = earnings_rows(desk, season, page=page_number(), search=search_text())
    except Refusal as found:  # nothing is settled yet, and a preview has its reason not to be
        refusal = found
    return render_template(
        "managers/earnings/list.html",
        season=season,
        seasons=list_seasons(desk),
        page=page,
        refusal=refusal,
        settled=latest_settlement(desk, season),
        search=search_text(),
    )


@managers.get("/settlements/earnings/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def explain_earnings(code: str) -> Any:
    desk = reading_desk()
    household = load_household(desk, code)
    season = chosen_season(desk)
    if season is None:
        return redirect(url_for(".show_household", code=code))
    why = refusal = None
    try:
        why = explain(desk, season, household)
    except Refusal as found:
        refusal = found
    own = overview(desk, household).at(season.code)
    steps = statement_steps(explain_season(desk, household, own)) if own and why else []
    return render_template(
        "managers/earnings/explain.html",
        steps_list=steps,
        step_bars=step_bars(steps),
        household=household,
        season=season,
        why=why,
        refusal=refusal,
        slips=household_slips(desk, season, household, page=page_number()),
    )


@managers.get("/settlements/statement-pdf/<path:code>")
@only(Role.MANAGER, Role.ACCOUNTANT)
def print_statement(code: str) -> Any:
    """A household's statement as it reads it, to print for who has no phone."""
    desk = reading_desk()
    household, season = load_household(desk, code), chosen_season(desk)
    own = overview(desk, household).at(season.code) if season else None
    if own is None:
        raise NotFound(what=N_("season"), code="–")
    return answer_pdf(statement_paper(desk, household, explain_season(desk, household, own)), f"{household.code}-{own.season.code}")
