"""A second allocation leaves what is there, parcels and the lanes that lead to them, and places what is new."""

import pytest
import shapely

from plantation.geometry.allocation import Lane, allocate
from tests.geometry.allotments import PLANE, SQUARE, check, keep, rights


@pytest.mark.parametrize("seed", ["1", "316"])
def test_parcels_that_exist_stay_to_the_last_digit_and_the_land_of_an_ended_right_returns(seed):
    first = allocate([SQUARE], rights(100), seed=seed)
    remaining = rights(90) + rights(50, first=200)
    second = allocate([SQUARE], remaining, seed=seed, existing=keep(first))
    check(second, [SQUARE])
    before = {p.right: p for p in first.parcels}
    kept = [p for p in second.parcels if p.is_kept]
    assert len(kept) == 90
    assert all(shapely.to_wkb(p.geometry) == shapely.to_wkb(before[p.right].geometry) for p in kept)
    assert all(p.code == before[p.right].code and p.draw == before[p.right].draw for p in kept)
    ended = {p.code for p in first.parcels} - {p.code for p in kept}
    assert {note.figures["parcel"] for note in second.notes if note.kind == "returned"} == ended
    assert ended.isdisjoint(p.code for p in second.parcels), "a code is never given twice"


def test_a_second_run_without_changes_places_nothing():
    first = allocate([SQUARE], rights(100), seed="1")
    again = allocate([SQUARE], rights(100), seed="1", existing=keep(first))
    assert [(p.code, p.geometry, p.draw) for p in again.parcels] == [(p.code, p.geometry, p.draw) for p in first.parcels]


def test_lanes_that_lead_to_parcels_stay_and_new_parcels_lie_on_them():
    first = allocate([SQUARE], rights(120), seed="1", lane_width_m=4.0)
    lanes = [Lane(land.plot, land.geometry) for land in first.lanes]
    everyone = rights(110) + rights(20, 3_500, first=200)
    second = allocate([SQUARE], everyone, seed="2", existing=keep(first), lanes=lanes)
    check(second, [SQUARE])
    assert [land.geometry for land in second.lanes] == [lane.geometry for lane in lanes]
    assert len(second.parcels) == 130 and not any(note.kind == "landlocked" for note in second.notes)
    taken = shapely.intersection(shapely.union_all([parcel.geometry for parcel in second.parcels]), [lane.geometry for lane in lanes])
    assert shapely.area(PLANE.forward(taken)).max() < 0.01
    # Whose lanes are not given loses them: nothing else says that there were any.
    third = allocate([SQUARE], everyone, seed="2", existing=keep(first))
    assert third.lanes == ()


def test_two_draws_with_one_seed_are_told_apart():
    first = allocate([SQUARE], rights(50), seed="1")
    second = allocate([SQUARE], rights(60), seed="1", existing=keep(first))
    assert len({p.draw for p in second.parcels}) == 2
