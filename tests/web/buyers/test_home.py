"""A buyer's first page: what is in stock and what is owed, as bars with their figures."""

import pytest
from bs4 import BeautifulSoup


def test_stock_is_what_was_weighed_less_what_was_sold(li):
    page = BeautifulSoup(li.get("/buyers").text, "html5lib")
    row = page.select_one(".bar-row")
    said = [part.get_text(" ", strip=True).replace("\u00a0", " ") for part in row.select("span, .bar-note")]
    assert said == ["Grade A", "1,402.426 kg", "770.75 kg of 2,173.176 kg are sold"]
    lengths = [float(rect["width"]) for rect in row.select("rect")[1:]]
    assert lengths == [pytest.approx(354.7, abs=0.1), pytest.approx(645.3, abs=0.1)]


def test_what_is_owed_stands_on_the_first_page_as_on_the_account(li):
    here, account = (BeautifulSoup(li.get(path).text, "html5lib") for path in ("/buyers", "/buyers/account"))
    open_card = account.find(string="Open").find_parent(class_="figure-card")
    assert here.select_one(".owed-value").text == open_card.select_one(".figure-value").text
    assert here.select_one(".owed a")["href"] == "/buyers/account"
