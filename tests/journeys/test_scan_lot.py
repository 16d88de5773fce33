"""A buyer holds a lot's label before the camera: its code stands on the line, and the purchase is the lot."""

from __future__ import annotations

from plantation.services.desk import Desk
from plantation.services.fruit.lots import load_lot, pack_lot
from tests.conftest import NOW
from tests.doors import SECRET
from tests.journeys.test_field_tools import TOOLS


def test_a_label_before_the_camera_is_a_purchase_of_its_lot(open_phone, orchard_database, orchard):
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        code = pack_lot(desk, "2026", grade="A", net_grams=40_000).code
    page = open_phone()
    page.add_init_script(TOOLS)
    page.goto("/sign-in")
    page.locator("#name").fill("b001")
    page.locator("#secret").fill(SECRET)
    page.locator("main button.button-primary").click()
    page.goto("/buyers/purchases/new")
    page.locator("[data-scan-button]").first.click()
    page.locator("video.camera").wait_for()
    page.evaluate(f"window.card = 'https://village.example/lots/aguoyi/{code}'")
    page.locator("video.camera").wait_for(state="detached")
    assert page.locator("[name=lines-0-lot]").input_value() == code
    page.locator("[name=lines-0-price_fen_per_kg]").fill("5.8")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("[name=save]").click()
    page.locator("text=Here is its note").wait_for()
    with orchard_database.read() as session:
        assert not load_lot(Desk(session, orchard, "", NOW), code).is_free
