"""The weighing page with a card, a scale and a receipt printer: all simulated in the browser, the rest real."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from plantation.models import Closing, DeviceState, Weighing
from plantation.services.desk import Desk
from plantation.services.people import accounts
from tests.conftest import NOW
from tests.journeys.test_field import pair, token
from tests.web.field.receipts import receipts

__all__ = ["token"]

TOOLS = """
class Port {
  constructor() {
    this.printed = [];
    this.readable = new ReadableStream({ start: (feed) => { this.feed = feed; } });
    this.writable = new WritableStream({ write: (bytes) => { this.printed.push(...bytes); } });
  }
  async open(options) { this.options = options; }
  say(text) { this.feed.enqueue(new TextEncoder().encode(text)); }
}
window.ports = [];
Object.defineProperty(navigator, "serial", { value: { requestPort: async () => { const port = new Port(); window.ports.push(port); return port; } } });
window.card = null;
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.card ? [{ rawValue: window.card }] : []; }
};
const canvas = document.createElement("canvas");
navigator.mediaDevices.getUserMedia = async () => { canvas.getContext("2d").fillRect(0, 0, 9, 9); return canvas.captureStream(5); };
"""


def until(page, expression):
    """Wait for something that is not on screen; the page's own policy forbids the driver's way of asking."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


@pytest.fixture
def reads_uyghur(orchard_database, orchard):
    """Qian reads Uyghur."""
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        accounts.set_language(desk, accounts.load_account(desk, "H001"), "ug")


def test_card_scale_printer_and_the_closing_of_the_day(open_phone, token, reads_uyghur, orchard_database, address):
    page = open_phone()
    page.add_init_script(TOOLS)
    pair(page, token)
    page.locator("#scan").click()
    page.evaluate("window.card = 'https://somewhere.example/sign-in?name=H404'")  # nobody's: it goes on looking
    page.locator("#camera").wait_for()
    page.evaluate("window.card = 'https://somewhere.example/sign-in?name=H001'")
    page.locator("#people .key[aria-pressed=true]", has_text="H001").wait_for()
    page.locator("#camera").wait_for(state="hidden")
    page.locator("#tools summary").click()
    page.locator("#scale-serial").click()
    until(page, "window.ports.length === 1 && Boolean(window.ports[0].options)")
    page.evaluate("window.ports[0].say('US,GS,+ 11.000kg\\r\\nST,GS,+ 25.')")
    page.locator("#scale", has_text="not still").wait_for()
    assert page.locator("#save").is_disabled()
    page.evaluate("window.ports[0].say('300kg\\r\\n')")
    page.locator("#gross", has_text="25.300").wait_for()
    page.evaluate("window.ports[0].say('US,GS,+ 41.200kg\\r\\n')")  # another crate on top, and not still: what was offered is not there
    page.locator("#gross", has_text="0").and_(page.get_by_text("0", exact=True)).wait_for()
    assert page.locator("#save").is_disabled()
    page.evaluate("window.ports[0].say('ST,GS,+ 55.800lb\\r\\n'.repeat(3))")  # somebody has pressed its key for pounds
    page.locator("#scale", has_text="“ST,GS,+ 55.800lb”, which is not like the example").wait_for()
    assert page.locator("#save").is_disabled()
    page.evaluate("window.ports[0].say('ST,GS,+ 25.300kg\\r\\n')")
    page.locator("#gross", has_text="25.300").wait_for()
    page.locator("#printer").click()
    page.locator("#said", has_text="ready").wait_for()
    page.locator("#tares .key", has_text="1.2").click()
    page.context.set_offline(True)
    page.locator("#save").click()
    page.locator("#paper .paper-qr").wait_for()
    said = page.locator("#paper").inner_text()
    assert "24.100 kg" in said and "净重" in said and "ساپ" in said and f"{address}/verify/2026-" in said
    page.evaluate("window.ports[0].say('ST,GS,+ 25.300kg\\r\\n')")  # the same crate still stands there
    page.wait_for_timeout(200)
    assert page.locator("#gross").inner_text() == "0"
    until(page, "window.ports[1].printed.slice(-4, -2).join() === '29,86'")  # by itself: with gloves on a tap less for each slip
    (found,) = receipts(page.evaluate("window.ports[1].printed"))
    assert "24.100 kg" in found.texts and len(found.pictures) >= 5
    assert f"{address}/verify/" in found.texts

    page.locator("#day summary").click()
    page.locator("#day-totals", has_text="24.100 kg").wait_for()  # with no signal
    page.locator("#close-day").click()
    page.locator("#said", has_text="needs a signal").wait_for()
    page.context.set_offline(False)
    page.locator("#waiting", has_text="Everything is sent.").wait_for()
    page.locator("#weigh details summary").first.click()
    page.fill("#holder", "吴秀英")
    page.locator("#close-day").click()
    page.locator("#closing", has_text="say the same").wait_for()
    with orchard_database.read() as session:
        closing = session.scalars(select(Closing)).one()
        state = session.scalars(select(DeviceState)).one()
        slip = session.scalars(select(Weighing).where(Weighing.recorded_by == "phone 1")).one()
    assert (closing.slips, closing.net_grams, closing.differing) == (1, 24_100, 0)
    assert (state.waiting, state.held_by) == (0, "吴秀英") and abs(state.clock_offset_seconds) < 60
    assert slip.net_grams == 24_100


BLUETOOTH = """
window.printed = [];
const takes = { properties: { write: true }, writeValueWithResponse: async (bytes) => {
  if (bytes.length > 100) throw new Error("longer than a packet");
  if (window.gone) throw new Error("out of reach");
  window.printed.push(...bytes);
} };
const status = { properties: { notify: true } };
const service = { getCharacteristics: async () => [status, takes] };
const server = { getPrimaryService: async (id) => { if (id === 0x18f0) return service; throw new Error("none"); } };
Object.defineProperty(navigator, "bluetooth", { value: { requestDevice: async (options) => {
  window.asked = options; return { gatt: { connect: async () => server }, addEventListener() {} };
} } });
delete Navigator.prototype.serial;
"""


def test_a_slip_is_printed_over_bluetooth_and_by_the_browser_once_the_printer_is_gone(open_phone, token, orchard_database, address):
    page = open_phone()
    page.add_init_script(BLUETOOTH)
    pair(page, token)
    page.locator("#tools summary").click()
    assert page.locator("#printer").is_hidden()
    page.locator("#printer-bluetooth").click()
    page.locator("#said", has_text="ready").wait_for()
    assert page.evaluate("window.asked.filters.length") == 3
    page.locator("#print-each").uncheck()
    page.context.set_offline(True)
    page.fill("#search", "H001")
    page.locator("#people .key").first.click()
    page.locator("#keypad .key", has_text="9").first.click()
    page.locator("#save").click()
    page.wait_for_timeout(300)
    assert page.evaluate("window.printed.length") == 0
    page.locator("#print").dblclick()  # two receipts, one after the other
    until(page, "window.printed.filter((one, place, all) => one === 29 && all[place + 1] === 86).length === 2")
    printed = page.evaluate("window.printed")
    assert printed[: len(printed) // 2] == printed[len(printed) // 2 :]
    one, other = receipts(printed)
    assert "9.000 kg" in one.texts and f"{address}/verify/" in other.texts
    page.evaluate("window.gone = true; window.print = () => { window.byBrowser = true; }")
    page.locator("#print").click()
    until(page, "window.byBrowser === true")
    page.locator("#said", has_text="does not answer").wait_for()
