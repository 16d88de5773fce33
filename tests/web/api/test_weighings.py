"""POST /api/v1/weighings: what a device sends is recorded once; what is wrong is said item by item."""

from __future__ import annotations

import json
import shutil
import uuid

import pytest
from sqlalchemy import func, select

from plantation.database import Database
from plantation.models import Weighing
from plantation.services.desk import Desk
from plantation.services.people import devices
from tests.conftest import NOW
from tests.doors import enter, give_accounts, open_app

URL = "/api/v1/weighings"


@pytest.fixture
def app(database, village):
    return open_app(database)


@pytest.fixture
def token(desk, village):
    with desk() as zhao:
        return devices.create_device_token(zhao, "scale 1")


@pytest.fixture
def send(app, token):
    """`send(items)` or `send(raw=bytes)`: the answer."""
    client = app.test_client()

    def call(items=None, *, raw=None, token=token, language=None):
        body = json.dumps({"weighings": items}).encode() if raw is None else raw
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if language:
            headers["Accept-Language"] = language
        return client.post(URL, data=body, headers=headers)

    return call


def item(**changes):
    """A weighing of Qian's as a device sends it."""
    fields = {
        "id": str(uuid.uuid4()),
        "season": "2026",
        "time": "2026-09-01T08:30:00+08:00",
        "household": "H001",
        "grade": "A",
        "gross_kg": "25.300",
        "tare_kg": "1.2",
        "deduction_pct": "2.5",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not ...}


def results(answer):
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/json"
    return answer.get_json()["results"]


def count(database):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Weighing))


def test_a_weighing_is_recorded_with_the_next_slip_of_the_season(send, database):
    sent = item()
    [result] = results(send([sent]))
    assert result == {"id": sent["id"], "status": "created", "slip": "2026-000001", "reason": None}
    with database.read() as session:
        recorded = session.scalars(select(Weighing)).one()
    assert (recorded.net_grams, recorded.amount_fen) == (23_498, 11_749)
    assert recorded.recorded_by == "scale 1"


def test_numbers_may_be_json_numbers_and_are_taken_exactly(send, database):
    raw = json.dumps({"weighings": [item()]}).replace('"25.300"', "25.301").replace('"1.2"', "1")
    assert results(send(raw=raw.encode()))[0]["status"] == "created"
    with database.read() as session:
        recorded = session.scalars(select(Weighing)).one()
    assert (recorded.gross_grams, recorded.tare_grams) == (25_301, 1_000)


def test_the_same_item_sent_again_is_a_duplicate_with_the_first_slip(send, database):
    sent = item()
    first, second = results(send([sent]))[0], results(send([sent]))[0]
    assert (second["status"], second["slip"]) == ("duplicate", first["slip"])
    assert count(database) == 1


def test_the_same_id_with_other_content_is_a_conflict_and_records_nothing(send, database):
    sent = item()
    results(send([sent]))
    [result] = results(send([{**sent, "gross_kg": "26"}]))
    assert result["status"] == "conflict"
    assert "2026-000001" in result["reason"]
    assert count(database) == 1


def test_the_same_id_twice_within_one_batch_is_one_weighing(send, database):
    sent = item()
    first, again, other = results(send([sent, sent, {**sent, "gross_kg": "26"}]))
    assert [first["status"], again["status"], other["status"]] == ["created", "duplicate", "conflict"]
    assert again["slip"] == first["slip"]
    assert count(database) == 1


def test_an_id_in_capital_letters_is_the_same_id(send, database):
    sent = item()
    results(send([sent]))
    [result] = results(send([{**sent, "id": sent["id"].upper()}]))
    assert (result["status"], result["id"]) == ("duplicate", sent["id"].upper())
    assert count(database) == 1


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


@pytest.fixture(scope="module")
def village_file(sqlite_template, tmp_path_factory):
    """The cast's village and a device's token, founded once: (file, token)."""
    from plantation.services.collectives import create_collective
    from tests.cast import found_village

    path = tmp_path_factory.mktemp("village") / "village.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path.as_posix()}")
    with database.write() as session:
        collective = create_collective(session, "aguoyi", "阿果依村", "Asia/Shanghai", NOW, actor="Zhao")
        found_village(session, collective)
        token = devices.create_device_token(Desk(session, collective, "Zhao", NOW), "scale 1")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path, token


@pytest.fixture
def sqlite_send(village_file, tmp_path):
    """`send` on SQLite alone, with its database: what is refused is refused before the database is asked."""
    template, token = village_file
    path = tmp_path / "village.db"
    shutil.copyfile(template, path)
    database = Database(f"sqlite:///{path.as_posix()}")
    client = open_app(database).test_client()

    def call(items=None, *, raw=None):
        body = json.dumps({"weighings": items}).encode() if raw is None else raw
        return client.post(URL, data=body, headers={"Authorization": f"Bearer {token}"})

    yield call, database
    database.dispose()


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


def test_a_reversal_names_its_slip_and_takes_it_back(send, database):
    results(send([item()]))
    back = {
        "id": str(uuid.uuid4()),
        "season": "2026",
        "time": "2026-09-01T09:00:00+08:00",
        "reverses": "2026-000001",
        "reason": "wrong crate",
    }
    [result] = results(send([back]))
    assert (result["status"], result["slip"]) == ("created", "2026-000002")
    with database.read() as session:
        assert session.scalar(select(func.sum(Weighing.net_grams))) == 0


def test_without_a_token_nothing_is_read(app, database):
    client = app.test_client()
    for headers in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer plt_1_x"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer \u00fc"},
    ):
        answer = client.post(URL, data=b"not even JSON", headers=headers)
        assert answer.status_code == 401
        assert answer.get_json()["error"]
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert count(database) == 0


def test_a_revoked_token_is_refused(send, desk):
    assert send([]).status_code == 200
    with desk() as zhao:
        devices.revoke_device(zhao, "scale 1")
    assert send([item()]).status_code == 401


def test_a_signed_in_manager_without_a_token_is_refused(app, database, collective):
    give_accounts(database, collective)
    zhao = enter(app, "zhao", "leaf silver-green 2026")
    assert zhao.post(URL, json={"weighings": [item()]}).status_code == 401


def test_other_methods_and_addresses_are_refused_as_json(app, token):
    client = app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    for method, url, status in (
        ("GET", URL, 405),
        ("PUT", URL, 405),
        ("DELETE", URL, 405),
        ("GET", "/api/v1/", 404),
        ("GET", "/api/v1/%00", 404),
        ("GET", "/api/v1/../../etc/passwd", 404),
    ):
        answer = client.open(url, method=method, headers=headers)
        assert answer.status_code == status, url
        assert answer.get_json()["error"]


def test_a_reason_is_english_for_a_program_that_asks_for_no_language(sqlite_send):
    send, _ = sqlite_send
    [result] = results(send([item(household="H999")]))
    assert result["reason"] == "There is no household “H999”."


def test_a_token_reaches_its_own_collective_only(send, database):
    from plantation.services.collectives import create_collective

    with database.write() as session:
        other = create_collective(session, "other", "Other", "Asia/Shanghai", NOW)
        token = devices.create_device_token(Desk(session, other, "cli", NOW), "scale 1")
    [result] = results(send([item()], token=token))
    assert result["reason"] == "There is no season “2026”."
    assert count(database) == 0
