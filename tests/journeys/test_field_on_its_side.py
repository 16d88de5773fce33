"""A phone that is turned on its side."""

from __future__ import annotations

from tests.journeys.test_field import pair, token

__all__ = ["token"]

WIDE = {"width": 740, "height": 360}


def test_the_keypad_covers_nothing_that_is_chosen_and_is_whole_on_the_screen(open_phone, token):
    page = open_phone(viewport=WIDE)
    pair(page, token)
    page.fill("#search", "H001")
    pad = page.locator(".pad").bounding_box()
    for name in ("#search", "#people .key", "#grades", "#tares", "#deductions"):
        box = page.locator(name).first.bounding_box()
        assert box["x"] + box["width"] <= pad["x"], name
    assert pad["y"] + pad["height"] <= WIDE["height"]
    assert page.evaluate("document.scrollingElement.scrollWidth") <= WIDE["width"]
