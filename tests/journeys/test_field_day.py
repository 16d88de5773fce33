"""The end of a day on a phone of 360 px: a price that changed meanwhile is a question, a difference is explained by its slip, the closing is
printed with all its sums, and a lost phone is revoked with what can be lost at most."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from plantation.services.desk import Desk
from plantation.services.lookups import the_season
from plantation.services.money.prices import add_price
from tests.conftest import NOW
from tests.doors import SECRET
from tests.journeys.test_field import pair, queue, token
from tests.journeys.test_from_the_scale_to_the_household import enter, fits

__all__ = ["token"]

WIDE = """() => [...document.querySelectorAll("main *")].filter((each) => !each.closest("thead") && each.getBoundingClientRect().right > 361).map((each) => each.outerHTML.slice(0, 80))"""


@pytest.fixture
def office(open_phone):
    """The manager, on a phone as well."""
    page = open_phone()
    enter(page, "zhao", SECRET)
    return page


def test_a_price_that_changed_meanwhile_is_a_question_on_both_sides(open_phone, token, office, orchard_database, orchard):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    queue(page, 3)
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        add_price(desk, the_season(desk, "2026"), grade="A", valid_from=dt.date(2026, 11, 20), price_fen_per_kg=610)
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#waiting", has_text="Everything is sent.").wait_for()
    expect(page.locator("#noted-count")).to_contain_text("took 3 slips")
    box = page.locator("#noted-count").bounding_box()
    assert box["width"] > 300  # over the page's whole width, not in the corner beside the title
    page.locator("#weigh details summary").first.click()
    expect(page.locator("#notes li").first).to_contain_text("6.10")
    expect(page.locator("#notes li").first).to_contain_text("5.20")
    office.goto("/managers/closings/prices")
    expect(office.get_by_role("link", name="Decide")).to_have_count(3)
    assert fits(office) and office.evaluate(WIDE) == []
    office.get_by_role("link", name="Decide").first.click()
    office.locator("[name=decision]").select_option("season_price")
    office.locator("[name=text]").fill("told him at the scale")
    office.get_by_role("button", name="Write it down").click()
    expect(office.get_by_role("link", name="Decide")).to_have_count(2)


def test_a_grade_whose_price_does_not_hold_yet_is_not_offered(open_phone, token, orchard_database, orchard):
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        season = the_season(desk, "2026")
        add_price(desk, season, grade="Late", valid_from=season.ends_on, price_fen_per_kg=300)
    page = open_phone()
    pair(page, token)
    expect(page.locator("#grades .key").first).to_have_text("A")
    assert "Late" not in page.locator("#grades .key").all_inner_texts()


def test_a_difference_is_explained_by_its_slip_and_the_closing_is_printed_with_all_its_sums(open_phone, token, office):
    page = open_phone()
    pair(page, token)
    queue(page, 3)
    page.evaluate("window.plantationField.weigh({ household: 'H777', grade: 'A', gross_kg: '9', tare_kg: '0' })")  # nobody in the books
    page.locator("#day summary").click()
    page.locator("#close-day").click()
    expect(page.locator("#closing")).to_contain_text("1 slips differ")
    expect(page.locator("#closing")).to_contain_text("2026-000066: on the phone, not in the books (9.000 / – kg)")
    page.evaluate("window.print = () => { window.byBrowser = true; }")
    page.locator("#print-day").click()
    expect(page.locator("#paper")).to_contain_text("The journal's head")
    said = page.locator("#paper").inner_text()
    for each in ("phone 1", "H001 钱建国", "H777", "9.000 kg", "2026-11-24", "2026-000066"):
        assert each in said, said
    office.goto("/managers/closings/2026-11-24/2026")
    expect(office.locator("main")).to_contain_text("on the device, not recorded here")
    assert fits(office) and office.evaluate(WIDE) == []
    for figure in ("9.000 kg", "2026-000066"):
        assert office.locator("main").get_by_text(figure).first.bounding_box()["x"] < 340


def test_a_lost_phone_is_revoked_and_the_page_says_what_can_be_lost(open_phone, token, office):
    page = open_phone()
    pair(page, token)
    page.route("**/api/v1/weighings", lambda route: route.abort())
    queue(page, 4)
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#online", has_text="No signal").wait_for()
    office.goto("/managers/accounts/devices")
    expect(office.locator("main")).to_contain_text("4 slips")
    office.get_by_role("button", name="Revoke").click()
    expect(office.locator("main")).to_contain_text("4 slips waited on it when it was last heard of. At most 500 slips can be lost")
    assert fits(office) and office.evaluate(WIDE) == []
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#online", has_text="no longer valid").wait_for()
    expect(page.locator("#waiting")).to_contain_text("4 slips wait on this phone")
