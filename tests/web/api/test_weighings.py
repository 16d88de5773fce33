"""POST /api/v1/weighings: what a device sends is recorded once; what is wrong is said item by item."""

from __future__ import annotations

import json
import uuid

from sqlalchemy import func, select

from plantation.models import Weighing
from plantation.services.desk import Desk
from plantation.services.people import devices
from tests.conftest import NOW
from tests.doors import enter, give_accounts
from tests.web.api.conftest import URL, count, item, results


def test_a_weighing_is_recorded_with_the_next_slip_of_the_season(send, database):
    sent = item()
    [result] = results(send([sent]))
    # It is November when what is dated 1 September comes: recorded as it is, and not in silence.
    doubt = (
        "Slip 2026-000001 is dated 2026-09-01 08:30 and came at 2026-11-24 10:00. If the clock of this device was wrong, tell the office."
    )
    assert result == {"id": sent["id"], "status": "created", "slip": "2026-000001", "reason": doubt}
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
