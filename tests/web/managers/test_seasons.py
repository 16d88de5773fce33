"""The office's pages for seasons and rights: terms are posted, checked, and frozen where people rely on them."""

from __future__ import annotations

from plantation.domain.words import Role
from tests.web.managers.conftest import text_of
from tests.web.managers.test_weighings import NEW as NEW_WEIGHING
from tests.web.managers.test_weighings import QIANS

NEW = "/managers/seasons/new"
S27 = {"code": "2027", "starts_on": "2027-08-01", "ends_on": "2027-10-31", "mode": "pooled", "tolerance_ppm": "2"}
SHOW = "/managers/seasons/code/2027"
PRICE = "/managers/seasons/prices/2027"
DEDUCTION = "/managers/seasons/deductions/2027"


def test_a_season_gets_its_days_prices_and_deductions(office):
    said = text_of(office.follow(office.send(NEW, **S27)))
    assert "Aug 1, 2027 to Oct 31, 2027" in said and "2%" in said
    office.send(SHOW, action=PRICE, grade="一级", valid_from="2027-08-01", price_fen_per_kg="5.20")
    office.send(SHOW, action=DEDUCTION, code="01", name="合作社", kind="percent", rate_ppm="2.5")
    office.send(SHOW, action=DEDUCTION, code="02", name="箱", kind="yuan_per_kg", amount_fen="0.05")
    said = text_of(office.get(SHOW))
    assert "一级 Aug 1, 2027 ¥ 5.20" in said
    assert "01 合作社 percent of the gross 2.5%" in said and "02 箱 yuan per net kg ¥ 0.05" in said


def test_what_cannot_be_a_season_is_refused_with_its_field(office):
    for change, said in [
        ({"code": "2026"}, "Code: There is a season “2026” already."),
        ({"starts_on": "01.08.2027"}, "First day: “01.08.2027” is not a date as year-month-day"),
        ({"starts_on": "2027-11-01"}, "Last day: A season cannot end on Oct 31, 2027 when it begins on Nov 1, 2027."),
        ({"ends_on": "2029-10-31"}, "a season has at most 400"),
        ({"starts_on": "0026-08-01", "ends_on": "0026-10-31"}, "First day: “0026-08-01” is not a date as year-month-day"),
        ({"starts_on": "9999-12-01", "ends_on": "9999-12-31"}, "Last day: “9999-12-31” is not a date as year-month-day"),
        ({"ends_on": "2027-02-30"}, "Last day: “2027-02-30” is not a date"),
        ({"tolerance_ppm": "101"}, "Tolerance in percent: “101” is too large: at most 100."),
        ({"tolerance_ppm": "-1"}, "“-1” is not a percentage"),
        ({"mode": "free"}, "Rule: “free” is not one of the choices."),
    ]:
        assert said in office.refused(NEW, **{**S27, **change}), change


def test_what_cannot_be_a_price_or_a_deduction_is_refused_beside_what_was_typed(office):
    office.send(NEW, **S27)
    price = {"grade": "A", "valid_from": "2027-08-01", "price_fen_per_kg": "5"}
    office.send(SHOW, action=PRICE, **price)
    for change, said in [
        ({"price_fen_per_kg": "6"}, "Grade A has a price of 5.00 yuan per kg from Aug 1, 2027 already."),
        ({"price_fen_per_kg": "1e3"}, "Price in yuan per kg: “1e3” is not an amount"),
        ({"price_fen_per_kg": "1000.01"}, "“1000.01” is too large"),
        ({"grade": ""}, "Grade: This is needed."),
        (
            {"valid_from": "2027-11-01"},
            "Valid from: A price from Nov 1, 2027 is none of season 2027, which runs from Aug 1, 2027 to Oct 31, 2027",
        ),
        ({"valid_from": "2017-08-01"}, "nor more than a year before the first"),
        ({"valid_from": "2126-08-01"}, "is none of season 2027"),
        ({"valid_from": "9999-12-31"}, "Valid from: “9999-12-31” is not a date"),
    ]:
        assert said in office.refused(SHOW, action=PRICE, **{**price, **change}), change
    for fields, said in [
        ({"code": "01", "name": "x", "kind": "percent", "rate_ppm": ""}, "Percent: This is needed."),
        ({"code": "01", "name": "x", "kind": "yuan_per_kg", "rate_ppm": "2"}, "Amount in yuan: This is needed."),
        ({"code": "01", "name": "x", "kind": "percent", "rate_ppm": "100.1"}, "too large"),
        ({"code": "", "name": "", "kind": "percent", "rate_ppm": "2"}, "Code: This is needed."),
    ]:
        assert said in office.refused(SHOW, action=DEDUCTION, **fields), fields


def test_a_price_that_slips_rely_on_stays_and_one_posted_by_mistake_goes(office):
    office.send(NEW_WEIGHING, **QIANS)
    show, add = "/managers/seasons/code/2026", "/managers/seasons/prices/2026"
    early = {"grade": "A", "valid_from": "2026-08-15", "price_fen_per_kg": "9"}
    assert "Sep 1, 2026" in office.refused(show, action=add, **early)
    office.send(show, action=add, grade="A", valid_from="2026-10-01", price_fen_per_kg="9")
    removals = [form["action"] for form in office.get(show).find_all("form", action=lambda a: a and "/prices/remove/" in a)]
    assert len(removals) == 4
    results = [office.browser.post(action, data=office.fields(show, action)).status_code for action in removals]
    assert sorted(results) == [302, 302, 302, 422]  # one price of A is on a slip


def test_a_season_with_fruit_keeps_its_rule_and_its_days(office):
    office.send(NEW_WEIGHING, **QIANS)
    path = "/managers/seasons/edit/2026"
    assert "Season 2026 has 1 weighings" in office.refused(path, mode="pooled")
    assert "Fruit was weighed in season 2026 from Sep 1, 2026 to Sep 1, 2026" in office.refused(path, starts_on="2026-09-02")
    assert "can no longer change: 1 records name it" in office.refused(path, code="X")


def test_a_settled_season_says_why_it_is_frozen(office):
    office.send(NEW_WEIGHING, **QIANS)
    office.send("/managers/settlements/final/2026", confirmed="y")
    said = text_of(office.get("/managers/seasons/code/2026"))
    assert "Season 2026 was settled finally on Nov 24, 2026; its terms can no longer change." in said
    assert "Post a price" not in said
    assert "its terms can no longer change" in office.refused("/managers/seasons/edit/2026", tolerance_ppm="3")


def test_only_a_manager_changes_terms(somebody):
    other = somebody(Role.ACCOUNTANT)
    assert "Season 2026" in other.get("/managers/seasons/code/2026").h1.get_text()
    assert other.browser.get(NEW).status_code == 403


RIGHT = {"code": "R9", "household": "H009", "entitlement_millimu": "10", "starts_on": "2018-04-01", "ends_on": "2048-03-31"}


def test_a_right_is_entered_and_the_missing_land_is_said_in_figures(office):
    office.send("/managers/rights/new", **RIGHT)
    page = office.get("/managers/rights?search=R9")
    assert "H009 周 10 mu" in text_of(page)
    for more in range(2):
        office.send("/managers/rights/new", **{**RIGHT, "code": f"R1{more}", "entitlement_millimu": "1000", "household": "周"})
    said = text_of(office.get("/managers/rights"))
    assert "Land asked for 2,030 mu 5 active rights" in said and "Land there is 30 mu" in said and "Land missing 2,000 mu" in said


def test_what_cannot_be_a_right_is_refused_with_its_figures(office):
    for change, said in [
        ({"entitlement_millimu": "0"}, "Entitlement in mu: “0” is too small: at least 0.001."),
        ({"entitlement_millimu": "1000000000"}, "“1000000000” is too large: at most 100000."),
        ({"entitlement_millimu": "-10"}, "“-10” is not an area in mu"),
        ({"entitlement_millimu": "8.5714"}, "“8.5714” is not an area in mu with at most three decimals"),
        ({"ends_on": "2018-03-31"}, "Last day: A right cannot end on Mar 31, 2018 when it begins on Apr 1, 2018."),
        ({"household": "H999"}, "Household: There is no household “H999”."),
        ({"status": "lost"}, "Status: “lost” is not one of the choices."),
        ({"code": "RH001"}, "Code: There is a right “RH001” already."),
    ]:
        assert said in office.refused("/managers/rights/new", **{**RIGHT, **change}), change


def test_a_right_is_suspended_and_asks_for_no_land_then(office):
    office.send("/managers/rights/edit/RH001", status="suspended")
    said = text_of(office.get("/managers/rights"))
    assert "Land asked for 10 mu 1 active right" in said and "suspended" in said
    stale = office.fields("/managers/rights/edit/RH001") | {"version": "1", "entitlement_millimu": "20"}
    assert office.browser.post("/managers/rights/edit/RH001", data=stale).status_code == 409


def test_a_right_sent_without_its_version_changes_nothing(office):
    page = "/managers/rights/edit/RH001"
    fields = {name: value for name, value in office.fields(page).items() if name != "version"}
    assert office.browser.post(page, data={**fields, "entitlement_millimu": "9"}).status_code == 409
    assert office.fields(page)["entitlement_millimu"] == "10"


def test_another_collective_has_no_such_season_or_right(elsewhere):
    for path in ("seasons/code/2026", "seasons/edit/2026", "rights/edit/RH001", "settlements?season=2026"):
        assert elsewhere.browser.get(f"/managers/{path}").status_code == 404, path


def test_a_limit_is_posted_regrades_at_the_scale_and_hangs_for_everybody(harvest, client):
    show = "/managers/seasons/code/2025"
    harvest.send(show, action="/managers/seasons/prices/2025", grade="B", valid_from="2025-08-01", price_fen_per_kg="3")
    harvest.send(show, action="/managers/seasons/limits/2025", of_grade="A", measure="impurity", limit_ppm="3", regrade="B")
    assert "another grade is due, not A again" in harvest.refused(
        show, action="/managers/seasons/limits/2025", of_grade="A", limit_ppm="3", regrade="A"
    )
    slip = {"household": "H001", "grade": "A", "weighed_at": "2025-09-01T09:00", "gross_grams": "11", "tare_grams": "1", "save": "1"}
    answer = harvest.send("/managers/weighings/new?season=2025", **slip, impurity_ppm="4.5")
    said = text_of(harvest.follow(answer))
    assert "Offered as grade A, beyond its limit: weighed as grade B." in said and "impurity 4.5" in said
    harvest.send(show, action="/managers/seasons/limits/2025", of_grade="B", measure="impurity", limit_ppm="8", regrade="")
    refused = harvest.refused("/managers/weighings/new?season=2025", **slip, impurity_ppm="9")
    assert "Grade: Grade B has at most 8 % impurity; 9 % were found. The delivery is refused." in refused
    sheet = text_of(harvest.get("/prices/aguoyi/2025"))
    assert "A impurity 3% grade B" in sheet and "B impurity 8% the delivery is refused" in sheet and "1-fund" in sheet
    assert client.get("/prices/aguoyi/2025").status_code == 200 and client.get("/prices/aguoyi/2031").status_code == 404
    assert client.get("/prices/nobody/2025").status_code == 404
