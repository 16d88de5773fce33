"""Weigh with real taps on a slow phone with no network: taps and seconds a slip; see README.md beside this file."""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.field.measure import Phone, paired_village, served
from benchmarks.filling import add_database, open_database

KEPT = "window.plantationField.slips().then((all) => all.length)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database(parser)
    parser.add_argument("--slips", type=int, default=100)
    parser.add_argument("--throttle", type=int, default=6, help="how many times slower than this machine the phone is")
    given = parser.parse_args()
    with open_database(given) as database, sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        app, token = paired_village(database, 175)
        with served(app) as port:
            phone = Phone(driver, folder, port)
            page, _ = phone.pair(token)
            page.wait_for_timeout(1_000)
            phone.context.set_offline(True)
            phone.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": given.throttle})
            weigh_all(page, given.slips)
            phone.context.close()


def weigh_all(page: Page, count: int) -> None:
    """Each household is known from before: first one slip for each of the last few, by code; then only taps."""
    chance = random.Random(6)
    for place in range(5):
        page.fill("#search", f"H{place:05}")
        one_slip(page, chance)
    before = page.evaluate(KEPT)
    seconds, answers, taps = [], [], []
    for _ in range(count):
        started = time.perf_counter()
        tapped, answer = one_slip(page, chance)
        seconds.append(time.perf_counter() - started)
        answers.append(answer)
        taps.append(tapped)
    assert page.evaluate(KEPT) == before + count
    typical = statistics.median(seconds)
    print(
        f"{count} slips, {max(taps)} taps and a number of four keys each: median {typical:.2f} s, worst {max(seconds):.2f} s, {3600 / typical:.0f} an hour"
    )
    print(
        f"from the tap on Keep to the slip that stands there: median {statistics.median(answers) * 1000:.0f} ms, worst {max(answers) * 1000:.0f} ms"
    )


def one_slip(page: Page, chance: random.Random) -> tuple[int, float]:
    """Household, grade, crate, number, keep: the taps besides the number's, and the seconds that keeping took."""
    people = page.locator("#people .key")
    chosen: list[Any] = [people.nth(chance.randrange(people.count()))]
    chosen.append(chance.choice(page.locator("#grades .key").all()))
    chosen.append(chance.choice(page.locator("#tares .key").all()))
    for one in chosen:
        one.click()
    for key in f"{chance.randrange(100, 400) / 10:.1f}":
        page.locator("#keypad .key").get_by_text(key, exact=True).or_(page.locator(f"#keypad .key[data-key='{key}']")).first.click()
    was = page.locator("#paper").inner_text()
    pressed = time.perf_counter()
    page.locator("#save").click()
    while page.locator("#paper").inner_text() == was or not page.locator("#paper .paper-qr").count():
        page.wait_for_timeout(5)
    return len(chosen) + 1, time.perf_counter() - pressed


if __name__ == "__main__":
    main()
