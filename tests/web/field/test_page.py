"""The shell of the weighing page: what the browser keeps is all there, and none of it is anybody's data."""

from __future__ import annotations

import gzip
import json
import re

from plantation.paths import STATIC
from tests.orchard_fixtures import app, orchard, orchard_database, orchard_file

__all__ = ["app", "orchard", "orchard_database", "orchard_file"]


def test_every_file_that_the_worker_keeps_is_there_and_every_module_is_among_them(app):
    browser = app.test_client()
    worker = browser.get("/field/sw.js")
    assert worker.mimetype == "text/javascript"
    files = json.loads(re.search(r"const FILES = (\[.*?\]);", worker.text)[1])
    for file in files:
        assert browser.get(file).status_code == 200, file
    for module in (STATIC / "field").glob("*.js"):
        assert any(file.split("?")[0] == f"/static/field/{module.name}" for file in files), module.name
    page = browser.get("/field/").text
    assert set(re.findall(r'(?:src|href)="(/[^"]+)"', page)) <= set(files)


def test_the_shell_names_nobody(app):
    page = app.test_client().get("/field/").text
    assert "钱建国" not in page and "H001" not in page
    assert app.test_client().get("/field/manifest.webmanifest").get_json()["start_url"] == "/field/"


def test_the_first_load_is_light_with_all_that_the_worker_keeps(app):
    browser = app.test_client()
    files = json.loads(re.search(r"const FILES = (\[.*?\]);", browser.get("/field/sw.js").text)[1])
    weight = {file: len(gzip.compress(browser.get(file).data)) for file in files}
    first = sum(size for file, size in weight.items() if "vendor/" not in file and "js/camera" not in file)
    assert "/static/vendor/qr/decode.js" in files
    assert sum(weight.values()) + first < 150_000, weight  # the page fetches its own files, and the worker all of them
