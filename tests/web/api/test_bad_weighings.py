"""Weighings that are none, and bodies that are no batch: refused by item or whole, each in words."""

from __future__ import annotations

import json

import pytest

from tests.web.api.conftest import count, item, results

BAD_ITEMS = {
    "a number": 7,
    "a text": "weighing",
    "null": None,
    "a list": [[]],
    "nothing": {},
    "no id": item(id=...),
    "an id that is no UUID": item(id="1; drop table weighings"),
    "an id that is a number": item(id=12),
    "no season": item(season=...),
    "an unknown season": item(season="1999"),
    "no time": item(time=...),
    "a time without offset": item(time="2026-09-01T08:30:00"),
    "a day that does not exist": item(time="2026-02-30T08:30:00+08:00"),
    "the first day of all": item(time="0001-01-01T00:00:00+14:00"),
    "the last day of all": item(time="9999-12-31T23:59:59-12:00"),
    "tomorrow's tomorrow": item(time="2026-11-27T08:30:00+08:00"),
    "a stranger": item(household="H999"),
    "a household that is a number": item(household=1),
    "a household that is a list": item(household=["H001"]),
    "quotes": item(household="H001' OR '1'='1"),
    "a path": item(plot="../../etc/passwd", household=...),
    "a NUL": item(household="H001\x00"),
    "half a character": item(household="\ud800"),
    "half a character in the id": item(id="\udfff"),
    "gross below tare": item(gross_kg="1", tare_kg="2"),
    "gross that is negative": item(gross_kg="-5"),
    "gross with an exponent": item(gross_kg="1e3"),
    "gross with four decimals": item(gross_kg="1.2345"),
    "gross of a million digits": item(gross_kg="9" * 100_000),
    "gross that is true": item(gross_kg=True),
    "gross that is an object": item(gross_kg={"kg": 5}),
    "no gross": item(gross_kg=...),
    "a price of one's own": item(price_yuan_per_kg="99"),
    "an amount of one's own": item(amount_fen=1),
    "a role": item(role="manager"),
    "a grade without price": item(grade="Z"),
    "a long code": item(grade="A" * 65),
    "a long reason": item(reason="a" * 1001),
    "a reversal of nothing": item(reverses="2026-999999", reason="mistake"),
    "a reversal without reason": item(reverses="2026-000001"),
}


@pytest.mark.parametrize("name", BAD_ITEMS)
def test_one_bad_item_spoils_no_other(sqlite_send, name):
    send, database = sqlite_send
    before, bad, after = results(send([item(), BAD_ITEMS[name], item()]))
    assert (before["status"], after["status"]) == ("created", "created")
    assert bad["status"] == "refused"
    assert bad["reason"] and bad["slip"] is None
    assert count(database) == 2


def test_texts_that_a_database_cannot_hold_are_refused_on_both(send, database):
    answers = results(send([BAD_ITEMS["a NUL"], BAD_ITEMS["half a character"], item(reason="\x00"), item(picker="\ud800")]))
    assert [result["status"] for result in answers] == ["refused"] * 4
    assert count(database) == 0


def test_a_field_that_comes_twice_is_refused_and_named(sqlite_send):
    send, database = sqlite_send
    raw = json.dumps({"weighings": [item()]}).replace('"season"', '"gross_kg": "1", "season"')
    [result] = results(send(raw=raw.encode()))
    assert result["status"] == "refused"
    assert "gross_kg" in result["reason"]
    assert count(database) == 0


DEEP = 100_000
BAD_BODIES = {
    "nothing": b"",
    "a page": b"<html>",
    "half": b'{"weighings": [',
    "a list": b"[]",
    "a number": b"7",
    "another name": b'{"weighing": []}',
    "a name more": b'{"weighings": [], "role": "manager"}',
    "a name twice": b'{"weighings": [], "weighings": []}',
    "no list": b'{"weighings": {}}',
    "null": b'{"weighings": null}',
    "NaN": b'{"weighings": [{"gross_kg": NaN}]}',
    "Infinity": b'{"weighings": [-Infinity]}',
    "GBK": '{"weighings": [{"picker": "张三"}]}'.encode("gbk"),
    "UTF-16": '{"weighings": []}'.encode("utf-16"),
    "deep lists": b'{"weighings": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_body_that_is_no_batch_is_refused_whole(sqlite_send, name):
    send, database = sqlite_send
    answer = send(raw=BAD_BODIES[name])
    assert answer.status_code == 400
    assert list(answer.get_json()) == ["error"]
    assert count(database) == 0


def test_a_number_of_many_digits_is_a_bad_item_and_no_more(sqlite_send):
    send, _ = sqlite_send
    raw = json.dumps({"weighings": [item()]}).replace('"25.300"', "9" * 10_000).encode()
    [result] = results(send(raw=raw))
    assert result["status"] == "refused"
    assert len(result["reason"]) < 300


def test_five_hundred_are_taken_and_one_more_is_not(sqlite_send):
    send, database = sqlite_send
    items = [item() for _ in range(501)]
    answer = send(items)
    assert answer.status_code == 400
    assert "500" in answer.get_json()["error"]
    assert count(database) == 0
    assert {result["status"] for result in results(send(items[:500]))} == {"created"}
    assert count(database) == 500


def test_a_body_that_is_too_large_is_refused_as_json(sqlite_send):
    send, _ = sqlite_send
    answer = send(raw=b'{"weighings": ["' + b"a" * (4 * 1024 * 1024) + b'"]}')
    assert answer.status_code == 413
    assert answer.get_json()["error"]


def test_an_empty_batch_is_answered_with_no_results(sqlite_send):
    send, _ = sqlite_send
    assert results(send([])) == []
