"""The demo's money beside the settlement: advances, hired pickers, accounts at the bank, the livestock cooperative's dividend."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from plantation.domain import village
from plantation.domain.bank_layouts import Layout
from plantation.domain.words import AdvanceForm
from plantation.services.desk import Desk
from plantation.services.fruit.buyer_accounts import account_of, record_buyer_payment
from plantation.services.fruit.buyers import load_buyer
from plantation.services.money import (
    advances,
    bank_accounts,
    dividend_declarations,
    dividend_payments,
    picker_accounts,
    picker_pay,
    pickers,
)

ADVANCES = (
    ("H001", AdvanceForm.GOODS, "手套、剪刀", 8_000),
    ("H002", AdvanceForm.CASH, "学费", 100_000),
    ("H003", AdvanceForm.GOODS, "麻袋", 4_500),
)


PICKERS = ("马师傅", "古丽", "老赵", "帕提曼", "小孙", "艾孜买提", "吴姐", "钱嫂")
BANK = "信用社"
# So many households have told the office an account; the others come for cash.
WITH_ACCOUNT = 160


def hire_pickers(desk: Desk) -> None:
    """Those whom the slips name, under the codes C01 to C08."""
    for number, name in enumerate(PICKERS, 1):
        pickers.save_picker(desk, code=f"C{number:02d}", name=name, once=f"picker/{number}")


def pay_pickers(desk: Desk, plan: village.SeasonPlan) -> None:
    """After the season each picker is paid what is open; the last of them has still to come for it."""
    day = plan.ends_on + dt.timedelta(days=1)
    noon = replace(desk, now=dt.datetime.combine(day, dt.time(12), desk.zone))
    for account in picker_accounts.picker_accounts(noon)[:-1]:
        if account.open_fen > 0:
            picker_pay.pay_picker(noon, picker=account.code, paid_on=day, amount_fen=account.open_fen, once=f"{plan.code}/{account.code}")


def open_bank(desk: Desk) -> None:
    """How the credit union wants its files, and the accounts that households have named: invented numbers, none is real."""
    bank_accounts.save_layout(desk, BANK, Layout(), once=BANK)
    named = [(f"H{number:03d}", f"62170000{number:08d}", "") for number in range(1, WITH_ACCOUNT + 1)]
    bank_accounts.save_accounts(desk, named, once=BANK)


def give_advances(desk: Desk, plan: village.SeasonPlan) -> None:
    """A few households had gloves, shears or cash before the season; the settlement takes them back."""
    morning = replace(desk, now=dt.datetime.combine(plan.starts_on, dt.time(9), desk.zone))
    for code, form, text, fen in ADVANCES:
        advances.give_advance(
            morning, household=code, form=form, text=text, given_on=plan.starts_on, amount_fen=fen, once=f"{plan.code}/{code}/{text}"
        )


def pay_livestock_dividend(desk: Desk, day: dt.date) -> None:
    """The livestock cooperative pays 20 of the 175 households 1,300 yuan each through the collective, the same day."""
    noon = replace(desk, now=dt.datetime.combine(day, dt.time(12), desk.zone))
    terms = dividend_declarations.DividendTerms(
        f"L-{day.year}", f"{day.year} 年养殖合作社分红", source="养殖合作社", each_fen=village.DIVIDEND_FEN_EACH
    )
    chosen = [f"H{number:03d}" for number in range(1, village.DIVIDEND_HOUSEHOLDS + 1)]
    dividend_declarations.declare_dividend(noon, terms, chosen)
    dividend_payments.pay_dividend(noon, terms.code, paid_on=day, method="cash")


def let_buyers_pay(desk: Desk, plan: village.SeasonPlan, percent: int) -> None:
    """Four weeks after the season each buyer pays `percent` of what it owes, to the whole yuan."""
    day = plan.ends_on + dt.timedelta(days=28)
    noon = replace(desk, now=dt.datetime.combine(day, dt.time(12), desk.zone))
    for code, _ in village.BUYERS:
        owed_fen = account_of(noon, load_buyer(noon, code)).aged.open_fen
        if fen := owed_fen * percent // 10_000 * 100:
            record_buyer_payment(
                noon, buyer=code, paid_on=day, method="bank", amount_fen=fen, reference=f"{plan.code}-{code}", once=f"{plan.code}/{code}"
            )
