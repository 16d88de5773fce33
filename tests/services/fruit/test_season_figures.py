"""How the database adds a season up: in parts, at once where it can, to the same sums."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import event, select, text

from plantation.models import Household, Weighing, WeighingShare
from plantation.services.fruit.season_figures import gather_figures
from plantation.services.fruit.weighings import record_weighings, reverse_weighing
from plantation.services.lookups import codes_by_id, the_season
from tests.cast import QIAN, SUN, ZHOU
from tests.services.fruit.test_weighings import weighed

# A table of ten rows is not worth a second process, unless that costs nothing.
FREE = ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size", "min_parallel_index_scan_size", "random_page_cost")


def deliver(d):
    """Loads of three households and of a whole plot, one of them taken back."""
    given = [weighed(household=code, gross_grams=20_000 + 100 * place) for place, code in enumerate((QIAN, SUN, ZHOU, SUN, QIAN))]
    outcomes = record_weighings(d, [*given, weighed(household=None, plot="P1")])
    reverse_weighing(d, outcomes[3].slip, reason="weighed twice")
    return outcomes


def one_by_one(d, season, through=None):
    """The sums of every household and grade, made here."""
    codes, grams, fen = codes_by_id(d, Household), Counter(), Counter()
    for table in (Weighing, WeighingShare):
        for row in d.session.scalars(select(table).where(table.season_id == season.id, table.household_id.is_not(None))):
            if through is None or row.entry <= through:
                grams[codes[row.household_id], row.grade] += row.net_grams
                fen[codes[row.household_id], row.grade] += row.amount_fen
    return grams, fen


def added_up(figures):
    grams, fen = Counter(), Counter()
    for delivery in figures.deliveries:
        grams[delivery.household_code, delivery.grade] += delivery.net_grams
        fen[delivery.household_code, delivery.grade] += delivery.amount_fen
    return grams, fen


@pytest.mark.parametrize("up_to", [None, 2])
def test_the_parts_hold_every_household_once(village, desk, up_to):
    with desk() as d:
        deliver(d)
        season = the_season(d, "2026")
        through = None
        if up_to is not None:
            through = d.session.scalar(select(Weighing.entry).where(Weighing.season_id == season.id).order_by(Weighing.entry).offset(up_to))
        figures = gather_figures(d, season, through=through)
        assert added_up(figures) == one_by_one(d, season, through)
        assert len({delivery.household_code for delivery in figures.deliveries}) > 1
        assert gather_figures(d, season, through=0).deliveries == []
        assert gather_figures(d, season, grades=["Z"]).deliveries == []


def test_postgresql_adds_the_parts_up_at_once(village, desk):
    asked = []
    with desk() as d:
        deliver(d)
        connection = d.session.connection()

        def note(_connection, _cursor, statement, parameters, *_):
            if "weighing_shares" in statement:
                asked.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", note)
        gather_figures(d, the_season(d, "2026"))
        event.remove(connection, "before_cursor_execute", note)
        (statement, parameters), *more = asked
        assert not more and statement.count("FROM weighings") == 3
        if connection.dialect.name == "postgresql":
            for name in FREE:
                d.session.execute(text(f"SET LOCAL {name} = 0"))
            plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters))
            assert "Parallel Append" in plan, plan
