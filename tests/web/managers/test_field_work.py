"""The office's pages of the field's edge: devices that stand badly, closings to print, prices on paper to decide."""

from __future__ import annotations

import datetime as dt

import pytest

from plantation.domain.closing import DaySlip
from plantation.services.desk import Desk
from plantation.services.fruit.closings import close_day
from plantation.services.fruit.slip_numbers import lease_slips
from plantation.services.fruit.weighings import record_weighings
from plantation.services.lookups import the_season
from plantation.services.people import device_states, devices
from tests.services.fruit.test_weighings import weighed
from tests.web.conftest import NOON
from tests.web.managers.conftest import text_of

DEVICES = "/managers/accounts/devices"


@pytest.fixture
def phone(sqlite_database, village):
    """Phone 1 printed 4.50 where the season says 5.00, kept one slip to itself, and its clock is ten minutes ahead."""
    with sqlite_database.write() as session:
        desk = Desk(session, village, "phone 1", NOON)
        id_ = devices.find_device(session, devices.create_device_token(desk, "phone 1")).id
        lease_slips(desk, id_, the_season(desk, "2026"), 10, "l")
        sent = weighed(slip="2026-000001", paper_price_fen_per_kg=450, deduction_ppm=0)
        record_weighings(desk, [sent])
        told = [DaySlip(sent.id, "2026-000001", "H001", "A", 24_100), DaySlip("b", "2026-000003", "H002", "A", 5_000)]
        close_day(desk, id_, code="c-1", season="2026", day=dt.date(2026, 9, 1), slips=told)
        device_states.note_state(
            desk, id_, clock=NOON + dt.timedelta(minutes=10), waiting=1, waiting_grams=5_000, waiting_since=NOON, held_by="吴秀英"
        )
    return id_


def test_a_wrong_clock_what_waits_and_what_may_be_lost_are_on_the_devices_page(office, phone):
    assert "Slips wait on 1 phone" in text_of(office.get("/managers/?season=2026"))
    said = text_of(office.get(DEVICES))
    assert "10 minutes ahead" in said and "吴秀英" in said and "1 slip" in said and "5 kg" in said
    office.send(DEVICES, action=f"{DEVICES}/revoke", name="phone 1")
    assert "Slips wait" not in text_of(office.get("/managers/?season=2026"))
    said = text_of(office.get(DEVICES))
    assert "1 slip waited on it" in said and "At most 9 slips can be lost" in said


def test_the_closing_sheet_names_each_difference_and_the_journals_head(office, phone):
    assert "1 slip" in text_of(office.get("/managers/closings"))
    said = text_of(office.get("/managers/closings/2026-09-01/2026"))
    assert "2026-000003" in said and "on the device, not recorded here" in said
    assert "29.100 kg" in said and "24.100 kg" in said and "5.000 kg" in said and "2026-000002" in said  # which carries no slip
    for wrong in ("2026-13-01/2026", "2026-09-01/1999"):
        office.get(f"/managers/closings/{wrong}", 404)


def test_a_price_on_paper_is_a_question_until_somebody_decides_by_name(office, phone):
    assert "another price" in text_of(office.get("/managers/?season=2026"))
    page = office.get("/managers/closings/prices")
    said = text_of(page)
    assert "¥ 108.45" in said and "¥ 120.50" in said and "¥ 12.05" in said
    address = page.find("a", string="Decide")["href"]
    assert "Say which price counts" in office.refused(address, text="told him")
    office.send(address, decision="season_price", text="told him")
    said = text_of(office.get("/managers/closings/prices"))
    assert "told him" in said and "Zhao" in said and "Decide" not in said


def test_a_number_lent_to_a_phone_is_refused_to_the_offices_form_with_its_name(office, phone):
    said = office.refused(
        "/managers/weighings/new?season=2026",
        household="H001",
        grade="A",
        weighed_at="2026-09-02T08:00",
        gross_grams="31",
        tare_grams="1",
        slip="2026-000005",
        save="1",
    )
    assert "phone 1" in said and "2026-000005" in said


def test_the_settlements_preview_names_unanswered_slips_and_the_papers_price_is_recorded(office, phone):
    said = text_of(office.get("/managers/settlements?season=2026"))
    assert "2026-000001" in said and "nobody has answered" in said
    address = office.get("/managers/closings/prices").select_one("a[href*='/closings/prices/']")["href"]
    assert "No price sheet of season 2026 ever said 4.50" in office.refused(address, decision="price_on_paper", text="so be it")
