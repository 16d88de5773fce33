"""The office's pages for households: found, kept, never half saved, never somebody else's."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from plantation.domain.words import Role
from tests.web.conftest import PASSWORD, browser_of, token_of
from tests.web.managers.conftest import enter, text_of

QIAN = {"code": "H010", "name": "钱小二", "members": "4", "phone": "13912345678"}


def test_a_household_is_entered_and_found_by_a_part_of_its_name(office):
    page = office.follow(office.send("/managers/households/new", **QIAN))
    assert page.h1.get_text() == "H010 钱小二"
    found = office.get("/managers/households?search=小二")
    assert "H010" in text_of(found) and "H001" not in text_of(found)


def test_an_edit_changes_what_was_typed_and_nothing_else(office):
    office.send("/managers/households/edit/H001", members="6")
    said = text_of(office.get("/managers/households/code/H001"))
    assert "H001 钱" in said and "Members 6" in said and "13900000000" in said


def test_the_second_of_two_who_edit_is_told_who_was_faster(office, somebody):
    stale = office.fields("/managers/households/edit/H001")
    office.send("/managers/households/edit/H001", name="钱大")
    answer = office.browser.post("/managers/households/edit/H001", data={**stale, "name": "钱二"})
    assert answer.status_code == 409
    assert "was changed by Zhao at Nov 24, 2026 12:00" in answer.text.replace("\u00a0", " ")
    assert 'value="钱二"' in answer.text and "data-errors" in answer.text  # what was typed stays
    assert "钱大" in text_of(office.get("/managers/households/code/H001"))


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("/managers/rights/edit/RH001", "entitlement_millimu"),
        ("/managers/plots/edit/P1", "name"),
        ("/managers/buyers/edit/B001", "name"),
        ("/managers/seasons/edit/2026", "tolerance_ppm"),
    ],
)
def test_whoever_was_slower_keeps_what_was_typed_on_every_form_of_its_kind(office, page, name):
    answer = office.browser.post(page, data={**office.fields(page), "version": "999", name: "7"})
    assert answer.status_code == 409
    kept = BeautifulSoup(answer.text, "html.parser")
    assert kept.find(attrs={"data-errors": True}) and kept.find(attrs={"name": name})["value"] == "7"


def test_a_version_that_was_tampered_with_saves_nothing(office):
    sent = office.fields("/managers/households/edit/H001") | {"name": "X", "version": ""}
    assert office.browser.post("/managers/households/edit/H001", data=sent).status_code == 409


def test_a_code_that_is_taken_is_refused_at_its_field_and_keeps_what_was_typed(office):
    answer = office.send("/managers/households/new", 422, **{**QIAN, "code": "H001"})
    assert "There is a household “H001” already." in answer.text
    assert 'value="钱小二"' in answer.text
    assert 'aria-invalid="true"' in answer.text


WRONG = [
    ("code", "", "Code: This is needed."),
    ("code", "H 1", "Code: “H 1” is not a code"),
    ("code", "pool", "Code: “pool” cannot be a household's code"),
    ("name", "", "Name: This is needed."),
    ("name", "n" * 201, "Name: At most 200 characters"),
    ("name", "a\u200bb", "Name: At most 200 characters without control characters"),
    ("members", "-1", "Members: “-1” is not a whole number"),
    ("members", "1e3", "Members: “1e3” is not a whole number"),
    ("members", "4.5", "Members: “4.5” is not a whole number"),
    ("members", "101", "Members: “101” is too large: at most 100."),
    ("members", "999999999999999999", "Members: “999999999999999999” is not a whole number"),
    ("phone", "'; DROP TABLE households; --", "Phone: “'; DROP TABLE households; --” is not a phone number"),
]


def test_what_cannot_be_a_household_is_refused_with_the_field_and_the_figure(office):
    for field, value, said in WRONG:
        assert said in office.refused("/managers/households/new", **{**QIAN, field: value})
    assert office.browser.get("/managers/households/code/H010").status_code == 404


STRANGE = ["<script>alert(1)</script>", "👩‍🌾 钱", "Robert'); DROP TABLE households;--", "%s %(code)s {{7*7}}", "阿依努尔·买买提", "قوي"]


def test_a_strange_name_is_a_name_and_nothing_more(office):
    for number, name in enumerate(STRANGE):
        code = f"H{100 + number}"
        sent = office.fields("/managers/households/new") | {**QIAN, "code": code, "name": name}
        answer = office.browser.post("/managers/households/new", data=sent)
        if answer.status_code == 422:
            assert "control characters" in answer.text and "👩" in name
            continue
        page = office.follow(answer)
        assert page.h1.get_text() == f"{code} {name}"
        assert page.main.find("script") is None


def test_a_search_takes_every_sign_as_itself(office):
    for search in ["%", "_", "' OR 1=1 --", "\\", "<b>", "x" * 5000, "👩‍🌾"]:
        said = text_of(office.get("/managers/households?" + urlencode({"search": search})))
        assert "No household matches" in said, search


def test_a_field_that_the_page_does_not_have_is_refused(office):
    said = office.refused("/managers/households/new", **QIAN, collective_id="2")
    assert "no field “collective_id”" in said
    assert office.browser.get("/managers/households/code/H010").status_code == 404


def test_five_megabytes_of_name_are_refused_with_their_length(office):
    assert "these are 5,000,000" in office.refused("/managers/households/new", **{**QIAN, "name": "n" * 5_000_000})


def test_a_form_without_its_token_is_refused_and_nothing_is_saved(office):
    assert office.browser.post("/managers/households/new", data=QIAN).status_code == 400
    assert office.browser.get("/managers/households/code/H010").status_code == 404


def test_looking_at_what_changes_something_is_not_possible(office):
    assert office.browser.get("/managers/households/card/H001").status_code == 405


def test_a_household_of_another_collective_is_not_there(elsewhere):
    for path in ("households/code/H001", "households/edit/H001", "maps/household/H001", "settlements/earnings/H001"):
        assert elsewhere.browser.get(f"/managers/{path}").status_code == 404, path
    token = token_of(elsewhere.browser.get("/managers/households"))
    assert elsewhere.browser.post("/managers/households/card/H001", data={"csrf_token": token}).status_code == 404
    assert elsewhere.browser.get("/managers/households/find?text=H001").json == {"households": []}


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.WEIGHER])
def test_only_a_manager_keeps_households(somebody, role):
    other = somebody(role)
    if role == Role.ACCOUNTANT:
        assert other.get("/managers/households/code/H001").h1.get_text() == "H001 钱"
    else:
        assert other.browser.get("/managers/households/code/H001").status_code == 403
    for path in ("households/new", "households/edit/H001"):
        assert other.browser.get(f"/managers/{path}").status_code == 403


def test_a_new_card_is_shown_once_and_opens_the_household_s_door(office, app):
    answer = office.send("/managers/households/code/H001", 200, action="/managers/households/card/H001")
    pin = BeautifulSoup(answer.text, "html.parser").find(attrs={"data-pin": True}).get_text()
    assert len(pin) == 6 and pin.isdigit()
    assert pin not in office.browser.get("/managers/households/code/H001").text
    assert enter(app, "H001", secret=pin)
    again = office.send("/managers/households/code/H001", 200, action="/managers/households/card/H001")
    assert pin not in again.text


def test_suggestions_come_as_json_for_the_form_only(office):
    found = office.browser.get("/managers/households/find?text=H00").json["households"]
    assert found[0] == {"code": "H001", "name": "钱"}


def test_a_visitor_without_a_sign_in_is_sent_to_sign_in(app, village):
    answer = browser_of(app).get("/managers/households/code/H001")
    assert answer.status_code == 302 and answer.location.startswith("/sign-in")
    assert PASSWORD not in answer.text
