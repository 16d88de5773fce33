"""A phone that cannot send: its file, read in by the office, is each slip once."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import select

from plantation.models import Weighing

PATH = "/managers/closings/file"
SLIP = {
    "id": "01a2b3c4-0000-7000-8000-000000000001", "state": "waiting", "weighed": 1, "slip": "2026-000001", "lease": "l", "season": "2026",
    "time": "2026-09-01T08:30:00+08:00", "household": "H001", "grade": "A", "gross_kg": "25.300", "tare_kg": "1.200", "deduction_pct": "2",
    "net_grams": 23_618, "price_fen": None, "amount_fen": None, "head": "1:ab",
}  # fmt: skip


def send(office, content, status=200):
    sent = {**office.fields(PATH), "file": (io.BytesIO(content), "slips-2026.json")}
    answer = office.browser.post(PATH, data=sent, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text[:500]
    return answer.text


def told(*slips):
    return json.dumps({"device": "phone 1", "slips": slips}).encode()


def test_a_file_is_recorded_once_and_what_cannot_be_is_said_slip_by_slip(office, counted, sqlite_database):
    before = counted(Weighing)
    other = {**SLIP, "id": "01a2b3c4-0000-7000-8000-000000000002", "slip": "2026-000002", "household": "H999"}
    said = send(office, told(SLIP, other))
    assert counted(Weighing) == before + 1 and "H999" in said
    send(office, told(SLIP))
    assert counted(Weighing) == before + 1
    with sqlite_database.read() as session:
        assert session.scalars(select(Weighing.net_grams).where(Weighing.id == SLIP["id"])).one() == 23_618


@pytest.mark.parametrize("content", [b"x", b"[]", b'{"slips": []}', b'{"slips": [1]}', b"\xff\xfe", b'{"slips": "a"}'])
def test_what_is_no_file_of_a_phone_is_refused_in_words(office, counted, content):
    before = counted(Weighing)
    assert "no file of slips" in send(office, content, 422)
    assert counted(Weighing) == before
