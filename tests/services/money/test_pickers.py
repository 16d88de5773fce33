"""Hired pickers: what they picked, worked, had and are owed, to the fen, and out of whose fruit it comes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.event import listen

from plantation.errors import NotFound
from plantation.services import facts
from plantation.services.fruit.weighings import record_weighings, reverse_weighing
from plantation.services.lookups import DayAhead, DayLongAgo
from plantation.services.money import advances, picker_accounts, picker_pay, pickers
from plantation.services.money.advances import AdvanceTaken
from plantation.services.money.payments import balances
from plantation.services.money.settlements import settle_season
from plantation.services.people.households import load_household
from plantation.services.proof.verification import verify
from tests.cast import QIAN, SUN
from tests.services.fruit.test_weighings import weighed

DAY = dt.date(2026, 9, 1)


@pytest.fixture
def hired(village, desk):
    """Wu, P01, picked 23.498 kg for Qian at 0.80 yuan by that name, and 10 kg for Sun at 1 yuan by code: 18.80 + 10.00."""
    with desk() as d:
        pickers.save_picker(d, code="P01", name="Wu", phone="139")
        record_weighings(d, [
            weighed(slip="Q-1"),
            weighed(household=SUN, slip="S-1", picker="P01", piece_rate_fen_per_kg=100, gross_grams=10_000, tare_grams=0, deduction_ppm=0),
            weighed(slip="Q-2", picker="nobody we know"),
        ])  # fmt: skip


def test_what_a_picker_is_owed_is_what_slips_and_days_say(hired, desk):
    with desk() as d:
        assert picker_accounts.account_of_picker(d, "P01")[3:] == (33_498, 2_880, 0, 0, 0)
        picker_pay.record_day(d, picker="P01", household=QIAN, worked_on=DAY, amount_fen=12_000)
        picker_pay.pay_picker(d, picker="P01", paid_on=DAY, amount_fen=10_000)
        account = picker_accounts.account_of_picker(d, "P01")
        assert account[3:] == (33_498, 2_880, 1, 12_000, 10_000) and account.open_fen == 4_880
        assert [text for text, _, _ in picker_accounts.strangers_on_slips(d)] == ["nobody we know"]
        with pytest.raises(picker_pay.PickerOwedLess, match="owed 48.80 yuan; 48.81"):
            picker_pay.pay_picker(d, picker="P01", paid_on=DAY, amount_fen=4_881)
        picker_pay.pay_picker(d, picker="P01", paid_on=DAY, amount_fen=4_880)
        assert picker_accounts.account_of_picker(d, "P01").open_fen == 0
        assert verify(d) is None


def test_a_day_is_noted_once_and_again_only_after_it_was_taken_back(hired, desk):
    day = {"picker": "P01", "household": QIAN, "worked_on": DAY}
    with desk() as d:
        noted = picker_pay.record_day(d, **day, amount_fen=12_000)
        with pytest.raises(picker_pay.DayNotedBefore, match="P01's day 2026-09-01 for household H001"):
            picker_pay.record_day(d, **day, amount_fen=12_000)
        picker_pay.record_day(d, **day | {"household": SUN}, amount_fen=3_000)
        picker_pay.reverse_day(d, noted.id, reason="half a day")
        picker_pay.record_day(d, **day, amount_fen=6_000)
        assert picker_accounts.account_of_picker(d, "P01")[5:7] == (2, 9_000)
        for wrong, refusal in ((d.today + dt.timedelta(days=1), DayAhead), (dt.date(2016, 9, 1), DayLongAgo)):
            with pytest.raises(refusal):
                picker_pay.record_day(d, **day | {"worked_on": wrong}, amount_fen=1)


def test_a_name_that_was_corrected_keeps_the_slips_under_the_old_one(hired, desk):
    with desk() as d:
        before = picker_accounts.account_of_picker(d, "P01")
        pickers.save_picker(d, code="P01", name="吴秀英", phone="")
        pickers.save_picker(d, code="P01", name="吴秀英", phone="")
        assert picker_accounts.account_of_picker(d, "P01")[3:] == before[3:]
        assert [(one.Weighing.slip, one.code) for one in picker_accounts.slips_of_picker(d, "P01").rows] == [("S-1", SUN), ("Q-1", QIAN)]
        for code, name in (("P02", "Wu"), ("P02", "P01"), ("吴秀英", "x")):
            with pytest.raises(pickers.PickerNameTaken):
                pickers.save_picker(d, code=code, name=name)
        pickers.save_picker(d, code="P02", name="nobody we know")
        assert picker_accounts.strangers_on_slips(d) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_pickers_page_reads_that_pickers_slips_and_no_others(hired, desk, database):
    asked = []
    with desk(reading=True) as d:
        listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
        picker_accounts.account_of_picker(d, "P01")
        picker_accounts.slips_of_picker(d, "P01")
    with database.engine.connect() as connection:
        plans = [
            row[3]
            for statement, values in list(asked)
            if "FROM weighings" in statement
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            if "weighings" in row[3]
        ]
    own, page = "ix_weighings_pickers (collective_id=? AND picker=?)", "(collective_id=? AND entry=?)"
    assert len(plans) == 6 and all(own in plan for plan in plans[:3]) and page in plans[3], plans
    # The slip that each of the page's takes back, and the one that takes it back, by its key.
    assert "collective_id=? AND id=?" in plans[4] and "collective_id=? AND reverses_id=?" in plans[5], plans
    assert all("COVERING" in plan for plan in plans[:3]), plans


def test_a_days_wage_comes_out_of_the_households_fruit_once(hired, desk):
    with desk() as d:
        picker_pay.record_day(d, picker="P01", household=SUN, worked_on=DAY, amount_fen=3_000)
        sun = load_household(d, SUN)
        assert advances.open_advance(d, sun.id).open_fen == 3_000
        settle_season(d, "2026")
        balance = next(one for one in balances(d, "2026").rows if one.household == SUN)
        assert balance.paid_fen == 3_000 and advances.open_advance(d, sun.id).open_fen == 0
        day = picker_accounts.days_of_picker(d, "P01")[0][0]
        with pytest.raises(AdvanceTaken):
            picker_pay.reverse_day(d, day.id, reason="never came")
        assert verify(d) is None


def test_what_was_wrong_is_taken_back_in_the_order_of_the_money(hired, desk):
    with desk() as d:
        day = picker_pay.record_day(d, picker="P01", household=QIAN, worked_on=DAY, amount_fen=5_000, once="d1")
        assert picker_pay.record_day(d, picker="P01", household=QIAN, worked_on=DAY, amount_fen=5_000, once="d1").id == day.id
        paid = picker_pay.pay_picker(d, picker="P01", paid_on=DAY, amount_fen=7_000)
        with pytest.raises(picker_pay.PickerOwedLess):
            picker_pay.reverse_day(d, day.id, reason="another picker")
        picker_pay.reverse_picker_payment(d, paid.id, reason="counted wrong")
        picker_pay.reverse_day(d, day.id, reason="another picker")
        account = picker_accounts.account_of_picker(d, "P01")
        assert (account.days, account.days_fen, account.paid_fen) == (0, 0, 0)
        with pytest.raises(facts.TakenBackBefore):
            picker_pay.reverse_day(d, day.id, reason="again")
        reverse_weighing(d, "S-1", reason="not picked")
        assert picker_accounts.account_of_picker(d, "P01").open_fen == 1_880
        assert verify(d) is None


def test_what_cannot_be_is_refused_with_its_figures(hired, desk):
    with desk() as d:
        for given, refusal in (
            ({"picker": "P9"}, NotFound),
            ({"household": "H404"}, NotFound),
            ({"worked_on": d.today + dt.timedelta(days=1)}, DayAhead),
            ({"amount_fen": 0}, picker_pay.WageNotAboveZero),
            ({"amount_fen": 10**12}, picker_pay.WageNotAboveZero),
        ):
            with pytest.raises(refusal):
                picker_pay.record_day(d, **{"picker": "P01", "household": QIAN, "worked_on": DAY, "amount_fen": 1} | given)
        assert picker_accounts.days_of_picker(d, "P01") == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@given(steps=st.lists(st.tuples(st.sampled_from(["day", "pay", "undo day", "undo pay"]), st.integers(1, 9_000)), max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_owed_is_earned_less_paid_and_never_overpaid_whatever_happens(hired, desk, steps):
    with desk() as d, d.session.begin_nested() as savepoint:
        earned, paid, days, payments = 2_880, 0, [], []
        for step, fen in steps:
            try:
                if step == "day":
                    worked_on = DAY + dt.timedelta(days=len(days))
                    days.append(picker_pay.record_day(d, picker="P01", household=QIAN, worked_on=worked_on, amount_fen=fen))
                    earned += fen
                elif step == "pay":
                    payments.append(picker_pay.pay_picker(d, picker="P01", paid_on=DAY, amount_fen=fen))
                    paid += fen
                elif step == "undo day" and days:
                    picker_pay.reverse_day(d, days[-1].id, reason="x")
                    earned -= days.pop().amount_fen
                elif step == "undo pay" and payments:
                    picker_pay.reverse_picker_payment(d, payments[-1].id, reason="x")
                    paid -= payments.pop().amount_fen
            except picker_pay.PickerOwedLess:
                assert (step == "pay" and paid + fen > earned) or (step == "undo day" and earned - days[-1].amount_fen < paid)
            except picker_pay.PickerPaidBefore:
                assert step == "pay" and fen in [payment.amount_fen for payment in payments]
            account = picker_accounts.account_of_picker(d, "P01")
            assert account.picking_fen + account.days_fen == earned and account.paid_fen == paid <= earned
            assert advances.open_advance(d, load_household(d, QIAN).id).given_fen == earned - 2_880
        savepoint.rollback()
