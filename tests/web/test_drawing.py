"""Drawing a boundary in a real browser, under our own content security policy."""

import shutil
import threading

import pytest
import shapely
from flask import render_template_string
from werkzeug.serving import make_server

from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.outlines import OutlineField
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.web import guard
from tests.conftest import missing

PAGE = """{% extends "base.html" %}{% from "macros/forms.html" import field %}{% from "macros/maps.html" import map_head, map_scripts %}
{% block title %}Draw{% endblock %}{% block head %}{{ map_head(draw=true) }}{% endblock %}{% block scripts %}{{ map_scripts(draw=true) }}{% endblock %}
{% block content %}<form>{{ field(form.outline) }}</form>{% endblock %}"""


class Drawing(Form):
    outline = OutlineField(N_("Boundary"))


@pytest.fixture
def address(make_app, aguoyi, monkeypatch):
    """A page with a boundary to draw, served."""
    app = make_app()
    app.add_url_rule("/draw", "draw", lambda: render_template_string(PAGE, form=Drawing()))
    monkeypatch.setattr(guard, "PUBLIC", guard.PUBLIC | {"draw"})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/draw"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tab():
    """A tab of Chromium; what it complains about is collected in `tab.complaints`."""
    chromium = shutil.which("chromium") or missing("Chromium (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
        opened.complaints = []
        opened.on("console", lambda message: opened.complaints.append(message.text) if message.type in ("error", "warning") else None)
        opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
        yield opened
        browser.close()


def test_a_boundary_is_drawn_with_its_area_in_mu_and_sent_as_text(tab, address):
    tab.goto(address)
    box = tab.locator("[data-outline-map]").bounding_box()
    tab.get_by_role("button", name="Draw Polygons").click()
    corners = [(500, 150), (900, 160), (920, 380), (520, 400)]
    for x, y in [*corners, corners[0]]:
        tab.mouse.move(box["x"] + x, box["y"] + y)
        tab.mouse.click(box["x"] + x, box["y"] + y)
    tab.locator("[data-outline-area]").get_by_text("4 corners").wait_for()
    drawn = shapely.from_geojson(tab.locator("textarea").input_value())
    assert drawn.is_valid and len(drawn.exterior.coords) == 5
    assert tab.complaints == []


def test_typed_corners_are_drawn_and_measured_as_the_server_measures(tab, address):
    tab.goto(address)
    tab.locator("[data-outline-text] summary").click()
    tab.locator("textarea").fill("78.40 40.90\n78.41 40.90\n78.41 40.91")
    tab.locator("textarea").blur()
    shown = tab.locator("[data-outline-area]").inner_text()
    triangle = shapely.Polygon([(78.40, 40.90), (78.41, 40.90), (78.41, 40.91)])
    measured = geodesic_area_m2(triangle) * 15 / 10_000
    assert float(shown.split()[1].replace(",", "")) == pytest.approx(measured, rel=1e-4)
    assert tab.complaints == []
