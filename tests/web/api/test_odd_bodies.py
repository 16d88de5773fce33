"""Bodies that no device of ours sends, to every address that takes one: a refusal with its reason, never a fault, nothing written."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from plantation.services.people import devices
from tests.doors import open_app

RIGHT = {
    "/api/v1/weighings": {"weighings": []},
    "/api/v1/slip-leases": {"season": "2026", "count": 5, "request": "r1"},
    "/api/v1/device-state": {"clock": "2026-11-24T10:00:00+08:00", "waiting": 1, "waiting_kg": "2", "waiting_since": None, "held_by": "Qian"},
    "/api/v1/closings": {"id": "c1", "season": "2026", "day": "2026-09-01", "slips": [
        {"id": "i1", "slip": "S1", "household": "H001", "grade": "A", "net_kg": "2"}]},
    "/api/v1/photos": {},
}  # fmt: skip
VALUES = [
    "null", "true", "-1", "0", "1e999", "NaN", "-Infinity", "1" + "0" * 18, "1" + "0" * 40, "1" * 5000, "1.5", '""', '"\\u0000"', '"\\ud800"',
    '"９"', '"2026-13-45"', '"9999-12-31T23:59:59-12:00"', '"1e9"', '"-5"', '"' + "9" * 40 + '"', '"' + "x" * 3000 + '"', "[]", "{}", "[[1]]",
]  # fmt: skip
BODIES = [
    b"", b"\x00", b"\xff\xfe", b"null", b"7", b'"x"', b"[]", b"{}", b"{", b"[" * 3000, b'{"a":' * 3000, b"\xef\xbb\xbf{}", b"{'a': 1}", b"a=1&b=2",
    b'{"weighings": [1e999, NaN, {}, [], null]}', b'{"weighings": [' + b"[" * 1500 + b"]" * 1500 + b"]}",
]  # fmt: skip


@pytest.fixture
def call(database, village, desk):
    with desk() as zhao:
        token = devices.create_device_token(zhao, "scale 1")
    browser = open_app(database).test_client()

    def send(address, body):
        return browser.post(address, data=body, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})

    return send


def written(database):
    with database.read() as session:
        return session.execute(text("SELECT count(*) FROM journal")).scalar_one()


def bodies(right):
    """`right` with each value spoilt in turn, and with a field too many, one too few and one twice."""
    for name in right:
        for value in VALUES:
            yield (
                "{" + ", ".join(f'"{each}": {value if each == name else json.dumps(given)}' for each, given in right.items()) + "}"
            ).encode()
        yield json.dumps({each: given for each, given in right.items() if each != name}).encode()
        yield (json.dumps(right)[:-1] + f', "{name}": "other"}}').encode()
    if "slips" in right:
        for name in right["slips"][0]:
            for value in VALUES:
                line = ", ".join(f'"{each}": {value if each == name else json.dumps(given)}' for each, given in right["slips"][0].items())
                yield json.dumps({**right, "slips": 0}).replace('"slips": 0', '"slips": [{' + line + "}]").encode()
    yield json.dumps({**right, "is_admin": True}).encode()


@pytest.mark.parametrize("address", RIGHT)
def test_an_odd_body_is_refused_with_its_reason(call, database, address):
    tried = 0
    for body in [*BODIES, *bodies(RIGHT[address])]:
        before = written(database)
        answer = call(address, body)
        assert answer.status_code < 500, (body[:200], answer.text)
        assert answer.is_json, body[:200]
        if answer.status_code >= 400:
            assert answer.get_json()["error"] and written(database) == before, body[:200]
        tried += 1
    assert tried > 15


@pytest.mark.parametrize("address", RIGHT)
def test_a_body_of_ten_megabytes_is_refused_everywhere(call, database, address):
    before = written(database)
    query = "?weighing=0b5e7c52-4a0e-4a3c-9d4e-2f1f6a3f9c11" if address.endswith("photos") else ""
    answer = call(address + query, b'{"weighings": [' + b" " * 10_000_000 + b"]}")
    assert answer.status_code == 413 and answer.get_json()["error"]
    assert written(database) == before
