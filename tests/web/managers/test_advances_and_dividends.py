"""The office gives advances, declares and pays dividends, and takes buyers' payments; households read all of it."""

from __future__ import annotations

from bs4 import BeautifulSoup

from tests.web.managers.conftest import line_of_purchase
from tests.web.managers.test_every_page import fields_of


def text_of(page) -> str:
    return " ".join(page.main.get_text(" ", strip=True).split())


def refusals(answer) -> str:
    return " ".join(BeautifulSoup(answer.text, "html.parser").find(attrs={"data-errors": True}).get_text(" ", strip=True).split())


def test_an_advance_is_given_shown_and_taken_back(office):
    new = "/managers/advances/new"
    assert "too small" in office.refused(new, household="H001", text="gloves", amount_fen="0")
    assert "Household: There is no household" in office.refused(new, household="nobody", text="gloves", amount_fen="5")
    assert "What it was for: This is needed." in office.refused(new, household="H001", text=" ", amount_fen="5")
    assert "2027" in office.refused(new, household="H001", text="gloves", amount_fen="5", given_on="2027-01-01")
    office.send(new, household="H001", text="<b>gloves</b>", amount_fen="12.50")
    shown = office.get("/managers/advances/all")
    assert "<b>gloves</b>" in text_of(shown) and "12.50" in text_of(shown)
    address = next(a["href"] for a in shown.main.find_all("a") if "/reverse/" in a["href"])
    assert "This is needed" in office.refused(address, reason="")
    office.send(address, reason="brought back")
    assert "taken back before" in office.refused(address, reason="again")
    after = office.get("/managers/advances/all")
    assert "12.50 taken back" in text_of(after) and after.main.find("a", href=address) is None
    assert "0.00" in text_of(office.get("/managers/advances"))


def test_a_dividend_is_worked_out_declared_and_paid_once(office):
    new = "/managers/dividends/new"
    given = {
        "code": "L-2026",
        "name": "Livestock cooperative",
        "source": "Livestock cooperative",
        "way": "each",
        "amount_fen": "1300",
        "households": "H001, H002\nH001",
        "look": "1",
    }
    looked = office.send(new, 200, **given)
    assert "What everybody gets: ¥ 2,600.00" in text_of(BeautifulSoup(looked.text, "html.parser")).replace("\u00a0", " ").replace(
        "\u2066", ""
    ).replace("\u2069", "")
    tampered = office.browser.post(new, data=fields_of(looked) | {"declare": "1", "digest": "0" * 64})
    assert tampered.status_code == 422 and "have moved" in refusals(tampered)
    declared = office.browser.post(new, data=fields_of(looked) | {"declare": "1"})
    assert declared.status_code == 302
    again = office.browser.post(new, data=fields_of(looked) | {"declare": "1"})
    assert again.status_code == 422 and "already" in refusals(again)
    page = "/managers/dividends/code/L-2026"
    assert "2,600.00" in text_of(office.get(page))
    office.send(page, action="/managers/dividends/pay/L-2026", method="cash")
    token = fields_of(office.browser.get("/managers/advances/new"))["csrf_token"]
    twice = office.browser.post("/managers/dividends/pay/L-2026", data={"csrf_token": token, "paid_on": "2026-11-24", "method": "cash"})
    assert twice.status_code == 422 and "Nothing of dividend L-2026 is open" in refusals(twice)
    line = next(a["href"] for a in office.get(page).main.find_all("a") if "/dividends/line/" in a["href"])
    assert "This is needed" in office.refused(line, reason=" ")
    for nothing in ("0" * 5_000, "9" * 19, "-1", "x"):
        assert "There is no payment “0”" in office.refused(line, reason="bounced", payment=nothing)
    once = office.fields(line) | {"reason": "bounced: account closed"}
    assert office.browser.post(line, data=once).status_code == 302
    again = office.browser.post(line, data=once)  # no form any more, and still it says why
    assert again.status_code == 422 and "taken back before" in refusals(again)
    assert "bounced: account closed" in text_of(office.get(line)) and "1,300.00" in text_of(office.get(page))
    assert office.get(line).main.find("form") is None
    office.send(page, action="/managers/dividends/pay/L-2026", method="cash")
    assert office.browser.get("/managers/dividends/line/7/L-2026").status_code == 404
    notice = office.get("/managers/dividends/notice/L-2026")
    assert "*" in text_of(notice)


def test_what_cannot_be_a_dividend_is_said_at_its_field(office):
    new = "/managers/dividends/new"
    base = {"code": "D", "name": "D", "way": "total", "amount_fen": "100", "look": "1"}
    assert "100" in office.refused(new, **base, household="50")
    assert "H404" in office.refused(new, **{**base, "household": "100", "households": "H404"})
    assert "Season" in office.refused(new, **base, kg="100")
    assert "60" in office.refused(new, **base, kg="50", member="50", season="2026", is_patronage="y")
    assert "too small" in office.refused(new, **{**base, "amount_fen": "0"}, household="100")


def test_a_buyer_pays_what_it_owes_and_not_more(office):
    office.send(
        "/managers/seasons/code/2025", action="/managers/seasons/prices/2025", grade="A", valid_from="2025-08-01", price_fen_per_kg="5"
    )
    office.send(
        "/managers/weighings/new?season=2025",
        grade="A",
        household="H001",
        weighed_at="2025-09-01T08:00",
        gross_grams="41",
        tare_grams="1",
        save="1",
    )
    office.send("/managers/purchases/new?season=2025", purchased_on="2025-09-02", number="N1", save="1", **line_of_purchase(0, "20", "5"))
    pay = "/managers/receivables/pay/B001"
    assert "owes 100.00 yuan; 100.01" in office.refused(pay, amount_fen="100.01")
    office.send(pay, amount_fen="40", reference="0017")
    shown = text_of(office.get("/managers/buyers/code/B001"))
    assert "0017" in shown and "60.00" in shown and "overdue" in shown
    address = next(
        a["href"]
        for a in office.get("/managers/buyers/code/B001").main.find_all("a")
        if "/reverse/" in a["href"] and "receivables" in a["href"]
    )
    office.send(address, reason="bounced")
    assert "100.00" in text_of(office.get("/managers/receivables"))
