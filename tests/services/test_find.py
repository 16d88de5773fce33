"""Find: by code, name, phone and slip number, in one collective, with few queries, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from plantation.services.collectives import create_collective
from plantation.services.find import MOST_COUNTED, SHOWN, Kind, find, find_page, single
from plantation.services.fruit.weighings import record_weighings
from plantation.services.people.households import HouseholdInput, upsert_households
from tests.cast import LI, QIAN, SUN, found_village
from tests.conftest import NOW
from tests.services.fruit.test_weighings import weighed


def kinds(found):
    return {one.kind: [hit.code for hit in one.hits] for one in found}


def test_a_code_a_name_a_phone_and_a_slip_lead_to_what_they_name(village, desk):
    with desk() as d:
        record_weighings(d, [weighed(slip="2026-000017"), weighed(slip="2026-000018", household=SUN)])
    with desk(reading=True) as d:
        assert kinds(find(d, "钱", Kind))[Kind.HOUSEHOLD] == [QIAN]
        assert single(find(d, QIAN.lower(), Kind))[1].code == QIAN
        assert single(find(d, "17", Kind))[1].code == "2026-000017"
        assert single(find(d, "http://localhost/verify/aguoyi/2026-000018", Kind))[1].code == "2026-000018"
        assert set(kinds(find(d, "139 0000-0000", Kind))[Kind.HOUSEHOLD]) >= {QIAN, SUN}
        assert single(find(d, f"R{QIAN}", Kind))[1].owner == QIAN
        assert kinds(find(d, "P1", Kind)) == {Kind.PLOT: ["P1"], Kind.PARCEL: ["P1-1", "P1-2", "P1-3"]}
        assert single(find(d, "P1", Kind))[1].code == "P1"
        assert single(find(d, "李", Kind))[1].code == LI
        assert find(d, QIAN, [Kind.WEIGHING, Kind.PLOT]) == []


@pytest.mark.parametrize(
    "text", ["", "   ", "%", "_", "'; DROP TABLE households; --", "\x00", "x" * 5_000, "\\", "０", "²", "9" * 40, "/verify/"]
)
def test_what_nobody_means_finds_nothing_and_breaks_nothing(village, desk, text):
    with desk(reading=True) as d:
        assert find(d, text, Kind) == []


def test_another_collectives_things_are_not_found(database, village, desk):
    with database.write() as session:
        other = create_collective(session, "other", "别的村", "Asia/Shanghai", NOW, actor="Zhou")
        found_village(session, other)
    with desk(reading=True) as d:
        assert [len(one.hits) for one in find(d, QIAN, [Kind.HOUSEHOLD])] == [1]
        assert find_page(d, "钱", Kind.HOUSEHOLD).total == 1


def test_thousands_of_hits_are_counted_to_a_thousand_and_shown_page_by_page_with_two_queries_a_kind(database, village, desk):
    with desk() as d:
        upsert_households(d, [HouseholdInput(f"Z{number:05d}", f"户{number}", 3) for number in range(2_000)])
    with desk(reading=True) as d:
        asked = []
        event.listen(database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        (found,) = find(d, "z", [Kind.HOUSEHOLD])
        assert sum(sql.startswith("SELECT") for sql in asked) == 2
        assert (len(found.hits), found.total, found.is_more) == (SHOWN, MOST_COUNTED + 1, True)
        page = find_page(d, "z", Kind.HOUSEHOLD, 2)
        assert page.total == 2_000 and page.number == 2


def test_on_sqlite_codes_and_slips_are_found_through_an_index(sqlite_database, request):
    from plantation.services.desk import Desk
    from plantation.services.find import _statement

    with sqlite_database.write() as session:
        mine = create_collective(session, "aguoyi", "阿果依村", "Asia/Shanghai", NOW, actor="Zhao")
    with sqlite_database.read() as session:
        for kind in (Kind.WEIGHING, Kind.PARCEL, Kind.RIGHT):
            sql = str(
                _statement(Desk(session, mine, "Zhao", NOW), "2026-0001", kind).compile(
                    session.get_bind(), compile_kwargs={"literal_binds": True}
                )
            )
            plan = " ".join(row[-1] for row in session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + sql.replace("%", "%%")))
            assert "SCAN" not in plan.replace("SCAN CONSTANT ROW", ""), plan
