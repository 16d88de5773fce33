"""Two villages in one database, with the same codes: what a device of the one sends never reaches the other, on any address."""

from __future__ import annotations

import json
import uuid

import pytest
from sqlalchemy import select, text

from plantation.models import Base, Weighing
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.people import devices
from tests.cast import found_village
from tests.conftest import NOW
from tests.doors import open_app
from tests.web.api.conftest import item, results

PICTURE = bytes.fromhex("ffd8 ffdb 0005 616263 ffda 0004 7879 1234 ffd9")


@pytest.fixture
def other(database, village):
    """The second village."""
    with database.write() as session:
        collective = create_collective(session, "other", "库兰萨日克", "Asia/Shanghai", NOW, actor="Zhao")
        found_village(session, collective)
    return collective


@pytest.fixture
def call(database, village, other):
    """`call(device, address, body)` of one of three devices: `ours` and `mate` of the village, `theirs` of the other one."""
    tokens = {}
    with database.write() as session:
        for name, collective in (("ours", village), ("mate", village), ("theirs", other)):
            tokens[name] = devices.create_device_token(Desk(session, collective, "Zhao", NOW), name)
    browser = open_app(database).test_client()

    def send(device, address, body=None, **more):
        headers = {"Authorization": f"Bearer {tokens[device]}"}
        if body is None:
            return browser.get(f"/api/v1/{address}", headers=headers)
        return browser.post(f"/api/v1/{address}", data=body if isinstance(body, bytes) else json.dumps(body), headers=headers, **more)

    return send


def rows_of(database, collective):
    """Everything of a collective, what a call leaves of the device itself left out."""
    with database.read() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table).where(table.c.collective_id == collective.id))))
            for table in Base.metadata.sorted_tables
            if "collective_id" in table.c and table.name != "device_tokens"
        }


def test_nothing_that_a_device_sends_reaches_another_village(call, database, village, other):
    theirs = [result["slip"] for result in results(call("theirs", "weighings", {"weighings": [item() for _ in range(3)]}))]
    lent = call("theirs", "slip-leases", {"season": "2026", "count": 50, "request": "r-theirs"}).get_json()
    with database.read() as session:
        id_ = session.scalar(select(Weighing.id).where(Weighing.collective_id == other.id, Weighing.slip == theirs[0]))
    before = rows_of(database, other)
    sent = [
        item(
            household=..., grade=..., gross_kg=..., tare_kg=..., deduction_pct=..., reverses=theirs[2], reason="not mine"
        ),  # no such slip here
        item(id=id_, gross_kg="99.000"),  # an id of theirs, with other content: here it is nobody's yet
        item(slip=lent["slips"][0], lease="r-theirs"),  # a number that is lent there and free here
        item(household="H009", parcel="P1-1"),
    ]
    first, second, third, _ = results(call("ours", "weighings", {"weighings": sent}))
    assert (first["status"], first["slip"]) == ("refused", None) and theirs[2] in first["reason"]
    assert (second["status"], third["status"], third["slip"]) == ("created", "created", lent["slips"][0])
    assert call("ours", f"photos?weighing={uuid.uuid4()}", PICTURE, content_type="image/jpeg").status_code == 404
    closing = {
        "id": "c-1",
        "season": "2026",
        "day": "2026-09-01",
        "slips": [{"id": id_, "slip": theirs[0], "household": "H001", "grade": "A", "net_kg": "1"}],
    }
    recorded = call("ours", "closings", closing).get_json()["recorded"]
    assert [line[:3] for line in recorded] == [["A", "H001", 2], ["A", "H009", 1]]
    state = {"clock": NOW.isoformat(), "waiting": 1, "waiting_kg": "2", "waiting_since": None, "held_by": "Qian"}
    assert call("ours", "device-state", state).status_code == 200
    assert call("ours", "slip-leases", {"season": "2026", "count": 50, "request": "r-theirs"}).status_code == 200
    assert rows_of(database, other) == before
    # And they go on as if nothing had been: the same id there is still their own weighing.
    assert [one["status"] for one in results(call("theirs", "weighings", {"weighings": [item(id=id_, gross_kg="99.000")]}))] == ["conflict"]


def test_a_photo_of_another_villages_slip_is_of_no_slip(call, database, other):
    [result] = results(call("theirs", "weighings", {"weighings": [item()]}))
    before = rows_of(database, other)
    answer = call("ours", f"photos?weighing={result['id']}", PICTURE, content_type="image/jpeg")
    assert answer.status_code == 404 and answer.get_json()["error"]
    assert rows_of(database, other) == before


def test_a_number_lent_to_one_device_is_taken_from_no_other(call, database):
    lent = call("mate", "slip-leases", {"season": "2026", "count": 50, "request": "r-mate"}).get_json()
    stolen, named, own = (item(slip=lent["slips"][0]), item(slip=lent["slips"][0], lease="r-ours"), item(slip=lent["slips"][0]))
    for each in (stolen, named):
        [result] = results(call("ours", "weighings", {"weighings": [each]}))
        assert (result["status"], result["slip"]) == ("refused", None) and "“mate”" in result["reason"]
    [result] = results(call("mate", "weighings", {"weighings": [own]}))
    assert (result["status"], result["slip"]) == ("created", lent["slips"][0])


def test_a_revoked_device_reaches_nothing_and_the_same_number_is_not_its_any_more(call, database, village):
    with database.write() as session:
        devices.revoke_device(Desk(session, village, "Zhao", NOW), "ours")
    before = rows_of(database, village)
    state = {"clock": NOW.isoformat(), "waiting": 1, "waiting_kg": "2", "waiting_since": None, "held_by": "Qian"}
    closing = {"id": "c-1", "season": "2026", "day": "2026-09-01", "slips": []}
    lease = {"season": "2026", "count": 50, "request": "r"}
    tried = [
        ("reference", None),
        ("weighings", {"weighings": [item()]}),
        ("slip-leases", lease),
        ("device-state", state),
        ("closings", closing),
    ]
    for address, body in [*tried, (f"photos?weighing={uuid.uuid4()}", PICTURE)]:
        answer = call("ours", address, body)
        assert answer.status_code == 401 and answer.get_json()["error"], address
    assert rows_of(database, village) == before
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM weighings")) == 0
