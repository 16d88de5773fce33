"""The weighing page with the network really off: what was kept on the phone is in the books once, every gram of it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time

import pytest
from sqlalchemy import func, select

from plantation.models import Weighing
from plantation.services.desk import Desk
from plantation.services.people import devices
from tests.conftest import NOW
from tests.journeys import phones
from tests.journeys.conftest import NAMES
from tests.journeys.phones import ready


@pytest.fixture
def token(orchard_database, orchard):
    with orchard_database.write() as session:
        return devices.create_device_token(Desk(session, orchard, "zhao", NOW), "phone 1")


@pytest.fixture
def other_token(orchard_database, orchard):
    with orchard_database.write() as session:
        return devices.create_device_token(Desk(session, orchard, "zhao", NOW), "phone 2")


@pytest.fixture
def books(orchard_database):
    """(slips, grams, distinct numbers) that devices have brought in."""

    def count():
        with orchard_database.read() as session:
            return tuple(session.execute(
                select(func.count(), func.coalesce(func.sum(Weighing.net_grams), 0), func.count(func.distinct(Weighing.slip)))
                .where(Weighing.recorded_by.startswith("phone"))
            ).one())  # fmt: skip

    return count


def pair(page, token):
    page.context.clock.set_system_time(NOW)  # the orchard's own day; the phone's clock goes on from there
    phones.pair(page, token)
    page.locator("#online", has_text="Connected").wait_for()


def queue(page, count, seed=1):
    """Weigh `count` times with the page's own function; the grams that were kept."""
    return page.evaluate(
        """async ([count, seed]) => {
            let sum = 0, chance = seed;
            for (let i = 0; i < count; i++) {
                chance = (chance * 1103515245 + 12345) % 2147483648;
                const slip = await window.plantationField.weigh({ household: ["H001", "H002", "H003"][i % 3], grade: "A",
                    gross_kg: ((3000 + chance % 40000) / 1000).toFixed(3), tare_kg: "1.2" });
                sum += slip.net_grams;
            }
            return sum;
        }""",
        [count, seed],
    )


def test_a_known_household_takes_four_taps_and_a_number_with_no_signal_and_is_sent_later(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    page.reload()
    ready(page)
    page.locator("#online", has_text="No signal").wait_for()
    page.fill("#search", "H001")
    page.locator("#people .key").first.click()
    taps = 1
    page.locator("#grades .key", has_text="A").click()
    page.locator("#tares .key", has_text="1.2").click()
    taps += 2
    for key in "25.3":
        page.locator("#keypad .key", has_text=key).filter(has_text=key).first.click()
    assert page.locator("#net").inner_text() == "24.100"
    page.locator("#save").click()
    assert taps + 1 <= 4
    page.locator("#waiting", has_text="1 slips wait").wait_for()
    assert "2026-" in page.locator("#paper").inner_text() and "24.100 kg" in page.locator("#paper").inner_text()
    page.reload()
    ready(page)
    assert page.locator("#waiting").get_attribute("data-count") == "1"
    assert books() == (0, 0, 0)
    page.context.set_offline(False)
    page.locator("#waiting", has_text="Everything is sent.").wait_for(timeout=15_000)
    assert books() == (1, 24_100, 1)


@pytest.fixture
def start_phone(chromium, address, tmp_path):
    """`start_phone()`: a browser of its own with a profile that survives it; `kill()` is SIGKILL for all its processes."""
    import shutil

    from playwright.sync_api import Error

    found = next(path for name in NAMES if (path := shutil.which(name)))
    profile = tmp_path / "profile"
    running = []

    def start():
        context = chromium.browser_type.launch_persistent_context(
            str(profile), executable_path=found, args=["--no-sandbox", "--disable-gpu"], base_url=address, locale="en",
        )  # fmt: skip
        context.clock.set_system_time(NOW)
        running.append(context)
        return context.pages[0] if context.pages else context.new_page()

    def kill():
        pids = subprocess.run(["pgrep", "-f", str(profile)], capture_output=True, text=True).stdout.split()
        for pid in pids:
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            running.pop().close()
        except Error:
            pass
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (profile / name).unlink(missing_ok=True)

    yield start, kill
    while running:
        running.pop().close()


def test_a_thousand_slips_survive_kills_also_in_the_first_second(start_phone, token, books):
    start, kill = start_phone
    page = start()
    pair(page, token)
    page.context.set_offline(True)
    grams = queue(page, 1000)
    page.wait_for_timeout(1500)  # the operating system's own time to write what the browser handed over
    kill()
    for wait in (0.2, 0.6):
        page = start()
        page.context.set_offline(True)
        page.goto("/field/", wait_until="commit")
        time.sleep(wait)
        kill()
    page = start()
    page.context.set_offline(True)
    page.goto("/field/")
    ready(page)
    assert page.locator("#waiting").get_attribute("data-count") == "1000"
    page.context.set_offline(False)
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#waiting", has_text="Everything is sent.").wait_for(timeout=60_000)
    assert books() == (1000, grams, 1000)


def test_cut_lines_lost_answers_and_portals_lose_and_double_nothing(open_phone, token, books):
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    grams = queue(page, 450, seed=7)
    chance = random.Random(5)
    ways = ["cut", "portal", "strange", "redirect", "lost"]  # each once whatever the phone's pace, then by chance
    seen = []

    def mischief(route):
        way = ways.pop(0) if ways else chance.choice(("cut", "lost", "portal", "through", "strange", "redirect"))
        seen.append(way)
        if way == "cut":
            route.abort("connectionreset")
        elif way == "lost":
            route.fetch()  # the server has it, its answer never arrives
            route.abort("connectionreset")
        elif way == "portal":
            route.fulfill(status=200, content_type="text/html", body="<html>Please sign in to this network</html>")
        elif way == "strange":
            route.fulfill(status=200, content_type="application/json", body='{"results": []}')
        elif way == "redirect":
            route.fulfill(status=302, headers={"Location": "/"})
        else:
            route.continue_()

    page.route("**/api/v1/weighings", mischief)  # before the line is back: the page sends by itself when it hears of it
    page.context.set_offline(False)
    for _ in range(60):
        page.evaluate("window.plantationField.synchronise()")
        if page.locator("#waiting").get_attribute("data-count") == "0":
            break
    page.unroute("**/api/v1/weighings")
    page.evaluate("window.plantationField.synchronise()")
    page.locator("#waiting", has_text="Everything is sent.").wait_for()
    assert {"cut", "portal", "strange", "redirect", "lost"} <= set(seen)
    assert books() == (450, grams, 450)


def test_two_phones_never_give_out_one_number_and_a_revoked_one_keeps_its_slips(
    open_phone, token, other_token, books, orchard_database, orchard
):
    one, two = open_phone(), open_phone()
    pair(one, token)
    pair(two, other_token)
    for page in (one, two):
        page.context.set_offline(True)
    grams = queue(one, 40, seed=3) + queue(two, 40, seed=4)
    numbers = [slip["slip"] for page in (one, two) for slip in page.evaluate("window.plantationField.slips()")]
    assert len(set(numbers)) == 80 and None not in numbers
    for page in (one, two):
        page.context.set_offline(False)
        page.evaluate("window.plantationField.synchronise()")
        page.locator("#waiting", has_text="Everything is sent.").wait_for(timeout=15_000)
    assert books() == (80, grams, 80)
    with orchard_database.write() as session:
        devices.revoke_device(Desk(session, orchard, "zhao", NOW), "phone 1")
    queue(one, 1, seed=9)
    one.evaluate("window.plantationField.synchronise()")
    one.locator("#online", has_text="no longer valid").wait_for()
    assert one.locator("#waiting").get_attribute("data-count") == "1"
    assert books()[0] == 80


def test_first_load_is_light_and_asks_nobody_else(open_phone, token, address):
    page = open_phone()
    asked, weight = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfinished", lambda request: weight.append(request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"]))
    pair(page, token)
    assert all(url.startswith(address) for url in asked), asked
    assert sum(weight) < 150_000, sum(weight)
    names = {url.partition("?")[0].rpartition("/")[2] for url in asked}
    assert "app.js" in names and not names & {"qr.js", "escpos.js", "printer.js", "scale.js", "ports.js", "scan.js", "tools.js"}
