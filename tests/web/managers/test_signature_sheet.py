"""The signature sheet: who has signed is ticked, and one post pays exactly those, once, never more than is owed."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from plantation.models import Payment
from tests.web.managers.conftest import text_of
from tests.web.managers.test_money import settle

SHEET = "/managers/payments/sheet/2025"


@pytest.fixture
def settled(harvest):
    """Season 2025 is settled: Qian and Sun are owed."""
    settle(harvest)
    return harvest


def ticked(office, *codes, **more):
    """What the sheet's form sends with the rows of `codes` ticked."""
    form = office.get(SHEET).select_one("main form[method=post]:has([name=ticked])")
    sent = {box["name"]: box.get("value", "") for box in form.select("input") if box["name"] not in ("ticked", "listed")}
    rows = [box["value"] for box in form.select("[name=listed]")]
    return sent | {"listed": rows, "ticked": [row for row in rows if row.split(":")[1] in codes]} | more


def said(answer):
    assert answer.status_code == 422, answer.text
    return BeautifulSoup(answer.text, "html.parser").select_one("[data-errors]").get_text(" ", strip=True)


def test_the_ticked_are_paid_and_the_others_stay_on_the_sheet(settled, counted):
    before = text_of(settled.get(SHEET))
    assert "H001" in before and "H002" in before
    sent = ticked(settled, "H001", some="1")
    first = settled.browser.post(SHEET, data=sent)
    assert first.status_code == 302 and counted(Payment) == 1
    assert settled.browser.post(SHEET, data=sent).status_code == 302  # sent twice: nothing more
    assert counted(Payment) == 1
    after = text_of(settled.get(SHEET))
    assert "H001" not in after and "H002" in after


def test_all_of_the_page_are_paid_with_one_button(settled, counted):
    late = ticked(settled, all="1") | {"once": ""}
    assert settled.browser.post(SHEET, data=ticked(settled, all="1")).status_code == 302
    assert counted(Payment) == 2
    assert "Nobody is owed anything" in text_of(settled.get(SHEET))
    assert "is owed 0.00 yuan" in said(settled.browser.post(SHEET, data=late)) and counted(Payment) == 2


def test_two_sheets_with_the_same_row_pay_it_once_and_the_second_says_so(settled, counted):
    one, other = ticked(settled, "H001", some="1"), ticked(settled, "H001", "H002", some="1")
    assert settled.browser.post(SHEET, data=one).status_code == 302
    assert "Household H001 is owed 0.00 yuan" in said(settled.browser.post(SHEET, data=other))
    assert counted(Payment) == 1  # all or none: H002 is not paid by a sheet that was refused


@pytest.mark.parametrize(("changes", "says"), [
    ({"ticked": []}, "Tick who has signed"), ({"ticked": ["1:H001", "x"]}, "changed on its way"), ({"ticked": ["99999999:H001"]}, "is owed"),
    ({"ticked": ["0:H001"]}, "above 0"), ({"ticked": ["5:H404"]}, "H404"), ({"ticked": ["-5:H001"]}, "changed on its way"),
    ({"ticked": ["١:H001"]}, "changed on its way"), ({"paid_on": "2099-01-01"}, "future"), ({"paid_on": ""}, "needed"), ({"fen": "1"}, "no field"),
])  # fmt: skip
def test_what_cannot_be_paid_is_refused_and_nothing_is_written(settled, counted, changes, says):
    assert says in said(settled.browser.post(SHEET, data=ticked(settled, "H001", some="1") | changes))
    assert counted(Payment) == 0
