"""Sheets of households' cards: made beside the request, shown once they are made, nobody's PIN changed before."""

from __future__ import annotations

import threading
import time

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from plantation.models import Account
from plantation.web.managers import card_jobs, jobs
from tests.web.conftest import browser_of, post_sign_in, token_of
from tests.web.managers.conftest import enter, text_of
from tests.web.managers.test_accounts import make

HERE = "/managers/accounts"


def sheet_of(office, here: str, action: str, **fields):
    """Ask for cards and wait for their sheet, on a slow machine over the page that says how far it is."""
    answer = office.browser.post(action, data={**office.fields(here, action), **fields})
    if answer.status_code == 302:
        return wait_for_sheet(office, answer.location)
    assert answer.status_code == 200, answer.text[:600]
    return answer


def wait_for_sheet(office, path: str):
    for _ in range(300):
        page = office.get(path)
        if page.main.find("form"):
            return office.send(path, 200, action=path)
        time.sleep(0.05)
    raise AssertionError(text_of(page))


def pins_of(answer) -> dict[str, str]:
    page = BeautifulSoup(answer.text, "html.parser")
    assert len(page.select("li.card svg.qr path")) >= len(page.select("li.card")) > 0
    return {each["data-pin"]: each.get_text() for each in page.find_all(attrs={"data-pin": True})}


def test_missing_cards_are_made_in_one_sheet_and_open_the_doors(office, app):
    office.send("/managers/households/code/H001", 200, action="/managers/households/card/H001")
    pins = pins_of(sheet_of(office, f"{HERE}/cards", f"{HERE}/cards/missing"))
    assert list(pins) == ["H002", "H009"]
    assert enter(app, "H002", secret=pins["H002"]).get("/my").h1
    assert "There is no household to make a card for." in office.refused(f"{HERE}/cards", action=f"{HERE}/cards/missing")


@pytest.fixture
def slow_sheet(office, monkeypatch):
    """`slow_sheet()`: ask for the missing cards on a machine that needs longer than a request waits; the page that tells how far."""
    monkeypatch.setattr("plantation.web.managers.jobs.PATIENCE_SECONDS", 0.0)

    def ask() -> str:
        return office.send(f"{HERE}/cards", action=f"{HERE}/cards/missing").location

    return ask


def test_many_cards_are_made_beside_the_request_on_a_page_that_looks_again(office, app, slow_sheet, monkeypatch, sqlite_database):
    gate = threading.Event()
    drawn = card_jobs.qr_svg
    monkeypatch.setattr("plantation.web.managers.card_jobs.qr_svg", lambda text: (gate.wait(20), drawn(text))[1])
    path = slow_sheet()
    page = office.get(path)
    assert page.find("meta", attrs={"http-equiv": "refresh"})["content"] == "2"
    assert "Cards made 0 of 3" in text_of(page) and page.main.find("progress")["max"] == "3"
    assert office.browser.post(path, data={"csrf_token": token_of(office.browser.get(f"{HERE}/cards"))}).status_code == 200
    with sqlite_database.read() as session:
        assert session.scalar(select(Account.id).where(Account.name == "H001")) is None
    gate.set()
    pins = pins_of(wait_for_sheet(office, path))
    assert list(pins) == ["H001", "H002", "H009"] and enter(app, "H002", secret=pins["H002"]).get("/my").h1


def test_a_card_works_until_its_new_one_is_shown_and_a_sheet_asked_for_twice_is_the_same(office, app, slow_sheet):
    first = pins_of(wait_for_sheet(office, slow_sheet()))
    answer = office.send(f"{HERE}/cards", action=f"{HERE}/cards/page?page=1", confirmed="y", all="1")
    assert enter(app, "H001", secret=first["H001"])
    second = pins_of(wait_for_sheet(office, answer.location))
    assert post_sign_in(browser_of(app), "H001", first["H001"]).status_code == 422
    assert pins_of(wait_for_sheet(office, answer.location)) == second and enter(app, "H001", secret=second["H001"])


def test_a_card_that_somebody_made_meanwhile_is_left_alone(office, app, slow_sheet):
    path = slow_sheet()
    office.send("/managers/households/code/H002", 200, action="/managers/households/card/H002")
    assert list(pins_of(wait_for_sheet(office, path))) == ["H001", "H009"]


def test_a_sheet_is_for_who_asked_for_it_and_gone_with_the_program(office, village, elsewhere, slow_sheet):
    path = slow_sheet()
    sun = enter(office.browser.application, "Sun", secret=make(office, "Sun", "manager"), collective=village.code)
    for other in (sun, elsewhere):
        page = other.get(path)
        assert page.main.find("form") is None and page.main.find(class_="notice-warn")
    assert list(pins_of(wait_for_sheet(office, path))) == ["H001", "H002", "H009"]
    jobs._jobs.clear()
    assert "nothing was written" in text_of(office.get(path))


def test_cards_that_fail_say_so_and_only_so_many_sheets_are_made_at_once(office, slow_sheet, monkeypatch):
    monkeypatch.setattr("plantation.web.managers.card_jobs.qr_svg", lambda text: 1 / 0)
    path = slow_sheet()
    for _ in range(200):
        if "fault of this program" in text_of(office.get(path)):
            break
        time.sleep(0.05)
    assert "Nothing was written" in text_of(office.get(path))
    none = jobs.JobKind("cards", 0, card_jobs.TooManySheets, card_jobs.SheetFailed)
    monkeypatch.setattr("plantation.web.managers.card_jobs.SHEETS", none)
    assert "0 sheets of cards are being made already" in office.refused(f"{HERE}/cards", action=f"{HERE}/cards/missing")


def test_new_cards_for_a_page_replace_the_ones_before_once_confirmed(office, app):
    first = pins_of(sheet_of(office, f"{HERE}/cards", f"{HERE}/cards/missing"))
    page = f"{HERE}/cards/page?page=1"
    assert "Confirm it first" in office.refused(f"{HERE}/cards", action=page)
    second = pins_of(sheet_of(office, f"{HERE}/cards", page, confirmed="y", all="1"))
    assert list(first) == list(second) == ["H001", "H002", "H009"]
    assert first != second and enter(app, "H009", secret=second["H009"])
    assert "Tick who gets a new card." in office.refused(f"{HERE}/cards", action=page, confirmed="y", all="1", listed=[])
    many = [f"H{number:03d}" for number in range(201)]
    for listed in ("", "[", "{}", "[1]", '["H777"]', "H777", "\x00", "[" * 9000, many):
        said = office.refused(f"{HERE}/cards", action=page, confirmed="y", all="1", listed=listed)
        assert "There is no household" in said, listed
    assert enter(app, "H001", secret=second["H001"])


def test_those_that_are_ticked_get_new_cards_and_nobody_else(office, app):
    first = pins_of(sheet_of(office, f"{HERE}/cards", f"{HERE}/cards/missing"))
    page = f"{HERE}/cards/page?page=1"
    assert "Tick who gets a new card." in office.refused(f"{HERE}/cards", action=page, confirmed="y", some="1")
    assert "Confirm it first" in office.refused(f"{HERE}/cards", action=page, ticked=["H001", "H009"], some="1")
    second = pins_of(sheet_of(office, f"{HERE}/cards", page, confirmed="y", ticked=["H009", "H001"], some="1"))
    assert list(second) == ["H001", "H009"] and first["H001"] != second["H001"]
    assert enter(app, "H001", secret=second["H001"]) and enter(app, "H002", secret=first["H002"])
    assert post_sign_in(browser_of(app), "H009", first["H009"]).status_code == 422
    for ticked in (["H777"], ["\x00"], [f"H{number:03d}" for number in range(201)], [""]):
        said = office.refused(f"{HERE}/cards", action=page, confirmed="y", ticked=ticked, some="1")
        assert "There is no household" in said, ticked
    assert enter(app, "H001", secret=second["H001"])
