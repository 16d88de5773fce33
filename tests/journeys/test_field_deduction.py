"""What is taken off for leaves and wet: one tap at the scale, for one slip, with the network off."""

from __future__ import annotations

from sqlalchemy import select

from plantation.models import Weighing
from tests.journeys.test_field import pair, token

__all__ = ["token"]


def tap(page, box, said):
    page.locator(f"#{box} .key").get_by_text(said, exact=True).click()


def test_a_deduction_is_one_tap_stands_on_the_slip_and_is_gone_for_the_next_household(open_phone, token, orchard_database):
    page = open_phone()
    page.set_viewport_size({"width": 360, "height": 740})
    pair(page, token)
    page.context.set_offline(True)
    page.fill("#search", "H001")
    page.locator("#people .key").first.click()
    page.locator("#tares .key", has_text="1.2").click()
    tap(page, "deductions", "2%")
    for key in "25.3":
        tap(page, "keypad", key)
    assert page.locator("#net").inner_text() == "23.618"  # (25.3 - 1.2) × 0.98
    keys = [one.bounding_box() for one in page.locator("#deductions .key").all()]
    assert len({key["y"] for key in keys}) == 1 and all(key["height"] >= 48 and key["width"] >= 48 for key in keys)
    page.locator("#save").click()
    page.locator("#paper", has_text="25.300 - 1.200 kg - 2 %").wait_for()
    assert page.locator("#deductions .key[aria-pressed=true]").inner_text() == "0%"
    page.context.set_offline(False)
    page.locator("#waiting", has_text="Everything is sent.").wait_for(timeout=15_000)
    with orchard_database.read() as session:
        slip = session.scalars(select(Weighing).where(Weighing.recorded_by == "phone 1")).one()
    assert (slip.deduction_ppm, slip.net_grams) == (20_000, 23_618)
