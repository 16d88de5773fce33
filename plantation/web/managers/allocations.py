"""The office's pages for allocations: choose plots and a rule, look at the plan, compare, carry it out."""

from __future__ import annotations

import json
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from plantation.domain.words import AllocationRule, Role
from plantation.errors import N_, Refusal
from plantation.forms.allocations import CommitForm, DrawForm, PlanForm
from plantation.services.desk import Desk
from plantation.services.land import allocations as service
from plantation.services.land import overview
from plantation.services.land.allocation_inputs import read_inputs
from plantation.services.land.allocation_plans import Figures, Plan
from plantation.services.land.allocation_rules import RuleTable, compare_rules
from plantation.services.land.plan_parameters import PlanParameters
from plantation.services.land.plan_records import ToldBefore, read_parameters
from plantation.services.pages import PAGE_SIZE, Page
from plantation.services.people.household_names import names_by_code
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.plan_files import DONE, REFUSED, Status
from plantation.web.managers.plan_jobs import follow_plan, plan_files, refusal_of, start_plan
from plantation.web.managers.plan_maps import plan_map, plots_of
from plantation.web.managers.saving import save, show_form
from plantation.web.refusals import attach

TRIAL_SEED = "1"
_PLACES = {"BadSeed": "seed", "LaneOutOfRange": "lane_width_m", "BearingOutOfRange": "row_bearing"}


def page_of(rows: Any, number: int) -> Page:
    """One page of what is in memory already."""
    number = min(max(1, number), max(1, -(-len(rows) // PAGE_SIZE)))
    first = (number - 1) * PAGE_SIZE
    return Page(rows=rows[first : first + PAGE_SIZE], number=number, size=PAGE_SIZE, total=len(rows))


@managers.get("/allocations")
def list_allocations() -> str:
    desk = reading_desk()
    recent = plan_files(desk).recent(10)
    return render_template(
        "managers/allocations/list.html",
        page=service.list_allocations(desk, page=page_number()),
        land=overview.land_balance(desk),
        plans=[(status, Figures(*status.figures or ())) for status in recent],
    )


@managers.route("/allocations/new", methods=["GET", "POST"])
@only(Role.MANAGER)
def plan_allocation() -> Any:
    desk = reading_desk()
    form = PlanForm()
    form.plots.choices = overview.plot_names(desk)
    land = overview.land_balance(desk)
    if request.method == "GET":
        form.plots.data = [code for code, _ in form.plots.choices]
        asked = request.args.get("rule")
        form.rule.data = asked if asked in set(AllocationRule) else None if land.missing_millimu else AllocationRule.STRICT
    elif form.validate_on_submit():
        status = start(desk, form, _parameters(form))
        if status is not None:
            return redirect(url_for(".show_plan", key=status.key))
    return show_form("managers/allocations/new.html", form, land=land, table=_rules(desk, form.plots.data or ()))


def _parameters(form: PlanForm) -> PlanParameters:
    chosen = tuple(sorted(form.plots.data))
    return PlanParameters(
        rule=form.rule.data,
        seed=form.seed.data or TRIAL_SEED,
        shape=form.shape.data,
        plots=None if len(chosen) == len(form.plots.choices) else chosen,
        row_bearing=form.row_bearing.data,
        lane_width_m=form.lane_width_m.data or 0.0,
        keep_existing=form.keep_existing.data,
        beside=form.groups,
    )


def start(desk: Desk, form: Any, parameters: PlanParameters) -> Status | None:
    """Have a plan made; what can be refused at once is shown in `form`, and the result is None."""
    try:
        status = start_plan(desk, parameters)
    except Refusal as refusal:
        field = _PLACES.get(type(refusal).__name__, "beside" if type(refusal).__name__.startswith("Beside") else "")
        attach(form, refusal, field)
        return None
    if status.state == REFUSED and (refusal := refusal_of(status)):
        plan_files(desk).remove(status.key)
        attach(form, refusal)
        return None
    return status


def _rules(desk: Desk, plots: Any) -> RuleTable | None:
    """The three rules for the plots that are chosen; None where there is nothing to compare."""
    try:
        return compare_rules(desk, seed=TRIAL_SEED, plots=list(plots) or None)
    except Refusal:
        return None


@managers.get("/allocations/rules")
def show_rules() -> str:
    desk = reading_desk()
    seed = request.args.get("seed", "").strip()
    chosen = [code for code in request.args.getlist("plots") if code]
    table = compare_rules(desk, seed=seed or TRIAL_SEED, plots=chosen or None)
    page = page_of(table.rows if seed else sorted(table.rows, key=lambda row: row.right), page_number())
    return render_template(
        "managers/allocations/rules.html",
        table=table,
        page=page,
        seed=seed,
        chosen=chosen,
        names=names_by_code(desk, [row.household for row in page.rows]),
    )


@managers.get("/allocations/plan/<key>")
def show_plan(key: str) -> Any:
    desk = reading_desk()
    status, job = follow_plan(desk, key)
    if status.state != DONE:
        return render_template("managers/allocations/working.html", status=status, job=job, refusal=refusal_of(status))
    return show_made(desk, plan_files(desk).plan(key), key, CommitForm(formdata=None), DrawForm(formdata=None))


def show_made(desk: Desk, plan: Plan, key: str, commit_form: CommitForm, draw_form: DrawForm) -> Any:
    """The page of a plan that is done, with its map, its figures and what can be done with it."""
    plots = plots_of(desk, plan.parameters.plots)
    chosen = request.args.get("plot", "")
    shares = page_of(plan.shares, page_number())
    sent = draw_form if draw_form.errors else commit_form
    commit_form.digest.data = plan.digest
    return show_form(
        "managers/allocations/plan.html",
        sent,
        plan=plan,
        key=key,
        plots=plots,
        plot=chosen,
        map=plan_map(plan, plots, chosen),
        page=shares,
        notes=[ToldBefore(note.template, note.figures) for note in plan.notes[:PAGE_SIZE]],
        names=names_by_code(desk, [share.household for share in shares.rows]),
        others=[status for status in plan_files(desk).recent(12) if status.key != key],
        is_stale=_is_stale(desk, plan),
        is_trial=plan.parameters.seed == TRIAL_SEED,
        commit_form=commit_form,
        draw_form=draw_form,
    )


def _is_stale(desk: Desk, plan: Plan) -> bool:
    try:
        return read_inputs(desk, plan.parameters.plots).digest != plan.inputs_digest
    except Refusal:
        return True


@managers.post("/allocations/plan/<key>/again")
@only(Role.MANAGER)
def plan_again(key: str) -> Any:
    desk = reading_desk()
    status = plan_files(desk).status(key)
    fresh = start_plan(desk, read_parameters(status.parameters))
    return redirect(url_for(".show_plan", key=fresh.key))


@managers.post("/allocations/plan/<key>/commit")
@only(Role.MANAGER)
def commit_plan(key: str) -> Any:
    desk = reading_desk()
    plan = plan_files(desk).plan(key)
    form = CommitForm()
    if form.validate_on_submit():
        if form.digest.data != plan.digest:
            raise service.PlanStale(what=N_("plan"), code=key)
        allocation_id = save(form, lambda desk: service.commit_allocation(desk, plan).id)
        if allocation_id is not None:
            flash(gettext("The allocation is carried out. Print the map and the certificates now."), "done")
            return redirect(url_for(".show_allocation", allocation_id=allocation_id))
    return show_made(reading_desk(), plan, key, form, DrawForm(formdata=None))


@managers.get("/allocations/done/<int:allocation_id>")
def show_allocation(allocation_id: int) -> str:
    desk = reading_desk()
    allocation = service.load_allocation(desk, allocation_id)
    report = json.loads(allocation.report)
    shares = page_of(report["shares"], page_number())
    return render_template(
        "managers/allocations/done.html",
        allocation=allocation,
        parameters=report["parameters"],
        figures=report["figures"],
        digest=report["digest"],
        page=shares,
        notes=[ToldBefore(template, figures) for _, template, figures in report["notes"][:PAGE_SIZE]],
        notes_total=len(report["notes"]),
        names=names_by_code(desk, [share[2] for share in shares.rows]),
    )
