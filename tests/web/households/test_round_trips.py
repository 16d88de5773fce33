"""A household's page asks the database a few times, whatever the household has and however many others there are."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from plantation.domain.dividend import Basis
from plantation.domain.words import AdvanceForm
from plantation.models import Base, Notice, Season
from plantation.services import facts
from plantation.services.desk import Desk
from plantation.services.money import advances, dividend_declarations, dividend_payments, picker_pay, pickers
from tests.conftest import NOW

# BEGIN among them, and the two that add up what came in when no one has asked since it did. On PostgreSQL a ping comes before
# and a ROLLBACK after: still under twenty.
MOST = {
    "/my": 17, "/my/statement": 17, "/my/statement/2025": 17, "/my/slips": 7, "/my/slips/2026-000001": 9, "/my/land": 7, "/my/land/P1-1": 10,
}  # fmt: skip


@pytest.fixture
def everything(orchard_database, orchard):
    """Advances, a picker's day, two dividends, one of them paid, and a notice that hangs, for all households."""
    day = NOW.date() - dt.timedelta(days=3)
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        season = session.query(Season).filter_by(code="2026").one()
        advances.give_advance(desk, household="H001", form=AdvanceForm.GOODS, text="gloves", given_on=day, amount_fen=5_000)
        pickers.save_picker(desk, code="C1", name="马师傅")
        picker_pay.record_day(desk, picker="C1", household="H001", worked_on=day, amount_fen=9_000)
        for code in ("D1", "D2"):
            dividend_declarations.declare_dividend(desk, dividend_declarations.DividendTerms(code, code, each_fen=1_300), [])
        dividend_payments.pay_dividend(desk, "D1", paid_on=day, method="cash")
        lines = '[["H001",1,1,0,0,1],["H002",1,1,0,0,1]]'
        named = Notice(season_id=season.id, number=1, posted_on=day, ends_on=NOW.date(), lines=lines, digest="0" * 64)
        others = Notice(season_id=season.id, number=2, posted_on=day, ends_on=NOW.date(), lines='[["h001",1,1,0,0,1]]', digest="0" * 64)
        facts.seal(desk, [named, others])


def test_a_page_takes_fewer_than_twenty_round_trips_with_all_that_a_household_can_have(app, everything, qian, orchard_database):
    asked = []
    event.listen(orchard_database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = {}
    for address in MOST:
        asked.clear()
        assert qian.get(address).status_code == 200
        counts[address] = len(asked)
    assert {address: count for address, count in counts.items() if count > MOST[address]} == {}
    assert max(MOST.values()) + 2 < 20


def test_the_first_page_shows_all_of_it_and_only_the_notice_that_names_the_household(app, everything, qian):
    page = qian.get("/my").text
    for words in ("140.00", "Days that pickers worked for you", "still to be paid", "13.00"):
        assert words in page, words
    assert page.count("is posted until") == 1


def test_what_one_household_has_is_found_through_an_index(app, everything, qian, orchard_database):
    asked = []
    event.listen(orchard_database.engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    for address in MOST:
        assert qian.get(address).status_code == 200
    walked = set()
    with orchard_database.engine.connect() as connection:
        for statement, values in [one for one in asked if one[0].startswith("SELECT")]:
            for *_, step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
                way, table, *rest = step.split()
                if way in ("SCAN", "SEARCH") and table in Base.metadata.tables and (way == "SCAN" or "(collective_id=?)" in rest):
                    walked.add(table)
    # Of these a collective has a few, whoever looks.
    assert walked <= {"collectives", "seasons", "settlements", "notices", "dividends", "yield_tables", "journal_heads", "exclusions"}


def test_a_households_part_of_a_dividend_is_said_basis_by_basis_each_with_its_unit_once(app, qian, orchard_database, orchard):
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        mix = ((Basis.KG, 600_000), (Basis.MEMBER, 200_000), (Basis.MU, 200_000))
        terms = dividend_declarations.DividendTerms("M", "mix", total_fen=100_001, mix=mix, season="2025", is_patronage=True)
        dividend_declarations.declare_dividend(desk, terms, [])
    page = BeautifulSoup(qian.get("/my").text, "html.parser").get_text(" ", strip=True).translate({0xA0: " ", 0x2066: None, 0x2069: None})
    said = re.search("20% by mu: (.*?) [+·]", " ".join(page.split()))[1]
    assert re.fullmatch(r"[\d,.]+ mu of [\d,.]+ mu", said), said
