"""What every answer says to the browser."""

import pytest
from bs4 import BeautifulSoup

from tests.web.conftest import browser_of, post_sign_in

PAGES = ["/", "/sign-in", "/verify", "/nothing-here", "/healthz", "/static/css/tokens.css"]


@pytest.mark.parametrize("path", PAGES)
def test_no_inline_code_no_frames_no_guessing_on_any_answer(client, aguoyi, path):
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_over_https_browsers_are_told_to_stay_there(make_app, aguoyi):
    headers = browser_of(make_app(HTTPS=True)).get("/", base_url="https://localhost").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_over_https_cookies_belong_to_this_host_alone(make_app, aguoyi):
    cookies = browser_of(make_app(HTTPS=True)).get("/", base_url="https://localhost").headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-plantation"]
    assert all("Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
    assert all("Path=/" in cookie and "Domain" not in cookie for cookie in cookies)


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(app, aguoyi):
    cookies = post_sign_in(browser_of(app)).headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"plantation", "plantation_browser"}
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_pages_of_whoever_is_signed_in_are_kept_nowhere(app, aguoyi):
    browser = browser_of(app)
    assert browser.get("/").headers["Cache-Control"] == "no-cache, private"
    post_sign_in(browser)
    assert browser.get("/").headers["Cache-Control"] == "no-store"


def test_tiles_are_the_only_address_outside_and_only_when_set(make_app):
    app = make_app(TILES_URL="https://tiles.example.org/{z}/{x}/{y}.png")
    policy = browser_of(app).get("/healthz").headers["Content-Security-Policy"]
    assert "img-src 'self' data: blob: https://tiles.example.org;" in policy


def test_a_static_file_is_kept_for_a_year_under_its_hash(client, app):
    with app.test_request_context():
        from flask import url_for

        address = url_for("static", filename="css/tokens.css")
    fresh = client.get(address)
    assert fresh.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/css/tokens.css?v=old").headers["Cache-Control"] == "public, max-age=3600"
    again = client.get(address, headers={"If-None-Match": fresh.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_answers_are_packed_where_that_saves_something(client, aguoyi):
    packed = client.get("/static/css/components.css", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/static/css/components.css")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2
    again = client.get("/static/css/components.css", headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


def test_a_page_without_the_map_weighs_less_than_60_kb(app, aguoyi):
    total, browser = 0, app.test_client()
    page = BeautifulSoup(browser.get("/").text, "html5lib")
    files = [element.get("href") or element.get("src") for element in page.find_all(["link", "script"])]
    for path in ["/", *files]:
        answer = app.test_client().get(path, headers={"Accept-Encoding": "gzip"}) if path != "/" else None
        total += len(answer.data) if answer else len(browser.get("/").data)
    assert total < 60_000
