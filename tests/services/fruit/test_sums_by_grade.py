"""Totals that are kept between requests say what a fresh sum says, whatever came in, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from plantation.domain.earnings import GradeTotal
from plantation.models import PurchaseLine, Season, Weighing
from plantation.services.fruit.purchases import reverse_purchase
from plantation.services.fruit.running_sums import running_sums
from plantation.services.fruit.weighings import reverse_weighing
from plantation.services.mine.my_pages import overview
from plantation.services.mine.my_slips import grams_by_day, list_own_slips
from plantation.services.mine.my_statement import explain_season
from plantation.services.people.households import load_household
from tests.conftest import NOW
from tests.orchard import QIAN, grow, grow_orchard


@pytest.fixture
def orchard(database, collective):
    grow_orchard(database, collective, mode="pooled")
    return collective


def season(d, code="2025"):
    return d.session.scalar(select(Season).where(Season.code == code))


def fresh(d, code="2025"):
    """The same from nothing."""
    id_ = season(d, code).id
    totals = {}
    for grade in sorted(d.session.scalars(select(Weighing.grade).where(Weighing.season_id == id_).distinct())):
        weighed = d.session.scalar(select(func.sum(Weighing.net_grams)).where(Weighing.season_id == id_, Weighing.grade == grade))
        line = [int(weighed)]
        for pool in (PurchaseLine.source_household_id.is_(None), PurchaseLine.source_household_id.is_not(None)):
            line += [
                int(each or 0)
                for each in d.session.execute(
                    select(func.sum(PurchaseLine.net_grams), func.sum(PurchaseLine.amount_fen)).where(
                        PurchaseLine.season_id == id_, PurchaseLine.grade == grade, pool
                    )
                ).one()
            ]
        totals[grade] = GradeTotal(grade, *line, line[2] + line[4])
    return totals


def test_totals_say_the_same_first_kept_and_added_to(orchard, desk):
    with desk() as d:
        assert running_sums(d, season(d)).by_grade() == fresh(d)
        assert running_sums(d, season(d)).by_grade() == fresh(d)
        reverse_weighing(d, "2025-000005", reason="twice")
        reverse_purchase(d, "2025", "P00001", reason="twice")
        assert running_sums(d, season(d)).by_grade() == fresh(d)
        assert running_sums(d, season(d, "2026")).by_grade() == fresh(d, "2026")


def test_what_is_kept_is_not_asked_for_again(orchard, desk, database):
    from sqlalchemy import event

    with desk(reading=True) as d:
        running_sums(d, season(d)).by_grade()
        asked = []
        event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        running_sums(d, season(d)).by_grade()
    assert not [statement for statement in asked if "sum(" in statement.lower()]


def test_a_transaction_that_is_rolled_back_leaves_no_trace(orchard, desk):
    with desk(reading=True) as d:
        before = running_sums(d, season(d)).by_grade()
    with pytest.raises(ZeroDivisionError), desk() as d:
        reverse_weighing(d, "2025-000005", reason="twice")
        assert running_sums(d, season(d)).by_grade() != before
        raise ZeroDivisionError
    with desk(reading=True) as d:
        assert running_sums(d, season(d)).by_grade() == before


def test_no_query_of_a_household_walks_everybodys_slips(sqlite_database):
    from sqlalchemy import event

    from plantation.services.collectives import create_collective
    from plantation.services.desk import Desk

    with sqlite_database.write() as session:
        collective = create_collective(session, "aguoyi", "A", "Asia/Shanghai", NOW)
        grow(session, collective, NOW, mode="posted")
    asked = []
    with sqlite_database.read() as session:
        d = Desk(session, collective, "x", NOW)
        qian = load_household(d, QIAN)
        event.listen(sqlite_database.engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
        seen = overview(d, qian)
        for own in seen.seasons:
            explain_season(d, qian, own)
            grams_by_day(d, qian, own.season)
        list_own_slips(d, qian, [one.season for one in seen.seasons])
    plans = []
    with sqlite_database.engine.connect() as connection:
        for statement, values in list(asked):
            if "weighing" in statement:
                plans += [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert connection.execute(text("SELECT count(*) FROM weighings")).scalar_one() > 100
    walked = [step for step in plans if "weighing" in step and ("(collective_id=?)" in step or step.startswith("SCAN weighing"))]
    assert plans and walked == []
