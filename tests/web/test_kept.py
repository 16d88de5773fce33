"""A form that came after its sender was signed out is kept, and offered after the next sign-in to whoever typed it."""

import io

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from plantation.domain.words import Role
from plantation.models import Household
from plantation.services.desk import Desk
from plantation.services.people.accounts import create_account, load_account, set_language
from tests.web.conftest import NOON, PASSWORD, browser_of, post_sign_in, token_of
from tests.web.test_sign_in import is_in


def typed_after_the_end(browser, clock, **more):
    """Zhao fills in a household, and is signed out before it is sent: the page that comes instead."""
    post_sign_in(browser)
    token = token_of(browser.get("/managers/households/new"))
    clock.pass_time(hours=3)
    typed = {"code": "H900", "name": "测试户 <b>", "members": "4", "phone": "", "csrf_token": token, **more}
    page = browser.post("/managers/households/new", data=typed)
    assert page.status_code == 401 and "What you typed is kept" in page.text
    return page


def sign_in_from(browser, page, name="Zhao", secret=PASSWORD):
    form = {field["name"]: field.get("value", "") for field in BeautifulSoup(page.text, "html.parser").select("main form input")}
    return browser.post("/sign-in", data={**form, "name": name, "secret": secret})


def test_what_was_typed_before_the_sign_in_ended_is_sent_after_the_next_one(app, aguoyi, clock, sqlite_database):
    browser = browser_of(app)
    offered = sign_in_from(browser, sign_in_from(browser, typed_after_the_end(browser, clock), secret="wrong"))
    assert "测试户 &lt;b&gt;" in offered.text and "nothing of it is saved yet" in offered.text and is_in(browser)
    form = BeautifulSoup(offered.text, "html.parser").select_one("main form")
    fields = {field["name"]: field["value"] for field in form.find_all("input")}
    assert form["action"] == "/managers/households/new" and fields["members"] == "4"
    assert browser.post(form["action"], data=fields).status_code == 302
    with sqlite_database.read() as session:
        assert session.scalars(select(Household.name)).all() == ["测试户 <b>"]


def test_somebody_else_who_signs_in_does_not_see_what_was_typed(app, aguoyi, clock, sqlite_database):
    with sqlite_database.write() as session:
        create_account(Desk(session, aguoyi, "cli", NOON), name="Wu", role=Role.ACCOUNTANT, secret=PASSWORD, language="en")
    browser = browser_of(app)
    assert sign_in_from(browser, typed_after_the_end(browser, clock), name="Wu").location == "/arrive"


def test_what_was_typed_is_offered_in_the_language_of_whoever_typed_it(app, aguoyi, clock, sqlite_database):
    with sqlite_database.write() as session:
        set_language(Desk(session, aguoyi, "cli", NOON), load_account(Desk(session, aguoyi, "cli", NOON), "Zhao"), "zh_Hans")
    browser = browser_of(app)
    post_sign_in(browser)
    token = token_of(browser.get("/managers/households/new"))
    clock.pass_time(hours=3)
    page = browser.post("/managers/households/new", data={"csrf_token": token, "code": "H900"})
    assert "填好的内容还在：登录后就可以提交" in page.text
    browser.delete_cookie("plantation_language")
    assert "提交之前您已经退出登录" in sign_in_from(browser, page).text


@pytest.mark.parametrize(("chosen", "status"), [("", 401), ("plot.kml", 302)])
def test_a_form_whose_file_was_not_chosen_is_kept_and_one_with_a_file_is_not(app, aguoyi, clock, chosen, status):
    browser = browser_of(app)
    post_sign_in(browser)
    token = token_of(browser.get("/managers/plots/new"))
    clock.pass_time(hours=3)
    sent = {"csrf_token": token, "code": "P7", "outline": "78.4 40.9", "file": (io.BytesIO(b"x" if chosen else b""), chosen)}
    assert browser.post("/managers/plots/new", data=sent, content_type="multipart/form-data").status_code == status


@pytest.mark.parametrize(("sent_by", "status"), [("same-origin", 200), ("cross-site", 400), (None, 400)])
def test_what_was_typed_in_one_window_is_offered_after_a_sign_in_in_another(app, aguoyi, sqlite_database, sent_by, status):
    browser = browser_of(app)
    post_sign_in(browser)
    token = token_of(browser.get("/managers/households/new"))
    browser.post("/sign-out", data={"csrf_token": token_of(browser.get("/"))})
    post_sign_in(browser)
    typed = {"csrf_token": token, "code": "H900", "name": "测试户", "members": "4", "phone": ""}
    page = browser.post("/managers/households/new", data=typed, headers={"Sec-Fetch-Site": sent_by} if sent_by else {})
    assert page.status_code == status and ("What you typed is still here" in page.text) is (status == 200)
    with sqlite_database.read() as session:
        assert session.scalars(select(Household.name)).all() == []
    if status == 200:
        form = BeautifulSoup(page.text, "html.parser").select_one("main form")
        assert browser.post(form["action"], data={field["name"]: field["value"] for field in form.find_all("input")}).status_code == 302


def test_a_secret_and_a_strangers_form_are_not_kept(app, aguoyi, clock):
    browser = browser_of(app)
    post_sign_in(browser)
    token = token_of(browser.get("/managers/"))
    clock.pass_time(hours=3)
    for path, typed in (("/account/password", {"before": PASSWORD, "secret": "a new one of mine"}), ("/managers/households/new", {})):
        answer = browser.post(path, data={"csrf_token": token, **typed})
        assert answer.status_code == 302 and answer.location == "/sign-in", path
    forged = browser.post("/managers/households/new", data={"csrf_token": "somebody else's", "code": "H900"})
    assert forged.status_code == 400  # the token of the page comes first
    stranger = browser_of(app)
    token = token_of(stranger.get("/sign-in"))
    assert stranger.post("/managers/households/new", data={"csrf_token": token, "code": "H900"}).status_code == 302
    page = typed_after_the_end(browser, clock)
    sent = {"csrf_token": token_of(page), "name": "Zhao", "secret": PASSWORD, "next": "", "kept": "forged.kept"}
    assert browser.post("/sign-in", data=sent).location == "/arrive"


def test_what_a_form_carries_for_the_machine_is_sent_again_and_not_shown(app, aguoyi, clock):
    browser = browser_of(app)
    marks = {"version": "987601", "seen_entry": "987602", "once": "987603"}
    main = BeautifulSoup(sign_in_from(browser, typed_after_the_end(browser, clock, **marks)).text, "html.parser").main
    assert "H900" in main.get_text() and "9876" not in main.get_text()
    assert marks.items() <= {field["name"]: field["value"] for field in main.find_all("input")}.items()
