"""Buyers and their purchases as the office records them: line by line, against what was weighed."""

from __future__ import annotations

from plantation.models import Purchase
from tests.web.managers.conftest import enter, text_of
from tests.web.managers.conftest import line_of_purchase as line

BUY = "/managers/purchases/new?season=2025"


def test_a_purchase_with_several_lines_is_recorded_and_leaves_the_stock(harvest):
    page = harvest.get(BUY)
    assert "A 50 kg picked a week ago or longer" in text_of(page)
    answer = harvest.send(BUY, purchased_on="2025-09-02", save="1", **line(0, "40", "5"), **line(1, "5.5", "6", source="H002"))
    said = text_of(harvest.follow(answer))
    assert "A pool 40.0 kg ¥ 5.00 ¥ 200.00" in said and "A H002 5.5 kg ¥ 6.00 ¥ 33.00" in said
    assert "Total 45.5 kg ¥ 233.00" in said
    assert "A 4.5 kg picked a week ago or longer" in text_of(harvest.get(BUY))
    assert "B001 李" in text_of(harvest.get("/managers/purchases?season=2025"))
    assert "45.5 kg" in text_of(harvest.get("/managers/buyers/code/B001"))


def test_a_line_more_is_added_without_javascript_and_nothing_typed_is_lost(harvest, counted):
    answer = harvest.send(BUY, 200, add_line="1", purchased_on="2025-09-02", **line(0, "40", "x"))
    assert 'name="lines-3-net_grams"' in answer.text and 'value="40"' in answer.text and 'value="x"' in answer.text
    assert counted(Purchase) == 0


def test_a_purchase_sent_twice_is_one(harvest, counted):
    sent = harvest.fields(BUY) | {"purchased_on": "2025-09-02", "save": "1"} | line(0, "40", "5")
    first, second = (harvest.browser.post(BUY, data=sent) for _ in range(2))
    assert first.status_code == 302 and first.location == second.location
    assert counted(Purchase) == 1


def test_what_cannot_be_bought_is_refused_with_both_figures(harvest, counted):
    day = {"purchased_on": "2025-09-02", "save": "1"}
    for fields, said in [
        ({**day, **line(0, "60", "5")}, "Grade A: 60 kg were bought but only 50 kg were weighed"),
        ({**day, **line(0, "25", "5", source="H002")}, "Household H002 sold 25 kg of grade A directly but delivered only 20 kg."),
        (day, "A purchase needs at least one line"),
        ({**day, **line(0, "0", "5")}, "Net in kg: A line needs more than 0 kg."),
        ({**day, **line(0, "40", "")}, "Yuan per kg: This is needed."),
        ({**day, **line(1, "1e3", "5")}, "“1e3” is not a weight in kg"),
        ({**day, **line(0, "40", "999999999999999999")}, "is not an amount in yuan"),
        ({**day, **line(0, "40", "5", grade="Z")}, "Grade: “Z” is not one of the choices."),
        ({**day, **line(0, "40", "5", source="H999")}, "There is no household “H999”."),
        ({**day, "purchased_on": "2026-11-25", **line(0, "40", "5")}, "Date: Nov 25, 2026 lies in the future; today is Nov 24, 2026."),
        (
            {**day, "purchased_on": "2016-09-02", **line(0, "40", "5")},
            "Date: Sep 2, 2016 is more than five years ago; today is Nov 24, 2026.",
        ),
        ({**day, "purchased_on": "0026-09-02", **line(0, "40", "5")}, "Date: “0026-09-02” is not a date as year-month-day"),
        ({**day, "buyer": "B999", **line(0, "40", "5")}, "Buyer: “B999” is not one of the choices."),
        ({**day, "amount_fen": "1", **line(0, "40", "5")}, "no field “amount_fen”"),
    ]:
        assert said in harvest.refused(BUY, **fields), fields
    assert counted(Purchase) == 0


def test_a_direct_purchase_in_a_posted_season_is_refused(office):
    office.send(
        "/managers/weighings/new?season=2026",
        household="H001",
        grade="A",
        weighed_at="2026-09-01T08:00",
        gross_grams="31",
        tare_grams="1",
        save="1",
    )
    path = "/managers/purchases/new?season=2026"
    assert "lines-0-source" not in office.browser.get(path).text
    said = office.refused(path, purchased_on="2026-09-02", save="1", **line(0, "10", "5", source="H001"))
    assert "Season 2026 pays posted prices: the collective buys everything" in said


def test_a_purchase_is_taken_back_once_with_a_reason(harvest):
    harvest.send(BUY, purchased_on="2025-09-02", save="1", number="N1", **line(0, "40", "5"))
    path = "/managers/purchases/reverse/N1?season=2025"
    assert "Reason: This is needed." in harvest.refused(path, reason="")
    said = text_of(harvest.follow(harvest.send(path, reason="wrong buyer")))
    assert "This takes back purchase N1 : wrong buyer" in said and "-40 kg" in said
    assert "was reversed before" in harvest.refused(path, reason="again")
    assert "A 50 kg picked a week ago or longer" in text_of(harvest.get(BUY))
    assert "N1 of season 2025 was recorded before" in harvest.refused(
        BUY, purchased_on="2025-09-02", save="1", number="N1", **line(0, "1", "5")
    )


def test_a_buyer_is_entered_and_gets_a_sign_in_of_a_buyer(office, app):
    office.send("/managers/buyers/new", code="B2", name="王记")
    path = "/managers/buyers/account/B2"
    for fields, said in [
        ({"secret": "short"}, "Password: "),
        ({"secret": "berries under snow", "name": "Zhao"}, "Sign-in name: There is already an account “Zhao”."),
        ({"secret": "berries under snow", "role": "manager"}, "no field “role”"),
    ]:
        assert said in office.refused(path, **fields), fields
    office.send(path, name="wang", secret="berries under snow")
    buyer = enter(app, "wang", secret="berries under snow")
    assert buyer.browser.get("/managers/").status_code == 403


def test_what_cannot_be_a_buyer_is_refused_and_a_stale_edit_is_told(office):
    assert "Code: There is a buyer “B001” already." in office.refused("/managers/buyers/new", code="B001", name="x")
    stale = office.fields("/managers/buyers/edit/B001")
    office.send("/managers/buyers/edit/B001", name="李二")
    assert office.browser.post("/managers/buyers/edit/B001", data=stale).status_code == 409
