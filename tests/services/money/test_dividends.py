"""Dividends: declared with their basis, paid to the fen, by list or for all, also with a cooperative's money."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plantation.domain.dividend import Basis, DividendWithoutBasis
from plantation.errors import NotFound
from plantation.models import Release
from plantation.services import facts
from plantation.services.collectives import Rules, change_rules
from plantation.services.facts import TakenBackBefore
from plantation.services.fruit.weighings import record_weighings
from plantation.services.lookups import DayAhead
from plantation.services.money import dividend_declarations, dividend_payments, dividends
from plantation.services.money.dividend_declarations import (
    DividendExists,
    DividendMoved,
    DividendTerms,
    NobodyListed,
    PatronageTooSmall,
    SeasonNeeded,
)
from plantation.services.money.dividend_payments import MoreThanLine, NothingOpen
from plantation.services.people.households import load_household, save_household
from plantation.services.proof.verification import verify
from plantation.services.releases import SamePerson
from tests.cast import QIAN, SUN, ZHOU
from tests.services.fruit.test_weighings import weighed

TODAY = dt.date(2026, 11, 24)
LIVESTOCK = DividendTerms("L-2026", "Livestock cooperative 2026", source="Livestock cooperative", each_fen=130_000)


def test_the_livestock_cooperative_pays_twenty_households_the_same_day(collective, desk):
    """20 × 1,300 yuan are 26,000, in and out."""
    codes = [f"H{number:03}" for number in range(1, 26)]
    with desk() as d:
        for code in codes:
            save_household(d, code=code, name=f"户{code}", members=4, phone="")
        declared = dividend_declarations.declare_dividend(d, LIVESTOCK, codes[:20])
        assert declared.total_fen == 2_600_000
        assert dividend_payments.pay_dividend(d, "L-2026", paid_on=TODAY, method="cash") == 20
        assert dividends.list_dividends(d)[0][1:] == (20, 2_600_000)
        with pytest.raises(NothingOpen):
            dividend_payments.pay_dividend(d, "L-2026", paid_on=TODAY, method="cash")
        assert dividends.dividends_of(d, load_household(d, "H021")) == []
        ((shown, line, _, _),) = dividends.dividends_of(d, load_household(d, "H001"))
        assert (shown.source, line.amount_fen, line.paid_fen, line.open_fen) == ("Livestock cooperative", 130_000, 130_000, 0)
    with desk(reading=True) as d:
        assert verify(d) is None


def test_a_mix_by_kilograms_and_members(village, desk):
    """Qian delivered twice what Sun did: of 100 yuan, 60 go 40 to 20, and 40 by members."""
    with desk() as d:
        record_weighings(
            d,
            [
                weighed(gross_grams=41_200, tare_grams=1_200, deduction_ppm=0),
                weighed(household=SUN, gross_grams=21_200, tare_grams=1_200, deduction_ppm=0),
            ],
        )
        mix = ((Basis.KG, 600_000), (Basis.MEMBER, 400_000))
        terms = DividendTerms("D-1", "Surplus", total_fen=10_000, mix=mix, season="2026", is_patronage=True)
        worked, receivers = dividend_declarations.work_out(d, terms, [QIAN, SUN])
        members = {one.household_code: one.members for one in receivers}
        by_member = {code: 4_000 * count / sum(members.values()) for code, count in members.items()}
        got = {line.household_code: line.amount_fen for line in worked.lines}
        assert sum(got.values()) == 10_000
        assert abs(got[QIAN] - (4_000 + by_member[QIAN])) < 1 and abs(got[SUN] - (2_000 + by_member[SUN])) < 1
        with pytest.raises(DividendMoved):
            dividend_declarations.declare_dividend(d, terms, [QIAN, SUN], seen_digest="0" * 64)
        dividend_declarations.declare_dividend(d, terms, [QIAN, SUN], seen_digest=dividend_declarations.digest_of(worked))
        with pytest.raises(DividendExists):
            dividend_declarations.declare_dividend(d, terms, [QIAN, SUN])
        ((_, line, shares, season),) = dividends.dividends_of(d, load_household(d, QIAN))
        assert season == "2026" and [tuple(one) for one in shares] == [
            (Basis.KG, 600_000, 40_000, 60_000),
            (Basis.MEMBER, 400_000, members[QIAN], sum(members.values())),
        ]
        again = sum(round(10_000 * one.ppm / 1_000_000 * one.mine / one.whole) for one in shares)
        assert abs(again - line.amount_fen) <= 1
        with pytest.raises(DividendWithoutBasis, match="cannot be shared by kilogram: "):
            dividend_declarations.work_out(d, replace(terms, mix=((Basis.KG, 1_000_000),)), [ZHOU])
        kept = dividends.load_dividend(d, "D-1")
        assert kept.is_patronage and facts.payload_of(kept)["is_patronage"] is True
        plain = dividend_declarations.declare_dividend(d, DividendTerms("D-2", "Plain", each_fen=100), [QIAN])
        assert "is_patronage" not in facts.payload_of(plain)  # as those say that were sealed before the column was there
        assert verify(d) is None


def test_what_cannot_be_a_dividend_is_refused_with_the_figures(village, desk):
    half = ((Basis.KG, 500_000), (Basis.MEMBER, 500_000))
    with desk() as d:
        with pytest.raises(PatronageTooSmall, match="50 %"):
            dividend_declarations.work_out(d, DividendTerms("D", "D", total_fen=100, mix=half, season="2026", is_patronage=True), [QIAN])
        with pytest.raises(PatronageTooSmall, match="0 %"):
            dividend_declarations.work_out(d, DividendTerms("D", "D", each_fen=100, is_patronage=True), [QIAN])
        with pytest.raises(SeasonNeeded):
            dividend_declarations.work_out(d, DividendTerms("D", "D", total_fen=100, mix=half), [QIAN])
        with pytest.raises(NotFound, match="H404"):
            dividend_declarations.work_out(d, LIVESTOCK, [QIAN, "H404"])


def test_nobody_gets_a_dividend_in_an_empty_village(collective, desk):
    with desk() as d, pytest.raises(NobodyListed):
        dividend_declarations.work_out(d, LIVESTOCK, [])


def test_a_line_is_paid_to_the_fen_and_not_beyond(village, desk):
    with desk() as d:
        dividend_declarations.declare_dividend(d, LIVESTOCK, [QIAN, SUN])
        pay = {"paid_on": TODAY, "method": "bank"}
        dividend_payments.pay_line(d, "L-2026", QIAN, amount_fen=100_000, **pay)
        twice = [dividend_payments.pay_line(d, "L-2026", SUN, amount_fen=130_000, once="a", **pay).id for _ in range(2)]
        assert len(set(twice)) == 1
        dividend_payments.reverse_dividend_payment(d, twice[0], reason="bounced")
        with pytest.raises(MoreThanLine, match="300.00 yuan are open .* 300.01"):
            dividend_payments.pay_line(d, "L-2026", QIAN, amount_fen=30_001, **pay)
        with pytest.raises(DayAhead):
            dividend_payments.pay_line(d, "L-2026", SUN, paid_on=TODAY + dt.timedelta(days=1), method="cash", amount_fen=1)
        assert dividend_payments.pay_dividend(d, "L-2026", **pay) == 2
        assert [line.open_fen for line in dividends.lines_of(d, dividends.load_dividend(d, "L-2026"))] == [0, 0]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(total_fen=st.integers(1, 10**9), deeds=st.lists(st.tuples(st.integers(1, 5), st.integers(1, 10**6), st.booleans()), max_size=6))
def test_in_is_out_and_open_for_any_total_payments_and_reversals(sqlite_template, tmp_path_factory, total_fen, deeds):
    from shutil import copyfile

    from plantation.services.collectives import create_collective
    from plantation.services.desk import Desk
    from tests.conftest import NOW
    from tests.databases import open_file

    path = tmp_path_factory.mktemp("dividends") / "x.db"
    copyfile(sqlite_template, path)
    database = open_file(path)
    with database.write() as session:
        d = Desk(session, create_collective(session, "a", "A", "Asia/Shanghai", NOW), "Zhao", NOW)
        for number in range(1, 6):
            save_household(d, code=f"H{number}", name="户", members=number, phone="")
        dividend_declarations.declare_dividend(d, DividendTerms("D", "D", total_fen=total_fen, mix=((Basis.MEMBER, 1_000_000),)), [])
        for number, fen, bounces in deeds:
            try:
                paid = dividend_payments.pay_line(d, "D", f"H{number}", paid_on=TODAY, method="cash", amount_fen=fen)
            except MoreThanLine:
                continue
            if bounces:
                dividend_payments.reverse_dividend_payment(d, paid.id, reason="bounced")
                with pytest.raises(TakenBackBefore):
                    dividend_payments.reverse_dividend_payment(d, paid.id, reason="again")
        lines = dividends.lines_of(d, dividends.load_dividend(d, "D"))
        assert sum(line.amount_fen for line in lines) == sum(line.paid_fen + line.open_fen for line in lines) == total_fen
        assert all(line.open_fen >= 0 for line in lines)
        assert verify(d) is None
    database.dispose()


def test_a_second_person_releases_the_payment_of_a_dividend(village, desk):
    pay = {"paid_on": TODAY, "method": "cash"}
    with desk() as d:
        change_rules(d, Rules(four_eyes=True, posting_days=0))
        dividend_declarations.declare_dividend(d, dividend_declarations.DividendTerms("L", "L", each_fen=130_000), [QIAN, SUN])
        assert isinstance(dividend_payments.finish_dividend(d, "L", **pay), Release)
        with pytest.raises(SamePerson):
            dividend_payments.finish_dividend(d, "L", **pay)
        dividend_payments.pay_line(d, "L", QIAN, **pay, amount_fen=1)
    with desk(actor="Sun the second") as d:
        assert isinstance(dividend_payments.finish_dividend(d, "L", **pay), Release)  # a line moved: prepared anew
    with desk() as d:
        assert dividend_payments.finish_dividend(d, "L", **pay) == 2
        with pytest.raises(NothingOpen):
            dividend_payments.finish_dividend(d, "L", **pay)
        assert verify(d) is None
