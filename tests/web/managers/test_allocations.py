"""Zhao plans the village's land, compares, draws in front of everyone, carries it out and prints it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from plantation.domain.words import Role
from plantation.models import Allocation, Parcel
from plantation.services.desk import Desk
from plantation.services.people.accounts import create_account
from plantation.web.managers.plan_files import PlanFiles, Status
from tests.land_cast import change_right, found_land
from tests.web.conftest import NOON, PASSWORD
from tests.web.managers.conftest import Office, enter, text_of


@pytest.fixture
def app(make_app, tmp_path):
    """Plans lie in a folder of the test's own."""
    return make_app(PLANS_FOLDER=str(tmp_path / "plans"))


@pytest.fixture
def village(sqlite_database, aguoyi):
    """Three rights to 10 mu each, 20 mu in P1 and 10 in P2."""
    with sqlite_database.write() as session:
        found_land(Desk(session, aguoyi, "Zhao", NOON))
    return aguoyi


NEW = "/managers/allocations/new"


def make_plan(office: Office, **fields) -> str:
    """Fill in the form and wait for the plan: the address of its page."""
    answer = office.send(NEW, 302, **{"plots": ["P1", "P2"], "seed": "316", **fields})
    return wait(office, answer.location)


def wait(office: Office, address: str) -> str:
    for _ in range(150):
        page = office.get(address)
        if page.find(attrs={"http-equiv": "refresh"}) is None:
            return address
        time.sleep(0.1)
    raise AssertionError("the plan is never done")


def count(database, model) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_the_first_page_tells_the_shortage_and_leads_to_the_rules(office, village, sqlite_database):
    with sqlite_database.write() as session:
        change_right(Desk(session, village, "Zhao", NOON), "R001", millimu=12_500)
    text = text_of(office.get("/managers/allocations"))
    assert "32.5 mu are asked for, 30 mu can be allocated, 2.5 mu are missing." in text
    assert "Nothing has been allocated here yet." in text
    rules = text_of(office.get("/managers/allocations/rules"))
    assert "by the draw" in rules and "refused" in rules
    assert "waits" in text_of(office.get("/managers/allocations/rules?seed=316"))


def test_strict_is_refused_with_the_figures_and_nothing_is_kept(office, sqlite_database):
    said = office.refused(NEW, plots=["P1"], seed="316", rule="strict")
    assert "30 mu are asked for, 20 mu can be allocated, 10 mu are missing." in said
    assert count(sqlite_database, Allocation) == 0
    assert "Plans, not carried out" not in text_of(office.get("/managers/allocations"))


def test_a_plan_is_shown_on_a_map_with_its_figures_before_anything_is_written(office, sqlite_database):
    page = office.get(make_plan(office))
    assert len(page.select("svg.land-map path.land-parcel")) == 3
    assert "3 new parcels are written, 0 stay, 0 are removed." in text_of(page)
    assert count(sqlite_database, Parcel) == 0


def test_one_plot_can_be_looked_at_alone(office):
    page = office.get(f"{make_plan(office)}?plot=P2")
    assert len(page.select("svg.land-map path.land-parcel")) == 1
    assert office.get(f"{make_plan(office)}?plot=P9").select("svg.land-map") == []


def test_the_same_wish_gives_the_same_plan(office):
    assert make_plan(office) == make_plan(office)
    assert make_plan(office) != make_plan(office, seed="317")


def test_two_plans_stand_side_by_side(office):
    first = make_plan(office, rule="prorate", plots=["P1"]).rsplit("/", 1)[1]
    second = make_plan(office, rule="waitlist", plots=["P1"]).rsplit("/", 1)[1]
    page = office.get(f"/managers/allocations/compare?first={first}&second={second}")
    assert len(page.select("svg.land-map")) == 2
    differing = {row.th.get_text() for row in page.select("tr.differs")}
    assert {"Rule", "Waiting", "Parcels"} <= differing
    listed = office.get("/managers/allocations")
    assert len(listed.select('input[name="first"]')) == 2


def test_the_draw_by_dice_changes_who_gets_what_but_not_the_land(office):
    plan = make_plan(office)
    answer = office.send(plan, 302, action=f"{plan}/draw", dice="4 2 6 1 3 5 2 2 6 1")
    drawn = office.get(wait(office, answer.location))
    assert "4-2-6-1-3-5-2-2-6-1" in text_of(drawn)
    assert [item.select_one(".draw-turn").get_text() for item in drawn.select(".draw-item")] == ["1", "2", "3"]
    paths = lambda page: [path["d"] for path in page.select("svg.land-map path.land-parcel")]  # noqa: E731
    assert paths(office.get(plan)) == paths(office.get(answer.location.removesuffix("/draw")))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"dice": "4 2 6"}, "These are 3 rolls; roll the dice at least 10 times"),
        ({"dice": "4 2 6 7 1 1 1 1 1 1 1"}, "is not a row of numbers from 1 to 6"),
        ({"seed": "x" * 10_000}, "A seed is one line of 1 to 200 characters"),
        ({"seed": "a", "dice": "1111111111"}, "Give a seed or the rolls of the dice, not both."),
        ({}, "The draw needs a seed: type one, or roll the dice."),
    ],
)
def test_a_draw_without_a_proper_seed_is_refused(office, given, said):
    plan = make_plan(office)
    assert said in office.refused(plan, action=f"{plan}/draw", **given)


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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"seed": "x" * 10_000}, "A seed is one line of 1 to 200 characters"),
        ({"seed": ""}, "This is needed."),
        ({"rule": "generous"}, "“generous” is not one of the choices"),
        ({"shape": "round"}, "“round” is not one of the choices"),
        ({"lane_width_m": "-1"}, "-1"),
        ({"lane_width_m": "50.5"}, "“50.5” is not between 0 and 50"),
        ({"lane_width_m": "1000000000"}, "“1000000000” is not a number within the limits"),
        ({"row_bearing": "361"}, "“361” is not between 0 and 360"),
        ({"plots": []}, "Choose at least one plot."),
        ({"plots": ["P1", "P9"]}, "“P9” is not one of the plots"),
        ({"beside": "R001 R777"}, "“R777” asks to lie beside others"),
        ({"price": "1"}, "This page has no field “price”."),
    ],
)
def test_a_wrong_wish_is_named_at_its_field(office, wrong, said):
    fields = {"plots": ["P1", "P2"], "seed": "316", "rule": "strict", "shape": "compact", **wrong}
    token = office.fields(NEW)["csrf_token"]
    answer = office.browser.post(NEW, data={"csrf_token": token, "keep_existing": "y", **fields})
    assert answer.status_code == 422
    assert said in " ".join(answer.text.replace("&#34;", '"').split())


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
    office.get(f"/managers/allocations/plan/{key}", 404)


def test_only_managers_plan_and_look(office, somebody):
    plan = make_plan(office)
    clerk = somebody(Role.ACCOUNTANT)
    for page in (plan, NEW, "/managers/allocations"):
        clerk.get(page, 403)
    for deed in ("commit", "draw", "again"):
        token = clerk.browser.get("/managers/advances/new").text.split('name="csrf_token" value="')[1].split('"')[0]
        assert clerk.browser.post(f"{plan}/{deed}", data={"csrf_token": token}).status_code == 403


def test_a_plan_that_was_interrupted_can_be_made_again(office, app, village, monkeypatch):
    plan = make_plan(office)
    files = PlanFiles(Path(app.config["PLANS_FOLDER"]), village.id)
    key = plan.rsplit("/", 1)[1]
    status = files.status(key)
    files.write(Status(key, "working", status.parameters, status.made_at, status.made_by, done=1, whole=3))
    assert "1 of 3" in text_of(office.get(plan))
    monkeypatch.setattr("plantation.web.managers.plan_files.SILENT_SECONDS", -1.0)
    assert "The program was stopped while this plan was being made" in text_of(office.get(plan))
    answer = office.send(plan, 302, action=f"{plan}/again")
    monkeypatch.undo()
    assert wait(office, answer.location) == plan
    assert len(office.get(plan).select("path.land-parcel")) == 3


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


def test_chinese_pages_stand_as_well(app, village, sqlite_database):
    with sqlite_database.write() as session:
        create_account(Desk(session, village, "cli", NOON), name="Sun", role=Role.MANAGER, secret=PASSWORD, language="zh_Hans")
    sun = enter(app, "Sun")
    plan = make_plan(sun)
    for path in (plan, f"{plan}/draw", "/managers/allocations", NEW, "/managers/allocations/rules", "/managers/allocations/map"):
        assert sun.get(path).html["lang"] == "zh-Hans"
