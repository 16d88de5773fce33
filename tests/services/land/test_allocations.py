"""Plans write nothing; carried out, they write exactly what they showed, or nothing at all."""

import datetime as dt
import json

import pytest
import shapely
from sqlalchemy import delete, func, select, update

from plantation.errors import BadValue, NotFound
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.lots import BadSeed
from plantation.geometry.rules import LandShort
from plantation.models import Allocation, JournalEntry, Parcel
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.land import allocations
from plantation.services.land.allocation_inputs import NoPlots, NoRights
from plantation.services.land.allocation_plans import plan_allocation
from plantation.services.land.allocation_rules import compare_rules
from plantation.services.land.allocations import check_parcels, commit_allocation, ground_of, shortage
from plantation.services.land.neighbours import neighbours
from plantation.services.land.plan_parameters import BearingOutOfRange, BesideTwice, BesideUnknown, LaneOutOfRange
from plantation.services.land.plan_records import PlanUnreadable, read_plan, write_plan
from plantation.services.land.plots import save_plot
from plantation.services.people.households import save_household
from tests.conftest import NOW
from tests.land_cast import PLANE, change_right, field, give_right
from tests.services.land.conftest import carry_out, parcels


def test_ground_is_what_the_canal_leaves():
    canal = PLANE.inverse(shapely.LineString([(-5, 50), (105, 50)]))
    ground = ground_of(PLANE.inverse(shapely.box(0, 0, 100, 100)), [(canal, 3.0)])
    assert geodesic_area_m2(ground) == pytest.approx(9_700, abs=0.01)


def test_a_plan_writes_nothing_and_is_the_same_every_time(land):
    with land() as d:
        before = d.session.scalar(select(func.count()).select_from(JournalEntry))
        first = plan_allocation(d, rule="strict", seed="316")
        second = plan_allocation(d, rule="strict", seed="316")
        assert first == second and write_plan(first) == write_plan(second)
        assert first.digest != plan_allocation(d, rule="strict", seed="317").digest
        assert parcels(d) == {} and d.session.scalar(select(func.count()).select_from(Allocation)) == 0
        assert d.session.scalar(select(func.count()).select_from(JournalEntry)) == before


def test_each_right_gets_its_area_and_the_journal_says_so(land):
    with land() as d:
        allocation = carry_out(d)
        held = parcels(d)
        assert {row.code.partition("-")[0] for row in held.values()} == {"P1", "P2"}
        assert len({row.right_id for row in held.values()}) == 3
        for row in held.values():
            assert geodesic_area_m2(row.outline) == pytest.approx(10_000 / 1.5, abs=0.01)
            assert row.area_dm2 == round(geodesic_area_m2(row.outline) * 100)
            assert row.allocation_id == allocation.id
        entry = d.session.scalars(select(JournalEntry).where(JournalEntry.kind == "allocation")).one()
        payload = json.loads(entry.payload)
        assert (payload["seed"], payload["rule"], payload["parcels"], payload["waiting"]) == ("316", "strict", 3, 0)
        assert json.loads(allocation.report)["digest"] == payload["digest"]
        assert check_parcels(d) is None


def test_lanes_stay_while_a_parcel_needs_them(land):
    with land() as d:
        save_plot(d, code="P3", name="新滩", outline=field(500, 0, 200, 48))
        for number in range(101, 125):
            save_household(d, code=f"H{number}", name="李", members=3, phone="")
            give_right(d, f"R{number}", f"H{number}", millimu=1_900)
        for code in ("R001", "R002", "R009"):
            change_right(d, code, status="suspended")
        first = plan_allocation(d, rule="strict", seed="1", plots=["P3"], lane_width_m=3.0)
        commit_allocation(d, first)
        assert len(first.lanes) > 0 and first.figures.landlocked == 0
        for code in ("R101", "R102"):
            change_right(d, code, status="ended", millimu=1_900)
        give_right(d, "R200", "H101", millimu=1_500)
        second = plan_allocation(d, rule="strict", seed="2", plots=["P3"])
        assert [outline for _, outline in second.lanes] == [outline for _, outline in first.lanes]
        assert second.figures.landlocked == 0
        commit_allocation(d, second)
        lanes = PLANE.forward(shapely.union_all([outline for _, outline in first.lanes]))
        assert max(PLANE.forward(row.outline).intersection(lanes).area for row in parcels(d).values()) < 0.01
        beside = {one.kind for row in parcels(d).values() for side in neighbours(d, row).values() for one in side}
        assert "lane" in beside
        # Laid out anew, nobody needs the old ones.
        anew = plan_allocation(d, rule="strict", seed="3", plots=["P3"], keep_existing=False)
        assert anew.lanes == () and not any(one.right_code == "R101" for one in anew.parcels)


def test_strict_says_what_is_missing_with_the_figures(land):
    with land() as d:
        with pytest.raises(LandShort) as refused:
            plan_allocation(d, rule="strict", seed="316", plots=["P1"])
        assert str(refused.value) == "30 mu are asked for, 20 mu can be allocated, 10 mu are missing."


def test_prorate_gives_everyone_the_same_share(land):
    with land() as d:
        plan = plan_allocation(d, rule="prorate", seed="316", plots=["P1"])
        assert plan.figures.share_ppm == 666_667
        assert {share.area_dm2 for share in plan.shares} <= {444_444, 444_445}


def test_the_waiting_list_serves_in_the_order_of_the_draw(land):
    with land() as d:
        plan = plan_allocation(d, rule="waitlist", seed="316", plots=["P1"])
        assert [share.parcel is None for share in plan.shares] == [False, False, True]
        assert [share.right for share in plan.waiting] == [plan.shares[-1].right]


def test_the_three_rules_stand_side_by_side(land):
    with land() as d:
        table = compare_rules(d, seed="316", plots=["P1"])
        strict, prorate, waitlist = table.outcomes
        assert str(strict.refusal).startswith("30 mu are asked for") and table.missing_millimu == 10_000
        assert (prorate.served, prorate.share_ppm) == (3, 666_667)
        assert (waitlist.served, waitlist.waiting) == (2, 1)
        assert [(row.strict, row.prorate, row.waitlist) for row in table.rows] == [
            (None, 6_667, 10_000), (None, 6_667, 10_000), (None, 6_667, 0)
        ]  # fmt: skip


def test_the_shortage_is_asked_minus_available(land):
    with land() as d:
        give_right(d, "R010", "H009", millimu=2_500)
        assert (shortage(d).asked_millimu, shortage(d).available_millimu, shortage(d).missing_millimu) == (
            32_500, 30_000, 2_500
        )  # fmt: skip


def test_other_plots_are_left_alone(land):
    with land() as d:
        carry_out(d, rule="waitlist", plots=["P2"])
        plan = plan_allocation(d, rule="strict", seed="316", plots=["P1"])
        assert plan.figures.rights == 2, "who has land in P2 does not ask again"
        commit_allocation(d, plan)
        assert sorted(code.partition("-")[0] for code in parcels(d)) == ["P1", "P1", "P2"]


def test_another_collectives_plots_do_not_exist(land, database):
    with database.write() as session:
        other = create_collective(session, "other", "别村", "Asia/Shanghai", NOW)
        stranger = Desk(session, other, "Wu", NOW)
        with pytest.raises(NotFound):
            plan_allocation(stranger, rule="strict", seed="316", plots=["P1"])
        with pytest.raises(NoPlots):
            plan_allocation(stranger, rule="strict", seed="316")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"seed": "x" * 10_000}, BadSeed),
        ({"seed": "  "}, BadSeed),
        ({"seed": "two\nlines"}, BadSeed),
        ({"rule": "generous"}, BadValue),
        ({"shape": "round"}, BadValue),
        ({"lane_width_m": -1.0}, LaneOutOfRange),
        ({"lane_width_m": 1e9}, LaneOutOfRange),
        ({"lane_width_m": float("nan")}, LaneOutOfRange),
        ({"row_bearing": -1.0}, BearingOutOfRange),
        ({"plots": []}, NoPlots),
        ({"plots": ["P1", "P9"]}, NotFound),
        ({"beside": [["R001", "R777"]]}, BesideUnknown),
        ({"beside": [["R001", "R002"], ["R002", "R009"]]}, BesideTwice),
    ],
)
def test_a_wrong_parameter_is_named(land, wrong, refusal):
    with land() as d:
        with pytest.raises(refusal):
            plan_allocation(d, **{"rule": "prorate", "seed": "316", **wrong})


def test_without_rights_there_is_nobody_to_give_land_to(land):
    with land() as d:
        for code in ("R001", "R002", "R009"):
            change_right(d, code, status="ended")
        with pytest.raises(NoRights, match="2026-11-24"):
            plan_allocation(d, rule="strict", seed="316")


def test_a_plan_reads_back_as_it_was_written(land):
    with land() as d:
        plan = plan_allocation(d, rule="waitlist", seed="3-1-6", plots=["P1"], beside=[["R001", "R002"]])
        assert read_plan(write_plan(plan)) == plan


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 99}', '{"format": 1, "parameters": {}}'])
def test_a_damaged_record_is_refused(text):
    with pytest.raises(PlanUnreadable):
        read_plan(text)


def test_check_parcels_finds_what_was_changed_behind_our_back(land):
    with land() as d:
        carry_out(d)
        code, row = next(iter(parcels(d).items()))
        table = Parcel.__table__
        d.session.execute(update(table).where(table.c.id == row.id).values(area_dm2=row.area_dm2 + 1))
        assert code in str(check_parcels(d))
        moved = PLANE.inverse(shapely.transform(PLANE.forward(row.outline), lambda points: points + [0.5, 0.5]))
        area_dm2 = round(geodesic_area_m2(moved) * 100)
        d.session.execute(update(table).where(table.c.id == row.id).values(area_dm2=area_dm2, outline=moved))
        assert check_parcels(d) is not None
        d.session.execute(delete(table).where(table.c.id == row.id))
        assert check_parcels(d) is None


def test_allocations_are_listed_the_last_one_first_and_another_collectives_is_not_found(land, database):
    with land() as d:
        first = carry_out(d, rule="waitlist", plots=["P1"]).id
    with land(now=NOW + dt.timedelta(days=1)) as d:
        second = carry_out(d, plots=["P2"]).id
        assert [row.id for row in allocations.list_allocations(d).rows] == [second, first]
    with database.write() as session:
        other = create_collective(session, "other", "别村", "Asia/Shanghai", NOW)
        with pytest.raises(NotFound):
            allocations.load_allocation(Desk(session, other, "Wu", NOW), first)
