"""Two of the office send the same form at the same moment, on both databases: what moves money or says something for good is done once.

Both forms are sent while somebody else writes; so both have been read and both wait, the worst that can be. Whoever is second is told.
"""

from __future__ import annotations

from urllib.parse import quote

from sqlalchemy import select

from plantation import models
from plantation.domain.bank_layouts import Layout
from plantation.domain.words import AdvanceForm, DisputeAbout
from plantation.services.collectives import Rules, change_rules
from plantation.services.desk import Desk
from plantation.services.fruit import buyer_accounts
from plantation.services.fruit.differences import find_differences
from plantation.services.fruit.disputes import open_dispute
from plantation.services.fruit.weighings import reverse_weighing
from plantation.services.money import advances, bank_accounts, dividend_declarations, notices, picker_pay, pickers
from plantation.services.money.final_settlements import finish_settlement
from plantation.services.money.objections import object_to
from plantation.services.money.payment_files import make_file
from plantation.services.people.households import load_household
from tests.conftest import NOW
from tests.web.at_once_fixtures import at_once, counted, do, meet, village
from tests.web.managers.conftest import line_of_purchase

__all__ = ["at_once", "counted", "do", "meet", "village"]


def test_money_is_paid_once(meet, do):
    def prepare(desk):
        bank_accounts.save_layout(desk, "ABC", Layout())
        bank_accounts.save_accounts(desk, [("H003", "6217001234567890", "")])
        pickers.save_picker(desk, code="P01", name="周三")

    do(prepare)
    paid = {"household": "H003", "amount_fen": "100", "paid_on": "2026-11-20", "method": "cash"}
    meet(models.Payment, 1, "/managers/payments/new?season=2025&household=H003", paid)
    meet(models.PickerPayment, 1, "/managers/pickers/pay/P01", {"amount_fen": "20"})
    meet(models.PickerDay, 1, "/managers/pickers/day/P01", {"household": "H002", "amount_fen": "120"})
    meet(models.BuyerPayment, 1, "/managers/receivables/pay/B001", {"amount_fen": "10"})
    goods = {"household": "H001", "form": "advance_goods", "text": "手套", "amount_fen": "80"}
    meet(models.Advance, 1, "/managers/advances/new", goods)
    meet(models.PaymentFile, 1, "/managers/payments/files/new?season=2025&bank=ABC")
    meet(models.Payment, 2, "/managers/payments/all/2025", {"confirmed": "y"})
    dividend = dividend_declarations.DividendTerms("D-1", "2026 年分红", each_fen=10_000)
    do(lambda desk: dividend_declarations.declare_dividend(desk, dividend, []))
    page = "/managers/dividends/code/D-1"
    meet(models.DividendPayment, 4, page, {"method": "cash"}, "/managers/dividends/pay/D-1")


def test_what_waits_for_a_second_person_is_released_by_one(meet, do, at_once, counted):
    def prepare(desk):
        change_rules(desk, Rules(four_eyes=True, posting_days=0))
        bank_accounts.save_layout(desk, "ABC", Layout())
        bank_accounts.save_accounts(desk, [("H003", "6217001234567890", "")])
        make_file(desk, "2025", "ABC")

    do(prepare)
    meet(models.PaymentFile, 1, "/managers/payments/files/new?season=2025&bank=ABC", who=("wang", "feng"))
    assert counted(models.Payment) == 3
    price = {"grade": "A", "valid_from": "2026-12-01", "price_fen_per_kg": "6"}
    page, action = "/managers/seasons/code/2026", "/managers/seasons/prices/2026"
    meet(models.Price, 1, page, price, action, who=("zhao", "zheng"), statuses=[302, 302])  # one of them prepares it, the other releases it
    do(lambda desk: reverse_weighing(desk, "2025-000007", reason="another crate", id="00000000-0000-4000-8000-000000000001"))
    do(lambda desk: notices.post_notice(desk, "2025"))
    do(lambda desk: finish_settlement(desk, "2025"))
    meet(models.Settlement, 1, "/managers/settlements/final/2025", {"confirmed": "y"}, who=("wang", "feng"))


def test_what_was_recorded_is_taken_back_once(meet, do):
    def record(desk):
        pickers.save_picker(desk, code="P01", name="周三")
        recorded = (
            picker_pay.pay_picker(desk, picker="P01", paid_on=desk.today, amount_fen=100),
            picker_pay.record_day(desk, picker="P01", household="H001", worked_on=desk.today, amount_fen=5_000),
            advances.give_advance(desk, household="H001", form=AdvanceForm.GOODS, text="手套", given_on=desk.today, amount_fen=8_000),
            buyer_accounts.record_buyer_payment(desk, buyer="B001", paid_on=desk.today, method="bank", amount_fen=1_000),
            desk.session.scalars(select(models.Payment)).first(),
        )
        return [one.id for one in recorded]

    paid, day, given, received, payment = do(record)
    why = {"reason": "counted twice"}
    meet(models.PickerPayment, 1, f"/managers/pickers/pay/reverse/{paid}/P01", why)
    meet(models.PickerDay, 1, f"/managers/pickers/day/reverse/{day}/P01", why)
    meet(models.Advance, 1, f"/managers/advances/reverse/{given}", why)
    meet(models.BuyerPayment, 1, f"/managers/receivables/reverse/{received}", why)
    meet(models.Payment, 1, f"/managers/payments/reverse/{payment}", why)
    meet(models.Purchase, 1, "/managers/purchases/reverse/P00003?season=2026", why)
    meet(models.Weighing, 1, "/managers/weighings/reverse/2026-000005", why, who=("zhao", "zheng"))


def test_what_was_asked_is_answered_by_one(meet, do, database, village):
    def ask(desk):
        qian = load_household(desk, "H001")
        dispute = open_dispute(desk, qian, "2026-000058", DisputeAbout.WEIGHT)
        reverse_weighing(desk, "2025-000007", reason="another crate", id="00000000-0000-4000-8000-000000000001")
        notice = notices.post_notice(desk, "2025")
        return dispute.id, object_to(desk, notice, qian, "too little").id

    dispute, objection = do(ask)
    rejected = {"decision": "rejected", "text": "it is right"}
    meet(models.DisputeAnswer, 1, f"/managers/disputes/{dispute}", rejected, who=("zhao", "zheng"))
    meet(models.ObjectionAnswer, 1, f"/managers/settlements/objections/{objection}/1/2025", rejected, who=("zhao", "zheng"))
    meet(models.Settlement, 1, "/managers/settlements/final/2025", {"confirmed": "y"})
    with database.read() as session:
        found = find_differences(Desk(session, village, "zhao", NOW), "2025")[0].difference
    page = f"/managers/differences/2025/{found.kind}/{quote(found.subject)}"
    said = {"verdict": "accepted", "text": "sold at the gate", "all": "1"}
    meet(models.DifferenceAnswer, 1, page, said)
    meet(models.DifferenceAnswer, 1, page, said, others=said | {"verdict": "explained", "text": "the scale"})


def test_a_code_is_given_to_one(meet, do):
    managers = {"who": ("zhao", "zheng")}
    meet(models.Household, 1, "/managers/households/new", {"code": "H050", "name": "冯", "members": "3"}, **managers)
    meet(models.Buyer, 1, "/managers/buyers/new", {"code": "B050", "name": "冯"})
    meet(models.Picker, 1, "/managers/pickers/new", {"code": "P050", "name": "冯"}, others={"code": "P050", "name": "陈"})
    days = {"starts_on": "2027-08-01", "ends_on": "2027-10-31"}
    meet(models.Season, 1, "/managers/seasons/new", {"code": "2027", **days}, **managers)
    right = {"household": "H001", "entitlement_millimu": "1", "starts_on": "2026-01-01", "ends_on": "2040-01-01"}
    meet(models.Right, 1, "/managers/rights/new", {"code": "R050", **right}, **managers)
    meet(models.Account, 1, "/managers/accounts/new", {"name": "hong", "role": "weigher", "secret": "a goat on the hill 77"}, **managers)
    page = "/managers/seasons/code/2027"
    price = {"grade": "A", "valid_from": "2027-08-01", "price_fen_per_kg": "5"}
    meet(models.Price, 1, page, price, "/managers/seasons/prices/2027", others=price | {"price_fen_per_kg": "6"}, **managers)
    fund = {"code": "1", "name": "fund", "kind": "percent", "rate_ppm": "2"}
    meet(models.Deduction, 1, page, fund, "/managers/seasons/deductions/2027", **managers)


def test_fruit_that_is_there_is_sold_once(meet):
    line = {"purchased_on": "2026-11-20", "buyer": "B001", "save": "1"} | line_of_purchase(0, "300", "3", "B")
    meet(models.Purchase, 1, "/managers/purchases/new?season=2026", line)
    slip = {"household": "H001", "grade": "A", "weighed_at": "2026-11-20T08:00", "gross_grams": "11", "tare_grams": "1", "save": "1"}
    meet(models.Weighing, 1, "/managers/weighings/new?season=2026", slip | {"slip": "S-77"}, who=("zhao", "zheng"))
