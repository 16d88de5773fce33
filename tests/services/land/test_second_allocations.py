"""A second allocation: who has land keeps it, land comes free, and nothing that was weighed for is lost."""

import datetime as dt

import pytest
import shapely
from sqlalchemy import select

from plantation.models import Parcel, Price, Right, Season, new_id
from plantation.services.fruit.weighing_inputs import WeighingInput
from plantation.services.fruit.weighings import record_weighing
from plantation.services.land.allocation_plans import plan_allocation
from plantation.services.land.allocations import PlanStale, check_parcels, commit_allocation
from plantation.services.land.plots import add_exclusion, load_plot
from tests.land_cast import PLANE, change_right
from tests.services.land.conftest import carry_out, parcels


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
