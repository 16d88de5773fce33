"""A phone's clock that is wrong by days: said on the phone, with a signal and without, asked about before the first slip, and told to the
manager, whose price depends on the day."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from plantation.models import Weighing
from plantation.services.desk import Desk
from plantation.services.fruit import differences
from plantation.services.fruit.weighing_slips import read_slips
from plantation.services.people.device_states import list_device_states
from tests.conftest import NOW
from tests.doors import SECRET
from tests.journeys.test_field import books, pair, ready, token
from tests.journeys.test_from_the_scale_to_the_household import enter

__all__ = ["books", "token"]


def weigh(page):
    page.fill("#search", "H001")
    page.locator("#people .key").first.click()
    page.locator("#keypad .key").get_by_text("9", exact=True).click()
    page.locator("#save").click()


def at(page, **ahead):
    page.context.clock.set_system_time(NOW + dt.timedelta(**ahead))


@pytest.mark.parametrize(
    ("ahead", "said"), [({"days": 3}, "3 days ahead"), ({"hours": -30}, "30 hours behind"), ({"minutes": 50}, "50 minutes ahead")]
)
def test_a_clock_that_was_wrong_before_the_first_contact_is_said_at_once_and_after_a_start_with_no_signal(
    open_phone, token, orchard_database, orchard, ahead, said
):
    page = open_phone()
    at(page, **ahead)
    page.goto(f"/field/#token={token}")
    ready(page)
    page.locator("#online", has_text="Connected").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.locator("#clock", has_text=said).wait_for()
    with orchard_database.read() as session:
        (row,) = list_device_states(Desk(session, orchard, "zhao", NOW)).rows
    assert row.clock_is_wrong and abs(row.state.clock_offset_seconds - dt.timedelta(**ahead).total_seconds()) < 30
    page.context.set_offline(True)
    page.reload()
    ready(page)
    page.locator("#clock", has_text=said).wait_for()
    weigh(page)
    expect(page.locator("#said")).to_contain_text("once more if the clock is right")
    assert page.locator("#waiting").get_attribute("data-count") == "0"  # nothing is kept yet
    page.locator("#save").click()
    page.locator("#waiting[data-count='1']").wait_for()
    weigh(page)  # and it is not asked again
    page.locator("#waiting[data-count='2']").wait_for()
    at(page)
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")
    expect(page.locator("#clock")).to_be_hidden()


def test_a_clock_that_fell_back_while_there_was_no_signal_dates_slips_days_behind_and_both_sides_are_told(
    open_phone, token, books, orchard_database, orchard
):
    page = open_phone()
    pair(page, token)
    expect(page.locator("#clock")).to_be_hidden()
    page.context.set_offline(True)
    at(page, days=-9)  # a battery that died
    page.reload()
    ready(page)
    page.locator("#clock", has_text="9 days behind").wait_for()
    weigh(page)
    page.locator("#save").click()
    page.locator("#waiting[data-count='1']").wait_for()
    at(page)  # the network sets the clock before anything is sent: from now on it is right
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#waiting", has_text="Everything is sent.").wait_for()
    expect(page.locator("#clock")).to_be_hidden()
    assert books() == (1, 9_000, 1)
    expect(page.locator("#noted-count")).to_contain_text("took 1 slips and has something to say")
    page.reload()
    ready(page)
    page.locator("#weigh details summary").first.click()
    expect(page.locator("#notes")).to_contain_text("is dated 2026-11-15 10:0")
    with orchard_database.read() as session:
        found = [one.difference for one in differences.find_differences(Desk(session, orchard, "zhao", NOW), "2026")]
    assert [(one.subject, one.grams) for one in found if one.kind == "wrong_clock"] == [("phone 1 2026-11-15", 9_000)]
    office = open_phone()
    enter(office, "zhao", SECRET)
    office.goto("/managers/differences?season=2026")
    expect(office.locator("main")).to_contain_text("phone 1: 1 slips dated Nov 15, 2026 came on Nov 24, 2026")
    assert office.evaluate("document.documentElement.scrollWidth") <= 360


def test_days_without_a_signal_are_said_with_what_the_clock_says(open_phone, token):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    at(page, days=4)
    page.reload()
    ready(page)
    expect(page.locator("#clock")).to_contain_text(
        "No signal for 4 days, or this phone's clock is wrong: it says 2026-\u206011-\u206028\u00a010:0"
    )


def test_a_slip_that_was_refused_for_a_day_ahead_is_not_taken_in_silence_when_that_day_comes(
    open_phone, token, books, orchard_database, orchard
):
    page = open_phone()
    at(page, days=3)
    page.goto(f"/field/#token={token}")
    ready(page)
    page.locator("#online", has_text="Connected").wait_for()
    weigh(page)
    page.locator("#save").click()
    page.locator("#refused-count", has_text="1 slips were refused").wait_for()
    at(page)  # somebody sets the clock right
    page.locator("#weigh details summary").first.click()
    page.click("#send")
    page.locator("#ahead", has_text="not sent again like that").wait_for()
    assert books() == (0, 0, 0)
    page.fill("#ahead-day", "2026-11-23")
    page.click("#redate")
    expect(page.locator("#refused-count")).to_have_text("", timeout=15_000)
    page.locator("#waiting", has_text="Everything is sent.").wait_for()
    assert books() == (1, 9_000, 1)
    expect(page.locator("#ahead")).to_be_hidden()
    with orchard_database.read() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        found = [one.difference for one in differences.find_differences(desk, "2026")]
        (slip,) = read_slips(desk, Weighing.recorded_by == "phone 1")
    assert [one.subject for one in found if one.kind == "wrong_clock"] == ["phone 1 2026-11-23"]
    assert slip.local_date == dt.date(2026, 11, 23) and "2026-11-27 10:0" in slip.reason
