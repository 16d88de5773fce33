"""No page without a decision who may reach it."""

import pytest
from flask import Blueprint

from plantation.domain.words import Role
from plantation.web import guard
from plantation.web.guard import admitted
from tests.web.conftest import browser_of, post_sign_in


def test_every_route_says_who_may_reach_it(app):
    undeclared = sorted(rule.endpoint for rule in app.url_map.iter_rules() if admitted(app, rule.endpoint) is None)
    assert undeclared == []


def test_what_is_public_was_thought_about_and_exists(app):
    missing = {endpoint for endpoint in guard.PUBLIC if endpoint not in app.view_functions}
    assert missing == set()


def test_the_front_doors_admit_only_their_own(app):
    doors = {"managers": set(guard.OFFICE), "households": {Role.HOUSEHOLD, Role.RELATIVE}, "buyers": {Role.BUYER}, "api": {"device"}}
    for rule in app.url_map.iter_rules():
        door = rule.endpoint.split(".")[0]
        if door in doors and rule.endpoint not in guard.PUBLIC:
            assert admitted(app, rule.endpoint) <= doors[door], rule.endpoint


def test_a_route_nobody_declared_answers_403_and_changes_nothing(make_app):
    app = make_app()
    reached = []
    stray = Blueprint("stray", __name__)
    stray.add_url_rule("/stray", "page", lambda: reached.append(True) or "open")
    app.register_blueprint(stray)
    assert admitted(app, "stray.page") is None
    assert browser_of(app).get("/stray").status_code == 403
    assert reached == []


@pytest.fixture
def office(make_app, monkeypatch):
    """An application with one page for managers and one inside it for accountants only."""
    app = make_app()
    room = Blueprint("room", __name__, url_prefix="/room")
    room.before_request(guard.require(Role.MANAGER, Role.ACCOUNTANT))
    room.add_url_rule("/", "open", lambda: "<p>room</p>")
    room.add_url_rule("/safe", "safe", guard.only(Role.ACCOUNTANT)(lambda: "<p>safe</p>"))
    app.register_blueprint(room)
    return app


def test_a_signed_out_visitor_is_sent_to_sign_in_and_back(office, aguoyi):
    browser = office.test_client()
    answer = browser.get("/room/?page=2")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/room/?page%3D2"


def test_a_wrong_role_gets_403_and_it_is_logged(office, aguoyi, caplog):
    caplog.set_level("INFO")
    browser = browser_of(office)
    post_sign_in(browser)
    answer = browser.get("/room/safe")
    assert answer.status_code == 403
    assert "Your account may not do this." in answer.text
    assert "denied account='Zhao'" in caplog.text


@pytest.mark.parametrize("target", ["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb"])
def test_sign_in_sends_nobody_to_another_site(app, aguoyi, target):
    answer = post_sign_in(browser_of(app), next=target)
    assert answer.location == "/arrive"


def test_a_bearer_token_that_is_unknown_is_refused_with_401(app, aguoyi):
    route = next((rule for rule in app.url_map.iter_rules() if admitted(app, rule.endpoint) == {"device"}), None)
    assert route is not None
    method = "POST" if "POST" in route.methods else "GET"
    answer = browser_of(app).open(route.rule, method=method, headers={"Authorization": "Bearer plt_1_x"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.is_json
