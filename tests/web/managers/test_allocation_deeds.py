"""Zhao carries a plan of the village's land out and prints it; what else can become of a plan."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from plantation.domain.words import Role
from plantation.models import Allocation, Parcel
from plantation.services.desk import Desk
from plantation.web.managers import jobs, plan_jobs
from plantation.web.managers.plan_files import PlanFiles, Status
from tests.land_cast import change_right
from tests.web.conftest import NOON
from tests.web.managers.conftest import text_of
from tests.web.managers.plans import NEW, app, count, make_plan, village, wait

__all__ = ["app", "village"]


def test_carried_out_it_is_what_was_shown_and_can_be_printed(office, sqlite_database):
    plan = make_plan(office)
    answer = office.send(plan, 302, action=f"{plan}/commit", confirmed="y")
    done = office.follow(answer)
    assert "carried out by Zhao" in text_of(done) and count(sqlite_database, Parcel) == 3
    assert len(office.get("/managers/allocations/map").select("path.land-parcel")) == 3
    certificates = office.get("/managers/allocations/certificates")
    assert len(certificates.select("article.certificate")) == 3
    assert "In the east" in text_of(certificates) and "6,666.67 m²" in text_of(certificates)
    assert len(office.get("/managers/allocations/certificates?plot=P2").select("article.certificate")) == 1
    assert "316" in text_of(office.get("/managers/allocations"))


def test_a_plan_in_which_all_keep_their_parcels_promises_nobody_the_whole_right(office):
    plan = make_plan(office)
    assert "Everyone's share 100% of the entitlement" in text_of(office.get(plan))
    office.send(plan, 302, action=f"{plan}/commit", confirmed="y")
    again = make_plan(office, rule="waitlist")
    said = text_of(office.get(again))
    assert "Parcels that stay 3 none is new: each keeps its size" in said and "Everyone's share" not in said
    first, second = (one.rsplit("/", 1)[1] for one in (plan, again))
    compared = text_of(office.get(f"/managers/allocations/compare?first={first}&second={second}"))
    assert "Everyone's share 100% –" in compared


def test_it_is_not_carried_out_without_the_tick_nor_twice(office, sqlite_database):
    plan = make_plan(office)
    assert "Tick the box" in office.refused(plan, action=f"{plan}/commit")
    fields = office.fields(plan, f"{plan}/commit")
    first = office.browser.post(f"{plan}/commit", data={**fields, "confirmed": "y"})
    second = office.browser.post(f"{plan}/commit", data={**fields, "confirmed": "y"})
    assert (first.status_code, second.status_code) == (302, 409)
    assert "changed since this plan was made" in second.text
    assert count(sqlite_database, Allocation) == 1 and count(sqlite_database, Parcel) == 3


def test_a_plan_of_other_rights_says_so_and_is_not_carried_out(office, village, sqlite_database):
    plan = make_plan(office)
    with sqlite_database.write() as session:
        change_right(Desk(session, village, "Zhao", NOON), "R009", status="ended")
    assert "make it again before you carry it out" in text_of(office.get(plan))
    office.send(plan, 409, action=f"{plan}/commit", confirmed="y")
    assert count(sqlite_database, Parcel) == 0


def test_another_collectives_plots_and_plans_are_not_there(office, elsewhere, sqlite_database):
    plan = make_plan(office)
    for path in (plan, f"{plan}/draw", f"/managers/allocations/compare?first={plan.rsplit('/', 1)[1]}"):
        elsewhere.get(path, 404)
    elsewhere.get("/managers/allocations/map?plot=P1", 404)
    elsewhere.get("/managers/allocations/certificates?plot=P1", 404)
    elsewhere.get("/managers/allocations/rules?plots=P1", 404)
    token = elsewhere.fields(NEW)["csrf_token"]
    answer = elsewhere.browser.post(NEW, data={"csrf_token": token, "plots": "P1", "rule": "strict", "shape": "compact", "seed": "1"})
    assert answer.status_code == 422
    office.send(plan, 302, action=f"{plan}/commit", confirmed="y")
    with sqlite_database.read() as session:
        allocation = session.scalar(select(Allocation.id))
    elsewhere.get(f"/managers/allocations/done/{allocation}", 404)


@pytest.mark.parametrize("key", ["x", "0" * 24, "..%2f..%2fetc", "0" * 5000])
def test_a_plan_that_is_not_there_is_not_found(office, key):
    assert office.browser.get(f"/managers/allocations/plan/{key}").status_code == 404


def test_only_managers_plan_and_look(office, somebody):
    plan = make_plan(office)
    clerk = somebody(Role.ACCOUNTANT)
    for page in (plan, NEW, "/managers/allocations"):
        assert clerk.browser.get(page).status_code == 403
    for deed in ("commit", "draw", "again"):
        token = clerk.browser.get("/managers/advances/new").text.split('name="csrf_token" value="')[1].split('"')[0]
        assert clerk.browser.post(f"{plan}/{deed}", data={"csrf_token": token}).status_code == 403


def test_a_plan_that_was_interrupted_can_be_made_again(office, app, village):
    plan = make_plan(office)
    files = PlanFiles(Path(app.config["PLANS_FOLDER"]), village.id)
    key = plan.rsplit("/", 1)[1]
    status = files.status(key)
    files.write(Status(key, "working", status.parameters, status.made_at, status.made_by))
    assert "The program was stopped while this plan was being made" in text_of(office.get(plan))
    answer = office.send(plan, 302, action=f"{plan}/again")
    assert wait(office, answer.location) == plan
    assert len(office.get(plan).select("path.land-parcel")) == 3


def test_a_long_plan_is_made_beside_the_request_on_a_page_that_looks_again(office, monkeypatch):
    gate = threading.Event()
    whole = plan_jobs.plan_allocation

    def slow(*given, progress, **more):
        progress(1, 3)
        gate.wait(20)
        return whole(*given, progress=progress, **more)

    monkeypatch.setattr("plantation.web.managers.jobs.PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr("plantation.web.managers.plan_jobs.plan_allocation", slow)
    asked = {"plots": ["P1", "P2"], "seed": "316"}
    plan = office.send(NEW, 302, **asked).location
    page = office.get(plan)
    assert page.find("meta", attrs={"http-equiv": "refresh"}) and "1 of 3" in text_of(page)
    assert office.send(NEW, 302, **asked).location == plan  # asked for twice it is made once
    none = jobs.JobKind("plan", 0, plan_jobs.TooManyPlans, plan_jobs.PlanFailed)
    with monkeypatch.context() as crowded:
        crowded.setattr("plantation.web.managers.plan_jobs.PLANS", none)
        assert "0 plans are being worked on already" in office.refused(NEW, **{**asked, "seed": "317"})
    gate.set()
    assert wait(office, plan) == plan and len(office.get(plan).select("path.land-parcel")) == 3


def test_a_damaged_plan_says_so(office, app, village, tmp_path):
    plan = make_plan(office)
    path = next((tmp_path / "plans").rglob("*.plan.json"))
    path.write_text(json.dumps({"format": 99}), "utf-8")
    assert "can no longer be read" in text_of(office.get(plan, 422))


def test_old_plans_are_forgotten(tmp_path):
    files = PlanFiles(tmp_path, 1)
    for number in range(45):
        files.write(Status(f"{number:024x}", "done", {}, f"2026-11-24T00:00:{number:02}", "Zhao"))
    files.tidy()
    assert len(list(tmp_path.rglob("*.status.json"))) == 40
