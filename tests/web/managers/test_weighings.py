"""The office's pages for weighings: one slip per form, the figures of the rule, a message for everything else."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from sqlalchemy import event, func, select

from plantation.domain.words import Role
from plantation.models import Weighing
from tests.web.managers.conftest import text_of

NEW = "/managers/weighings/new?season=2026"
QIANS = {
    "household": "H001", "grade": "A", "weighed_at": "2026-09-01T08:30", "gross_grams": "25.3", "tare_grams": "1.2",
    "deduction_ppm": "2.5", "save": "1",
}  # fmt: skip


@pytest.fixture
def count(sqlite_database):
    """How many weighings there are."""

    def at_once() -> int:
        with sqlite_database.read() as session:
            return session.scalar(select(func.count()).select_from(Weighing))

    return at_once


def test_a_weighing_becomes_a_slip_with_the_figures_of_the_rule(office):
    page = office.follow(office.send(NEW, **QIANS))
    said = text_of(page)
    assert page.h1.get_text() == "Slip 2026-000001"
    assert "23.498 kg" in said and "¥ 5.00" in said and "¥ 117.49" in said and "H001 钱" in said
    assert "2026-000001" in text_of(office.get("/managers/weighings?season=2026"))
    assert "No weighing matches" in text_of(office.get("/managers/weighings?season=2025"))


def test_the_price_is_that_of_the_local_day(office):
    said = text_of(office.follow(office.send(NEW, **{**QIANS, "weighed_at": "2026-09-15T00:10"})))
    assert "¥ 5.20" in said


def test_sent_twice_it_is_one_weighing(office, count):
    sent = office.fields(NEW) | QIANS
    first, second = (office.browser.post(NEW, data=sent) for _ in range(2))
    assert first.location == second.location
    assert count() == 1


def test_the_same_form_with_other_figures_is_refused_not_swallowed(office, count):
    sent = office.fields(NEW) | QIANS
    office.browser.post(NEW, data=sent)
    again = office.browser.post(NEW, data=sent | {"gross_grams": "30"})
    assert again.status_code == 422 and "with other content" in again.text
    assert count() == 1


def test_a_household_is_found_by_its_whole_name_and_asked_for_where_several_match(office):
    assert "H002 孙" in text_of(office.follow(office.send(NEW, **{**QIANS, "household": "孙"})))
    office.send("/managers/households/new", code="H003", name="孙二", members="2")
    office.send("/managers/households/new", code="H004", name="孙三", members="2")
    assert "There is no household “孙三儿”." in office.refused(NEW, **{**QIANS, "household": "孙三儿"})
    said = office.refused(NEW, **{**QIANS, "household": "H00"})
    assert "could be: H001 钱, H002 孙, H003 孙二, H004 孙三, H009 周" in said


def test_fruit_of_a_plot_is_shared_over_its_parcels_and_the_slip_says_so(office):
    said = text_of(office.follow(office.send(NEW, **{**QIANS, "household": "", "plot": "P1", "deduction_ppm": "0"})))
    assert "shared over plot P1" in said
    assert "P1-1 H001 9 mu 16.067 kg" in said and "P1-2 H002 4.5 mu 8.033 kg" in said


WRONG = [
    ({"gross_grams": "1.2"}, "Gross in kg: The gross weight, 1.2 kg, must be above the tare, 1.2 kg."),
    ({"gross_grams": "1"}, "must be above the tare"),
    ({"gross_grams": ""}, "Gross in kg: This is needed."),
    ({"gross_grams": "1e3"}, "“1e3” is not a weight in kg"),
    ({"gross_grams": "-5"}, "“-5” is not a weight in kg"),
    ({"gross_grams": "1,200"}, "“1,200” is not a weight in kg"),
    ({"gross_grams": "5.0001"}, "“5.0001” is not a weight in kg"),
    ({"gross_grams": "999999999999999999"}, "“999999999999999999” is not a weight in kg"),
    ({"gross_grams": "1000000000"}, "“1000000000” is too large: at most 100000."),
    ({"gross_grams": "NaN"}, "“NaN” is not a weight in kg"),
    ({"deduction_ppm": "100"}, "Deduction in percent: “100” is too large"),
    ({"weighed_at": "2026-12-01T08:00"}, "Day and time: Dec 1, 2026 lies in the future; today is Nov 24, 2026."),
    ({"weighed_at": "2026-07-31T08:00"}, "Day and time: Jul 31, 2026 is outside season 2026"),
    ({"weighed_at": "01/09/2026 08:00"}, "is not a day and a time, such as 2026-09-15 14:30"),
    ({"weighed_at": "2026-13-01T08:00"}, "is not a day and a time"),
    ({"household": "", "plot": ""}, "Household: Say whose fruit it is"),
    ({"household": "H999"}, "Household: There is no household “H999”."),
    ({"household": "' OR 1=1 --"}, "There is no household “' OR 1=1 --”."),
    ({"household": "", "plot": "P2"}, "Plot: Plot P2 has no parcel that belongs to a household"),
    ({"household": "", "plot": "P99"}, "Plot: “P99” is not one of the choices"),
    ({"grade": "Z"}, "Grade: “Z” is not one of the choices"),
    ({"piece_rate_fen_per_kg": "0.001"}, "“0.001” is not an amount in yuan"),
    ({"price_fen_per_kg": "900"}, "no field “price_fen_per_kg”"),
    ({"role": "manager"}, "no field “role”"),
]


def test_what_cannot_be_a_weighing_is_refused_with_field_and_figures_and_nothing_is_written(office, count):
    for change, said in WRONG:
        assert said in office.refused(NEW, **{**QIANS, **change}), change
    assert count() == 0


def test_nothing_that_was_typed_is_lost(office):
    answer = office.send(NEW, 422, **{**QIANS, "gross_grams": "1e3", "picker": "马师傅"})
    for kept in ('value="1e3"', 'value="马师傅"', 'value="H001"', 'value="2026-09-01T08:30"'):
        assert kept in answer.text


def test_the_next_one_keeps_grade_and_tare_and_gets_an_id_of_its_own(office):
    first = office.fields(NEW)
    sent = {name: value for name, value in QIANS.items() if name != "save"}
    answer = office.browser.post(NEW, data=first | sent | {"grade": "B", "save_next": "1"})
    page = office.follow(answer)
    assert "Recorded as slip 2026-000001" in text_of(page)
    again = office.fields("/managers/" + answer.location.partition("/managers/")[2])
    assert (again["grade"], again["tare_grams"], again["household"], again["gross_grams"]) == ("B", "1.2", "", "")
    assert again["once"] != first["once"]


def test_the_page_carries_the_price_sheet_for_amounts_as_you_type(office):
    form = office.get(NEW).find("form", attrs={"data-weighing": True})
    assert json.loads(form["data-prices"])["A"] == [["2026-08-01", 500], ["2026-09-15", 520]]
    pooled = office.get("/managers/weighings/new?season=2025")
    assert pooled.find(attrs={"data-amount": True}) is None


def test_a_slip_is_taken_back_once_with_a_reason_and_both_stay(office, count):
    office.send(NEW, **QIANS)
    path = "/managers/weighings/reverse/2026-000001"
    for nothing in ("", " "):
        assert "Reason: This is needed." in office.refused(path, reason=nothing)
    sent = office.fields(path) | {"reason": "<b>wrong</b> household"}
    first, second = (office.browser.post(path, data=sent) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert count() == 2
    assert "-23.498 kg" in text_of(office.follow(first))
    said = text_of(office.get("/managers/weighings/slip/2026-000001"))
    assert "Taken back by slip 2026-000002 : <b>wrong</b> household" in said
    assert "was reversed before" in office.refused(path, reason="again")


def test_searches_and_pages_beyond_the_end_are_answered(office):
    office.send(NEW, **QIANS)
    for query in ({"search": "%"}, {"search": "'"}, {"page": "99999999999999999999"}, {"page": "-1"}, {"page": "x"}):
        office.get("/managers/weighings?" + urlencode(query))
    assert office.browser.get("/managers/weighings?season=1999").status_code == 404


def test_another_collective_has_no_such_slip(office, elsewhere):
    office.send(NEW, **QIANS)
    for path in ("slip/2026-000001", "reverse/2026-000001"):
        assert elsewhere.browser.get(f"/managers/weighings/{path}").status_code == 404
    assert elsewhere.browser.get(NEW).status_code == 404


def test_who_weighs_may_weigh_and_who_keeps_the_books_may_not(somebody):
    assert somebody(Role.WEIGHER).send(NEW, **QIANS).status_code == 302
    assert somebody(Role.ACCOUNTANT).browser.get(NEW).status_code == 403


def test_the_list_asks_as_many_queries_for_many_slips_as_for_one(office, sqlite_database):
    asked = []
    event.listen(sqlite_database.engine, "before_cursor_execute", lambda *_: asked.append(1))

    def queries() -> int:
        asked.clear()
        office.get("/managers/weighings")
        return len(asked)

    office.send(NEW, **QIANS)
    one = queries()
    for minute in range(10, 20):
        office.send(NEW, **{**QIANS, "weighed_at": f"2026-09-02T08:{minute}"})
    assert queries() == one
