"""A household's read model on both databases: the figures of the settlement, and a provisional amount that tells the truth."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from plantation.errors import NotAllowed, NotFound
from plantation.models import Household, Season
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.fruit.weighings import day_totals
from plantation.services.mine.my_data import SLIP_COLUMNS, gather_own_data
from plantation.services.mine.my_pages import overview, own_household
from plantation.services.mine.my_parcels import load_own_parcel, own_parcels, surroundings_of
from plantation.services.mine.my_slips import grams_by_day, list_own_slips, load_own_slip
from plantation.services.mine.my_statement import explain_season, newest
from plantation.services.money.earnings import earnings_rows
from plantation.services.money.settlements import preview_settlement, settle_season
from plantation.services.people.households import load_household
from tests.conftest import NOW
from tests.orchard import QIAN, SUN, WU, ZHOU, grow_orchard

ALL = (QIAN, SUN, WU, ZHOU)


@pytest.fixture(params=["posted", "pooled"])
def orchard(database, collective, request):
    grow_orchard(database, collective, mode=request.param)
    return collective


def test_what_final_settlements_owe_is_what_the_office_pays(orchard, desk):
    with desk(reading=True) as d:
        rows = {row.household: row for row in earnings_rows(d, "2025").rows}
        for code in ALL:
            seen = overview(d, load_household(d, code))
            assert seen.owed_fen == rows[code].balance_fen
            assert seen.at("2025").earnings.net_fen == rows[code].net_fen
            assert seen.at("2025").balance_fen == rows[code].balance_fen


def test_a_provisional_amount_is_what_a_settlement_would_say_but_for_a_fen_a_grade(orchard, desk):
    with desk(reading=True) as d:
        previewed = {one.household_code: one for one in preview_settlement(d, "2026").households}
        for code in (QIAN, SUN, WU):
            mine = overview(d, load_household(d, code)).at("2026").provisional
            assert mine.net_grams == previewed[code].net_grams
            assert abs(mine.net_fen - previewed[code].net_fen) <= len(mine.fruit)
            assert mine.picking_fen == previewed[code].picking_fen
        assert overview(d, load_household(d, ZHOU)).at("2026").provisional is None


def test_every_statement_adds_up_to_its_figures(orchard, desk):
    with desk(reading=True) as d:
        for code in ALL:
            household = load_household(d, code)
            for own in overview(d, household).seasons:
                statement = explain_season(d, household, own)  # raises where a figure and its lines disagree
                if own.earnings is not None:
                    assert own.earnings.net_fen == (
                        own.earnings.gross_fen
                        - sum(step.taken_fen for step in statement.deductions)
                        - sum(line.picking_fen for line in statement.pickers)
                    )


def test_the_households_days_sum_to_the_village(orchard, desk):
    with desk(reading=True) as d:
        season = d.session.scalar(select(Season).where(Season.code == "2026"))
        days: dict[dt.date, int] = {}
        for code in ALL:
            for day, grams in grams_by_day(d, load_household(d, code), season):
                days[day] = days.get(day, 0) + grams
        assert sum(days.values()) == sum(total.net_grams for total in day_totals(d, season))
        assert min(days) == dt.date(2026, 8, 20) and max(days) == dt.date(2026, 9, 27)


def test_what_was_taken_back_leaves_the_day_of_its_slip(orchard, desk):
    with desk(reading=True) as d:
        season = d.session.scalar(select(Season).where(Season.code == "2026"))
        days = dict(grams_by_day(d, load_household(d, SUN), season))
        assert dt.date(2026, 8, 20) not in days  # the slip of that day was reversed in November
        assert NOW.date() not in days


def test_the_slips_of_all_households_cover_each_weighing(orchard, desk):
    with desk(reading=True) as d:
        seasons = d.session.scalars(select(Season)).all()
        grams = 0
        for code in ALL:
            page = list_own_slips(d, load_household(d, code), seasons, size=500)
            grams += sum(slip.net_grams for slip in page.rows)
        assert grams == sum(total.net_grams for season in seasons for total in day_totals(d, season))


def test_a_slip_of_somebody_else_is_not_found(orchard, desk):
    with desk(reading=True) as d:
        qian = load_household(d, QIAN)
        assert load_own_slip(d, qian, "2026-000001").slip == "2026-000001"
        for slip in ("2026-000002", "2026-999999", ""):
            with pytest.raises(NotFound):
                load_own_slip(d, qian, slip)


def test_a_parcel_of_somebody_else_is_not_found(orchard, desk):
    with desk(reading=True) as d:
        qian = load_household(d, QIAN)
        assert [parcel.code for parcel in own_parcels(d, qian)] == ["P1-1", "P1-4"]
        for code in ("P1-2", "P1-6", "P9", ""):
            with pytest.raises(NotFound):
                load_own_parcel(d, qian, code)


def test_around_a_parcel_others_are_named_by_code_only(orchard, desk):
    with desk(reading=True) as d:
        qian = load_household(d, QIAN)
        around = surroundings_of(d, qian, own_parcels(d, qian))
        assert {name for name, _ in around.parcels} == {SUN}  # Wu's parcel is further off than the map reaches
        assert [kind for kind, _ in around.exclusions] == ["canal"]
        assert surroundings_of(d, qian, []) is None


def test_my_data_holds_every_column_of_every_slip(orchard, desk):
    with desk(reading=True) as d:
        data = gather_own_data(d, load_household(d, WU))
    assert {tuple(slip) for slip in data["slips"]} == {SLIP_COLUMNS}
    assert len(data["seasons"]) == 2


def test_what_came_after_a_settlement_waits_for_the_next_one(orchard, desk):
    from plantation.services.fruit.weighings import reverse_weighing

    with desk() as d:
        reverse_weighing(d, "2025-000007", reason="counted twice")
    with desk() as d:
        own = overview(d, load_household(d, QIAN)).at("2025")
        assert own.later_grams < 0 and len(own.steps) == 2
        waiting = own.later_grams
        settle_season(d, "2025")
        own = overview(d, load_household(d, QIAN)).at("2025")
        statement = explain_season(d, load_household(d, QIAN), own)
        assert own.later_grams == 0 and len(own.steps) == 3
        assert statement.differences[2].net_grams - statement.differences[1].net_grams == waiting
        assert sum(line.moved_fen for line in statement.differences) == own.earnings.net_fen


def test_a_household_of_another_collective_is_never_reached(orchard, database, desk):
    with database.write() as session:
        other = create_collective(session, "other", "Other", "Asia/Shanghai", NOW)
    with desk(reading=True) as d:
        qian = load_household(d, QIAN)
        elsewhere = Desk(d.session, other, "zhao", NOW)
        with pytest.raises(NotAllowed):
            own_household(elsewhere, qian.id)
        assert overview(elsewhere, qian).seasons == ()
        assert own_parcels(elsewhere, qian) == []
        with pytest.raises(NotFound):
            load_own_slip(elsewhere, qian, "2026-000001")


def test_an_account_without_a_household_is_refused(orchard, desk):
    with desk(reading=True) as d:
        for household_id in (None, 0, -1):
            with pytest.raises(NotAllowed):
                own_household(d, household_id)
        assert isinstance(own_household(d, load_household(d, QIAN).id), Household)


def test_the_season_to_begin_with_is_the_latest_that_has_begun(orchard, desk):
    with desk(reading=True) as d:
        seasons = overview(d, load_household(d, QIAN)).seasons
        assert newest(seasons, dt.date(2026, 11, 24)).season.code == "2026"
        assert newest(seasons, dt.date(2026, 7, 31)).season.code == "2025"
        assert newest(seasons, dt.date(2020, 1, 1)).season.code == "2025"
        assert newest([], dt.date(2026, 1, 1)) is None
