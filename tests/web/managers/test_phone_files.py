"""A phone that cannot send: its file, read in by the office, is each slip once."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from plantation.models import Season, Weighing

PATH = "/managers/closings/file"
SLIP = {
    "id": "01a2b3c4-0000-7000-8000-000000000001", "state": "waiting", "weighed": 1, "slip": "2026-000001", "lease": "l", "season": "2026",
    "time": "2026-09-01T08:30:00+08:00", "household": "H001", "grade": "A", "gross_kg": "25.300", "tare_kg": "1.200", "deduction_pct": "2",
    "net_grams": 23_618, "price_fen": None, "amount_fen": None, "head": "1:ab",
}  # fmt: skip


def send(office, content, status=200, **more):
    sent = {**office.fields(PATH), **more, "file": (io.BytesIO(content), "slips-2026.json")}
    answer = office.browser.post(PATH, data=sent, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text[:500]
    return answer.text


def test_slips_of_a_day_outside_the_season_are_taken_with_the_offices_reason_and_then_the_phone_has_nothing_to_send(
    office, counted, sqlite_database
):
    with sqlite_database.write() as session:  # the office ended it earlier, while the phone had no signal
        session.scalars(select(Season).where(Season.code == "2026")).one().ends_on = dt.date(2026, 8, 31)
    before = counted(Weighing)
    file = told(SLIP, {**SLIP, "id": SLIP["id"][:-1] + "2", "slip": None, "household": "H999"})
    assert "outside season 2026" in send(office, file) and counted(Weighing) == before
    said = send(office, file, reason="weighed on the last evening")
    assert counted(Weighing) == before + 1 and "outside season" not in said and "H999" in said
    assert "weighed on the last evening" in office.browser.get("/managers/weighings/slip/2026-000001").text
    again = BeautifulSoup(send(office, told(SLIP)), "html.parser")  # as the phone sends it, without a reason
    assert [card.get_text(" ", strip=True) for card in again.select(".figure-card")] == [
        "New in the books 0",
        "Known before 1",
        "Refused 0",
    ]


def told(*slips):
    return json.dumps({"device": "phone 1", "slips": slips}).encode()


def test_a_file_is_recorded_once_and_what_cannot_be_is_said_slip_by_slip(office, counted, sqlite_database):
    before = counted(Weighing)
    other = {**SLIP, "id": "01a2b3c4-0000-7000-8000-000000000002", "slip": "2026-000002", "household": "H999"}
    odd = {**SLIP, "id": 7, "slip": "2026-\ud800", "household": ["H001"], "gross_kg": "9" * 5000}
    said = send(office, told(SLIP, other, odd))
    assert counted(Weighing) == before + 1 and "H999" in said and "2026-000002" in said and other["id"] not in said and len(said) < 30_000
    send(office, told(SLIP))
    assert counted(Weighing) == before + 1
    with sqlite_database.read() as session:
        assert session.scalars(select(Weighing.net_grams).where(Weighing.id == SLIP["id"])).one() == 23_618


UNDONE = {"id": "01a2b3c4-0000-7000-8000-000000000009", "weighed": 2, "time": "2026-09-01T08:31:00+08:00", "reason": "undone at the scale"}


@pytest.mark.parametrize("number", ["2026-000001", None], ids=["a number of its own", "no number yet"])
def test_what_was_taken_back_while_it_was_under_way_is_reversed_once(office, counted, sqlite_database, number):
    before = counted(Weighing)
    taken = {**SLIP, "slip": number, "under_way": True, "undone": UNDONE}
    for _ in range(2):  # the file is read in again, or the phone sends after all
        send(office, told(taken))
        assert counted(Weighing) == before + 2
    with sqlite_database.read() as session:
        back = session.get_one(Weighing, (session.scalars(select(Weighing.collective_id)).first(), UNDONE["id"]))
        assert (back.reason, back.net_grams) == ("undone at the scale", -23_618)
        assert session.scalar(select(func.sum(Weighing.net_grams)).where(Weighing.id.in_([SLIP["id"], UNDONE["id"]]))) == 0


@pytest.mark.parametrize("undone", [True, "yes", {}, {"id": 7}, {**UNDONE, "reason": ""}, [UNDONE]])
def test_a_taking_back_that_cannot_be_read_is_said_and_not_passed_over(office, counted, undone):
    before = counted(Weighing)
    assert "Reason" in send(office, told({**SLIP, "undone": undone}))
    assert counted(Weighing) == before + 1


def test_a_refused_slip_that_was_taken_back_has_nothing_to_reverse(office, counted):
    before = counted(Weighing)
    assert "H999" in send(office, told({**SLIP, "household": "H999", "undone": UNDONE}))
    assert counted(Weighing) == before


@pytest.mark.parametrize("content", [b"x", b"[]", b'{"slips": []}', b'{"slips": [1]}', b"\xff\xfe", b'{"slips": "a"}'])
def test_what_is_no_file_of_a_phone_is_refused_in_words(office, counted, content):
    before = counted(Weighing)
    assert "no file of slips" in send(office, content, 422)
    assert counted(Weighing) == before
