"""What is taken back at the scale: forgotten on the phone, or reversed in the books, whenever the button is pressed."""

from __future__ import annotations

import pytest

from tests.journeys.test_field import books, pair, token

__all__ = ["books", "token"]


def weigh(page, kilograms):
    page.fill("#search", "H001")
    page.locator("#people .key").first.click()
    for key in kilograms:
        page.locator("#keypad .key", has_text=key).filter(has_text=key).first.click()
    page.locator("#save").click()


def test_what_is_more_than_the_land_bears_is_asked_about_once_and_undone_in_a_minute(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    page.fill("#search", "H001")
    page.locator("#people .key").first.click()
    for key in "99999":
        page.locator("#keypad .key", has_text=key).first.click()
    page.locator("#save").click()
    page.locator("#said", has_text="much for one slip of this land").wait_for()
    page.locator("#save").click()
    page.locator("#waiting", has_text="1 slips wait").wait_for()
    page.locator("#undo").click()
    page.locator("#waiting", has_text="Everything is sent.").wait_for()
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")
    assert books() == (0, 0, 0)


@pytest.mark.parametrize("way", ["answered", "lost"])
def test_a_slip_that_is_taken_back_while_it_is_under_way_is_reversed_in_the_books(open_phone, token, books, way):
    page = open_phone()
    pair(page, token)
    arrived = []

    def hold(route):
        answer = route.fetch()  # the server has it; its answer is on the way, or lost
        arrived.append(books())
        if len(arrived) > 1:
            route.fulfill(response=answer)
            return
        page.locator("#undo").click()
        page.locator("#said", has_text="taken back").wait_for()
        route.abort("connectionreset") if way == "lost" else route.fulfill(response=answer)

    page.route("**/api/v1/weighings", hold)
    weigh(page, "25.3")
    page.wait_for_timeout(300)
    for _ in range(20):
        page.evaluate("window.plantationField.synchronise()")
        if books()[0] == 2:
            break
        page.wait_for_timeout(200)
    assert arrived[0][0] == 1  # it was there before it was taken back
    assert books() == (2, 0, 2)  # the slip and its reversal, and no gram of it
    page.locator("#waiting", has_text="Everything is sent.").wait_for()


def test_a_slip_that_never_left_is_forgotten_though_others_are_sent_meanwhile(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    weigh(page, "25.3")
    page.locator("#undo").click()
    page.locator("#said", has_text="taken back").wait_for()
    weigh(page, "11.2")
    page.locator("#waiting", has_text="1 slips wait").wait_for()
    page.context.set_offline(False)
    page.locator("#waiting", has_text="Everything is sent.").wait_for(timeout=15_000)
    assert books()[0] == 1
