"""Zhao plans the village's land, compares plans and draws in front of everyone."""

from __future__ import annotations

import pytest

from plantation.domain.words import Role
from plantation.models import Allocation, Parcel
from plantation.services.desk import Desk
from plantation.services.people.accounts import create_account
from tests.land_cast import change_right
from tests.web.conftest import NOON, PASSWORD
from tests.web.managers.conftest import enter, text_of
from tests.web.managers.plans import NEW, app, count, make_plan, village, wait

__all__ = ["app", "village"]


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
    assert "3 new parcels are written · 0 stay · 0 are removed · 0 rights wait" in text_of(page)
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


def test_where_land_is_short_the_village_chooses_the_rule(office, village, sqlite_database):
    assert office.get(NEW).select_one('input[name="rule"]:checked')["value"] == "strict"
    with sqlite_database.write() as session:
        change_right(Desk(session, village, "Zhao", NOON), "R001", millimu=12_500)
    assert office.get(NEW).select_one('input[name="rule"]:checked') is None
    assert office.get(f"{NEW}?rule=prorate").select_one('input[name="rule"]:checked')["value"] == "prorate"


def test_a_trial_needs_no_seed_and_says_that_the_draw_is_still_to_come(office):
    trial = make_plan(office, seed="")
    assert "This plan has no draw yet" in text_of(office.get(trial))
    drawn = office.send(trial, 302, action=f"{trial}/draw", seed="lottery 20264").location
    assert "This plan has no draw yet" not in text_of(office.get(wait(office, drawn).removesuffix("/draw")))


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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"seed": "x" * 10_000}, "A seed is one line of 1 to 200 characters"),
        ({"rule": ""}, "This is needed."),
        ({"rule": "generous"}, "“generous” is not one of the choices"),
        ({"shape": "round"}, "“round” is not one of the choices"),
        ({"lane_width_m": "-1"}, "-1"),
        ({"lane_width_m": "50.5"}, "“50.5” is not between 0 and 50"),
        ({"lane_width_m": "1000000000"}, "“1000000000” is not a number from 0 to 50"),
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


def test_chinese_pages_stand_as_well(app, village, sqlite_database):
    with sqlite_database.write() as session:
        create_account(Desk(session, village, "cli", NOON), name="Sun", role=Role.MANAGER, secret=PASSWORD, language="zh_Hans")
    sun = enter(app, "Sun")
    plan = make_plan(sun)
    for path in (plan, f"{plan}/draw", "/managers/allocations", NEW, "/managers/allocations/rules", "/managers/allocations/map"):
        assert sun.get(path).html["lang"] == "zh-Hans"
