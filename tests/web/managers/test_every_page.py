"""Every page of the office with a whole season in it, on both databases."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from plantation import create_app
from plantation.domain.words import Role
from plantation.services.collectives import Rules, change_rules
from plantation.services.desk import Desk
from plantation.services.people.accounts import create_account
from tests.cast import found_village
from tests.web.conftest import NOON, PASSWORD
from tests.web.managers.conftest import enter, line_of_purchase
from tests.web.pages import ReadingClient

MOST_QUERIES = 18  # a statement, which a household opens in as many
OF_DIFFERENCES = 17  # which a season's page counts once after something was recorded: of households and of loads of whole plots
NOUNS = {
    "advances", "buyer_payments", "buyers", "disputes", "dividends", "earnings", "exclusions", "exports", "field_work", "find", "notices", "home", "households", "imports", "land_map", "lots", "maps", "payments", "plots", "differences", "paper_lines", "payment_files", "pickers", "purchases", "rights",
    "seasons",
    "settings", "settlements", "weighings",
}  # fmt: skip
PAGES = [
    "differences?season=2025", "payments/files", "payments/accounts", "payments/banks/edit", "pickers", "pickers/new",
    "purchases/note/N1?season=2025", "settlements/statement-pdf/H001?season=2025", "", "?season=2025", "households", "households?page=2", "households/code/H001", "households/edit/H001", "households/new", "households/relatives/H001",
    "rights", "rights/new?household=H001", "rights/edit/RH001", "seasons", "seasons/code/2026", "seasons/code/2025",
    "seasons/edit/2026", "seasons/new", "plots", "plots/new", "plots/code/P1", "plots/edit/P1", "plots/exclusions/new/P1",
    "maps/plots", "maps/plot/P1", "maps/plot/P1?bare=1", "maps/household/H001", "weighings", "weighings?season=2025&search=H001",
    "weighings/new", "weighings/paper", "weighings/paper?season=2025&saved=2&first=2025-000001&last=2025-000003", "weighings/new?season=2025", "weighings/slip/2025-000001", "weighings/slip/2025-000003",
    "weighings/reverse/2025-000001", "stock", "collective", "tares", "yields", "stock?season=2025", "lots", "lots?season=2025", "lots/new?season=2025", "lots/code/L2025-0001", "lots/label/L2025-0001?size=58", "lots/open/L2025-0001", "purchases/new?lot=L2025-0001", "purchases", "purchases?season=2025", "purchases/new", "purchases/number/N1?season=2025",
    "purchases/reverse/N1?season=2025", "settlements", "settlements?season=2025", "settlements/final/2025",
    "settlements/earnings?season=2025", "settlements/earnings?season=2025&search=H", "settlements/earnings/H001?season=2025",
    "payments", "payments?season=2025", "payments/made", "payments/new?season=2025&household=H002", "payments/all/2025", "payments/sheet/2025",
    "buyers", "buyers/new", "buyers/code/B001", "buyers/edit/B001", "buyers/account/B001", "import", "export",
    "advances", "advances/all", "advances/new", "dividends", "dividends/new", "dividends/code/D-1", "dividends/notice/D-1",
    "land", "land?by=age", "land?by=owner", "land?by=variety", "land?by=nonsense", "maps/land?by=owner", "maps/land?by=yield&season=2025", "find", "find?q=H", "find?q=2025", "find?q=2025&kind=weighing", "receivables", "receivables/pay/B001", "closings", "closings/2025-09-01/2025", "closings/prices", "closings/file", "disputes", "releases", "settlements/notices/1/2025",
]  # fmt: skip


@pytest.fixture
def busy(database, village):
    """Zhao in a village that has weighed, sold, settled and paid the season 2025. The database is both in turn."""
    with database.write() as session:
        desk = Desk(session, village, "cli", NOON)
        create_account(desk, name="Zhao", role=Role.MANAGER, secret=PASSWORD, language="en")
        change_rules(desk, Rules(four_eyes=False, posting_days=0))
    app = create_app({"SECRET_KEY": "only for tests"}, database)
    app.extensions["plantation.clock"] = lambda: NOON
    app.test_client_class = ReadingClient
    zhao = enter(app, "Zhao")
    zhao.send(
        "/managers/seasons/code/2025", action="/managers/seasons/prices/2025", grade="A", valid_from="2025-08-01", price_fen_per_kg="5"
    )
    new = "/managers/weighings/new?season=2025"
    for place in ({"household": "H001"}, {"household": "H002"}, {"household": "", "plot": "P1"}):
        zhao.send(new, grade="A", weighed_at="2025-09-01T08:00", gross_grams="31", tare_grams="1", save="1", **place)
    zhao.send("/managers/purchases/new?season=2025", purchased_on="2025-09-02", number="N1", save="1", **line_of_purchase(0, "80", "5"))
    zhao.send("/managers/lots/new?season=2025", grade="A", net_grams="2")
    zhao.send("/managers/settlements?season=2025", action="/managers/settlements/post/2025")
    zhao.send("/managers/settlements/final/2025", confirmed="y")
    zhao.send("/managers/payments/new?season=2025", household="H001", amount_fen="100")
    zhao.send("/managers/advances/new", household="H001", text="gloves", amount_fen="12.5")
    zhao.send("/managers/receivables/pay/B001", amount_fen="1")
    each = {"code": "D-1", "name": "dividend", "way": "each", "amount_fen": "13"}
    looked = zhao.send("/managers/dividends/new", 200, look="1", **each)
    zhao.browser.post("/managers/dividends/new", data=fields_of(looked) | {"declare": "1"})
    return zhao


def fields_of(answer):
    """What the form on a page that was answered would send."""
    form = BeautifulSoup(answer.text, "html.parser").main.form
    boxes = [box for box in form.find_all("input") if box.get("type") not in ("checkbox", "submit")]
    boxes = [box for box in boxes if box.get("type") != "radio" or box.has_attr("checked")]
    chosen = {list_["name"]: (list_.find("option", selected=True) or list_.option)["value"] for list_ in form.find_all("select")}
    texts = {text["name"]: text.get_text() for text in form.find_all("textarea")}
    return {box["name"]: box.get("value", "") for box in boxes} | chosen | texts


@pytest.fixture
def village(collective, database):
    """The cast's village in the collective of the database under test."""
    with database.write() as session:
        found_village(session, collective)
    return collective


def test_every_page_answers_with_few_queries(busy, database):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *_: asked.append(1))
    for path in ("", "?season=2025"):
        asked.clear()
        assert "has no answer" in busy.browser.get(f"/managers/{path}").text or not path
        assert len(asked) <= MOST_QUERIES + OF_DIFFERENCES, (path, len(asked))
    for path in PAGES:
        if path.startswith("differences"):  # what it looks for is found once in a process, with six queries more
            asked.clear()
            busy.browser.get(f"/managers/{path}")
            assert len(asked) <= MOST_QUERIES + 6
        asked.clear()
        answer = busy.browser.get(f"/managers/{path}")
        assert answer.status_code == 200, (path, answer.text[:3000])
        assert len(asked) <= MOST_QUERIES, (path, len(asked))


def test_no_page_of_these_nouns_is_missing_from_the_list(make_app):
    app = make_app()
    paths = [f"/managers/{path.partition('?')[0]}" for path in PAGES]
    fetched = {app.url_map.bind("localhost").match(path, method="GET")[0] for path in paths}
    own = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and app.view_functions[rule.endpoint].__module__.removeprefix("plantation.web.managers.") in NOUNS
    }
    by_id = {
        "managers.show_payment",
        "managers.show_photo", "managers.reverse_payment", "managers.find_households", "managers.answer_dispute", "managers.answer_price_question",
        "managers.answer_objection", "managers.reverse_advance", "managers.show_dividend_line", "managers.reverse_buyer_payment",
        "managers.answer_difference", "managers.make_payment_file", "managers.show_payment_file", "managers.download_payment_file",
        "managers.show_picker", "managers.edit_picker", "managers.record_picker_day", "managers.pay_picker", "managers.reverse_picker_day",
        "managers.reverse_picker_payment", "managers.wait_for_export", "managers.download_export",
    }  # fmt: skip
    assert own - fetched == by_id
