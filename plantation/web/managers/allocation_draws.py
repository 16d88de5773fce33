"""The public draw of a plan, and two plans side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for

from plantation.domain.words import Role
from plantation.forms.allocations import CommitForm, DrawForm
from plantation.services.people.household_names import names_by_code
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.allocations import page_of, show_made, start
from plantation.web.managers.plan_files import DONE
from plantation.web.managers.plan_jobs import follow_plan, plan_files, refusal_of
from plantation.web.managers.plan_maps import plan_map, plots_of


@managers.post("/allocations/plan/<key>/draw")
@only(Role.MANAGER)
def draw_lots(key: str) -> Any:
    """Make the same plan again with the seed that was just rolled, and show who gets what."""
    desk = reading_desk()
    plan = plan_files(desk).plan(key)
    form = DrawForm()
    if form.validate_on_submit():
        status = start(desk, form, replace(plan.parameters, seed=form.chosen))
        if status is not None:
            return redirect(url_for(".show_draw", key=status.key))
    return show_made(desk, plan, key, CommitForm(formdata=None), form)


@managers.get("/allocations/plan/<key>/draw")
def show_draw(key: str) -> Any:
    desk = reading_desk()
    status, job = follow_plan(desk, key)
    if status.state != DONE:
        return render_template("managers/allocations/working.html", status=status, job=job, refusal=refusal_of(status))
    plan = plan_files(desk).plan(key)
    page = page_of(plan.shares, page_number())
    return render_template(
        "managers/allocations/draw.html",
        plan=plan,
        key=key,
        page=page,
        names=names_by_code(desk, [share.household for share in page.rows]),
    )


@managers.get("/allocations/compare")
def compare_plans() -> str:
    desk = reading_desk()
    files = plan_files(desk)
    recent = files.recent(20)
    keys = [request.args.get(name, "") for name in ("first", "second")]
    plans = [(key, files.plan(key)) for key in keys if key]
    plots = {key: plots_of(desk, plan.parameters.plots) for key, plan in plans}
    return render_template(
        "managers/allocations/compare.html",
        recent=recent,
        keys=keys,
        plans=[(key, plan, plan_map(plan, plots[key])) for key, plan in plans],
    )
