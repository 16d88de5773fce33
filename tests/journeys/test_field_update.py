"""A newer version of the weighing page is put up while slips wait on a phone: nothing is lost, and no page runs with another's scripts."""

from __future__ import annotations

import shutil

import pytest

from plantation.paths import STATIC
from tests.doors import open_app
from tests.journeys.conftest import served
from tests.journeys.test_field import books, pair, queue, ready, token

__all__ = ["books", "token"]


@pytest.fixture
def static(tmp_path):
    return shutil.copytree(STATIC, tmp_path / "static")


@pytest.fixture
def address(chromium, orchard_database, static):
    app = open_app(orchard_database)
    app.static_folder = str(static)
    with served(app) as address:
        yield address


def deploy(static, version):
    """Scripts that go together: each says its version, one that is loaded at once and one that is loaded when it is needed."""
    for name, mark in (("screen", "atOnce"), ("paper", "later")):
        script = static / "field" / f"{name}.js"
        script.write_text(f"{script.read_text()}\ndocument.body.dataset.{mark} = '{version}';\n")


def weigh(page):
    page.fill("#search", "H001")
    page.locator("#people .key").first.click()
    page.locator("#keypad .key").get_by_text("9", exact=True).click()
    page.locator("#save").click()
    page.locator("#paper > *").first.wait_for()
    return page.evaluate("[document.body.dataset.atOnce, document.body.dataset.later]")


def test_a_newer_page_takes_over_at_the_next_start_and_what_waits_is_sent_by_either(open_phone, token, books, static):
    deploy(static, "1")
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    grams = queue(page, 2)
    deploy(static, "2")
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")  # by the older page
    assert books() == (2, grams, 2)
    page.reload()  # it is still kept; the newer one comes meanwhile, and waits
    ready(page)
    page.locator("#newer", has_text="A newer page has come").wait_for(timeout=15_000)
    page.context.set_offline(True)
    assert weigh(page) == ["1", "1"]
    page.reload()
    page.locator("body[data-at-once='2'][data-ready]").wait_for(timeout=15_000)
    assert page.locator("#waiting").get_attribute("data-count") == "1" and not page.locator("#newer").is_visible()
    assert weigh(page) == ["2", "2"]
    page.context.set_offline(False)
    page.locator("#waiting", has_text="Everything is sent.").wait_for(timeout=15_000)
    assert books()[0] == 4
    deploy(static, "3")
    page.reload()
    ready(page)
    page.locator("#newer").wait_for(timeout=15_000)
    page.click("#take-newer")  # nobody has to wait for the next start
    page.locator("body[data-at-once='3'][data-ready]").wait_for(timeout=15_000)
