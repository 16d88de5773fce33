"""What a poor line or a stranger on it does to the weighing page: it goes on by itself, and believes nobody but our server."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from plantation.services.desk import Desk
from plantation.services.people import households
from tests.conftest import NOW
from tests.journeys.test_field import books, pair, queue, ready, token

__all__ = ["books", "token"]


@pytest.mark.parametrize("body", ["{}", "[]", "null", '{"seasons": 1, "households": []}', "<html>Please sign in</html>"])
def test_what_somebody_elses_network_answers_is_no_reference_data(open_phone, token, books, body):
    page = open_phone()
    pair(page, token)
    answered = []

    def answer(route):
        answered.append(route.request.url)
        route.fulfill(status=200, content_type="application/json", body=body)

    page.route("**/api/v1/reference", answer)
    # In a browser that has just started, what is asked beside the new worker can escape the stranger: ask until it answers.
    for _ in range(20):
        page.evaluate("window.plantationField.synchronise()")
        if answered:
            break
        page.wait_for_timeout(250)
    assert answered
    page.locator("#online", has_text="No signal").wait_for()
    page.context.set_offline(True)
    page.reload()
    ready(page)
    grams = queue(page, 2)
    page.unroute("**/api/v1/reference")
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")
    assert books() == (2, grams, 2)


def test_a_portal_that_asks_for_a_password_does_not_make_the_phones_token_invalid(open_phone, token):
    page = open_phone()
    pair(page, token)
    page.route("**/api/v1/*", lambda route: route.fulfill(status=401, content_type="text/html", body="<html>Who are you?</html>"))
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#online", has_text="No signal").wait_for()
    assert page.locator("#weigh").is_visible() and page.locator("#pair").is_hidden()


def test_who_asks_while_the_page_speaks_with_the_office_gets_one_contact_after_it(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.evaluate("window.plantationField.synchronise()")
    held, asked = [], []
    page.route("**/api/v1/reference", lambda route: (asked.append(1), route.continue_() if len(asked) > 1 else held.append(route)))
    page.evaluate("window.first = window.plantationField.synchronise(); void 0")
    grams = queue(page, 2)
    page.evaluate("window.later = [1, 2, 3].map(() => window.plantationField.synchronise()); void 0")
    while not held:
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)
    assert (len(asked), books()[0]) == (1, 0)  # nobody overtakes the one that is slow
    held[0].abort()  # it ends in a broken line, and has not the last word
    page.evaluate("Promise.all([window.first, ...window.later])")
    assert len(asked) == 2 and page.locator("#online").inner_text() == "Connected."
    assert books() == (2, grams, 2)


def test_a_line_that_has_gone_quiet_is_given_up_and_tried_again_by_itself(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    quiet = []
    page.route("**/api/v1/weighings", lambda route: route.continue_() if quiet else quiet.append(route))  # the first is never answered
    grams = queue(page, 3)
    page.evaluate("void window.plantationField.synchronise()")
    for _ in range(100):
        if quiet:
            break
        page.wait_for_timeout(50)
    page.clock.fast_forward(61_000)
    page.locator("#online", has_text="No signal").wait_for()
    assert books()[0] == 0
    page.clock.fast_forward(16_000)
    page.locator("#online", has_text="Connected").wait_for()
    assert books() == (3, grams, 3)


def test_what_was_refused_is_sent_again_once_the_office_has_mended_its_cause(open_phone, token, books, orchard_database, orchard):
    page = open_phone()
    pair(page, token)
    page.evaluate("window.plantationField.weigh({ household: 'H777', grade: 'A', gross_kg: '9', tare_kg: '0' })")
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#refused-count", has_text="1 slips were refused").wait_for()
    with orchard_database.write() as session:
        households.save_household(Desk(session, orchard, "zhao", NOW), code="H777", name="Seven", members=3, phone="")
    page.evaluate("window.plantationField.synchronise()")
    assert books()[0] == 0
    page.locator("#weigh details summary").first.click()
    page.locator("#send").click()
    page.locator("#refused-count", has_text="refused").wait_for(state="hidden")
    assert books() == (1, 9_000, 1)


def test_a_holders_name_that_the_office_does_not_take_holds_no_slip_back(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.locator("#weigh details summary").first.click()
    page.fill("#holder", "A\u200dB")  # a joiner, which some keyboards write and no list prints
    page.locator("#holder").blur()
    grams = queue(page, 1)
    page.evaluate("window.plantationField.synchronise()")
    assert books() == (1, grams, 1)


def test_a_signal_that_goes_away_is_said_before_anything_is_to_be_sent(open_phone, token):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    page.locator("#online", has_text="No signal").wait_for()
    page.context.set_offline(False)
    page.locator("#online", has_text="Connected").wait_for()


def test_the_keyboard_stays_where_it_was_when_the_keys_are_drawn_anew(open_phone, token):
    page = open_phone()
    pair(page, token)
    page.fill("#search", "H001")
    for group, key in (("people", "H001"), ("grades", "B"), ("tares", "1.2"), ("deductions", "2%"), ("keypad", "9")):
        chosen = page.get_by_role("group").and_(page.locator(f"#{group}")).get_by_role("button", name=key).first
        chosen.focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.textContent").startswith(key) and page.locator(f"#{group} :focus").count() == 1
    page.evaluate("window.plantationField.synchronise()")
    assert page.locator("#keypad :focus").inner_text() == "9"
    expect(page.get_by_role("button", name="Delete the last digit")).to_be_visible()
    expect(page.locator("#gross")).to_have_accessible_name("Gross")
