"""Addresses that name nothing: a number that no key can be is a page that does not exist, not a fault."""

from __future__ import annotations

import pytest
from werkzeug.routing import PathConverter, UnicodeConverter

from tests.conftest import NOW
from tests.doors import SECRET, borrow_app, enter, give_accounts, token_of
from tests.orchard_fixtures import app, orchard, orchard_database, orchard_file, unread, zhao

__all__ = ["app", "orchard", "orchard_database", "orchard_file", "zhao"]

HUGE = (2**63, 10**25)
NO_CODES = ("a%00b", "%E2%80%AEb", "x" * 300)


def numbered(app):
    """Every route with a number in its address, the other parts filled with a code that is nobody's."""
    for rule in app.url_map.iter_rules():
        whole = {name for name, converter in rule._converters.items() if hasattr(converter, "num_convert")}
        if whole:
            for number in HUGE:
                yield rule, {name: number if name in whole else "nobody" for name in rule.arguments}


def test_a_number_that_no_key_can_be_is_no_page(app, zhao):
    tried = 0
    for rule, values in numbered(app):
        path = "".join(str(values[part]) if is_value else part for is_value, part in rule._trace if part != "|")
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert zhao.open(path, method=method).status_code in (404, 405), (method, path)
            tried += 1
    assert tried > 10


def test_a_text_that_no_code_can_be_is_no_page_on_either_database(database, collective):
    """SQLite finds nothing under a NUL; PostgreSQL takes none at all."""
    give_accounts(database, collective)
    with borrow_app(database, lambda: NOW) as app:
        browser, tried = unread(enter(app, "zhao", SECRET)), 0
        for rule in app.url_map.iter_rules():
            named = {name for name, converter in rule._converters.items() if isinstance(converter, UnicodeConverter | PathConverter)}
            for text in NO_CODES if named and rule.endpoint != "static" else ():
                path = "".join((text if part in named else "7") if is_value else part for is_value, part in rule._trace if part != "|")
                for method in rule.methods - {"HEAD", "OPTIONS"}:
                    assert browser.open(path, method=method).status_code in (404, 405), (method, path)
                    tried += 1
    assert tried > 300


def test_a_zero_byte_in_a_question_or_a_form_is_said_to_be_wrong_on_either_database(database, collective):
    give_accounts(database, collective)
    with borrow_app(database, lambda: NOW) as app:
        browser = unread(enter(app, "zhao", SECRET))
        for page in (
            "",
            "settlements",
            "settlements/earnings",
            "weighings",
            "purchases",
            "stock",
            "lots",
            "differences",
            "land",
            "payments",
        ):
            answer = browser.get(f"/managers/{page}?season=a%00b")
            assert answer.status_code in (200, 302, 404, 422), page
        token = token_of(browser.get("/managers/households/new").text)
        household = {"code": "H\x001", "name": "钱", "members": "4"}
        assert browser.post("/managers/households/new", data={"csrf_token": token, **household}).status_code == 422


@pytest.mark.parametrize("number", [0, 7, 2**63 - 1])
def test_a_number_that_a_key_can_be_is_looked_for(zhao, number):
    answer = zhao.get(f"/managers/payments/id/{number}")
    assert answer.status_code == 404
    assert str(number) in answer.text
