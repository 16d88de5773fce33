"""A map on a page that is scrolled: the wheel belongs to the page until somebody has clicked the map."""

from __future__ import annotations

from tests.doors import SECRET
from tests.journeys.test_from_the_scale_to_the_household import enter


def test_the_wheel_scrolls_the_page_past_a_map_and_zooms_it_once_it_was_clicked(open_phone):
    page = open_phone(viewport={"width": 1280, "height": 500})
    enter(page, "zhao", SECRET)
    page.goto("/managers/plots")
    page.locator(".leaflet-container path").first.wait_for()
    scale = page.locator(".leaflet-control-scale-line")
    page.locator(".leaflet-container").scroll_into_view_if_needed()
    box, before = page.locator(".leaflet-container").bounding_box(), scale.inner_text()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 100")
    page.wait_for_timeout(300)  # a zoom would have come by then
    assert scale.inner_text() == before
    box = page.locator(".leaflet-container").bounding_box()
    page.mouse.click(box["x"] + 150, box["y"] + 150)
    page.mouse.wheel(0, 800)
    page.wait_for_function("before => document.querySelector('.leaflet-control-scale-line').textContent !== before", arg=before)
