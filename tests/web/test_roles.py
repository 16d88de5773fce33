"""Who may do what: the whole matrix of roles and routes, and no page that shows a way its reader may not go."""

from __future__ import annotations

from urllib.parse import urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup
from werkzeug.exceptions import HTTPException

from plantation.domain.words import Role
from plantation.services.desk import Desk
from plantation.services.people.accounts import create_account
from plantation.services.people.households import load_household
from plantation.services.people.passwords import hash_secret
from plantation.services.people.relatives import give_access
from plantation.web.guard import PUBLIC, admitted
from tests.conftest import NOW
from tests.doors import PIN, SECRET, enter
from tests.orchard_fixtures import app, orchard, orchard_database, orchard_file, unread

__all__ = ["app", "orchard", "orchard_database", "orchard_file"]

# What the two smaller roles of the office may reach; everything else there is the managers' alone.
OWN = {"public.show_own_account", "public.change_own_secret", "public.turn_on_factor", "public.turn_off_factor",
       "public.end_other_sign_ins", "public.end_own_sign_in"}  # fmt: skip
WEIGHER = OWN | {
    "find_anything",
    "list_weighings", "new_weighing", "enter_paper", "show_weighing", "show_photo", "reverse_weighing", "find_households", "list_seasons", "show_season",
    "list_closings", "show_day", "read_phone_file",
}  # fmt: skip
ACCOUNTANT = WEIGHER - {"new_weighing", "enter_paper", "reverse_weighing", "read_phone_file"} | {
    "home", "list_households", "show_household", "map_household", "list_price_questions", "list_disputes", "answer_dispute", "list_differences", "answer_difference",
    "list_purchases", "show_stock", "list_lots", "new_lot", "show_lot", "print_label", "open_lot", "new_purchase", "show_purchase", "reverse_purchase",
    "list_buyers", "show_buyer", "new_buyer", "edit_buyer", "list_receivables", "new_buyer_payment", "reverse_buyer_payment",
    "show_settlement", "settle_season", "list_earnings", "explain_earnings", "print_statement", "print_purchase", "show_notice", "log_objection", "answer_objection",
    "list_releases", "withdraw_release", "add_price", "list_payments", "list_made_payments", "show_payment", "new_payment", "pay_all", "reverse_payment",
    "print_signature_sheet", "list_payment_files", "make_payment_file", "show_payment_file", "download_payment_file", "edit_bank", "name_accounts",
    "list_advances", "list_all_advances", "new_advance", "reverse_advance",
    "list_pickers", "new_picker", "edit_picker", "show_picker", "record_picker_day", "pay_picker", "reverse_picker_day", "reverse_picker_payment",
    "list_dividends", "new_dividend", "show_dividend", "pay_dividend", "print_dividend", "show_dividend_line",
}  # fmt: skip
SECRETS = {"zhao": SECRET, "wang": SECRET, "chen": SECRET, "H001": PIN, "H001 1": PIN, "b001": SECRET}
ROLES = {
    "zhao": Role.MANAGER,
    "wang": Role.ACCOUNTANT,
    "chen": Role.WEIGHER,
    "H001": Role.HOUSEHOLD,
    "H001 1": Role.RELATIVE,
    "b001": Role.BUYER,
}
# A relative reads what the household reads.
RELATIVE = {
    "home", "show_season", "list_slips", "show_slip", "show_photo", "show_statement", "print_statement", "show_land", "show_notice", "show_data", "data_as_json", "data_as_csv", "show_parcel",
}  # fmt: skip


@pytest.fixture
def people(orchard_database, orchard):
    """Wang keeps the books, Chen weighs; the daughter of H001 reads."""
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        for name, role in (("wang", Role.ACCOUNTANT), ("chen", Role.WEIGHER)):
            create_account(desk, name=name, role=role, secret=SECRET, language="en")
        give_access(desk, load_household(desk, "H001"), "his daughter", (PIN, hash_secret(PIN)))


def test_the_matrix_of_roles_and_routes_is_the_one_we_decided(app):
    found: dict[str, set[str]] = {Role.WEIGHER: set(), Role.ACCOUNTANT: set(), Role.RELATIVE: set()}
    for endpoint in app.view_functions:
        for role in found:
            if endpoint not in PUBLIC and role in admitted(app, endpoint):
                found[role].add(endpoint.removeprefix("managers.").removeprefix("households."))
    assert found[Role.WEIGHER] == WEIGHER
    assert found[Role.ACCOUNTANT] == ACCOUNTANT
    assert found[Role.RELATIVE] == RELATIVE


def test_what_is_not_a_roles_answers_403_to_it_on_every_route_and_method(app, people):
    browsers = {name: unread(enter(app, name, secret)) for name, secret in SECRETS.items()}
    refused = 0
    for rule in app.url_map.iter_rules():
        admits = admitted(app, rule.endpoint)
        if rule.endpoint in PUBLIC or admits == {"device"}:
            continue
        values = {name: 1 if hasattr(rule._converters[name], "num_convert") else "X1" for name in rule.arguments}
        address = app.url_map.bind("localhost").build(rule.endpoint, values)
        for name, browser in browsers.items():
            if ROLES[name] in admits:
                continue
            for method in rule.methods & {"GET", "POST"}:
                status = browser.open(address, method=method).status_code
                # A form without its token is refused before anybody asks whose it is.
                assert status == 403 or (method == "POST" and status == 400), (name, method, address, status)
                refused += 1
    assert refused > 300


@pytest.mark.parametrize("name", SECRETS)
def test_every_link_and_form_on_the_way_is_one_that_its_reader_may_follow(app, people, name):
    browser = unread(enter(app, name, SECRETS[name]))
    adapter = app.url_map.bind("localhost")
    role = ROLES[name]
    waiting, visits, met, closed = [browser.get("/arrive").location], {}, set(), []
    while waiting:
        address = waiting.pop(0)
        answer = browser.get(address)
        assert answer.status_code in (200, 302, 303), (address, answer.status_code)
        if "html" not in (answer.content_type or ""):
            continue
        page = BeautifulSoup(answer.text, "html.parser")
        ways = [(link["href"], "GET") for link in page.select("a[href]")]
        ways += [(form.get("action") or address, form.get("method", "get").upper()) for form in page.select("form")]
        for way, method in ways:
            way = urldefrag(way)[0] or address
            if urlsplit(way).netloc or way in met:
                continue
            met.add(way)
            try:
                endpoint, _ = adapter.match(urlsplit(way).path, method=method)
            except HTTPException as error:
                raise AssertionError((address, method, way)) from error
            admits = admitted(app, endpoint)
            if admits and role not in admits:
                closed.append((address, method, way))
            elif method == "GET" and visits.setdefault(endpoint, 0) < 2 and endpoint != "static":
                visits[endpoint] += 1
                waiting.append(way)
    assert closed == [], "\n".join(map(str, closed))
    assert len(visits) >= 6
