"""A phone that is full, or has an older page's store: what was weighed is kept and sent, or said to be neither."""

from __future__ import annotations

from tests.journeys.test_field import books, pair, queue, ready, token
from tests.journeys.test_field_undo import weigh

__all__ = ["books", "token"]

FULL = """() => {
    for (let size = 1 << 22; size >= 1; size >>= 1)
        for (let more = 0; ; more++) try { localStorage.setItem(`full/${size}/${more}`, "x".repeat(size)); } catch { break; }
}"""

# A database that takes nothing more into one of its stores.
REFUSE = """(name) => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
        if (this.name === name) this.transaction.abort();
        else return put.apply(this, given);
    };
}"""


def test_with_no_room_for_a_second_copy_slips_are_kept_once_and_said_and_sent(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    page.evaluate(FULL)
    weigh(page, "25.3")
    page.locator("#waiting", has_text="1 slips wait").wait_for()
    page.locator("#cramped", has_text="kept once only").wait_for()
    assert not page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('slip/'))")
    page.reload()
    ready(page)
    assert page.locator("#waiting").get_attribute("data-count") == "1" and page.locator("#cramped").is_visible()
    page.context.set_offline(False)
    page.locator("#waiting", has_text="Everything is sent.").wait_for(timeout=15_000)
    page.locator("#cramped").wait_for(state="hidden")
    assert books() == (1, 25_300, 1)


def test_a_slip_that_the_database_does_not_take_is_said_not_to_be_kept_and_is_in_no_copy(open_phone, token):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    page.evaluate(REFUSE, "slips")
    weigh(page, "25.3")
    page.locator("#said", has_text="H001, 25.300 kg is NOT kept").wait_for()
    assert page.locator("#gross").inner_text() == "25.3"
    assert not page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('slip/'))")


def test_a_phone_with_no_room_for_new_data_sends_what_waits(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    grams = queue(page, 3)
    page.evaluate(REFUSE, "kept")
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")
    assert books() == (3, grams, 3)


def test_stores_that_are_lost_one_after_the_other_lose_nothing(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    grams = queue(page, 2)
    page.evaluate("localStorage.clear()")
    page.reload()
    ready(page)
    page.evaluate("indexedDB.deleteDatabase('plantation-field')")
    page.reload()
    ready(page)
    page.evaluate("localStorage.clear()")
    page.reload()
    ready(page)
    grams += queue(page, 1, seed=2)
    numbers = page.evaluate("window.plantationField.slips().then((all) => all.map((one) => one.slip))")
    assert len(set(numbers)) == 3 and None not in numbers
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")
    assert books() == (3, grams, 3)


OLDER = """(slip) => new Promise((done) => {
    const asked = indexedDB.open("plantation-field", 2);
    asked.onupgradeneeded = () => {
        asked.result.createObjectStore("slips", { keyPath: "id" }).put(slip);
        for (const name of ["kept", "photos"]) asked.result.createObjectStore(name, name === "kept" ? {} : { keyPath: "id" });
    };
    asked.onsuccess = () => { asked.result.close(); done(); };
})"""


def test_what_waits_in_an_older_pages_store_is_sent(open_phone, token, books):
    page = open_phone()
    page.goto("/healthz")
    slip = {
        "id": "01a2b3c4-0000-7000-8000-000000000001",
        "state": "waiting",
        "weighed": 1,
        "season": "2026",
        "grade": "A",
        "net_grams": 24_100,
    }
    page.evaluate(OLDER, {**slip, "time": "2026-09-01T08:30:00+08:00", "household": "H001", "gross_kg": "25.3", "tare_kg": "1.2"})
    pair(page, token)
    page.locator("#waiting", has_text="Everything is sent.").wait_for()
    assert books() == (1, 24_100, 1)


def test_a_copy_of_what_was_sent_goes_with_the_next_start(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.evaluate("window.plantationField.weigh({ household: 'H001', grade: 'A', gross_kg: '9', tare_kg: '0' })")
    copy = page.evaluate("Object.entries(localStorage).find(([key]) => key.startsWith('slip/'))")
    page.evaluate("window.plantationField.synchronise()")
    page.evaluate("([key, slip]) => localStorage.setItem(key, slip)", copy)  # another window was a moment later
    page.reload()
    ready(page)
    assert not page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('slip/'))")
    assert books() == (1, 9_000, 1)


def test_a_database_too_full_to_note_what_is_sent_is_the_reason_that_is_said(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    grams = queue(page, 2)
    page.evaluate(REFUSE, "slips")
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#online", has_text="no room to note what it sends").wait_for()
    with page.expect_download() as saved:
        page.evaluate("document.getElementById('file').click()")
    assert saved.value.path().read_text().count('"state":"waiting"') == 2
    page.reload()  # and there is room again
    page.locator("#online", has_text="Connected").wait_for()
    assert books() == (2, grams, 2)


DENY = "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); };"


def test_a_browser_that_keeps_nothing_weighs_nothing_and_gives_out_what_its_second_copy_has(open_phone, token):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    queue(page, 2)
    page.add_init_script(DENY)
    page.reload()
    ready(page)
    assert page.locator("#no-store").is_visible() and not page.locator("#weigh").is_visible() and not page.locator("#pair").is_visible()
    with page.expect_download() as saved:
        page.click("#rescue")
    assert saved.value.path().read_text().count('"state":"waiting"') == 2
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });")
    page.reload()
    ready(page)
    assert page.locator("#no-store").is_visible() and not page.locator("#rescue").is_visible()


def test_a_browser_without_a_worker_says_what_cannot_be_relied_on_and_weighs(open_phone, token, books):
    page = open_phone()
    page.add_init_script("delete Navigator.prototype.serviceWorker;")
    page.goto(f"/field/#token={token}")
    page.locator("#no-worker", has_text="as in a private window").wait_for()
    page.locator("#online", has_text="Connected").wait_for()
    weigh(page, "25.3")
    page.locator("#waiting", has_text="Everything is sent.").wait_for()
    assert page.locator("#no-worker").is_visible()
