"""Settlement, earnings and payments as the office does them, to the last fen."""

from __future__ import annotations

from plantation.domain.words import Role
from plantation.models import Payment
from tests.web.managers.conftest import line_of_purchase as line
from tests.web.managers.conftest import text_of

BUY = "/managers/purchases/new?season=2025"
FINAL = "/managers/settlements/final/2025"
PAY = "/managers/payments/new?season=2025"


def settle(office) -> None:
    office.send(BUY, purchased_on="2025-09-02", save="1", **line(0, "50", "5"))
    office.send(FINAL, confirmed="y")


def test_a_settlement_is_seen_line_by_line_before_it_is_final(harvest):
    harvest.send(BUY, purchased_on="2025-09-02", save="1", **line(0, "40", "5"))
    said = text_of(harvest.get("/managers/settlements?season=2025"))
    # Qian's 30 of 50 kg of 200 yuan: 120.00, less 2.5 % = 3.00, 30 × 0.10 = 3.00 and 30.00
    assert "H001 钱 30 kg ¥ 120.00 ¥ 36.00 ¥ 0.00 ¥ 84.00 –" in said
    assert "A 50 kg 40 kg 0 kg 10 kg – ¥ 200.00 ¥ 200.00" in said
    assert "Settle finally" in said
    confirm = text_of(harvest.get(FINAL))
    assert "Season 2025: 2 households, 50 kg, ¥ 130.00 net." in confirm
    assert "Tick the box" in harvest.refused(FINAL)
    harvest.send(FINAL, confirmed="y")
    earnings = text_of(harvest.get("/managers/settlements/earnings?season=2025"))
    assert "H001 钱 30 kg ¥ 120.00 ¥ 36.00 ¥ 0.00 ¥ 84.00 ¥ 0.00 ¥ 84.00" in earnings
    why = text_of(harvest.get("/managers/settlements/earnings/H001?season=2025"))
    assert "Your part of what the pool earned: ¥ 200.00 × 30 kg ÷ 50 kg = ¥ 120.00" in why
    assert "2.5% of your fruit's worth: ¥ 120.00 × 2.5% = ¥ 3.00" in why
    assert "2025 30 kg ¥ 120.00 ¥ 36.00 ¥ 0.00 ¥ 84.00 ¥ 0.00 ¥ 84.00" in text_of(harvest.get("/managers/households/code/H001"))


def test_a_second_click_or_moved_figures_settle_nothing_more(harvest):
    harvest.send(BUY, purchased_on="2025-09-02", save="1", **line(0, "40", "5"))
    seen = harvest.fields(FINAL) | {"confirmed": "y"}
    harvest.send(BUY, purchased_on="2025-09-03", save="1", **line(0, "5", "5"))
    answer = harvest.browser.post(FINAL, data=seen)
    assert answer.status_code == 422 and "has moved since you looked" in answer.text
    sent = harvest.fields(FINAL) | {"confirmed": "y"}
    first, second = (harvest.browser.post(FINAL, data=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 422)
    assert "Nothing has changed in season 2025 since settlement 1." in second.text
    for tampered in ("", "x", "9" * 30):
        assert harvest.browser.post(FINAL, data={**sent, "net_fen": tampered}).status_code == 422


def test_an_open_season_is_a_preview_only(office):
    path = "/managers/seasons/edit/2026"
    office.send(path, ends_on="2026-12-31")
    office.send(
        "/managers/weighings/new?season=2026",
        household="H001",
        grade="A",
        weighed_at="2026-09-01T08:00",
        gross_grams="31",
        tare_grams="1",
        save="1",
    )
    said = text_of(office.get("/managers/settlements?season=2026"))
    assert "This is a preview; it can be settled finally from the day after." in said and "Settle finally" not in said
    assert "runs until Dec 31, 2026" in text_of(office.get("/managers/settlements/final/2026"))
    token = {"csrf_token": office.fields("/managers/seasons/edit/2026")["csrf_token"]}
    refused = office.browser.post(
        "/managers/settlements/final/2026", data={**token, "gross_fen": "15000", "net_fen": "15000", "confirmed": "y"}
    )
    assert refused.status_code == 422 and "runs until Dec" in refused.text


def test_a_correction_after_the_settlement_comes_into_the_next(harvest):
    settle(harvest)
    harvest.send("/managers/weighings/reverse/2025-000002", reason="wrong household")
    said = text_of(harvest.get("/managers/settlements?season=2025"))
    assert "Settlement 1 is final" in said and "Something was recorded since" in said
    assert "50 kg were bought but only 30 kg were weighed" in said


def test_a_household_is_paid_what_it_is_owed_and_not_a_fen_more(harvest, counted):
    assert "Season 2025 has no final settlement yet" in harvest.refused(PAY, household="H001", amount_fen="10")
    settle(harvest)
    page = harvest.get(PAY + "&household=H001")
    assert "balance: ¥ 113.25" in text_of(page)
    assert harvest.fields(PAY + "&household=H001")["amount_fen"] == "113.25"
    assert "is owed 113.25 yuan for season 2025; 113.26 yuan is more." in harvest.refused(PAY, household="H001", amount_fen="113.26")
    sent = harvest.fields(PAY) | {"household": "钱", "amount_fen": "100", "reference": "=HYPERLINK()"}
    first, second = (harvest.browser.post(PAY, data=sent) for _ in range(2))
    assert first.location == second.location and counted(Payment) == 1
    said = text_of(harvest.get("/managers/payments?season=2025"))
    assert "H001 钱 ¥ 113.25 ¥ 100.00 ¥ 13.25" in said
    assert "=HYPERLINK()" in text_of(harvest.get("/managers/payments/made"))


def test_what_cannot_be_paid_is_refused_with_its_field(harvest, counted):
    settle(harvest)
    for fields, said in [
        ({"amount_fen": "0"}, "Amount in yuan: “0” is too small: at least 0.01."),
        ({"amount_fen": "-5"}, "Amount in yuan: “-5” is not an amount"),
        ({"amount_fen": "1e3"}, "“1e3” is not an amount"),
        ({"amount_fen": "999999999999999999"}, "is not an amount"),
        ({"household": "H999"}, "Household: There is no household “H999”."),
        ({"paid_on": "2026-11-25"}, "Date: Nov 25, 2026 lies in the future"),
        ({"method": "gold"}, "Paid by: “gold” is not one of the choices."),
        ({"household_id": "5"}, "no field “household_id”"),
    ]:
        assert said in harvest.refused(PAY, **{"household": "H001", "amount_fen": "10", **fields}), fields
    assert counted(Payment) == 0


def test_a_payment_is_taken_back_once(harvest):
    settle(harvest)
    harvest.follow(harvest.send(PAY, household="H001", amount_fen="10"))
    shown = harvest.get("/managers/payments/made").find("th", scope="row").a["href"]
    path = shown.replace("/id/", "/reverse/")
    assert "-10.00" in text_of(harvest.follow(harvest.send(path, reason="bounced")))
    assert "was reversed before" in harvest.refused(path, reason="again")
    assert harvest.browser.get("/managers/payments/id/5").status_code == 404


def test_payments_begin_with_the_newest_season_that_has_something_to_pay(harvest):
    assert "Payments of season 2026" in text_of(harvest.get("/managers/payments"))  # nothing is settled: the latest
    settle(harvest)
    assert "Payments of season 2025" in text_of(harvest.get("/managers/payments"))
    assert "Season 2025" in text_of(harvest.get("/managers/payments/new"))
    harvest.send("/managers/payments/banks/edit", code="ABC")
    chosen = harvest.get("/managers/payments/files").find("select", id="season").find("option", selected=True)
    assert chosen["value"] == "2025"
    harvest.send("/managers/payments/all/2025", confirmed="y")
    assert "Payments of season 2025" in text_of(harvest.get("/managers/payments"))  # 2026 has no amounts to look at
    assert "Payments of season 2026" in text_of(harvest.get("/managers/payments?season=2026"))


def test_all_balances_are_paid_at_once_after_a_look(harvest, counted):
    settle(harvest)
    path = "/managers/payments/all/2025"
    sent = harvest.fields(path) | {"confirmed": "y"}
    assert "Tick the box" in harvest.refused(path)
    first, second = (harvest.browser.post(path, data=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 422)
    assert "The open balances sum to 0.00 yuan now" in second.text
    assert counted(Payment) == 2
    assert "No balance is open." in text_of(harvest.get(path))


def test_the_first_page_has_the_season_in_figures(harvest):
    settle(harvest)
    said = text_of(harvest.get("/managers/?season=2025"))
    assert "Weighed 50 kg 2 slips" in said and "Sold to buyers 50 kg ¥ 250.00" in said
    assert "Owed to households ¥ 178.75 settlement 1" in said
    assert "Land asked for 20 mu" in said


def test_a_season_that_is_prepared_for_next_year_is_not_what_the_office_begins_with(harvest):
    harvest.send("/managers/seasons/new", code="2027", starts_on="2027-08-01", ends_on="2027-10-31", mode="pooled", tolerance_ppm="2")
    for path in ("", "payments", "stock", "weighings/new"):
        assert "Season 2026" in (said := text_of(harvest.get(f"/managers/{path}"))) or "season 2026" in said or path == "stock", path
    assert harvest.get("/managers/stock").find("option", selected=True)["value"] == "2026"
    assert harvest.get("/managers/").find("option", value="2027") is not None


def test_who_weighs_neither_sees_nor_moves_money(somebody):
    other = somebody(Role.WEIGHER)
    for path in (
        "settlements?season=2025",
        "payments",
        "advances",
        "dividends",
        "receivables",
        "households",
        "purchases/new",
        "payments/new",
        "settlements/final/2025",
        "payments/all/2025",
        "buyers/new",
        "import",
        "export",
    ):
        assert other.browser.get(f"/managers/{path}").status_code == 403, path


def test_another_collective_has_none_of_it(harvest, elsewhere):
    settle(harvest)
    for path in (
        "buyers/code/B001",
        "payments?season=2025",
        "payments/all/2025",
        "settlements/final/2025",
        "purchases/number/2025-0001?season=2025",
        "settlements/earnings/H001?season=2025",
    ):
        assert elsewhere.browser.get(f"/managers/{path}").status_code == 404, path
