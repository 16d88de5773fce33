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
from plantation.models import Allocation, JournalEntry, Parcel, Price, Right, Season, new_id
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_inputs import WeighingInput
from plantation.services.fruit.weighings import record_weighing
from plantation.services.land import allocations
from plantation.services.land.allocation_inputs import NoPlots, NoRights
from plantation.services.land.allocation_plans import plan_allocation
from plantation.services.land.allocation_rules import compare_rules
from plantation.services.land.allocations import PlanStale, check_parcels, commit_allocation, ground_of, shortage
from plantation.services.land.plan_parameters import BearingOutOfRange, BesideTwice, BesideUnknown, LaneOutOfRange
from plantation.services.land.plan_records import PlanUnreadable, read_plan, write_plan
from plantation.services.land.plots import add_exclusion, load_plot
from tests.conftest import NOW
from tests.land_cast import PLANE, change_right, found_land, give_right


@pytest.fixture
def land(desk):
    """The cast's land, written; gives `desk`."""
    with desk() as d:
        found_land(d)
    return desk


def carry_out(d, **parameters):
    given = {"rule": "strict", "seed": "316", **parameters}
    return commit_allocation(d, plan_allocation(d, **given))


def parcels(d) -> dict[str, Parcel]:
    rows = d.session.scalars(select(Parcel).where(Parcel.collective_id == d.collective_id).order_by(Parcel.code))
    return {row.code: row for row in rows}


def weigh(d, parcel: str) -> None:
    """A season with a price, and one weighing that names the parcel."""
    season = Season(
        collective_id=d.collective_id, id=new_id(), code="2026", starts_on=dt.date(2026, 8, 1),
        ends_on=dt.date(2026, 10, 31), mode="posted", tolerance_ppm=20_000,
    )  # fmt: skip
    d.session.add(season)
    d.session.flush()
    d.session.add(Price(collective_id=d.collective_id, id=new_id(), season_id=season.id, grade="A",
                        valid_from=dt.date(2026, 8, 1), price_fen_per_kg=500))  # fmt: skip
    d.session.flush()
    time = dt.datetime(2026, 9, 1, 8, 0, tzinfo=dt.UTC)
    record_weighing(d, WeighingInput(
        id=f"w-{parcel}", season="2026", time=time, parcel=parcel, grade="A", gross_grams=20_000, tare_grams=500, deduction_ppm=0,
    ))  # fmt: skip


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


def test_a_second_run_touches_nobody_who_has_a_parcel(land):
    with land() as d:
        carry_out(d)
        before = {code: (row.id, shapely.to_wkb(row.outline), row.right_id) for code, row in parcels(d).items()}
        plan = plan_allocation(d, rule="strict", seed="another")
        assert (plan.figures.kept, plan.figures.fresh, plan.figures.removed) == (3, 0, 0)
        commit_allocation(d, plan)
        assert {code: (row.id, shapely.to_wkb(row.outline), row.right_id) for code, row in parcels(d).items()} == before


def test_land_of_an_ended_right_goes_to_who_waits(land):
    with land() as d:
        carry_out(d, rule="waitlist", plots=["P1"])
        waits = next(code for code in ("R001", "R002", "R009") if code not in held_by(d))
        leaves = next(code for code in ("R001", "R002", "R009") if code in held_by(d))
        gone = held_by(d)[leaves]
        change_right(d, leaves, status="ended")
        plan = plan_allocation(d, rule="strict", seed="next", plots=["P1"])
        assert (plan.figures.kept, plan.figures.fresh, plan.figures.removed) == (1, 1, 1)
        commit_allocation(d, plan)
        assert gone not in parcels(d), "a number is not used twice"
        assert waits in held_by(d) and leaves not in held_by(d)
        assert check_parcels(d) is None


def held_by(d) -> dict[str, str]:
    """The parcel of each right that holds one."""
    rows = d.session.execute(select(Right.code, Parcel.code).join(Parcel, Parcel.right_id == Right.id))
    return {right: parcel for right, parcel in rows}


def test_a_weighed_parcel_is_never_deleted_and_lives_on_where_it_lay(land):
    with land() as d:
        carry_out(d, rule="waitlist", plots=["P1"])
        leaves, parcel = next(iter(sorted(held_by(d).items())))
        row_id = parcels(d)[parcel].id
        weigh(d, parcel)
        change_right(d, leaves, status="ended")
        plan = plan_allocation(d, rule="strict", seed="next", plots=["P1"])
        assert plan.removed == ()
        commit_allocation(d, plan)
        heir = d.session.get(Parcel, (d.collective_id, row_id))
        assert heir is not None and heir.right_id is not None and heir.code != parcel
        assert len(parcels(d)) == 2 and check_parcels(d) is None


def test_a_weighed_parcel_whose_land_nobody_needs_stays_in_reserve(land):
    with land() as d:
        carry_out(d)
        right, parcel = sorted(held_by(d).items())[0]
        weigh(d, parcel)
        change_right(d, right, status="ended")
        plan = plan_allocation(d, rule="strict", seed="next")
        commit_allocation(d, plan)
        row = parcels(d)[parcel]
        assert (row.right_id, row.household_id) == (None, None) and plan.figures.reserve == 1
        assert len(parcels(d)) == 3 and check_parcels(d) is None


def test_a_suspended_right_keeps_its_land(land):
    with land() as d:
        carry_out(d)
        before = held_by(d)
        change_right(d, "R001", status="suspended")
        plan = plan_allocation(d, rule="strict", seed="next")
        assert plan.figures.rights == 2 and plan.figures.kept == 3
        commit_allocation(d, plan)
        assert held_by(d) == before


def test_a_plan_of_yesterdays_land_is_refused_and_nothing_is_written(land):
    with land() as d:
        plan = plan_allocation(d, rule="strict", seed="316")
        rock = PLANE.inverse(shapely.box(10, 10, 14, 14))
        add_exclusion(d, load_plot(d, "P1"), kind="rock", outline=rock)
        with pytest.raises(PlanStale):
            commit_allocation(d, plan)
        assert parcels(d) == {}


def test_a_plan_is_refused_when_a_parcel_it_removes_was_weighed_for_meanwhile(land):
    with land() as d:
        carry_out(d)
        right, parcel = sorted(held_by(d).items())[0]
        change_right(d, right, status="ended")
        plan = plan_allocation(d, rule="strict", seed="next")
        assert [code for _, code in plan.removed] == [parcel]
        # A household still delivers on the day after.
        weigh(d, parcel)
        with pytest.raises(PlanStale):
            commit_allocation(d, plan)
        assert parcel in parcels(d)


def test_committing_twice_is_refused_the_second_time(land):
    with land() as d:
        plan = plan_allocation(d, rule="strict", seed="316")
        commit_allocation(d, plan)
        with pytest.raises(PlanStale):
            commit_allocation(d, plan)
        assert len(parcels(d)) == 3


def test_dividing_anew_gives_new_numbers(land):
    with land() as d:
        carry_out(d)
        plan = plan_allocation(d, rule="strict", seed="next", keep_existing=False)
        assert (plan.figures.kept, plan.figures.fresh, plan.figures.removed) == (0, 3, 3)
        before = set(parcels(d))
        commit_allocation(d, plan)
        assert before.isdisjoint(parcels(d)) and len(parcels(d)) == 3


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
