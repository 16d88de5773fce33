"""The draw in front of the villagers: one household at a time, and a page that is loaded again goes on where they were."""

from __future__ import annotations

from tests.doors import SECRET
from tests.journeys.test_from_the_scale_to_the_household import enter


def test_a_draw_that_is_loaded_again_goes_on_where_the_villagers_were(open_phone):
    page = open_phone(viewport={"width": 1280, "height": 800})
    enter(page, "zhao", SECRET)
    page.goto("/managers/allocations/new?rule=prorate")
    page.locator("input[name=plots][value=P2]").uncheck()
    page.locator("main form.form .button-primary").click()
    page.wait_for_url("**/plan/*")
    page.get_by_label("Rolls of the dice").fill("4，2，6、１ 3 5 2 2 6 1")
    page.locator("#draw .button-primary").click()
    page.wait_for_url("**/draw")
    assert "4-2-6-1-3-5-2-2-6-1" in page.locator(".lead").inner_text()
    shown = page.locator(".draw-item:visible")
    assert shown.count() == 0
    page.get_by_role("button", name="Draw the next one").click()
    page.get_by_role("button", name="Draw the next one").click()
    drawn = shown.all_inner_texts()
    assert len(drawn) == 2
    page.reload()
    assert shown.all_inner_texts() == drawn
    page.get_by_role("link", name="Carry it out").click()
    page.go_back()
    assert shown.all_inner_texts() == drawn
    page.get_by_role("button", name="Draw the next one").click()
    assert shown.count() == 3 and shown.all_inner_texts()[:2] == drawn
