"""Measure the weighing page's first load and its next start with the network off; see README.md beside this file."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import statistics
import tempfile
import threading
from collections.abc import Iterable
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from benchmarks.filling import PRICES, add_database, found, open_database
from plantation import create_app
from plantation.database import Database
from plantation.models import Collective
from plantation.services.desk import Desk
from plantation.services.money.prices import add_price
from plantation.services.money.seasons import save_season
from plantation.services.people.devices import create_device_token
from tests.journeys.phones import pair

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 360, "height": 740}
# When the page has said that it is ready, and when its box takes letters.
WATCH = """new MutationObserver(() => {
    if (document.body?.dataset.ready !== undefined) window.readyAt ??= performance.now();
}).observe(document, { subtree: true, attributes: true, childList: true });"""
WEIGH = """async (count) => {
    for (let place = 0; place < count; place++) {
        const gross_kg = ((6000 + (place * 7919) % 50000) / 1000).toFixed(3);
        await window.plantationField.weigh({ household: "H" + String(place % 100).padStart(5, "0"), grade: "A", gross_kg, tare_kg: "1.2" });
    }
}"""
LEFT_ALONE_MS = 3_000
TYPED = "() => { const box = document.querySelector('#search'); box.focus(); return document.activeElement === box && !box.disabled; }"


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


class Counted:
    """The application, and what it sent by path: octets of the bodies as they went over the line."""

    def __init__(self, app: Any) -> None:
        self.app, self.sent = app, []

    def __call__(self, environ: dict, start_response: Any) -> Iterable[bytes]:
        body = b"".join(self.app(environ, start_response))
        self.sent.append((environ["PATH_INFO"], len(body)))
        return [body]


@contextmanager
def served(app: Any, port: int = 0) -> Any:
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


class Phone:
    """A browser with a folder of its own, so that it can be closed and opened again."""

    def __init__(self, driver: Any, folder: str, port: int) -> None:
        path = next((path for name in NAMES if (path := shutil.which(name))), None)
        self.asked: list[str] = []
        self.context: BrowserContext = driver.chromium.launch_persistent_context(
            folder, executable_path=path, args=["--no-sandbox"], viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai",
            base_url=f"http://127.0.0.1:{port}",
        )  # fmt: skip
        self.context.add_init_script(WATCH)
        self.context.on("request", lambda request: self.asked.append(request.url))

    def open(self, path: str, throttle: int = 1) -> tuple[Page, float]:
        """The page, and after how many milliseconds it can be typed in."""
        page = self.context.new_page()
        self.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        page.goto(path)
        # Left alone until it is long ready: whoever looks for something on the page makes it read 300 KB of his own first.
        page.wait_for_timeout(LEFT_ALONE_MS)
        assert page.evaluate(TYPED)
        return page, page.evaluate("window.readyAt")

    def pair(self, token: str) -> tuple[Page, float]:
        """The same for the first time, with the office's link."""
        page = self.context.new_page()
        pair(page, token, wait=lambda page: page.wait_for_timeout(LEFT_ALONE_MS))
        return page, page.evaluate("window.readyAt")

    def outside(self, port: int) -> list[str]:
        """Requests to anybody else."""
        return [url for url in self.asked if urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).port != port]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database(parser)
    parser.add_argument("--households", type=int, default=175)
    parser.add_argument("--waiting", type=int, default=300, help="slips that wait on the phone: a day's work")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--throttle", type=int, default=6, help="how many times slower than this machine the phone is")
    given = parser.parse_args()
    with open_database(given) as database:
        app, token = paired_village(database, given.households)
        counted = Counted(app)
        with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
            with served(counted) as port:
                first_load(driver, folder, port, token, counted)
            # The server is gone now, and the browser was closed: what opens comes from the phone.
            next_starts(driver, folder, port, given, 0)
            weigh(driver, folder, port, given.waiting)
            next_starts(driver, folder, port, given, given.waiting)


def paired_village(database: Database, households: int) -> tuple[Any, str]:
    """An application with a posted season that runs today, and the token of a phone."""
    now = dt.datetime.now(dt.UTC)
    collective = found(database, households, now)
    with database.write() as session:
        desk = Desk(session, session.get_one(Collective, collective.id), "bench", now)
        days = {"starts_on": desk.today - dt.timedelta(days=30), "ends_on": desk.today + dt.timedelta(days=30)}
        season = save_season(desk, code="2026", mode="posted", tolerance_ppm=20_000, **days)
        for grade, fen in PRICES.items():
            add_price(desk, season, grade=grade, valid_from=season.starts_on, price_fen_per_kg=fen)
        token = create_device_token(desk, "phone 1")
    return create_app({"SECRET_KEY": "for the benchmark only"}, database), token


def first_load(driver: Any, folder: str, port: int, token: str, counted: Counted) -> None:
    phone = Phone(driver, folder, port)
    page, spent = phone.pair(token)
    page.wait_for_timeout(2_000)  # what it fetches once it is ready belongs to the first load as well
    data = [size for path, size in counted.sent if path.startswith("/api/")]
    shell = [size for path, size in counted.sent if not path.startswith("/api/")]
    by_path: dict[str, list[int]] = {}
    for path, size in counted.sent:
        by_path.setdefault(path, []).append(size)
    for path, sizes in sorted(by_path.items(), key=lambda item: -sum(item[1]))[:6]:
        print(f"    {path:40} {len(sizes)} × {sum(sizes) / len(sizes) / 1024:6.1f} KiB")
    print(f"first load, the page: {len(shell)} requests, {sum(shell) / 1024:.1f} KiB gzipped, ready after {spent:.0f} ms")
    print(f"first load, the data: {len(data)} requests, {sum(data) / 1024:.1f} KiB gzipped")
    print(f"requests to anybody else: {len(phone.outside(port))}")
    phone.context.close()


def weigh(driver: Any, folder: str, port: int, count: int) -> None:
    """Let so many slips wait on the phone."""
    phone = Phone(driver, folder, port)
    phone.context.set_offline(True)
    page, _ = phone.open("/field/")
    page.evaluate(WEIGH, count)
    page.reload()
    page.locator(f"#waiting[data-count='{count}']").wait_for(timeout=30_000)
    page.wait_for_timeout(5_000)  # a browser that is closed at once may forget; that it loses nothing is tested elsewhere
    phone.context.close()


def next_starts(driver: Any, folder: str, port: int, given: argparse.Namespace, waiting: int) -> None:
    fresh, again, outside = [], [], 0
    for _ in range(given.times):
        phone = Phone(driver, folder, port)
        phone.context.set_offline(True)
        fresh.append(phone.open("/field/", given.throttle)[1])
        again.append(phone.open("/field/", given.throttle)[1])
        outside += len(phone.outside(port))
        phone.context.close()
    for what, times in (("in a browser that was just started", fresh), ("once more in the same browser", again)):
        print(
            f"next start, no network, CPU {given.throttle} times slower, {waiting} slips wait, {what}: "
            f"median {statistics.median(times):.0f} ms, best {min(times):.0f}, worst {max(times):.0f}"
        )
    print(f"requests to anybody else: {outside}")


if __name__ == "__main__":
    main()
