"""Lots on the web: packed and labelled in the office, read by anybody, bought by their code."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.doors import PIN, SECRET, enter
from tests.orchard_fixtures import app, he, li, orchard, orchard_database, orchard_file, qian, unread, zhao

__all__ = ["app", "he", "li", "orchard", "orchard_database", "orchard_file", "qian", "zhao"]
CODE = "L2026-0001"


def fields_of(browser, path):
    form = BeautifulSoup(browser.get(path).text, "html5lib").select_one("main form")
    return {box["name"]: box.get("value", "") for box in form.select("input") if box.get("type") != "checkbox"}


def pack(zhao, grade="A", kg="100.5", **changes):
    path = "/managers/lots/new?season=2026"
    return zhao.post(path, data=fields_of(zhao, path) | {"grade": grade, "net_grams": kg} | changes)


def buy(browser, path="/buyers/purchases/new", **changes):
    sent = fields_of(browser, path)
    sent = {name: value for name, value in sent.items() if not name.startswith("lines-") or name.startswith("lines-0-")}
    return browser.post(path, data=sent | {"lines-0-grade": "A", "lines-0-price_fen_per_kg": "5.80", "save": "1"} | changes)


def errors(answer):
    assert answer.status_code == 422, answer.text
    return BeautifulSoup(answer.text, "html5lib").select_one(".errors").get_text(" ", strip=True)


def test_a_lot_is_packed_and_its_label_leads_anybody_to_its_plots(zhao, app):
    assert pack(zhao).location.endswith(f"/managers/lots/code/{CODE}")
    for size in ("a6", "58"):
        label = BeautifulSoup(zhao.get(f"/managers/lots/label/{CODE}?size={size}").text, "html5lib").select_one(f".label-{size}")
        assert CODE in label.text and "100.5" in label.text and label.select_one("svg.qr")
    address = label.select_one(".label-address").text
    assert address.endswith(f"/lots/aguoyi/{CODE}")
    visitor = app.test_client()
    for path in (f"/lots/aguoyi/{CODE}", f"/lots/{CODE}"):
        page = BeautifulSoup(visitor.get(path, headers={"Accept-Language": "en"}).text, "html5lib")
        assert "P1" in page.select_one(".table-box").text and page.select_one(".land-lot title").text.startswith("P1: ")
        for secret in ("H001", "钱", "孙", "2026-0000", "zhao"):
            assert secret not in page.text
    assert visitor.get("/lots", query_string={"lot": CODE}).location.endswith(f"/lots/{CODE}")


def test_a_buyer_takes_a_lot_by_its_code_and_the_note_says_where_it_was_picked(zhao, li, he):
    pack(zhao)
    assert CODE in li.get("/buyers/lots").text
    assert f'value="{CODE}"' in li.get(f"/buyers/purchases/new?lot={CODE}").text
    assert f"/buyers/purchases/new?lot={CODE}" in li.get(f"/lots/{CODE}").text
    answer = buy(li, **{"lines-0-lot": CODE})
    assert answer.status_code == 302, answer.text
    assert "100.5" in li.get(answer.location).text and "Where this lot was picked" in li.get(answer.location).text
    assert f"Lot {CODE} was sold with purchase" in errors(buy(he, **{"lines-0-lot": CODE}))
    assert CODE not in he.get("/buyers/lots").text and CODE in li.get("/buyers/lots").text
    assert answer.location.rsplit("/", 1)[1] in zhao.get("/managers/lots").text
    assert "li" not in BeautifulSoup(he.get(f"/lots/{CODE}").text, "html5lib").main.text.split()


def test_the_office_sells_a_lot_too_and_unpacks_one(zhao):
    pack(zhao)
    pack(zhao, kg="7")
    sold = buy(zhao, f"/managers/purchases/new?season=2026&lot={CODE}", buyer="B001")
    assert sold.status_code == 302, sold.text
    path = "/managers/lots/open/L2026-0002"
    assert "This is needed" in errors(zhao.post(path, data=fields_of(zhao, path) | {"reason": " "}))
    assert zhao.post(path, data=fields_of(zhao, path) | {"reason": "torn"}).status_code == 302
    assert "no longer counts" in zhao.get("/lots/L2026-0002").text
    assert "was unpacked on" in unread(zhao).get("/managers/lots/label/L2026-0002").text


@pytest.mark.parametrize(("changes", "said"), [
    ({"kg": ""}, "This is needed"), ({"kg": "0"}, "too small"), ({"kg": "-1"}, "Net in kg"), ({"kg": "9" * 30}, "Net in kg"),
    ({"kg": "100000"}, "cannot be packed"), ({"grade": "Z"}, "not one of the choices"), ({"net_kg": "1"}, "no field"),
])  # fmt: skip
def test_what_cannot_be_packed_is_said_at_its_field(zhao, changes, said):
    assert said in errors(pack(zhao, **changes))
    assert "No lot is packed yet" in zhao.get("/managers/lots").text


def test_a_line_that_is_not_the_label_is_refused(zhao, li):
    pack(zhao)
    for changes, said in [
        ({"lines-0-lot": "L2026-0009"}, "There is no lot"), ({"lines-0-lot": CODE, "lines-0-net_grams": "1"}, "is 100.5 kg of grade A"),
        ({"lines-0-lot": "x" * 80}, "At most 64"), ({"lines-0-lot": CODE, "lines-0-price_fen_per_kg": ""}, "This is needed"),
        ({"lines-0-lot": CODE, "lines-1-lot": CODE, "lines-1-grade": "A", "lines-1-price_fen_per_kg": "1"}, "two lines"),
    ]:  # fmt: skip
        assert said in errors(buy(li, **changes)), changes


@pytest.mark.parametrize("code", ["L2026-9999", "'", "<script>alert(1)</script>", "a" * 200, "aguoyi/x/y", "nobody/L2026-0001", "%00"])
def test_a_strange_code_is_a_404_that_asks_again(app, code):
    answer = unread(app.test_client()).get(f"/lots/{code}")
    assert answer.status_code == 404 and "<script>alert" not in answer.text


def test_packing_is_the_offices_and_a_household_only_reads(qian, app, zhao):
    pack(zhao)
    weigher = unread(qian)
    for path in ("/managers/lots", "/managers/lots/new", f"/managers/lots/label/{CODE}", "/buyers/lots"):
        assert weigher.get(path).status_code == 403
    assert unread(enter(app, "H001", PIN)).get(f"/lots/{CODE}").status_code == 200
    assert unread(enter(app, "b001", SECRET)).get(f"/lots/{CODE}").status_code == 200
