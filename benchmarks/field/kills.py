"""Kill the browser again and again within a second of its start, with slips waiting: none may be lost; see README.md beside this file."""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, sync_playwright

from benchmarks.field.measure import Phone, paired_village, served
from benchmarks.filling import add_database, open_database
from tests.journeys.phones import ready

WEIGH = """async (count) => {
    const done = [];
    for (let place = 0; place < count; place++) {
        const slip = await window.plantationField.weigh({ household: "H" + String(place % 100).padStart(5, "0"), grade: "A", gross_kg: "12.3", tare_kg: "1.2" });
        done.push(slip.id);
    }
    return done;
}"""
IDS = "window.plantationField.slips().then((all) => all.filter((one) => one.state === 'waiting').map((one) => one.id))"
COPIES = "Object.keys(localStorage).filter((key) => key.startsWith('slip/')).map((key) => key.slice(5))"
# What the database alone has, before the page puts anything back.
FOUND = """new Promise((done) => {
    const asked = indexedDB.open("plantation-field");
    asked.onsuccess = () => {
        const base = asked.result;
        if (!base.objectStoreNames.contains("slips")) { base.close(); return done(0); }
        const count = base.transaction("slips").objectStore("slips").count();
        count.onsuccess = () => { base.close(); done(count.result); };
    };
})"""


def kill(folder: str) -> None:
    """SIGKILL for every process of the browser with this folder."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if folder.encode() in (entry / "cmdline").read_bytes() and int(entry.name) != os.getpid():
                    os.kill(int(entry.name), signal.SIGKILL)


def killed(phone: Phone, folder: str) -> None:
    kill(folder)
    with contextlib.suppress(Error):
        phone.context.close()
    for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
        Path(folder, name).unlink(missing_ok=True)


def start(driver: Any, folder: str, port: int) -> Phone:
    phone = Phone(driver, folder, port)
    phone.context.set_offline(True)
    return phone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database(parser)
    parser.add_argument("--waiting", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--weigh", type=int, default=0, help="so many slips are weighed right after each start")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with open_database(given) as database, sync_playwright() as driver, tempfile.TemporaryDirectory(prefix="kills-") as folder:
        app, token = paired_village(database, 175)
        with served(app) as port:
            phone = Phone(driver, folder, port)
            page, _ = phone.pair(token)
            page.wait_for_timeout(3_000)
            phone.context.close()
        phone = start(driver, folder, port)
        page, _ = phone.open("/field/")
        kept = set(page.evaluate(WEIGH, given.waiting))
        page.wait_for_timeout(1_500)
        killed(phone, folder)
        empty = lost = 0
        for number in range(given.kills):
            phone = start(driver, folder, port)
            if number % 10 == 9:
                page = phone.context.new_page()
                page.goto("/field/manifest.webmanifest")
                empty += page.evaluate(FOUND) < len(kept)
                page.goto("/field/")
                ready(page)
                lost = len(kept - set(page.evaluate(IDS)))
                print(f"after {number} kills: {len(kept)} were kept, {lost} are lost; the second copy has {len(page.evaluate(COPIES))}")
            page = phone.context.new_page()
            page.goto("/field/", wait_until="commit")
            begun = time.monotonic()
            if given.weigh:
                ready(page)
                kept |= set(page.evaluate(WEIGH, given.weigh))
            time.sleep(max(0.0, chance.random() - (time.monotonic() - begun)))
            killed(phone, folder)
        phone = start(driver, folder, port)
        page, _ = phone.open("/field/")
        lost = len(kept - set(page.evaluate(IDS)))
        phone.context.close()
    print(f"{given.kills} kills within a second of a start: {len(kept)} slips were kept, {lost} are lost; "
          f"in {empty} of {given.kills // 10} looks the database had less than it should")  # fmt: skip


if __name__ == "__main__":
    main()
