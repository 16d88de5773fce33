"""Weighings from paper as a form: checked with its sums, then saved whole; without JavaScript, and whatever is sent."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from plantation.domain.words import Role
from plantation.models import QualityCheck, Weighing
from tests.web.managers.conftest import text_of

PAPER = "/managers/weighings/paper?season=2026"
FIRST = {"household": "H001", "gross_grams": "25.3", "grade": "A", "tare_grams": "1.2", "day": "2026-09-01"}


def page_of(*lines, **more):
    """What is typed: the first line has everything, those below what a test says."""
    sent = {f"lines-{place}-{name}": value for place, line in enumerate(lines) for name, value in line.items()}
    return sent | {"save": "1"} | more


def checked(office, sent, status=200):
    """The page after "check and add up", and what it would send next."""
    answer = office.browser.post(PAPER, data=office.fields(PAPER) | sent)
    assert answer.status_code == status, answer.text[:3000]
    page = BeautifulSoup(answer.text, "html.parser")
    controls = office.form(page, PAPER).find_all(["input", "select"])
    kept = {}
    for one in controls:
        if one.name == "select":
            chosen = one.find("option", selected=True)
            kept[one["name"]] = chosen["value"] if chosen else ""
        elif one.get("type") not in ("submit", "checkbox") or one.has_attr("checked"):
            kept[one["name"]] = one.get("value", "y" if one.get("type") == "checkbox" else "")
    return page, kept | {"save": "1"}


@pytest.fixture
def office(office):
    """The form of this page is sent to an address with its season."""
    plain = office.fields
    office.fields = lambda path, action="": plain(path, action or PAPER)
    return office


def errors_of(page) -> str:
    box = page.find(attrs={"data-errors": True})
    assert box is not None, page.main.get_text(" ", strip=True)[:2000]
    return " ".join(box.get_text(" ", strip=True).split())


def test_a_page_is_checked_with_its_sums_and_then_saved_whole(office, counted):
    second = {"household": "孙", "gross_grams": "10", "slip": "纸-7"}
    page, kept = checked(office, page_of(FIRST, second, {"household": "H002", "gross_grams": "12", "grade": "B"}))
    said = text_of(page)
    assert counted(Weighing) == 0
    assert "Nothing is recorded yet." in said and "H002 孙" in said and "Save 3 lines" in said
    assert "A 2 35.300 32.900" in said and "B 1 12.000 10.800" in said and "Total 3 47.300 43.700" in said
    answer = office.browser.post(PAPER, data=kept)
    assert answer.status_code == 302
    said = text_of(office.follow(answer))
    assert "3 lines are recorded: 2026-000001 – 2026-000002" in said
    assert counted(Weighing) == 3
    listed = text_of(office.get("/managers/weighings?season=2026"))
    assert "纸-7" in listed and "24.1 kg" in listed and "8.8 kg" in listed and "10.8 kg" in listed


def test_sent_twice_it_is_recorded_once(office, counted):
    _, kept = checked(office, page_of(FIRST, {"household": "H002", "gross_grams": "10"}))
    first, second = (office.browser.post(PAPER, data=kept) for _ in range(2))
    assert first.location == second.location and counted(Weighing) == 2


def test_what_was_changed_after_the_check_is_shown_before_it_is_saved(office, counted):
    _, kept = checked(office, page_of(FIRST))
    page, again = checked(office, kept | {"lines-0-gross_grams": "26.3"})
    assert "Total 1 26.300 25.100" in text_of(page) and counted(Weighing) == 0
    assert office.browser.post(PAPER, data=again).status_code == 302 and counted(Weighing) == 1


def test_a_twin_is_asked_about_with_a_tick(office, counted):
    page, kept = checked(office, page_of(FIRST, {"household": "H001", "gross_grams": "25.3"}), 422)
    assert "Line 2, Both were weighed: Line 1 has the same household, grade, weight and day." in errors_of(page)
    assert office.browser.post(PAPER, data=kept).status_code == 422 and counted(Weighing) == 0
    assert office.browser.post(PAPER, data=kept | {"lines-1-again": "y"}).status_code == 302 and counted(Weighing) == 2
    page, kept = checked(office, page_of(FIRST), 422)
    assert "Slip 2026-000001 has the same household, grade, weight and day." in errors_of(page)
    assert page.find(id="lines-0-again").find_parent(attrs={"data-again": True}).get("hidden") is None
    assert page.find(id="lines-1-again").find_parent(attrs={"data-again": True}).get("hidden") is not None


def test_the_papers_own_sums_are_held_against_the_lines(office, counted):
    sent = page_of(FIRST, {"household": "H002", "gross_grams": "10"}, paper_lines="3", paper_gross_grams="35.3", paper_net_grams="33")
    page, kept = checked(office, sent, 422)
    said = errors_of(page)
    assert "Lines, on the paper: The paper says 3, the lines come to 2." in said
    assert "Net, on the paper: The paper says 33.000, the lines come to 32.900." in said and "Gross, on the paper" not in said
    page, kept = checked(office, kept | {"paper_lines": "2", "paper_net_grams": "32.9"})
    # Sums that are changed after the check hold too, and what was written is taken back.
    assert office.browser.post(PAPER, data=kept | {"paper_lines": "5"}).status_code == 422 and counted(Weighing) == 0
    assert office.browser.post(PAPER, data=kept).status_code == 302 and counted(Weighing) == 2


def test_every_wrong_line_is_named_and_nothing_that_was_typed_is_lost(office, counted):
    wrong = [
        FIRST,
        {"household": "H999", "gross_grams": "25.3"},
        {"household": "H002", "gross_grams": "1e3", "slip": "18"},
        {"household": "", "gross_grams": "12"},
        {"household": "H002", "gross_grams": "1.2"},
        {"household": "H002", "gross_grams": "9", "day": "2026-07-31"},
    ]
    page, kept = checked(office, page_of(*wrong), 422)
    said = errors_of(page)
    for one in (
        "Line 2, Household: There is no household “H999”.",
        "Line 3, Gross in kg: “1e3” is not a weight in kg",
        "Line 4, Household: This is needed.",
        "Line 5, Gross in kg: The gross weight, 1.2 kg, must be above the tare, 1.2 kg.",
        "Line 6, Day: Jul 31, 2026 is outside season 2026",
    ):
        assert one in said, (one, said)
    for place, line in enumerate(wrong):
        for name, value in line.items():
            assert kept[f"lines-{place}-{name}"] == value
    assert kept["checked"] == "" and counted(Weighing) == 0
    assert page.find("a", href="#lines-2-gross_grams") and page.find(id="lines-2-gross_grams")["aria-invalid"] == "true"


def test_the_first_line_says_grade_tare_and_day_and_more_lines_keep_what_was_typed(office):
    page, kept = checked(office, page_of({"household": "H001", "gross_grams": "25"}, {"household": "H002", "gross_grams": "9"}), 422)
    said = errors_of(page)
    for name in ("Grade", "Tare in kg", "Day"):
        assert f"Line 1, {name}: This is needed." in said
    assert "Line 2" not in said
    more = office.browser.post(PAPER, data={name: value for name, value in kept.items() if name != "save"} | {"more_lines": "1"})
    page = BeautifulSoup(more.text, "html.parser")
    assert more.status_code == 200 and len(page.find_all(attrs={"data-line": True})) == 30
    assert page.find(id="lines-1-household")["value"] == "H002"


def test_limits_hold_and_the_lower_grade_is_shown_before_it_is_saved(office, counted):
    office.send(
        "/managers/seasons/code/2026", action="/managers/seasons/limits/2026", of_grade="A", measure="impurity", limit_ppm="3", regrade="B"
    )
    page, kept = checked(office, page_of(FIRST | {"impurity_ppm": "5"}))
    assert "grade B" in text_of(page)
    assert office.browser.post(PAPER, data=kept).status_code == 302
    assert counted(QualityCheck) == 1


HOSTILE = [
    ({"household": "' OR 1=1 --"}, "There is no household “' OR 1=1 --”."),
    ({"household": "H" * 5_000}, "At most 200 characters"),
    ({"household": "<script>alert(1)</script>"}, "There is no household"),
    ({"household": "H001\x00"}, "invisible control characters"),
    ({"gross_grams": "-5"}, "is not a weight in kg"),
    ({"gross_grams": "NaN"}, "is not a weight in kg"),
    ({"gross_grams": "9" * 400}, "is not a weight in kg"),
    ({"gross_grams": "100001"}, "is too large: at most 100000."),
    ({"tare_grams": "99"}, "must be above the tare"),
    ({"deduction_ppm": "100"}, "is too large"),
    ({"grade": "Z"}, "“Z” is not one of the choices"),
    ({"day": "2026-02-30"}, "is not a date"),
    ({"day": "2199-12-31"}, "lies in the future"),
    ({"day": "0001-01-01"}, "is not a date"),
    ({"day": "1999-12-31"}, "is outside season 2026"),
    ({"slip": "s\n1"}, "a slip number of 1 to 64 printable characters"),
    ({"slip": "s" * 65}, "At most 64 characters"),
    ({"impurity_ppm": "101"}, "is too large"),
]


def test_whatever_is_sent_is_answered_in_words_and_nothing_is_written(office, counted):
    for change, said in HOSTILE:
        page, _ = checked(office, page_of(FIRST | change), 422)
        assert said in errors_of(page), change
    for sent, said in (
        (page_of(), "Type at least one line."),
        (page_of(FIRST, price="1"), "no field “price”"),
        (page_of(FIRST, checked="' OR 1"), None),
        (page_of(FIRST, once="not a uuid"), None),
    ):
        page, _ = checked(office, sent, 422 if said else 200)
        assert said is None or said in errors_of(page)
    many = {f"lines-{place}-household": "H001" for place in range(1_001)}
    page, _ = checked(office, many | {"save": "1"}, 422)
    assert "A page has at most 1,000 lines; 1,001 were sent." in errors_of(page)
    gaps = {f"lines-99999{place}-{name}": value for place in range(2) for name, value in (FIRST | {"gross_grams": f"{place + 5}"}).items()}
    checked(office, gaps | {"save": "1"}, 200)
    assert office.browser.get("/managers/weighings/paper?season=2026&saved=9&first=%00%3Cb%3E&last=x").status_code == 200
    assert office.browser.get("/managers/weighings/paper?saved=x").status_code == 200
    assert office.browser.get("/managers/weighings/paper?season=1999").status_code == 404
    assert counted(Weighing) == 0


def test_who_weighs_may_and_who_keeps_the_books_may_not(somebody):
    assert somebody(Role.WEIGHER).browser.get(PAPER).status_code == 200
    assert somebody(Role.ACCOUNTANT).browser.get(PAPER).status_code == 403


def test_another_collective_sees_no_household_of_ours(elsewhere):
    assert elsewhere.browser.get(PAPER).status_code == 404
