"""What waits for a second person: it leads to where it is released, and can be withdrawn; the books' keeper is a second person too."""

from __future__ import annotations

import pytest

from plantation.domain.words import Role
from plantation.models import Price
from plantation.services.collectives import Rules, change_rules
from plantation.services.desk import Desk
from tests.web.conftest import NOON
from tests.web.managers.conftest import text_of
from tests.web.managers.test_money import settle
from tests.web.managers.test_payment_files import ACCOUNTS, BANK, CARD, FILES

SEASON, PRICES, RELEASES = "/managers/seasons/code/2025", "/managers/seasons/prices/2025", "/managers/releases"
LATER = {"grade": "A", "valid_from": "2025-10-01", "price_fen_per_kg": "6"}


@pytest.fixture
def two(harvest, village, sqlite_database):
    """From now on Zhao cannot do alone what moves money."""

    def ask() -> None:
        with sqlite_database.write() as session:
            change_rules(Desk(session, session.merge(village), "cli", NOON), Rules(four_eyes=True, posting_days=0))

    return ask


def withdraw(office, place: int = 0):
    form = office.get(RELEASES).main.find_all("form")[place]
    return office.send(RELEASES, action=form["action"]), form["action"]


def test_the_keeper_of_the_books_is_the_second_person_of_a_price_and_posts_no_other(harvest, two, somebody, counted):
    two()
    wang, posted = somebody(Role.ACCOUNTANT), counted(Price)
    assert "Post a price" not in text_of(wang.get(SEASON))
    harvest.send(SEASON, action=PRICES, **LATER)
    assert "zhao" in text_of(wang.get(RELEASES)).casefold() and wang.get(RELEASES).find("a", href=SEASON) is not None
    said = text_of(wang.get(SEASON))
    assert "Zhao prepared: A 2025-10-01 6.00." in said and "Post a limit" not in said and "Add a deduction" not in said
    assert "Nothing is prepared for “A 2025-10-01 6.10”" in wang.refused(SEASON, action=PRICES, **LATER | {"price_fen_per_kg": "6.1"})
    assert counted(Price) == posted
    wang.send(SEASON, action=PRICES, **LATER)
    assert counted(Price) == posted + 1 and "Nothing waits" in text_of(wang.get(RELEASES))


def test_what_was_prepared_wrongly_is_withdrawn_once(harvest, two):
    two()
    harvest.send(SEASON, action=PRICES, **LATER | {"price_fen_per_kg": "60"})
    answer, address = withdraw(harvest)
    assert "It is withdrawn" in text_of(harvest.follow(answer)) and "prepared" not in text_of(harvest.get(SEASON))
    harvest.send(SEASON, action=PRICES, **LATER)
    token = harvest.fields(SEASON, PRICES)["csrf_token"]
    again = harvest.browser.post(address, data={"csrf_token": token})
    assert again.status_code == 422 and "There is no release" in again.text
    assert "60.00" not in text_of(harvest.get(SEASON)) and "6.00" in text_of(harvest.get(SEASON))


def test_a_file_that_waits_leads_to_the_file_of_its_own_bank(harvest, two):
    settle(harvest)
    for bank, encoding in (("AAA", "gbk"), ("ABC", "utf-8")):
        harvest.send(BANK, code=bank, encoding=encoding)
    harvest.send(ACCOUNTS, lines=f"H001, {CARD}\nH002, 621700098765432")
    two()
    harvest.send(f"{FILES}/new?season=2025&bank=ABC")
    link = harvest.get(RELEASES).main.find("a", class_="button-primary")["href"]
    assert link == f"{FILES}/new?season=2025&bank=ABC"
    assert "1 thing waits for a second person." in text_of(harvest.get(FILES)) and harvest.get(FILES).find("a", href=RELEASES) is not None
    withdraw(harvest)
    assert "second person" not in text_of(harvest.get(FILES))
