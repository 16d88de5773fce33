"""Work beside the requests, watched in a real browser: the page looks again where it is, and nobody loses their place."""

from __future__ import annotations

import threading

from playwright.sync_api import expect

from plantation.web.managers import exports
from tests.doors import SECRET
from tests.journeys.test_from_the_scale_to_the_household import enter


def test_the_focus_stays_while_the_page_looks_again_and_the_end_comes_by_itself(open_phone, monkeypatch):
    first, rest = threading.Event(), threading.Event()
    monkeypatch.setattr("plantation.web.managers.jobs.PATIENCE_SECONDS", 0.0)
    files = exports.export_files

    def slowly(desk, progress):
        first.wait(20)
        progress(30)
        rest.wait(20)
        yield from files(desk, progress)

    monkeypatch.setattr("plantation.web.managers.exports.export_files", slowly)
    page = open_phone()
    enter(page, "zhao", SECRET)
    page.goto("/managers/export")
    page.get_by_role("button", name="Put it together").click()
    expect(page.get_by_role("progressbar", name="Lines written")).to_have_attribute("value", "0")
    page.get_by_role("link", name="Look again").focus()
    first.set()
    expect(page.get_by_role("progressbar", name="Lines written")).to_have_attribute("value", "30")
    expect(page.get_by_role("link", name="Look again")).to_be_focused()
    rest.set()
    expect(page.locator("h1")).to_have_text("The download is ready")
    expect(page.get_by_role("link", name="Download", exact=True)).to_be_visible()
