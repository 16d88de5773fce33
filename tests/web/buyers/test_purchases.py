"""A buyer's pages: what is in stock, their own purchases, and nobody's household."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from plantation.models import JournalEntry, Purchase, PurchaseLine, WeighingShare
from plantation.services.desk import Desk
from plantation.services.fruit.purchases import load_purchase, reverse_purchase
from tests.conftest import NOW
from tests.doors import token_of
from tests.orchard_fixtures import unread

NEW = "/buyers/purchases/new"


def field(page: str, name: str) -> str:
    return BeautifulSoup(page, "html5lib").find(attrs={"name": name})["value"]


def fill_in(browser, **changes):
    """The form as the page gives it, with one line of 10 kg of A at 5.60."""
    page = browser.get(NEW).text
    sent = {
        "csrf_token": token_of(page),
        "once": field(page, "once"),
        "season": field(page, "season"),
        "purchased_on": "2026-11-24",
        "lines-0-grade": "A",
        "lines-0-net_grams": "10",
        "lines-0-price_fen_per_kg": "5.60",
        "save": "1",
        **changes,
    }
    return {name: value for name, value in sent.items() if value is not None}


def count(database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Purchase))


def errors(answer) -> str:
    assert answer.status_code == 422, answer.text
    return BeautifulSoup(answer.text, "html5lib").select_one(".errors").get_text(" ", strip=True)


def routes(app):
    return [(rule, sorted(rule.arguments)) for rule in app.url_map.iter_rules() if rule.endpoint.startswith("buyers.")]


def address_of(app, rule, names, season="2026", number="P00001"):
    given = {"season": season, "number": number}
    return app.url_map.bind("localhost").build(rule.endpoint, {name: given[name] for name in names})


def test_a_purchase_of_several_lines_is_recorded_with_its_note(li, orchard_database):
    sent = fill_in(li, **{"lines-1-grade": "B", "lines-1-net_grams": "2.5", "lines-1-price_fen_per_kg": "3"})
    answer = li.post(NEW, data=sent)
    assert answer.status_code == 302, answer.text
    page = li.get(answer.location).text
    assert "¥\u00a063.50" in page and "Where this lot was picked" in page
    with orchard_database.read() as session:
        lines = session.execute(
            select(PurchaseLine.grade, PurchaseLine.net_grams, PurchaseLine.amount_fen, PurchaseLine.source_household_id)
            .order_by(PurchaseLine.entry.desc(), PurchaseLine.line)
            .limit(2)
        ).all()
        entry = session.scalar(select(JournalEntry).order_by(JournalEntry.sequence.desc()).limit(1))
    assert [tuple(line) for line in lines] == [("A", 10_000, 5_600, None), ("B", 2_500, 750, None)]
    assert (entry.kind, entry.actor) == ("purchase", "b001")


def test_the_manager_sees_it_at_once(li, zhao):
    location = li.post(NEW, data=fill_in(li)).location
    number = location.rsplit("/", 1)[1]
    assert number in zhao.get("/managers/purchases").text


def test_a_form_sent_twice_is_one_purchase(li, orchard_database):
    sent, before = fill_in(li), count(orchard_database)
    first, second = li.post(NEW, data=sent), li.post(NEW, data=sent)
    assert first.location == second.location
    assert count(orchard_database) == before + 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lines-0-net_grams": ""}, "Net in kg: This is needed."),
        ({"lines-0-net_grams": "0"}, "more than 0 kg"),
        ({"lines-0-net_grams": "-5"}, "Net in kg"),
        ({"lines-0-net_grams": "1e3"}, "Net in kg"),
        ({"lines-0-net_grams": "9" * 40}, "Net in kg"),
        ({"lines-0-net_grams": "NaN"}, "Net in kg"),
        ({"lines-0-price_fen_per_kg": "5.601"}, "Agreed yuan per kg"),
        ({"lines-0-price_fen_per_kg": None}, "Agreed yuan per kg: This is needed."),
        ({"lines-0-grade": "Z"}, "Grade"),
        ({"lines-0-grade": "<script>"}, "Grade"),
        ({"lines-0-net_grams": None, "lines-0-price_fen_per_kg": None}, "at least one line"),
        ({"purchased_on": "24.11.2026"}, "Date"),
        ({"purchased_on": "2026-12-24"}, "future"),
        ({"purchased_on": ""}, "Date: This is needed."),
        ({"season": "2025"}, "Another season has begun"),
        ({"lines-0-source": "H002"}, "no field"),
        ({"lines-0-amount_fen": "1"}, "no field"),
        ({"buyer": "B002"}, "no field"),
        ({"number": "P00001"}, "no field"),
        ({"lines-0-net_grams": "5000"}, "2,173.176"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_written(li, orchard_database, changes, said):
    before = count(orchard_database)
    assert said in errors(li.post(NEW, data=fill_in(li, **changes)))
    assert count(orchard_database) == before


def test_what_was_typed_is_still_there_after_a_refusal(li):
    page = BeautifulSoup(li.post(NEW, data=fill_in(li, **{"lines-0-net_grams": "x<y>"})).text, "html5lib")
    assert page.find(attrs={"name": "lines-0-net_grams"})["value"] == "x<y>"
    assert page.find(attrs={"name": "lines-0-price_fen_per_kg"})["value"] == "5.60"


def test_a_line_more_needs_no_javascript(li, orchard_database):
    before = count(orchard_database)
    page = li.post(NEW, data=fill_in(li, save=None, add_line="1"))
    assert page.status_code == 200
    assert 'name="lines-1-net_grams"' in page.text and 'value="10"' in page.text
    assert count(orchard_database) == before


def test_a_form_without_its_token_is_refused(li, orchard_database):
    before = count(orchard_database)
    assert li.post(NEW, data=fill_in(li, csrf_token=None)).status_code == 400
    assert li.post(NEW, data=fill_in(li, csrf_token="forged")).status_code == 400
    assert count(orchard_database) == before


def test_thousands_of_lines_are_no_fault(li, orchard_database):
    before = count(orchard_database)
    sent = fill_in(li) | {f"lines-{n}-net_grams": "1" for n in range(1, 900)}
    assert li.post(NEW, data=sent).status_code in (400, 413, 422)
    assert count(orchard_database) == before


def test_a_buyer_never_sees_what_another_bought(app, li, he):
    li, he = unread(li), unread(he)
    for season, number in (("2026", "P00001"), ("2025", "P00001"), ("2026", "P00003")):
        for rule, names in routes(app):
            if not names:
                continue
            address = address_of(app, rule, names, season, number)
            assert li.get(address).status_code == 200, address
            assert he.get(address).status_code == 404, address
    assert "P00001" not in he.get("/buyers/purchases").text and "P00002" in he.get("/buyers/purchases").text
    assert "李氏果汁厂" not in he.get("/buyers").text


def test_every_stored_id_of_the_village_is_a_404_for_a_buyer(app, li, orchard_database):
    with orchard_database.read() as session:
        ids = [str(each) for each in session.scalars(select(PurchaseLine.id))]
        ids += [str(each) for each in session.scalars(select(Purchase.id))]
        ids += [str(each) for each in session.scalars(select(WeighingShare.id))][:10]
    li = unread(li)
    for rule, names in routes(app):
        if names:
            for each in [*ids, "H001", "2026-000001", "P1-1"]:
                assert li.get(address_of(app, rule, names, "2026", each)).status_code == 404


def test_no_page_and_no_file_names_a_household_or_its_earnings(li, he):
    he_bought_from_sun = he.get("/buyers/purchases/2025/P00004").text
    assert "from a household directly" in he_bought_from_sun
    for browser, addresses in (
        (li, ["/buyers", "/buyers/purchases", NEW, "/buyers/purchases/2026/P00001", "/buyers/origin/2026/P00001"]),
        (he, ["/buyers/purchases/2025/P00004", "/buyers/origin/2025/P00004"]),
    ):
        for address in addresses:
            text = browser.get(address).text
            for secret in ("H001", "H002", "H003", "H009", "钱", "孙", "吴", "周", "2026-0000", "2025-0000", "139"):
                assert secret not in text, (address, secret)


def test_the_proof_of_origin_sums_to_the_lot(he):
    data = json.loads(he.get("/buyers/origin/2026/P00002").data)
    assert {line["grade"]: line["net_kg"] for line in data["lines"]} == {"A": "250.500", "B": "90.000"}
    grams = {"A": 0, "B": 0}
    for line in data["origin"]:
        grams[line["grade"]] += int(line["net_kg"].replace(".", ""))
        assert line["plot"] == "P1" and line["weighed_on"] <= data["date"]
    assert grams == {"A": 250_500, "B": 90_000} and data["untraced_kg"] == "0.000"


def test_a_purchase_that_was_taken_back_says_so(li, orchard, orchard_database):
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        back = reverse_purchase(desk, "2026", "P00001", reason="paid twice")
        assert load_purchase(desk, "2026", back.number).net_grams == -400_000
    page = li.get("/buyers/purchases/2026/P00001").text
    assert "paid twice" in page and "Where this lot was picked" not in page
    assert li.get(f"/buyers/purchases/2026/{back.number}").status_code == 200
    assert "¥\u00a0685.43" in BeautifulSoup(li.get("/buyers/purchases").text, "html5lib").select_one(".figure-cards").text


def test_other_roles_and_strangers_are_refused_on_every_route(app, zhao, qian):
    visitor = app.test_client()
    for rule, names in routes(app):
        address = address_of(app, rule, names)
        assert zhao.get(address).status_code == 403, address
        assert qian.get(address).status_code == 403, address
        assert visitor.get(address).status_code == 302, address


def test_only_the_form_can_be_sent(app, li):
    li = unread(li)
    for rule, names in routes(app):
        address = address_of(app, rule, names)
        for method in ("PUT", "DELETE", "PATCH", *(("POST",) if "POST" not in rule.methods else ())):
            assert li.open(address, method=method).status_code in (400, 405), (method, address)


@pytest.mark.parametrize("strange", ["'", '"', "%00", "..", "../..", "<script>alert(1)</script>", "a" * 5000, "-1", str(10**30)])
def test_a_strange_id_is_a_404(li, strange):
    for path in (f"/buyers/purchases/2026/{strange}", f"/buyers/purchases/{strange}/P00001", f"/buyers/origin/2026/{strange}"):
        answer = unread(li).get(path)
        assert answer.status_code in (404, 308, 405), path
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("number", ["0", "-1", "abc", str(10**30), "%00", "１"])
def test_a_strange_page_number_shows_a_page_that_is_there(li, number):
    assert li.get(f"/buyers/purchases?page={number}").status_code == 200


def test_names_with_signs_are_shown_as_text(he):
    assert "何 &amp; Söhne" in he.get("/buyers").text
    assert "河湾 &lt;b&gt;1&lt;/b&gt;" in he.get("/buyers/purchases/2026/P00002").text
    assert re.search(r"<b>1</b>", he.get("/buyers/purchases/2026/P00002").text) is None
