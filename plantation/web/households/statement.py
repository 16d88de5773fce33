"""Why this amount: a season's statement, in which every number opens into its lines."""

from __future__ import annotations

from flask import Response, render_template

from plantation.errors import N_, NotFound
from plantation.models import Household
from plantation.services.desk import Desk
from plantation.services.fruit.disputes import frozen_among
from plantation.services.mine.my_pages import Overview, overview
from plantation.services.mine.my_slips import list_own_slips
from plantation.services.mine.my_statement import explain_season, newest
from plantation.web.addresses import page_number
from plantation.web.households import households
from plantation.web.households.own import at_home
from plantation.web.papers import answer_pdf, statement_paper
from plantation.web.statement_text import statement_steps, step_bars


@households.get("/statement")
def show_statement() -> str:
    desk, household = at_home()
    seen = overview(desk, household)
    current = newest(seen.seasons, desk.today)
    if current is None:
        return render_template("households/no_season.html", household=household)
    return _show(desk, household, seen, current.season.code)


@households.get("/statement/<path:season>")
def show_season(season: str) -> str:
    desk, household = at_home()
    return _show(desk, household, overview(desk, household), season)


@households.get("/statement-pdf/<path:season>")
def print_statement(season: str) -> Response:
    """The statement as a PDF, in the reader's language, word for word what the page says."""
    desk, household = at_home()
    own = overview(desk, household).at(season)
    if own is None:
        raise NotFound(what=N_("season"), code=season[:64])
    return answer_pdf(statement_paper(desk, household, explain_season(desk, household, own)), f"{household.code}-{own.season.code}")


def _show(desk: Desk, household: Household, seen: Overview, code: str) -> str:
    own = seen.at(code)
    if own is None:
        raise NotFound(what=N_("season"), code=code[:64])
    statement = explain_season(desk, household, own)
    steps = statement_steps(statement)
    page = list_own_slips(desk, household, [own.season], page=page_number())
    return render_template(
        "households/statement.html",
        household=household,
        seen=seen,
        own=own,
        statement=statement,
        steps_list=steps,
        step_bars=step_bars(steps),
        page=page,
        frozen=frozen_among(desk, [slip.id for slip in page.rows]),
    )
