"""Signing in and out, as a browser sees it."""

import datetime as dt

import pytest

from plantation.domain.words import Role
from plantation.models import SignIn
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.people.accounts import create_account, deactivate_account, load_account
from tests.web.conftest import NOON, PASSWORD, browser_of, post_sign_in, token_of


def is_in(browser) -> bool:
    return "Your account" in browser.get("/").text


def test_zhao_signs_in_and_out(app, aguoyi, sqlite_database):
    browser = browser_of(app)
    assert not is_in(browser)
    assert post_sign_in(browser).status_code == 302
    assert is_in(browser)
    browser.post("/sign-out", data={"csrf_token": token_of(browser.get("/"))})
    assert not is_in(browser)
    with sqlite_database.read() as session:
        assert session.query(SignIn).count() == 0


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app, aguoyi):
    browser, thief = browser_of(app), browser_of(app)
    post_sign_in(browser)
    thief.set_cookie("plantation", browser.get_cookie("plantation").value)
    assert is_in(thief)
    browser.post("/sign-out", data={"csrf_token": token_of(browser.get("/"))})
    assert not is_in(thief)


def test_signing_in_starts_a_new_session_with_a_new_token(app, aguoyi):
    browser = browser_of(app)
    browser.get("/")
    before = browser.get_cookie("plantation").value
    post_sign_in(browser)
    thief = browser_of(app)
    thief.set_cookie("plantation", before)
    assert not is_in(thief)


@pytest.mark.parametrize("name,secret", [("Zhao", "wrong secret"), ("Nobody", PASSWORD), ("Zhao", "")])
def test_a_refusal_does_not_tell_whether_the_account_exists(app, aguoyi, name, secret):
    answer = post_sign_in(browser_of(app), name, secret or " ")
    assert answer.status_code == 422
    assert "do not belong together" in answer.text or not secret


def test_what_was_typed_stays_but_for_the_secret(app, aguoyi):
    page = post_sign_in(browser_of(app), "Zhou the stranger", "not the secret").text
    assert 'value="Zhou the stranger"' in page and "not the secret" not in page


def test_an_empty_form_names_both_fields(app, aguoyi):
    page = post_sign_in(browser_of(app), "", "").text
    assert 'href="#name"' in page and 'href="#secret"' in page
    assert page.count("This is needed.") == 4


def test_case_and_full_width_letters_do_not_matter_in_a_name(app, aguoyi):
    assert post_sign_in(browser_of(app), " ｚＨＡＯ ").status_code == 302


def test_a_closed_account_is_out_at_once(app, aguoyi, sqlite_database):
    browser = browser_of(app)
    post_sign_in(browser)
    with sqlite_database.write() as session:
        desk = Desk(session, aguoyi, "cli", NOON)
        create_account(desk, name="Ma", role=Role.MANAGER, secret=PASSWORD)
        deactivate_account(desk, load_account(desk, "zhao"))
    assert not is_in(browser)
    assert post_sign_in(browser_of(app)).status_code == 422


def test_a_sign_in_ends_after_two_hours_without_a_click(app, aguoyi, clock):
    browser = browser_of(app)
    post_sign_in(browser)
    for _ in range(3):
        clock.pass_time(minutes=119)
        assert is_in(browser)
    clock.pass_time(minutes=121)
    assert not is_in(browser)


def test_a_sign_in_ends_after_fourteen_hours_whatever_happens(app, aguoyi, clock):
    browser = browser_of(app)
    post_sign_in(browser)
    for _ in range(13):
        clock.pass_time(minutes=60)
        assert is_in(browser)
    clock.pass_time(minutes=61)
    assert not is_in(browser)


def test_the_sixth_wrong_try_waits_even_with_the_right_secret(app, aguoyi, clock):
    browser = browser_of(app)
    for _ in range(5):
        assert post_sign_in(browser, secret="guess").status_code == 422
    refused = post_sign_in(browser)
    assert refused.status_code == 429
    assert "wait 15 minutes" in refused.text
    clock.pass_time(minutes=16)
    assert post_sign_in(browser).status_code == 302


def test_a_neighbours_guesses_do_not_keep_the_owner_out(app, aguoyi, clock):
    own = browser_of(app)
    post_sign_in(own)
    own.post("/sign-out", data={"csrf_token": token_of(own.get("/"))})
    for number in range(30):
        guesser = browser_of(app)
        guesser.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        post_sign_in(guesser, secret="guess")
    stranger = browser_of(app)
    stranger.environ_base["REMOTE_ADDR"] = "203.0.113.5"
    assert post_sign_in(stranger).status_code == 429
    assert post_sign_in(own).status_code == 302


def test_logs_name_sign_ins_and_refusals_and_never_a_secret(app, aguoyi, caplog):
    caplog.set_level("INFO")
    browser = browser_of(app)
    post_sign_in(browser, secret="a secret that is wrong")
    post_sign_in(browser, "Zhao\nforged line")
    post_sign_in(browser)
    assert "sign-in refused why='SignInFailed' account='Zhao'" in caplog.text
    assert "signed in account='Zhao' address='127.0.0.1'" in caplog.text
    assert "\nforged" not in caplog.text
    assert PASSWORD not in caplog.text and "a secret that is wrong" not in caplog.text


def test_the_collective_is_asked_for_only_where_there_are_several(app, aguoyi, sqlite_database):
    assert 'name="collective"' not in browser_of(app).get("/sign-in").text
    with sqlite_database.write() as session:
        other = create_collective(session, "kulansarik", "库兰萨日克", "Asia/Urumqi", NOON)
        create_account(Desk(session, other, "cli", NOON), name="Zhao", role=Role.MANAGER, secret="another secret 77", language="en")
    browser = browser_of(app)
    assert 'name="collective"' in browser.get("/sign-in").text
    assert post_sign_in(browser, collective="aguoyi", secret="another secret 77").status_code == 422
    assert post_sign_in(browser, collective="nowhere").status_code == 422
    assert post_sign_in(browser, collective="KULANSARIK", secret="another secret 77").status_code == 302
    assert "库兰萨日克" in browser.get("/").text


def test_a_field_that_the_form_does_not_have_is_refused(app, aguoyi):
    answer = post_sign_in(browser_of(app), role="manager")
    assert answer.status_code == 422
    assert "no field “role”" in answer.text


def test_a_forged_session_token_signs_nobody_in(app, aguoyi):
    for token in ("", "1", "1.", f"{aguoyi.id}.x", "9" * 40 + ".x", "x.y", "١.x"):
        browser = browser_of(app)
        with browser.session_transaction() as session:
            session["sign_in"] = token
        assert not is_in(browser), token


def test_whoever_is_in_need_not_sign_in_again(app, aguoyi):
    browser = browser_of(app)
    post_sign_in(browser)
    assert browser.get("/sign-in").status_code == 302


def test_the_clock_of_an_attempt_is_ours(app, aguoyi, clock, sqlite_database):
    browser = browser_of(app)
    post_sign_in(browser)
    with sqlite_database.read() as session:
        assert session.query(SignIn).one().begun_at == clock.now == dt.datetime(2026, 11, 24, 4, 0, tzinfo=dt.UTC)
