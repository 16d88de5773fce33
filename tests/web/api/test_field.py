"""Reference data and slip numbers for devices: no more than they need, and never one number twice."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from plantation.services.desk import Desk
from plantation.services.fruit.slip_numbers import lease_slips, take_slips
from plantation.services.fruit.weighings import record_weighings
from plantation.services.lookups import the_season
from plantation.services.money.seasons import save_season
from plantation.services.people import devices
from tests.conftest import NOW
from tests.services.fruit.test_weighings import weighed


@pytest.fixture
def token(desk, village):
    with desk() as zhao:
        return devices.create_device_token(zhao, "phone 1")


def call(app, token, path, body=None, raw=None):
    headers = {"Authorization": f"Bearer {token}"}
    if body is None and raw is None:
        return app.test_client().get(path, headers=headers)
    return app.test_client().post(path, data=json.dumps(body) if raw is None else raw, headers=headers)


def test_the_reference_has_names_and_prices_and_nothing_that_is_owed(app, token):
    answer = call(app, token, "/api/v1/reference")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    said = answer.get_json()
    assert [row[0] for row in said["households"]][:2] == ["H001", "H002"]
    assert "13900001234" not in answer.text and "phone" not in json.dumps(said["households"])
    assert app.test_client().get("/api/v1/reference").status_code == 401


def test_a_pooled_season_without_prices_has_the_grades_that_were_weighed(app, token, desk):
    with desk() as d:
        save_season(d, code="2026P", starts_on=dt.date(2026, 11, 1), ends_on=dt.date(2027, 2, 1), mode="pooled", tolerance_ppm=0)
        record_weighings(d, [weighed(season="2026P", time=NOW, grade="B")])
    seasons = {one["code"]: one["prices"] for one in call(app, token, "/api/v1/reference").get_json()["seasons"]}
    assert seasons["2026P"] == {"B": []}


def test_a_lease_asked_for_twice_is_one_and_the_office_never_gives_its_numbers(app, token, database, village):
    asked = {"season": "2026", "count": 100, "request": "r-1"}
    first = call(app, token, "/api/v1/slip-leases", asked).get_json()
    assert call(app, token, "/api/v1/slip-leases", asked).get_json() == first
    second = call(app, token, "/api/v1/slip-leases", {**asked, "request": "r-2"}).get_json()
    assert second["first"] == first["last"] + 1 and first["slips"] == ["2026-000001", "2026-000100"]
    with database.write() as session:
        desk = Desk(session, village, "Zhao", NOW)
        assert take_slips(desk, the_season(desk, "2026"), 1) == ["2026-000201"]


@pytest.mark.parametrize("raw", [
    b"", b"[]", b"{}", b"\xff", b'{"season": "2026"}', b'{"season": 2026, "count": 5, "request": "x"}',
    b'{"season": "2026", "count": 0, "request": "x"}', b'{"season": "2026", "count": 2001, "request": "x"}',
    b'{"season": "2026", "count": true, "request": "x"}', b'{"season": "2026", "count": 5, "request": ""}',
    b'{"season": "2026", "count": 5, "request": "\\u0000"}', b'{"season": "2026", "count": 1e3, "request": "x"}', b"[" * 3000,
])  # fmt: skip
def test_what_is_no_lease_is_a_400(app, token, raw):
    assert call(app, token, "/api/v1/slip-leases", raw=raw).status_code == 400


def test_a_season_that_is_not_there_is_a_404_and_too_much_a_413(app, token):
    assert call(app, token, "/api/v1/slip-leases", {"season": "1999", "count": 5, "request": "x"}).status_code == 404
    assert call(app, token, "/api/v1/slip-leases", raw=b" " * 5000).status_code == 413


def test_two_who_ask_at_once_get_different_numbers(database, village):
    from concurrent.futures import ThreadPoolExecutor

    with database.write() as session:
        desk = Desk(session, village, "Zhao", NOW)
        ids = [devices.find_device(session, devices.create_device_token(desk, f"phone {n}")).id for n in range(4)]

    def lease(place):
        with database.write() as session:
            desk = Desk(session, village, "Zhao", NOW)
            return lease_slips(desk, ids[place % 4], the_season(desk, "2026"), 10, f"r-{place}").first_number

    with ThreadPoolExecutor(8) as pool:
        firsts = list(pool.map(lease, range(24)))
    assert sorted(firsts) == [1 + 10 * place for place in range(24)]


STATE = {"clock": NOW.isoformat(), "waiting": 2, "waiting_kg": "48.2", "waiting_since": NOW.isoformat(), "held_by": "吴"}
CLOSING = {"id": "c-1", "season": "2026", "day": "2026-09-01", "slips": [
    {"id": "a", "slip": "2026-000001", "household": "H001", "grade": "A", "net_kg": "-24.1"}]}  # fmt: skip


def test_a_device_tells_how_it_stands_and_hears_how_far_its_clock_is_off(app, token):
    fast = (NOW + dt.timedelta(days=3)).isoformat()
    answer = call(app, token, "/api/v1/device-state", {**STATE, "clock": fast}).get_json()
    assert answer == {"now": NOW.isoformat(), "clock_offset_seconds": 3 * 86_400}
    assert call(app, token, "/api/v1/device-state", {**STATE, "waiting": 0, "waiting_since": None}).status_code == 200


def test_a_closing_is_answered_with_every_difference_and_the_head(app, token):
    answer = call(app, token, "/api/v1/closings", CLOSING).get_json()
    assert answer["differences"] == [
        {"kind": "missing_here", "slip": "2026-000001", "household": "H001", "grade": "A", "told_kg": "-24.100", "recorded_kg": None}
    ]
    assert answer["told"] == [["A", "H001", 1, "-24.100"]] and answer["recorded"] == []
    assert re.fullmatch(r"[0-9]+:[0-9a-f]{16}", answer["head"])
    assert call(app, token, "/api/v1/closings", {**CLOSING, "season": "1999"}).status_code == 404


@pytest.mark.parametrize(("path", "usual", "wrong"), [
    ("device-state", STATE, {"waiting": "2"}), ("device-state", STATE, {"clock": "now"}), ("device-state", STATE, {"waiting": -1}),
    ("device-state", STATE, {"held_by": None}), ("device-state", STATE, {"more": 1}), ("device-state", STATE, {"waiting_kg": 1e9}),
    ("closings", CLOSING, {"day": "2026-02-30"}), ("closings", CLOSING, {"slips": {}}), ("closings", CLOSING, {"slips": ["x"]}),
    ("closings", CLOSING, {"slips": [{**CLOSING["slips"][0], "net_kg": "1e3"}]}), ("closings", CLOSING, {"id": ""}),
])  # fmt: skip
def test_what_is_neither_a_state_nor_a_closing_is_a_400(app, token, path, usual, wrong):
    assert call(app, token, f"/api/v1/{path}", {**usual, **wrong}).status_code == 400
