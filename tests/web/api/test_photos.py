"""Photos of the scale over the API and on the pages: after their slip, once, without a place, and for nobody else's eyes."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from sqlalchemy import func, select, text

from plantation.models import SlipPhoto, Weighing
from plantation.services.desk import Desk
from plantation.services.people import devices
from plantation.services.proof.verification import verify
from tests.conftest import NOW
from tests.doors import PIN, enter
from tests.orchard_fixtures import app, orchard, orchard_database, orchard_file, unread, zhao

__all__ = ["app", "orchard", "orchard_database", "orchard_file", "zhao"]
BARE = bytes.fromhex("ffd8 ffdb 0005 616263 ffda 0004 7879 1234 ffd9")
PLACED = BARE[:2] + b"\xff\xe1\x00\x0cExif\x00\x00GPS!" + BARE[2:]


@pytest.fixture
def token(orchard_database, orchard):
    with orchard_database.write() as session:
        return devices.create_device_token(Desk(session, orchard, "zhao", NOW), "phone 1")


@pytest.fixture
def weighing(orchard_database):
    """The id of one of Qian's slips, and its number."""
    with orchard_database.read() as session:
        return session.execute(select(Weighing.id, Weighing.slip).where(Weighing.slip == "2026-000004")).one()


def send(app, token, weighing_id, content=PLACED):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"}
    return app.test_client().post("/api/v1/photos", query_string={"weighing": weighing_id}, data=content, headers=headers)


def count(database):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(SlipPhoto))


def test_a_photo_is_kept_once_without_its_place_and_shown_to_its_household_and_the_office(app, token, weighing, zhao, orchard_database):
    first, second = send(app, token, weighing.id), send(app, token, weighing.id)
    assert first.status_code == second.status_code == 200
    assert first.get_json() == second.get_json() == {"weighing": weighing.id, "sha256": sha256(BARE).hexdigest()}
    assert count(orchard_database) == 1
    pages = {"H001": f"/my/slips/{weighing.slip}", "zhao": f"/managers/weighings/slip/{weighing.slip}"}
    seen = {}
    for who, browser in (("H001", enter(app, "H001", PIN)), ("zhao", zhao)):
        seen[who] = re.search(r'<img src="([^"]+)"', browser.get(pages[who]).text)[1]
        picture = unread(browser).get(seen[who])
        assert (picture.data, picture.content_type, picture.headers["Cache-Control"]) == (BARE, "image/jpeg", "no-store")
    stranger = unread(enter(app, "H002", PIN))
    assert stranger.get(seen["H001"]).status_code == 404
    assert stranger.get(seen["zhao"]).status_code == 403 and app.test_client().get(seen["zhao"]).status_code == 302


@pytest.mark.parametrize(("content", "status"), [
    (b"", 400), (b"GIF89a", 400), (PLACED[:-2], 400), (b"<svg/>", 400), (b"\xff\xd8\xff", 400), (BARE[:2] + b"\xff\xe1\xff\xff" + BARE[2:], 400),
    (b"\xff\xd8\xff" + b"0" * 81_920, 413),
])  # fmt: skip
def test_what_is_no_small_picture_is_refused(app, token, weighing, orchard_database, content, status):
    answer = send(app, token, weighing.id, content)
    assert answer.status_code == status and answer.get_json()["error"]
    assert count(orchard_database) == 0


@pytest.mark.parametrize("strange", ["", "nobody", "\x00", "a" * 500, "2026-000004"])
def test_a_weighing_that_is_not_there_yet_is_a_404(app, token, strange):
    assert send(app, token, strange).status_code == 404


def test_no_token_no_photo_and_three_are_enough(app, token, weighing, orchard_database):
    assert send(app, "x", weighing.id).status_code == 401
    pictures = [BARE.replace(b"\x12\x34", bytes([1, number])) for number in range(4)]
    assert [send(app, token, weighing.id, one).status_code for one in pictures] == [200, 200, 200, 400]
    assert count(orchard_database) == 3


def test_who_swaps_or_deletes_a_picture_is_found(app, token, weighing, orchard_database, orchard):
    send(app, token, weighing.id)
    for deed in ("UPDATE slip_photos SET picture = X'FFD8FFD9'", "DELETE FROM slip_photos"):
        with orchard_database.write() as session:
            session.execute(text(deed))
        with orchard_database.read() as session:
            assert "Photo of the scale" in str(verify(Desk(session, orchard, "", NOW)))
