"""A real browser (the system's Chromium) against a real server in a thread."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.conftest import missing
from tests.doors import open_app
from tests.orchard_fixtures import orchard, orchard_database, orchard_file

__all__ = ["orchard", "orchard_database", "orchard_file"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 360, "height": 740}


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def chromium():
    """The system's browser, one a module: its driver holds an event loop that other tests must not meet."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        missing("a browser (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_phone(chromium, address):
    """`open_phone(java_script_enabled=False)`: a page of a phone of 360 px that asks for English."""
    contexts = []

    def take(**options):
        usual = {"base_url": address, "viewport": PHONE, "locale": "en", "timezone_id": "Asia/Shanghai"}
        context = chromium.new_context(**{**usual, **options})
        contexts.append(context)
        return context.new_page()

    yield take
    for context in contexts:
        context.close()


@pytest.fixture
def address(chromium, orchard_database):
    """Where the orchard is served while the test runs. (The browser is asked for first: without one nothing is planted.)"""
    with served(open_app(orchard_database)) as address:
        yield address


@contextmanager
def served(app):
    """The address of `app`, which is served meanwhile."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
