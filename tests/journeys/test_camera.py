"""A printed card and a printed label before a real camera stream: what the page's own decoder makes of them, in a browser that reads
no codes by itself (as an iPhone's)."""

from __future__ import annotations

import shutil

import pytest

from plantation.services.desk import Desk
from plantation.services.fruit.lots import pack_lot
from tests.conftest import NOW
from tests.doors import SECRET
from tests.journeys.conftest import NAMES, PHONE
from tests.journeys.films import film, shoot
from tests.journeys.test_field import pair, ready, token
from tests.journeys.test_from_the_scale_to_the_household import enter

__all__ = ["token"]

ALLOWED = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
# What the page was given by the browser, to see afterwards that it was given back.
WATCH = """
window.streams = [];
const { mediaDevices } = navigator;
const asked = mediaDevices.getUserMedia.bind(mediaDevices);
mediaDevices.getUserMedia = async (wanted) => { const stream = await asked(wanted); window.streams.push(stream); return stream; };
"""
TRACKS = "window.streams.flatMap((stream) => stream.getTracks()).map((track) => track.readyState)"


@pytest.fixture
def code(orchard_database, orchard):
    """The code of a lot that is packed."""
    with orchard_database.write() as session:
        return pack_lot(Desk(session, orchard, "zhao", NOW), "2026", grade="A", net_grams=40_000).code


@pytest.fixture
def printed(open_phone, code):
    """Pictures of the first household's card and of the lot's label, as the office prints them, and a page to draw on."""
    page = open_phone(viewport={"width": 1280, "height": 900})
    enter(page, "zhao", SECRET)
    page.goto("/managers/accounts/cards")
    page.locator("[name=ticked], input[type=checkbox][value=H001]").first.check()
    page.locator("#confirmed").check()
    page.locator("button[name=some]").click()
    card = page.locator("li.card", has_text="H001").screenshot()
    page.goto(f"/managers/lots/label/{code}?size=58")
    label = page.locator("article.label").screenshot()
    return {"card": card, "label": label, "page": page}


@pytest.fixture
def open_camera(chromium, address):
    """`open_camera(*flags)`: a page of a phone whose browser was started with flags of its own."""
    found = next(path for name in NAMES if (path := shutil.which(name)))
    running = []

    def start(*flags, **options):
        browser = chromium.browser_type.launch(executable_path=found, args=["--no-sandbox", *flags])
        running.append(browser)
        context = browser.new_context(base_url=address, viewport=PHONE, locale="en", timezone_id="Asia/Shanghai", **options)
        context.add_init_script(WATCH)
        return context.new_page()

    yield start
    for browser in running:
        browser.close()


def seen_by(path):
    return (*ALLOWED, f"--use-file-for-fake-video-capture={path}")


def test_a_card_before_the_camera_chooses_its_household_with_no_signal(open_camera, printed, token, tmp_path):
    card = shoot(printed["page"], printed["card"], side=470, angle=-17, lean=0.1, blur=0.7)
    label = shoot(printed["page"], printed["label"], side=260, angle=8)
    page = open_camera(*seen_by(film(tmp_path / "card.y4m", [(None, 0.5), (label, 3), (card, 4)])))
    asked = []
    page.on("request", lambda request: asked.append(request.url.partition("?")[0].rpartition("/")[2]))
    pair(page, token)
    assert page.evaluate("'BarcodeDetector' in window") is False
    assert "decode.js" not in asked and "camera.js" not in asked  # the worker has kept them, the page has not read them
    page.context.set_offline(True)
    page.reload()
    ready(page)
    page.locator("#scan").click()
    page.locator("#said", has_text="no household's card").wait_for()
    assert page.locator("#scan").inner_text() == "Stop"
    page.locator("#people .key[aria-pressed=true]", has_text="H001").wait_for()
    page.locator("#camera").wait_for(state="hidden")
    assert page.evaluate(TRACKS) == ["ended"]
    assert page.locator("#scan").inner_text() == "Scan a card"
    page.locator("#keypad .key", has_text="9").first.click()
    assert page.locator("#save").is_enabled()


def test_the_camera_is_off_again_when_it_is_stopped(open_camera, printed, token, tmp_path):
    page = open_camera(*seen_by(film(tmp_path / "pocket.y4m", [(None, 2)])))
    pair(page, token)
    page.locator("#scan").click()
    page.locator("#camera").wait_for()
    page.locator("#scan", has_text="Stop").click()
    page.locator("#camera").wait_for(state="hidden")
    assert page.evaluate(TRACKS) == ["ended"]
    page.locator("#scan").click()  # and on once more; nobody holds anything before it
    page.locator("#camera").wait_for()
    page.clock.fast_forward(95_000)
    page.locator("#said", has_text="No code was seen").wait_for()
    assert page.evaluate(TRACKS) == ["ended", "ended"]


@pytest.mark.parametrize(("flags", "said"), [((ALLOWED[1],), "may not use the camera"), ((ALLOWED[0],), "no camera that can be used")])
def test_a_camera_that_is_refused_or_missing_is_said_so(open_camera, token, flags, said):
    page = open_camera(*flags)
    pair(page, token)
    page.locator("#scan").click()
    page.locator("#said", has_text=said).wait_for()
    assert page.locator("#camera").is_hidden() and page.locator("#scan").inner_text() == "Scan a card"


def test_a_detector_without_its_service_is_no_hindrance(open_camera, printed, token, tmp_path):
    """Chrome on Android leans on services of the phone's maker that many phones in China do not have."""
    card = shoot(printed["page"], printed["card"], side=420, angle=30)
    page = open_camera(*seen_by(film(tmp_path / "card.y4m", [(card, 2)])))
    page.add_init_script("""window.BarcodeDetector = class {
        static async getSupportedFormats() { return ["qr_code"]; }
        async detect() { throw new DOMException("Barcode detection service unavailable.", "NotSupportedError"); }
    };""")
    pair(page, token)
    page.locator("#scan").click()
    page.locator("#people .key[aria-pressed=true]", has_text="H001").wait_for()
    assert page.evaluate(TRACKS) == ["ended"]


def test_a_label_before_the_camera_fills_the_purchases_line(open_camera, printed, code, tmp_path):
    card = shoot(printed["page"], printed["card"], side=420)
    label = shoot(printed["page"], printed["label"], side=300, angle=12, lean=0.1, blur=0.6)
    page = open_camera(*seen_by(film(tmp_path / "label.y4m", [(card, 3), (label, 4)])))
    enter(page, "b001", SECRET)
    page.goto("/buyers/purchases/new")
    page.locator("[data-scan-button]").first.click()
    page.locator("[data-scan-part]", has_text="no lot's label").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("video.camera").wait_for(state="detached")
    assert page.locator("[name=lines-0-lot]").input_value() == code
    assert page.locator("[data-scan-part]").count() == 0
    assert page.evaluate(TRACKS) == ["ended"]


def test_a_refused_camera_leaves_the_label_to_be_typed(open_camera):
    page = open_camera(ALLOWED[1])
    enter(page, "b001", SECRET)
    page.goto("/buyers/purchases/new")
    page.locator("[data-scan-button]").first.click()
    page.locator("[data-scan-part]", has_text="may not use the camera").wait_for()
    assert page.evaluate("document.activeElement.name") == "lines-0-lot"
