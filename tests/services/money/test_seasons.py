"""Seasons, their prices and their deductions: what is refused, and when their terms are fixed."""

import datetime as dt

import pytest

from plantation.errors import BadValue, NotFound, Stale
from plantation.models import Household, Season, Settlement, Weighing
from plantation.services.master_data import CodeTaken
from plantation.services.money import deductions, prices, seasons
from plantation.services.money.deductions import DeductionOutOfRange
from plantation.services.money.prices import PriceOutOfRange, PriceTaken, PriceTooLate
from plantation.services.money.seasons import (
    SeasonBackwards,
    SeasonInput,
    SeasonInUse,
    SeasonSettled,
    SeasonTooLong,
    ToleranceOutOfRange,
    WeighedOutside,
)

AUGUST, OCTOBER = dt.date(2026, 8, 1), dt.date(2026, 10, 31)
SEASON = {"code": "2026", "starts_on": AUGUST, "ends_on": OCTOBER, "mode": "posted", "tolerance_ppm": 20_000}


def weigh(d, season: Season, day: dt.date) -> None:
    """One weighing, straight into the table."""
    household = Household(collective_id=d.collective_id, code="H001", name="钱", members=4)
    d.session.add(household)
    d.session.flush()
    d.session.add(
        Weighing(
            collective_id=d.collective_id,
            id="w1",
            slip="2026-000001",
            season_id=season.id,
            entry=1,
            weighed_at=dt.datetime.combine(day, dt.time(4), dt.UTC),
            utc_offset_minutes=480,
            local_date=day,
            household_id=household.id,
            grade="A",
            gross_grams=2000,
            tare_grams=1000,
            deduction_ppm=0,
            net_grams=1000,
            price_fen_per_kg=500,
            amount_fen=500,
            picking_fen=0,
            content_hash="",
            recorded_at=d.now,
            recorded_by="Zhao",
        )
    )
    d.session.flush()


def settle(d, season: Season) -> None:
    """A final settlement, straight into the table."""
    d.session.add(
        Settlement(
            collective_id=d.collective_id,
            season_id=season.id,
            number=1,
            through_entry=1,
            mode=season.mode,
            terms="{}",
            digest="",
            settled_at=dt.datetime(2026, 10, 31, 16, 30, tzinfo=dt.UTC),
            settled_by="Zhao",
        )
    )
    d.session.flush()


@pytest.mark.parametrize(
    ("field", "value", "refusal", "figure"),
    [
        ("code", "2026;", BadValue, "2026;"),
        ("ends_on", dt.date(2026, 7, 31), SeasonBackwards, "2026-07-31, is before the first day, 2026-08-01"),
        ("ends_on", dt.date(2062, 10, 31), SeasonTooLong, "at most 400"),
        ("mode", "pool", BadValue, "pooled or posted"),
        ("tolerance_ppm", 1_000_001, ToleranceOutOfRange, "100.0001 %"),
        ("tolerance_ppm", -1, ToleranceOutOfRange, "-0.0001 %"),
    ],
)
def test_what_no_season_is_like_is_refused_with_the_figure(desk, field, value, refusal, figure):
    with desk() as d:
        with pytest.raises(refusal, match=figure):
            seasons.save_season(d, **SEASON | {field: value})
        assert seasons.list_seasons(d) == []


def test_a_season_of_one_day_is_a_season_and_the_latest_comes_first(desk):
    with desk() as d:
        seasons.save_season(d, **SEASON)
        seasons.save_season(d, **SEASON | {"code": "2027", "starts_on": dt.date(2027, 8, 1), "ends_on": dt.date(2027, 8, 1)})
        assert [season.code for season in seasons.list_seasons(d)] == ["2027", "2026"]
        with pytest.raises(CodeTaken):
            seasons.save_season(d, **SEASON)
        with pytest.raises(NotFound, match="2028"):
            seasons.load_season(d, "2028")


def test_the_second_of_two_who_save_a_season_is_told(desk):
    with desk() as d:
        season = seasons.save_season(d, **SEASON)
        seasons.save_season(d, season=season, **SEASON | {"tolerance_ppm": 0}, version=1)
        with pytest.raises(Stale):
            seasons.save_season(d, season=season, **SEASON, version=1)


def test_fruit_that_was_weighed_holds_the_mode_and_its_days(desk):
    with desk() as d:
        season = seasons.save_season(d, **SEASON)
        weigh(d, season, dt.date(2026, 9, 10))
        with pytest.raises(SeasonInUse, match="1 weighings"):
            seasons.save_season(d, season=season, **SEASON | {"mode": "pooled"})
        with pytest.raises(WeighedOutside, match="2026-09-10"):
            seasons.save_season(d, season=season, **SEASON | {"ends_on": dt.date(2026, 9, 9)})
        seasons.save_season(d, season=season, **SEASON | {"ends_on": dt.date(2026, 9, 10)})
        assert season.ends_on == dt.date(2026, 9, 10)


def test_a_final_settlement_fixes_all_terms_and_says_since_which_local_day(desk):
    with desk() as d:
        season = seasons.save_season(d, **SEASON)
        price = seasons.add_price(d, season, grade="A", valid_from=AUGUST, price_fen_per_kg=500)
        fund = seasons.add_deduction(d, season, code="01", name="Fund", kind="percent", rate_ppm=25_000)
        settle(d, season)
        for change in (
            lambda: seasons.save_season(d, season=season, **SEASON | {"tolerance_ppm": 0}),
            lambda: seasons.add_price(d, season, grade="B", valid_from=AUGUST, price_fen_per_kg=300),
            lambda: seasons.remove_price(d, season, price.id),
            lambda: seasons.add_deduction(d, season, code="02", name="Fee", kind="percent", rate_ppm=1),
            lambda: seasons.remove_deduction(d, season, fund.code),
        ):
            with pytest.raises(SeasonSettled, match="2026 was settled finally on 2026-11-01"):
                change()
        seasons.save_season(d, season=season, **SEASON)  # says the same: nothing to refuse
        assert seasons.add_price(d, season, grade="A", valid_from=AUGUST, price_fen_per_kg=500).id == price.id


def test_prices_are_listed_by_grade_and_day_and_never_edited(desk):
    with desk() as d:
        season = seasons.save_season(d, **SEASON)
        for grade, month, fen in (("B", 8, 300), ("A", 9, 520), ("A", 8, 500)):
            prices.add_price(d, season, grade=grade, valid_from=dt.date(2026, month, 1), price_fen_per_kg=fen)
        assert [(p.grade, p.price_fen_per_kg) for p in prices.list_prices(d, season)] == [("A", 500), ("A", 520), ("B", 300)]
        assert prices.grades_of(d, season) == ["A", "B"]
        with pytest.raises(PriceTaken, match="A has a price of 5.00 yuan per kg from 2026-08-01"):
            prices.add_price(d, season, grade="A", valid_from=AUGUST, price_fen_per_kg=501)
        with pytest.raises(PriceOutOfRange, match="-0.01"):
            prices.add_price(d, season, grade="A", valid_from=OCTOBER, price_fen_per_kg=-1)
        with pytest.raises(BadValue):
            prices.add_price(d, season, grade=" ", valid_from=OCTOBER, price_fen_per_kg=1)


def test_a_price_never_reaches_back_to_fruit_already_weighed(desk):
    with desk() as d:
        season = seasons.save_season(d, **SEASON)
        first = prices.add_price(d, season, grade="A", valid_from=AUGUST, price_fen_per_kg=500)
        weigh(d, season, dt.date(2026, 9, 10))
        with pytest.raises(PriceTooLate, match="until 2026-09-10"):
            prices.add_price(d, season, grade="A", valid_from=dt.date(2026, 9, 10), price_fen_per_kg=520)
        with pytest.raises(PriceTooLate):
            prices.remove_price(d, season, first.id)
        late = prices.add_price(d, season, grade="A", valid_from=dt.date(2026, 9, 11), price_fen_per_kg=520)
        prices.add_price(d, season, grade="B", valid_from=AUGUST, price_fen_per_kg=300)
        prices.remove_price(d, season, late.id)
        assert [p.grade for p in prices.list_prices(d, season)] == ["A", "B"]
        with pytest.raises(NotFound):
            prices.remove_price(d, season, late.id)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kind": "percent", "rate_ppm": 1_000_001}, DeductionOutOfRange),
        ({"kind": "percent"}, DeductionOutOfRange),
        ({"kind": "yuan_per_kg", "amount_fen": -1}, DeductionOutOfRange),
        ({"kind": "yuan", "amount_fen": 1}, BadValue),
        ({"kind": "percent", "rate_ppm": 1, "name": ""}, BadValue),
        ({"kind": "percent", "rate_ppm": 1, "code": ""}, BadValue),
    ],
)
def test_what_no_deduction_is_like_is_refused(desk, given, refusal):
    with desk() as d:
        season = seasons.save_season(d, **SEASON)
        with pytest.raises(refusal):
            deductions.add_deduction(d, season, **{"code": "01", "name": "Fund"} | given)


def test_deductions_stand_in_the_order_in_which_they_are_taken(desk):
    with desk() as d:
        season = seasons.save_season(d, **SEASON)
        deductions.add_deduction(d, season, code="2", name="Crates", kind="yuan_per_kg", amount_fen=10)
        deductions.add_deduction(d, season, code="10", name="Fund", kind="percent", rate_ppm=25_000)
        assert [one.code for one in deductions.list_deductions(d, season)] == ["10", "2"]
        with pytest.raises(CodeTaken, match="deduction “2”"):
            deductions.add_deduction(d, season, code="2", name="Crates", kind="percent", rate_ppm=1)
        deductions.remove_deduction(d, season, "2")
        with pytest.raises(NotFound):
            deductions.remove_deduction(d, season, "2")


def test_many_seasons_at_once(desk):
    with desk() as d:
        seasons.save_season(d, **SEASON)
        done = seasons.upsert_seasons(d, [SeasonInput(**SEASON), SeasonInput(**SEASON | {"code": "2027"})])
        assert (done.created, done.unchanged) == (1, 1)
