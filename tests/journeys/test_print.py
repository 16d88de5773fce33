"""What is printed from a page: it fits its sheet, and nothing on it is for a finger."""

from __future__ import annotations

import re

import pytest

from plantation.services.desk import Desk
from plantation.services.fruit.lots import pack_lot
from tests.conftest import NOW
from tests.doors import PIN, SECRET
from tests.journeys.test_from_the_scale_to_the_household import enter

DESK = {"width": 1280, "height": 900}
ONE_SHEET = {
    "H001": (PIN, ["/my/slips/2026-000061", "/my/land/P1-1"]),
    "zhao": (SECRET, ["/managers/weighings/slip/2026-000061", "/managers/allocations/map", "/managers/allocations/map?plot=P1"]),
}
FOR_FINGERS = "nav, .crumbs, .button, button, .foot, .top-tools, input[type=checkbox], summary"


def sheets(page) -> int:
    """How many sheets A4 the browser prints of the page that is shown."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


@pytest.mark.parametrize("name", ONE_SHEET)
def test_what_hangs_together_is_printed_on_one_sheet(orchard, open_phone, name):
    page = open_phone(viewport=DESK)
    secret, paths = ONE_SHEET[name]
    enter(page, name, secret)
    for path in paths:
        assert page.goto(path).status == 200
        assert sheets(page) == 1, path


def test_a_printed_page_has_nothing_to_press(orchard, open_phone):
    page = open_phone(viewport=DESK)
    enter(page, "zhao", SECRET)
    page.emulate_media(media="print")
    for path in ("/managers/weighings/slip/2026-000061", "/managers/payments", "/managers/payments/sheet/2025", "/managers/plots/code/P1"):
        assert page.goto(path).status == 200
        shown = page.evaluate(
            "query => [...document.querySelectorAll(query)].filter(it => it.checkVisibility()).map(it => it.outerHTML)", FOR_FINGERS
        )
        assert shown == [], path


def test_a_signature_has_room(orchard, open_phone):
    page = open_phone(viewport={"width": 680, "height": 900})  # what A4 leaves between its margins
    enter(page, "zhao", SECRET)
    page.emulate_media(media="print")
    page.goto("/managers/payments/sheet/2025")
    widths = page.evaluate("() => [...document.querySelectorAll('thead th')].map(it => it.getBoundingClientRect().width)")
    assert widths[-2] >= 150 and page.evaluate("() => document.scrollingElement.scrollWidth") <= 680


def test_a_lots_label_is_printed_on_a_sheet_of_its_own_size(orchard, orchard_database, open_phone):
    with orchard_database.write() as session:
        code = pack_lot(Desk(session, orchard, "zhao", NOW), "2026", grade="A", net_grams=5_000).code
    page = open_phone(viewport=DESK)
    enter(page, "zhao", SECRET)
    for size, millimetres in (("a6", (105, 148)), ("58", (58, 120))):
        assert page.goto(f"/managers/lots/label/{code}?size={size}").status == 200
        printed = page.pdf(prefer_css_page_size=True)
        boxes = [tuple(float(each) / 72 * 25.4 for each in box.split()) for box in re.findall(rb"/MediaBox\s*\[0 0 ([\d. ]+)\]", printed)]
        assert boxes == [pytest.approx(millimetres, abs=1)], size
