"""What holds for every form: errors on top and at the field, nothing typed is lost, nothing is written, never a fault of the program."""

from __future__ import annotations

import copy

import pytest
from flask.testing import FlaskClient

from plantation.domain.words import DisputeAbout
from plantation.services.fruit import disputes
from plantation.services.fruit.weighings import record_weighings
from plantation.services.money import notices, objections, picker_pay
from plantation.services.people import devices
from plantation.services.people.households import load_household
from tests.cast import QIAN
from tests.databases import plant_once
from tests.doors import PIN, SECRET, borrow_app, enter, give_accounts
from tests.services.folder.test_fact_files import TODAY, busy
from tests.services.fruit.test_weighings import weighed
from tests.web.conftest import NOON
from tests.web.form_answers import faults_of_answer
from tests.web.form_sending import Found, Tables, crawl

__all__ = ["busy"]

DOORS = {
    "managers": ("zhao", SECRET, "/managers/", 55),
    "households": ("H001", PIN, "/my", 5),
    "buyers": ("b001", SECRET, "/buyers", 4),
    "public": ("", "", "/", 2),
}
ODD = [
    "abc",
    "x" * 300,
    "-1",
    "a\x00b\x07",
    "\u202eabc\u200f",
    "<script>alert(1)</script>",
    "2026-02-31",
    "9" * 40,
    "",
    "１２．５",
    "%s%(x)s{}",
    "0001-01-01",
]
# The slips that the first page names are disputed already; this one can still be.
BESIDE = {"households": ("/my/dispute/Q-9",)}
# Each try at a secret is counted, refused or not.
COUNTED = {"sign_in_attempts"}
# They answer with a page of their own that says what is wrong: nothing is typed in them.
OTHER_PAGE = {"managers.post_notice"}


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def season(busy, database, collective, desk):
    """The village in which everything happened, and in which everything that asks for an answer is open."""
    plant_once(database, "season with its accounts", lambda: open_everything(database, collective, desk))


def open_everything(database, collective, desk):
    with desk() as d:
        qian = load_household(d, QIAN)
        record_weighings(d, [weighed(slip="Q-8"), weighed(slip="Q-9", paper_price_fen_per_kg=450)])
        disputes.open_dispute(d, qian, "Q-8", DisputeAbout.OTHER, "not mine")
        objections.object_to(d, notices.post_notice(d, "2026"), qian, "one crate\nis missing")
        picker_pay.record_day(d, picker="P01", household=QIAN, worked_on=TODAY, amount_fen=12_000)
        picker_pay.pay_picker(d, picker="P01", paid_on=TODAY, amount_fen=100)
        devices.create_device_token(d, "phone 1")
    give_accounts(database, collective)


@pytest.fixture
def app(season, database):
    with borrow_app(database, lambda: NOON) as app:
        app.test_client_class = FlaskClient
        yield app


@pytest.mark.parametrize("door", DOORS)
def test_whatever_is_typed_comes_back_with_its_errors_and_nothing_is_written(app, door, tmp_path):
    name, secret, start, at_least = DOORS[door]
    browser = enter(app, name, secret) if name else app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    forms = [one for one in crawl(app, browser, [start, *BESIDE.get(door, ())]) if one.endpoint != "public.sign_out"]
    assert len(forms) >= at_least
    tables = Tables(tmp_path / "plantation.db")
    cookies = copy.copy(browser._cookies)
    refused, wrong = 0, []
    for place, found in enumerate(forms):
        # The office has so many forms that each meets every other text; all texts meet each kind of field.
        for odd in [ODD[0], *ODD[1 + place % 2 :: 2]] if door == "managers" else ODD:
            sent = _filled(found, odd)
            answer = browser.post(found.action, data=_as_data(sent), buffered=True)
            faults = [] if found.endpoint in OTHER_PAGE and answer.status_code == 422 else faults_of_answer(found, sent, answer, app)
            written = tables.written()
            if written:  # a text that is right where it was typed: the next one starts from the same books
                if answer.status_code == 422 and not set(written) <= COUNTED:
                    faults.append(f"refused, and yet written: {written}")
                tables.put_back()
                browser._cookies = copy.copy(cookies)
            refused += answer.status_code == 422
            wrong += [(found.endpoint, found.page, odd[:30], fault) for fault in faults]
    tables.close()
    assert wrong == [], "\n".join(map(str, wrong))
    assert refused >= 2 * at_least


def _filled(found: Found, odd: str) -> list[tuple[str, str]]:
    """All that can be typed or chosen filled with `odd`, the rest as the page has it, and the last button."""
    spoilt = {"password", "radio"} | ({"checkbox", "select"} if odd == ODD[0] else set())
    lead = "\n" if odd == ODD[0] else ""  # which a page's textarea swallows unless it writes one more
    sent = [(one.name, (lead if one.kind == "textarea" else "") + odd if one.is_typed or one.kind in spoilt else one.value)
            for one in found.controls
            if one.kind not in ("submit", "file") and (one.kind not in ("checkbox", "radio") or one.checked)]  # fmt: skip
    return sent + [button for button in found.buttons[-1:] if button[0]]


def _as_data(sent: list[tuple[str, str]]) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, value in sent:
        data.setdefault(name, []).append(value)
    return data
