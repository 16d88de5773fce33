"""The application itself: settings, errors, languages, health."""

import subprocess
import sys

import pytest
from flask import abort
from sqlalchemy import exc

from plantation import create_app
from plantation.errors import N_, NotAllowed, Refusal, Stale
from plantation.settings import SecretMissing
from plantation.web import guard
from tests.web.conftest import browser_of, post_sign_in, token_of


def test_without_a_secret_key_there_is_no_application(sqlite_database):
    with pytest.raises(SecretMissing, match="token_hex"):
        create_app({}, sqlite_database)


def test_importing_the_units_loads_no_web():
    code = "import sys, plantation.units; print(sorted({'flask', 'sqlalchemy', 'shapely'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.stdout.strip() == "[]", run.stderr


def test_health_is_200_while_the_database_answers_and_503_when_not(app, monkeypatch):
    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}

    def silent():
        raise exc.OperationalError("SELECT 1", {}, Exception("postgresql://secret@host is gone"))

    monkeypatch.setattr(app.extensions["plantation"], "answers", silent)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "database"})


@pytest.fixture
def failing(make_app, monkeypatch):
    """An application with one page for each way to fail."""
    app = make_app()
    ways = {
        "400": lambda: abort(400),
        "404": lambda: abort(404),
        "405": lambda: abort(405),
        "429": lambda: abort(429),
        "500": lambda: 1 // 0,
        "503": lambda: abort(503),
        "403": lambda: refuse(NotAllowed()),
        "409": lambda: refuse(Stale(what=N_("plot"), code="P1")),
        "422": lambda: refuse(LandShort(missing_mu="250")),
    }
    for number, way in ways.items():
        app.add_url_rule(f"/way/{number}", f"way{number}", way)
    monkeypatch.setattr(guard, "PUBLIC", guard.PUBLIC | {f"way{number}" for number in ways})
    return app


def refuse(refusal):
    raise refusal


class LandShort(Refusal):
    template = N_("%(missing_mu)s mu are missing.")


@pytest.mark.parametrize("number", [400, 403, 404, 405, 409, 422, 429, 500, 503])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_error_has_a_page_in_the_design(failing, aguoyi, number, language):
    browser = failing.test_client()
    answer = browser.get(f"/way/{number}", headers={"Accept-Language": language})
    assert answer.status_code == number
    assert 'class="top"' in answer.text and "Traceback" not in answer.text


def test_a_refusal_page_carries_the_figures(failing, aguoyi):
    assert "250 mu are missing." in browser_of(failing).get("/way/422").text


def test_a_fault_is_logged_under_the_number_that_the_page_shows(failing, aguoyi, caplog):
    page = browser_of(failing).get("/way/500").text
    number = next(word for word in page.replace("<", " ").split() if len(word) == 8 and f"fault {word}" in caplog.text)
    assert "ZeroDivisionError" in caplog.text and "ZeroDivisionError" not in page and number in page


def test_an_error_of_the_api_is_json(app, aguoyi):
    answer = app.test_client().get("/api/v1/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    assert answer.get_json()["error"]


def test_a_form_that_is_too_large_is_refused_with_the_limit(make_app, aguoyi):
    app = make_app(MAX_CONTENT_LENGTH=1024 * 1024)
    answer = browser_of(app).post("/sign-in", data={"name": "x" * 2_000_000})
    assert answer.status_code == 413
    assert "1 MB" in answer.text


def test_a_post_without_its_token_is_refused_and_says_why(client, aguoyi):
    answer = client.post("/sign-in", data={"name": "Zhao", "secret": "x"})
    assert answer.status_code == 400
    assert "This page was open for too long" in answer.text


def test_a_host_that_is_not_ours_is_refused(make_app, aguoyi):
    app = make_app(TRUSTED_HOSTS=["plantation.example.org"])
    stranger = browser_of(app).get("/", base_url="http://evil.example")
    assert stranger.status_code == 400
    assert "another address" in stranger.text and "evil.example" not in stranger.text
    assert browser_of(app).get("/", base_url="http://plantation.example.org").status_code == 200


def test_a_proxys_word_is_believed_only_when_there_is_one(make_app, aguoyi):
    from flask import request

    seen = []
    for count in (0, 1):
        app = make_app(PROXY_COUNT=count)
        app.before_request_funcs.setdefault(None, []).append(lambda: seen.append(request.remote_addr))
        app.test_client().get("/healthz", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
    assert seen == ["127.0.0.1", "203.0.113.9"]


@pytest.mark.parametrize(
    "wish,tag",
    [
        ("zh-CN,en;q=0.5", "zh-Hans"),
        ("en-GB", "en"),
        ("fr, en;q=0.5", "en"),
        ("xx-YY", "zh-Hans"),
        ("*", "zh-Hans"),
        ("", "zh-Hans"),
        ("kk_Arab_KZ_x@@", "zh-Hans"),
    ],
)
def test_the_browsers_wish_is_met_where_it_can_be(app, aguoyi, wish, tag):
    assert f'<html lang="{tag}"' in app.test_client().get("/", headers={"Accept-Language": wish}).text


@pytest.mark.parametrize("cookie", ["xx", "../../etc", "zh_Hant", "en\x00", "EN"])
def test_a_cookie_with_an_unknown_language_is_no_fault(app, aguoyi, cookie):
    browser = browser_of(app)
    browser.set_cookie("plantation_language", cookie)
    assert '<html lang="en"' in browser.get("/").text


def test_a_visitors_choice_of_language_outlasts_the_visit(app, aguoyi):
    browser = browser_of(app)
    token = token_of(browser.get("/"))
    answer = browser.post("/language", data={"csrf_token": token, "language": "zh_Hans", "next": "/verify?slip=1"})
    assert answer.location == "/verify?slip=1"
    assert '<html lang="zh-Hans"' in browser.get("/").text


def test_an_unknown_language_cannot_be_chosen(app, aguoyi):
    browser = browser_of(app)
    assert browser.post("/language", data={"csrf_token": token_of(browser.get("/")), "language": "tlh"}).status_code == 400


def test_the_language_stays_with_the_account(app, aguoyi):
    browser = browser_of(app)
    post_sign_in(browser)
    token = token_of(browser.get("/"))
    browser.post("/language", data={"csrf_token": token, "language": "zh_Hans", "next": "/"})
    other = browser_of(app)
    post_sign_in(other)
    assert '<html lang="zh-Hans"' in other.get("/").text
