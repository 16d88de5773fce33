"""Two villages in one database: what is one's own is asked for with the keys and codes of the other, at every address that takes one."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import BigInteger, String, select, text
from werkzeug.routing import BuildError, IntegerConverter

from plantation.domain.words import Role
from plantation.models import Base, Collective
from plantation.services.desk import Desk
from plantation.services.money.picker_pay import pay_picker
from plantation.services.money.pickers import save_picker
from plantation.services.people.accounts import create_account
from plantation.services.people.households import load_household
from plantation.services.people.passwords import hash_secret
from plantation.services.people.relatives import give_access
from tests.conftest import NOW
from tests.doors import PIN, SECRET, borrow_app, give_accounts, token_of
from tests.orchard import grow_orchard
from tests.orchard_fixtures import app, orchard, orchard_database, orchard_file, unread

__all__ = ["app", "orchard", "orchard_database", "orchard_file"]

FAR = 7_000_000_007  # what is added to every key
CODES = {"code", "number", "slip", "picker", "name"}
TEXTS = {"text", "reason", "reference", "holder", "person", "phone", "account", "recorded_by", "held_by"}


@pytest.fixture
def other(orchard_database, orchard):
    """The same village once more, as another's: with codes that begin with ZQ."""
    return copy_village(orchard_database, orchard.id, "ZQ")


def copy_village(database, collective_id, before_codes):
    """The collective's rows as another's, whose id is returned: with other keys, with words that begin with LEAKED."""
    with database.write() as session:
        for table in Base.metadata.sorted_tables:
            is_collective = table.name == "collectives"
            copied = {column.name: _copied(column, "ZQ" if is_collective else before_codes) for column in table.columns}
            mine = f"{'id' if is_collective else 'collective_id'} = {collective_id}"
            statement = f"INSERT INTO {table.name} ({', '.join(copied)}) SELECT {', '.join(copied.values())} FROM {table.name} WHERE {mine}"
            session.execute(text(statement))
    return collective_id + FAR


def _copied(column, before_codes):
    name, is_key = column.name, column.name == "id" or any(key.column.name == "id" for key in column.foreign_keys)
    if is_key or name == "collective_id":
        return f"{name} + {FAR}" if isinstance(column.type, BigInteger) else f"'bbbbbbbb' || substr({name}, 9)"
    if name in CODES | TEXTS and isinstance(column.type, String):
        return f"CASE {name} WHEN '' THEN '' ELSE substr('{before_codes if name in CODES else 'LEAKED'}' || {name}, 1, 30) END"
    return f"'x' || substr({name}, 2)" if name == "token_hash" else name


@pytest.fixture
def busy(database, collective):
    """The orchard on either database, with accounts for all, a picker and a relative of Qian's: each one's (name, secret)."""
    grow_orchard(database, collective)
    give_accounts(database, collective)
    with database.write() as session:
        desk = Desk(session, collective, "zhao", NOW)
        save_picker(desk, code="P01", name="周三")
        pay_picker(desk, picker="P01", paid_on=desk.today, amount_fen=100)
        create_account(desk, name="P01", role=Role.PICKER, secret=PIN, language="en")
        give_access(desk, load_household(desk, "H001"), "女儿", (PIN, hash_secret(PIN)))
    # The manager last: his pages say who signed in when.
    return [("H001 1", PIN), ("H001", PIN), ("P01", PIN), ("b001", SECRET), ("zhao", SECRET)]


def pages_of(app, name, secret):
    """What somebody reads at every address without a key or a code in it, without what differs from one page to the next."""
    browser, read = unread(app.test_client()), {}
    page = browser.get("/sign-in").text
    said = {"csrf_token": token_of(page), "name": name, "secret": secret, "next": ""}
    said |= {"collective": "aguoyi"} if 'name="collective"' in page else {}
    assert browser.post("/sign-in", data=said).status_code == 302
    doors = ("managers.", "households.", "buyers.", "pickers.", "township.")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(doors) and "GET" in rule.methods and not rule.arguments and "export" not in rule.rule:
            answer = browser.get(rule.rule)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                read[rule.rule] = re.sub(r"<input[^>]*(csrf_token|once)[^>]*>", "", answer.text)
    return read


def test_what_anybody_reads_is_the_same_when_another_village_comes_in_under_the_same_codes(database, collective, busy):
    with borrow_app(database, lambda: NOW) as app:
        read = {name: pages_of(app, name, secret) for name, secret in busy}
        copy_village(database, collective.id, "")
        for name, secret in busy:
            again = pages_of(app, name, secret)
            assert again.keys() == read[name].keys()
            for path, page in again.items():
                assert "LEAKED" not in page, (name, path)
                assert page == read[name][path], (name, path)
    counted = {name: len(pages) for name, pages in read.items()}
    assert counted["zhao"] > 30 and counted["H001"] > counted["H001 1"] > 3 and counted["b001"] > 2 and counted["P01"] == 1


def rows_of(database, collective_id):
    with database.read() as session:
        return {
            table.name: session.execute(text(f"SELECT * FROM {table.name} WHERE collective_id = {collective_id} ORDER BY 1, 2")).all()
            for table in Base.metadata.sorted_tables
            if "collective_id" in table.c
        }


def keys_and_codes(rows):
    """One key and one code of each table's rows."""
    some = [(table.name, dict(row._mapping)) for table in Base.metadata.sorted_tables for row in rows.get(table.name, [])[:1]]
    keys = [row["id"] for _, row in some if isinstance(row.get("id"), int)]
    codes = [row[name] for _, row in some for name in sorted(CODES & row.keys()) if row[name]] + [
        "ZQ2026",
        "ZQ2026-000004",
        "ZQH001",
        "ZQP1-1",
    ]
    return keys, sorted({str(code) for code in codes})


@pytest.mark.parametrize(
    ("name", "secret", "door"), [("zhao", SECRET, "managers"), ("H001", PIN, "households"), ("b001", SECRET, "buyers")]
)
def test_another_villages_keys_and_codes_are_nobodys_here(app, orchard_database, other, name, secret, door):
    with orchard_database.read() as session:
        codes = sorted(session.scalars(select(Collective.code)))
    assert codes == ["ZQaguoyi", "aguoyi"]
    browser = unread(app.test_client())
    said = {"csrf_token": token_of(browser.get("/sign-in").text), "collective": "aguoyi", "name": name, "secret": secret, "next": ""}
    assert browser.post("/sign-in", data=said).status_code == 302
    before = rows_of(orchard_database, other)
    keys, codes = keys_and_codes(before)
    assert len(keys) > 15 and len(codes) > 10
    sent = {"csrf_token": token_of(browser.get("/account/password").text)}
    asked, adapter = 0, app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(f"{door}.") and rule.arguments]
    for place, rule in enumerate(rules):
        counted = {each: isinstance(rule._converters[each], IntegerConverter) for each in rule.arguments}
        for step in range(place % 5, max(len(keys), len(codes)), 5):
            given = {each: keys[step % len(keys)] if is_key else codes[step % len(codes)] for each, is_key in counted.items()}
            method = "POST" if "POST" in rule.methods else "GET"
            try:
                address = adapter.build(rule.endpoint, given, method=method)
            except BuildError:
                continue
            for each in sorted({"GET", "POST"} & rule.methods):
                answer = browser.open(address, method=each, data=sent)
                # What is made beside the requests is gone under any key but one's own, and the page says so; all else is not there.
                assert answer.status_code in (302, 400, 404, 422) or "key" in rule.arguments, (
                    address,
                    answer.status_code,
                )
                assert "LEAKED" not in answer.text, address
            asked += 1
    assert asked >= {"managers": 200, "households": 20, "buyers": 5}[door]
    assert rows_of(orchard_database, other) == before
