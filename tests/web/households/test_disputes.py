"""From the household's phone to the office and back: a disputed slip, and a notice that is objected to."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from plantation.domain.words import Role
from plantation.services.desk import Desk
from plantation.services.fruit.disputes import fresh_disputes
from plantation.services.people.accounts import create_account
from plantation.services.people.households import load_household
from tests.conftest import NOW
from tests.doors import SECRET, enter
from tests.web.conftest import token_of

SLIP = "2026-000061"


def text_of(answer) -> str:
    return " ".join(BeautifulSoup(answer.text, "html.parser").main.get_text(" ", strip=True).split())


def send(browser, path, status=302, **fields):
    answer = browser.post(path, data={"csrf_token": token_of(browser.get(path)), **fields})
    assert answer.status_code == status, text_of(answer)
    return answer


@pytest.fixture
def wang(app, orchard_database, orchard):
    """The accountant, the second pair of eyes."""
    with orchard_database.write() as session:
        create_account(Desk(session, orchard, "zhao", NOW), name="wang", role=Role.ACCOUNTANT, secret=SECRET, language="en")
    return enter(app, "wang", SECRET)


def later(app, **span):
    app.extensions["plantation.clock"] = lambda: NOW + dt.timedelta(**span)


def test_two_taps_freeze_a_slip_and_the_answer_comes_back(app, qian, zhao, orchard_database, orchard):
    page = qian.get(f"/my/slips/{SLIP}")
    assert "This slip is wrong" in page.text
    send(qian, f"/my/dispute/{SLIP}", about="weight_wrong", text="")
    assert "disputed: frozen until it is answered" in text_of(qian.get(f"/my/slips/{SLIP}"))
    assert "申诉中" in app.test_client().get(f"/verify/{SLIP}").text
    assert f"You said that slip {SLIP} is wrong" in text_of(qian.get("/my"))
    for path in ("/my/slips?season=2026", "/my/statement/2026"):
        assert f"{SLIP} · disputed" in text_of(qian.get(path)), path
    frozen = send(zhao, f"/managers/weighings/reverse/{SLIP}", 422, reason="quickly", once="")
    assert "answer the dispute first" in text_of(frozen)
    listed = zhao.get("/managers/disputes")
    assert SLIP in text_of(listed)
    address = next(link["href"] for link in BeautifulSoup(listed.text, "html.parser").main.find_all("a") if "/disputes/" in link["href"])
    assert "Say whether it is upheld" in text_of(send(zhao, address, 422, decision="", text="x"))
    assert "This is needed" in text_of(send(zhao, address, 422, decision="upheld", text=" "))
    send(zhao, address, decision="upheld", text="the tare of another crate")
    said = text_of(qian.get(f"/my/slips/{SLIP}"))
    assert "Upheld" in said and "the tare of another crate" in said and "no longer counts" in said
    answered = f"The office answered what you said about slip {SLIP}."
    assert answered in text_of(qian.get("/my")) and "· disputed" not in text_of(qian.get("/my/slips?season=2026"))
    with orchard_database.read() as session:
        month_later = Desk(session, orchard, "cli", NOW + dt.timedelta(days=31))
        assert fresh_disputes(month_later, load_household(month_later, "H001")) == []
    assert "answered on" in text_of(send(zhao, address, 422, decision="rejected", text="no"))


def test_something_else_needs_words_and_nothing_typed_is_lost(qian):
    assert "Write in a few words" in text_of(send(qian, f"/my/dispute/{SLIP}", 422, about="something_else", text=" "))
    long = send(qian, f"/my/dispute/{SLIP}", 422, about="something_else", text="x" * 1001)
    assert "1,001" in text_of(long) and "x" * 1001 in long.text
    assert send(qian, f"/my/dispute/{SLIP}", 422, about="no such word", text="a").status_code == 422


def test_a_settlement_is_posted_objected_to_answered_and_released_by_a_second_person(app, qian, zhao, wang, sun):
    assert "Nothing has changed" in text_of(_final(zhao, 422))
    token = token_of(zhao.get("/managers/settlements?season=2025"))
    posted = zhao.post("/managers/settlements/post/2025", data={"csrf_token": token})
    assert posted.status_code == 302
    assert "these very figures" in text_of(zhao.post("/managers/settlements/post/2025", data={"csrf_token": token}))
    public = app.test_client().get("/notices/aguoyi/1/2025")
    assert public.status_code == 200 and "钱*国" in public.text and "钱建国" not in public.text and "13900001234" not in public.text
    assert app.test_client().get("/notices/aguoyi/2/2025").status_code == 404
    assert app.test_client().get("/notices/nobody/1/2025").status_code == 404
    assert "posted until" in text_of(qian.get("/my"))
    send(qian, "/my/notices/1/2025", text="one crate <b>is</b> missing")
    assert "one crate <b>is</b> missing" in text_of(qian.get("/my/notices/1/2025"))
    assert "one crate" not in sun.get("/my/notices/1/2025").text
    send(zhao, "/managers/settlements/notices/1/2025", household="H002", text="said at the office")
    assert "H404" in text_of(send(zhao, "/managers/settlements/notices/1/2025", 422, household="H404", text="who?"))
    page = BeautifulSoup(zhao.get("/managers/settlements/notices/1/2025").text, "html.parser")
    answers = [link["href"] for link in page.main.find_all("a") if "/objections/" in link["href"]]
    assert len(answers) == 2
    for address in answers:
        send(zhao, address, decision="rejected", text="all crates are there")
    assert "all crates are there" in text_of(qian.get("/my/notices/1/2025"))


def _final(browser, status):
    path = "/managers/settlements/final/2025"
    page = BeautifulSoup(browser.get(path).text, "html.parser")
    fields = {field["name"]: field.get("value", "") for field in page.main.find_all("input")} | {"confirmed": "y"}
    fields.setdefault("csrf_token", token_of(browser.get("/managers/settlements?season=2025")))
    answer = browser.post(path, data=fields)
    assert answer.status_code == status, text_of(answer)
    return answer


def test_what_one_prepared_another_releases_on_the_web(app, zhao, wang, qian):
    wrong = send(zhao, "/managers/weighings/reverse/2025-000007", reason="wrong household", once="")
    assert wrong.status_code == 302
    token = token_of(zhao.get("/managers/settlements?season=2025"))
    assert zhao.post("/managers/settlements/post/2025", data={"csrf_token": token}).status_code == 302
    _final(zhao, 422)
    before = BeautifulSoup(zhao.get("/managers/settlements/final/2025").text, "html.parser").main
    assert "hangs until" in before.get_text() and before.find("button") is None  # said before anybody tries
    assert [link["href"] for link in before.select(".notice-warn a")] == ["/managers/settlements/notices/1/2025"]
    later(app, days=14)
    zhao, wang = enter(app, "zhao", SECRET), enter(app, "wang", SECRET)
    _final(zhao, 302)
    waiting = BeautifulSoup(zhao.get("/managers/settlements/final/2025").text, "html.parser").main
    assert "zhao prepared this; another person must release it." in waiting.get_text() and waiting.find("button") is None
    assert "2025" in text_of(wang.get("/managers/releases"))
    assert "another person must release it" in text_of(_final(zhao, 422))
    _final(wang, 302)
    assert "Nothing waits" in text_of(wang.get("/managers/releases"))
    assert "Settlement 3 is final" in text_of(zhao.get("/managers/settlements?season=2025"))


def test_the_field_for_words_comes_before_the_button_that_needs_them(qian):
    page = BeautifulSoup(qian.get(f"/my/dispute/{SLIP}").text, "html.parser")
    order = [each.get("value") or each["id"] for each in page.select("main form :is(textarea, button)")]
    assert order[-2:] == ["text", "something_else"] and len(order) == 6
