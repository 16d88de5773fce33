"""A photo of the scale with the network off: made small and without its place on the phone, kept, sent after its slip."""

from __future__ import annotations

import base64

from sqlalchemy import select

from plantation.models import SlipPhoto, Weighing
from tests.journeys.test_field import pair, ready, token

__all__ = ["token"]
# A large noisy picture, as a camera's: with an EXIF segment that names a place.
CAMERA = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 3000; canvas.height = 2000;
  const context = canvas.getContext("2d");
  for (let i = 0; i < 9000; i++) { context.fillStyle = `hsl(${i * 77 % 360} 80% 50%)`; context.fillRect(i * 97 % 3000, i * 53 % 2000, 40, 40); }
  return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
}"""


def test_a_photo_taken_with_no_signal_is_small_has_no_place_and_follows_its_slip(open_phone, token, orchard_database):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    page.reload()
    ready(page)
    page.fill("#search", "H001")
    page.locator("#people .key").first.click()
    page.locator("#grades .key", has_text="A").click()
    for key in "25":
        page.locator("#keypad .key", has_text=key).first.click()
    assert page.locator("#photo-key").is_hidden()
    page.locator("#save").click()
    page.locator("#photo-key").wait_for()
    shot = base64.b64decode(page.evaluate(CAMERA))
    shot = shot[:2] + b"\xff\xe1\x00\x12Exif\x00\x00GPS 40.9 N" + shot[2:]
    assert len(shot) > 300_000
    page.locator("#photo").set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": shot})
    page.locator("#said", has_text="The photo is kept").wait_for()
    page.locator("#photo").set_input_files({"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    page.locator("#said", has_text="no picture").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.reload()
    ready(page)
    page.locator("#today", has_text="1 photos wait").wait_for(state="attached")
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#waiting", has_text="Everything is sent.").wait_for(timeout=15_000)
    for _ in range(100):
        with orchard_database.read() as session:
            kept = session.execute(select(SlipPhoto.picture, Weighing.net_grams).join(Weighing, Weighing.id == SlipPhoto.weighing_id)).all()
        if kept:
            break
        page.wait_for_timeout(100)
    [(picture, grams)] = kept
    assert picture[:3] == b"\xff\xd8\xff" and 5_000 < len(picture) <= 80 * 1024
    assert b"Exif" not in picture and b"GPS" not in picture and grams > 0
    page.reload()
    ready(page)
    assert "photos wait" not in page.locator("#today").text_content()
