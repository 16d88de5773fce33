"""What is taken back at the scale: forgotten on the phone, or reversed in the books, whenever the button is pressed."""

from __future__ import annotations

import json

import pytest

from tests.doors import SECRET
from tests.journeys.test_field import books, other_token, pair, token
from tests.journeys.test_from_the_scale_to_the_household import enter

__all__ = ["books", "other_token", "token"]


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


def test_what_was_taken_back_under_way_is_in_the_phones_file_and_reversed_once_by_whoever_sends(
    open_phone, token, other_token, books, tmp_path
):
    page, other = open_phone(), open_phone()
    pair(page, token)
    pair(other, other_token)

    def lose(route):
        if not books()[0]:
            route.fetch()
            page.locator("#undo").click()
            page.locator("#said", has_text="taken back").wait_for()
        route.abort("connectionreset")

    page.route("**/api/v1/weighings", lose)
    weigh(page, "25.3")
    page.locator("#online", has_text="No signal").wait_for()
    page.locator("#weigh details summary").first.click()
    with page.expect_download() as download:
        page.locator("#file").click()
    download.value.save_as(tmp_path / "slips.json")
    [slip] = json.loads((tmp_path / "slips.json").read_text())["slips"]
    assert slip["undone"]["reason"] == "undone at the scale" and books()[0] == 1
    other.locator("#weigh details summary").first.click()
    other.set_input_files("#load", tmp_path / "slips.json")
    other.locator("#waiting", has_text="1 slips wait").wait_for()
    other.evaluate("window.plantationField.synchronise()")
    other.locator("#waiting", has_text="Everything is sent.").wait_for()
    assert books() == (2, 0, 2)
    page.unroute("**/api/v1/weighings")
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#waiting", has_text="Everything is sent.").wait_for()
    assert books() == (2, 0, 2)
    assert {one["state"] for one in page.evaluate("window.plantationField.slips()")} == {"sent"}


def test_a_copy_that_a_killed_browser_brings_back_does_not_bring_back_what_was_forgotten(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    weigh(page, "25.3")
    page.locator("#waiting", has_text="1 slips wait").wait_for()
    copy = page.evaluate("Object.entries(localStorage).find(([key]) => key.startsWith('slip/'))")
    page.locator("#undo").click()
    page.locator("#waiting", has_text="Everything is sent.").wait_for()
    page.evaluate("([key, slip]) => localStorage.setItem(key, slip)", copy)  # its removal had not reached the disk
    page.reload()
    page.locator("body[data-ready]").wait_for()
    assert page.locator("#waiting").get_attribute("data-count") == "0"
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")
    assert books() == (0, 0, 0) and not page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('slip/'))")


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


def test_the_phones_own_file_says_what_was_taken_back_after_it_and_the_office_reverses_that_once(open_phone, token, books, tmp_path):
    page, office = open_phone(), open_phone()
    pair(page, token)
    page.context.set_offline(True)
    weigh(page, "11.2")
    weigh(page, "25.3")
    page.locator("#weigh details summary").first.click()

    def save(name):
        with page.expect_download() as download:
            page.locator("#file").click()
        download.value.save_as(tmp_path / name)
        return json.loads((tmp_path / name).read_text())["slips"]

    def read(name, new):
        office.goto("/managers/closings/file")
        office.set_input_files("#file", tmp_path / name)
        office.get_by_role("button", name="Read the file").click()
        office.locator(".figure-card", has_text="New in the books").get_by_text(str(new), exact=True).wait_for()

    enter(office, "zhao", SECRET)
    assert not any(slip.get("undone") for slip in save("before.json"))
    page.locator("#undo").click()
    page.locator("#said", has_text="taken back").wait_for()
    [_, taken] = save("after.json")
    assert taken["undone"]["reason"] == "undone at the scale" and taken["gross_kg"] == "25.300"
    read("before.json", 2)
    assert books()[0] == 0  # the office's own name stands on them
    read("after.json", 1)
    read("after.json", 0)
    page.context.set_offline(False)
    page.locator("#waiting", has_text="Everything is sent.").wait_for(timeout=15_000)
    page.locator("#day summary").click()
    page.locator("#close-day").click()
    page.locator("#closing", has_text="say the same: 11.200 kg").wait_for()
