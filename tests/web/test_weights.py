"""Kilograms or jin: what a reader chose, where it holds and where it does not."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.doors import PIN, SECRET, enter, token_of
from tests.orchard_fixtures import app, orchard, orchard_database, orchard_file

__all__ = ["app", "orchard", "orchard_database", "orchard_file"]


def choose(browser, unit, back="/"):
    return browser.post("/weights", data={"csrf_token": token_of(browser.get("/verify").text), "unit": unit, "next": back})


def shown(browser, address="/my"):
    return BeautifulSoup(browser.get(address).text, "html5lib").main.text.replace("\u00a0", " ")


@pytest.fixture
def qian(app):
    browser = enter(app, "H001", PIN)
    choose(browser, "kg")
    return browser


def test_jin_is_twice_the_kilograms_and_stays_with_the_household(app, qian):
    def delivered(browser):
        page = BeautifulSoup(browser.get("/my/slips/2026-000001").text, "html5lib")
        figure, unit = page.select_one(".paper-weight").text.split("\u00a0")
        return float(figure.replace(",", "")), unit

    in_kg = delivered(qian)
    assert choose(qian, "jin", "/my").location == "/my"
    assert (in_kg[1], delivered(qian)) == ("kg", (in_kg[0] * 2, "jin"))
    assert " jin" in shown(enter(app, "H001", PIN)) and " kg" not in shown(qian)
    choose(qian, "kg")
    assert " jin" not in shown(qian)


def test_a_household_counts_its_own_choice_alone(app, qian):
    other = enter(app, "H002", PIN)
    choose(qian, "jin")
    assert " jin" not in shown(other)
    choose(qian, "kg")


def test_prices_and_sums_by_the_kilogram_stay_what_they_are(qian):
    before = [line.text for line in BeautifulSoup(qian.get("/my/statement/2025").text, "html5lib").select("li.sum")]
    choose(qian, "jin")
    assert before and [line.text for line in BeautifulSoup(qian.get("/my/statement/2025").text, "html5lib").select("li.sum")] == before
    choose(qian, "kg")


@pytest.mark.parametrize("unit", ["", "lb", "KG", "kg\x00", "斤"])
def test_a_unit_that_is_not_there_is_refused(app, unit):
    assert choose(app.test_client(), unit).status_code == 400


def test_the_office_and_buyers_are_offered_no_other_unit(app):
    for name in ("zhao", "b001"):
        assert 'action="/weights"' not in enter(app, name, SECRET).get("/verify").text
    assert 'action="/weights"' in app.test_client().get("/verify").text


def test_no_other_site_is_the_way_back(app):
    assert choose(app.test_client(), "jin", "https://elsewhere.example/").location == "/"


def test_the_unit_is_named_as_a_unit(app):
    page = BeautifulSoup(app.test_client().get("/verify", headers={"Accept-Language": "zh"}).text, "html5lib")
    assert [each.text for each in page.select('form[action="/weights"] button')] == ["公斤", "斤"]
