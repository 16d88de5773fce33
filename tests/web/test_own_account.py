"""The own account: a second factor that cannot be guessed, replayed or taken off, another password, and the open sign-ins."""

from __future__ import annotations

import re

import pyotp
import pytest
from bs4 import BeautifulSoup

from plantation.domain.words import Role
from plantation.services.desk import Desk
from plantation.services.people import second_factors
from plantation.services.people.accounts import create_account, load_account
from plantation.services.proof.verification import verify
from tests.web.conftest import NOON, PASSWORD, browser_of, post_sign_in

FACTOR = "/account/second-factor"


def form_of(browser, path: str) -> dict[str, str]:
    page = BeautifulSoup(browser.get(path).text, "html.parser")
    form = next(one for one in page.main.find_all("form") if not one.get("action"))
    return {one["name"]: one.get("value", "") for one in form.find_all("input") if one.get("name")}


def token_of(browser, path: str) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(path).text)[1]


@pytest.fixture
def zhao(app, aguoyi):
    browser = browser_of(app)
    assert post_sign_in(browser).status_code == 302
    return browser


def turn_on(browser, clock) -> tuple[pyotp.TOTP, list[str]]:
    sent = form_of(browser, FACTOR)
    totp = pyotp.TOTP(sent["shared"])
    answer = browser.post(FACTOR, data={**sent, "code": totp.at(clock.now), "before": PASSWORD})
    assert answer.status_code == 200, answer.text
    codes = [one.get_text() for one in BeautifulSoup(answer.text, "html.parser").select("[data-code]")]
    clock.pass_time(seconds=60)
    return totp, codes


def give(browser, code: str):
    return browser.post("/sign-in/code", data={**form_of(browser, "/sign-in/code"), "code": code})


def test_after_the_password_a_code_is_asked_for_and_counts_once(app, zhao, clock):
    totp, codes = turn_on(zhao, clock)
    assert len(set(codes)) == 10
    other = browser_of(app)
    answer = post_sign_in(other)
    assert answer.location.startswith("/sign-in/code")
    assert other.get("/managers/").status_code == 302  # the password alone opens nothing
    assert "does not fit" in give(other, "000000").text
    code = totp.at(clock.now)
    assert give(other, code).location == "/arrive" and other.get("/managers/").status_code == 200
    third = browser_of(app)
    post_sign_in(third)
    assert "does not fit" in give(third, code).text  # seen over a shoulder it is worth nothing
    assert give(third, codes[3].lower()).location == "/arrive"
    clock.pass_time(minutes=20)
    fourth = browser_of(app)
    post_sign_in(fourth)
    assert "does not fit" in give(fourth, codes[3]).text
    clock.pass_time(minutes=2)
    assert give(fourth, totp.at(clock.now)).location == "/arrive"
    assert "9 codes on paper are left" in zhao.get("/account").text


def test_codes_cannot_be_guessed_and_the_password_counts_for_five_minutes(app, zhao, clock):
    totp, _ = turn_on(zhao, clock)
    guesser = browser_of(app)
    post_sign_in(guesser)
    answers = [give(guesser, f"{n:06d}").status_code for n in range(6)]
    assert answers[-1] == 429 and 302 not in answers
    clock.pass_time(minutes=20)
    late = give(guesser, totp.at(clock.now))
    assert late.location == "/sign-in" and guesser.get("/managers/").status_code == 302
    assert browser_of(app).get("/sign-in/code").location == "/sign-in"
    assert browser_of(app).get(f"{FACTOR}").location.startswith("/sign-in")


def test_it_is_on_only_once_the_authenticator_has_answered(zhao, clock, sqlite_database):
    sent = form_of(zhao, FACTOR)
    assert "does not fit" in zhao.post(FACTOR, data={**sent, "code": "123456", "before": PASSWORD}).text
    for shared in ("", "x", "A" * 31, "a" * 32):
        answer = zhao.post(FACTOR, data={**sent, "shared": shared, "code": "123456", "before": PASSWORD})
        assert answer.status_code == 422, shared
    assert "Turn it on" in zhao.get("/account").text
    with sqlite_database.read() as session:
        assert session.query(second_factors.SecondFactor).count() == 0


def test_who_finds_an_open_browser_cannot_put_another_phone_in(app, zhao, clock):
    totp, _ = turn_on(zhao, clock)
    sent = form_of(zhao, FACTOR)
    other = pyotp.TOTP(sent["shared"])
    answers = [zhao.post(FACTOR, data={**sent, "code": other.at(clock.now), "before": f"guess {n} of a thief"}) for n in range(7)]
    assert "not the password until now" in answers[0].text and "Too many tries" in answers[-1].text
    clock.pass_time(minutes=20)
    browser = browser_of(app)
    post_sign_in(browser)
    assert give(browser, totp.at(clock.now)).location == "/arrive"  # the owner's phone still opens


def test_taking_it_off_asks_for_the_password_and_is_in_the_journal(app, zhao, clock, sqlite_database, aguoyi):
    turn_on(zhao, clock)
    off = f"{FACTOR}/off"
    assert "not the password until now" in zhao.post(off, data={**form_of(zhao, off), "before": "wrong"}).text
    assert zhao.post(off, data={**form_of(zhao, off), "before": PASSWORD}).status_code == 302
    assert post_sign_in(browser_of(app)).location == "/arrive"
    turn_on(zhao, clock)
    with sqlite_database.write() as session:
        desk = Desk(session, aguoyi, "cli", NOON)
        assert verify(desk) is None
        session.query(second_factors.SecondFactor).delete()  # past the program
        session.flush()
        assert "second_factor" in str(verify(desk))
        assert second_factors.turn_off(desk, load_account(desk, "Zhao")) is False


def test_a_new_password_needs_the_one_before_and_ends_every_sign_in(app, zhao):
    path = "/account/password"
    for before, secret, says in (("wrong", "snow on the ridge", "not the password until now"), (PASSWORD, "short", "at least 10")):
        answer = zhao.post(path, data={**form_of(zhao, path), "before": before, "secret": secret})
        assert answer.status_code == 422 and says in answer.text
    assert zhao.post(path, data={**form_of(zhao, path), "before": PASSWORD, "secret": "snow on the ridge"}).location == "/sign-in"
    assert zhao.get("/managers/").status_code == 302
    assert post_sign_in(browser_of(app)).status_code == 422
    assert post_sign_in(browser_of(app), secret="snow on the ridge").location == "/arrive"


def test_sign_ins_are_listed_and_ended_and_nobody_elses(app, zhao, aguoyi, sqlite_database):
    with sqlite_database.write() as session:
        create_account(Desk(session, aguoyi, "cli", NOON), name="Ma", role=Role.WEIGHER, secret=PASSWORD, language="en")
    other, phone, ma = (browser_of(app, user_agent=name) for name in ("Old phone", "New phone <b>", "Ma's"))
    for browser, name in ((other, "Zhao"), (phone, "Zhao"), (ma, "Ma")):
        assert post_sign_in(browser, name=name).status_code == 302
    page = BeautifulSoup(zhao.get("/account").text, "html.parser").main.get_text(" ")
    assert "this browser" in page and "Old phone" in page and "New phone <b>" in page and "Ma's" not in page
    ends = re.findall(r"/account/sign-ins/end/(\d+)", zhao.get("/account").text)
    token = token_of(zhao, "/account")
    ma_token = token_of(ma, "/account")
    ma.post(f"/account/sign-ins/end/{ends[0]}", data={"csrf_token": ma_token})
    assert other.get("/account").status_code == phone.get("/account").status_code == 200
    zhao.post(f"/account/sign-ins/end/{ends[0]}", data={"csrf_token": token})
    assert sorted([other.get("/account").status_code, phone.get("/account").status_code]) == [200, 302]
    zhao.post("/account/sign-ins/end", data={"csrf_token": token})
    assert phone.get("/account").status_code == other.get("/account").status_code == 302
    assert zhao.get("/account").status_code == ma.get("/account").status_code == 200


def test_what_was_typed_before_the_sign_in_ended_waits_for_the_code_too(app, zhao, clock):
    totp, _ = turn_on(zhao, clock)
    token = token_of(zhao, "/managers/households/new")
    clock.pass_time(hours=3)
    typed = {"code": "H900", "name": "测试户", "members": "4", "phone": "", "csrf_token": token}
    page = zhao.post("/managers/households/new", data=typed)
    for given in ({"name": "Zhao", "secret": PASSWORD}, {"code": totp.at(clock.now)}):
        form = BeautifulSoup(page.text, "html.parser").select_one("main form")
        fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
        page = zhao.post(form["action"], data={**fields, **given})
    form = BeautifulSoup(page.text, "html.parser").select_one("main form")
    assert form["action"] == "/managers/households/new" and "测试户" in form.get_text()
