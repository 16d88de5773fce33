"""Weighings on real databases: what is accepted, what is refused and how, and that a resend creates nothing."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from plantation.domain.weighing import GrossNotAboveTare
from plantation.errors import BadValue, NotFound
from plantation.models import JournalEntry, Weighing
from plantation.services.fruit import weighing_inputs as said
from plantation.services.fruit.slip_numbers import SlipTaken
from plantation.services.fruit.weighings import (
    WeighingInput,
    day_totals,
    list_weighings,
    load_slip,
    record_weighing,
    record_weighings,
    reverse_weighing,
)
from tests.cast import QIAN, SUN

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def weighed(**given):
    """An ordinary weighing of Qian's, with what the test changes."""
    usual = {
        "id": str(uuid.uuid4()),
        "season": "2026",
        "time": dt.datetime(2026, 9, 1, 10, tzinfo=SHANGHAI),
        "household": QIAN,
        "grade": "A",
        "gross_grams": 25_300,
        "tare_grams": 1_200,
        "deduction_ppm": 25_000,
        "picker": "Wu",
        "piece_rate_fen_per_kg": 80,
    }
    return WeighingInput(**usual | given)


def refusal_of(desk, given):
    """What recording `given` is refused with."""
    with desk() as d:
        outcome = record_weighings(d, [given])[0]
    assert outcome.status == "refused", outcome
    return outcome.refusal


def count(desk, model):
    with desk(reading=True) as d:
        return d.session.scalar(select(func.count()).select_from(model))


def test_a_weighing_gets_its_figures_its_price_and_the_next_slip(village, desk):
    with desk() as d:
        first = record_weighing(d, weighed())
        second = record_weighing(d, weighed(time=dt.datetime(2026, 9, 15, 0, 30, tzinfo=SHANGHAI)))
    assert (first.net_grams, first.price_fen_per_kg, first.amount_fen, first.picking_fen) == (23_498, 500, 11_749, 1_880)
    assert (first.slip, second.slip) == ("2026-000001", "2026-000002")
    assert (second.price_fen_per_kg, second.local_date) == (520, dt.date(2026, 9, 15))
    assert first.entry + 1 == second.entry
    assert count(desk, Weighing) == 2


def test_a_pooled_seasons_slip_has_no_price_and_no_amount(village, desk):
    with desk() as d:
        slip = record_weighing(d, weighed(season="2025", time=dt.datetime(2025, 9, 1, 10, tzinfo=SHANGHAI)))
    assert (slip.price_fen_per_kg, slip.amount_fen, slip.picking_fen) == (None, 0, 1_880)


def test_a_weighing_of_a_parcel_is_its_households(village, desk):
    with desk() as d:
        slip = record_weighing(d, weighed(household=None, parcel="P1-2"))
        assert load_slip(d, slip.slip).household == SUN
        assert load_slip(d, slip.slip).parcel == "P1-2"


def test_a_weighing_of_a_plot_is_shared_over_the_parcels_that_somebody_holds(village, desk):
    with desk() as d:
        slip = record_weighing(d, weighed(household=None, plot="P1", gross_grams=31_001, tare_grams=1_000, deduction_ppm=0))
        read = load_slip(d, slip.slip)
    assert [(share.household, share.net_grams) for share in read.shares] == [(QIAN, 20_001), (SUN, 10_000)]
    assert read.amount_fen == sum(share.amount_fen for share in read.shares) == 10_001 + 5_000
    assert read.picking_fen == sum(share.picking_fen for share in read.shares)
    assert read.household is None


@pytest.mark.parametrize(
    ("given", "refusal", "words"),
    [
        ({"household": "H404"}, NotFound, "H404"),
        ({"season": "1999"}, NotFound, "1999"),
        ({"parcel": "P9-9"}, NotFound, "P9-9"),
        ({"household": None, "plot": "P7"}, NotFound, "P7"),
        ({"household": None}, said.PlaceMissing, "household, a parcel or a plot"),
        ({"household": None, "plot": "P2"}, said.PlotUnshared, "P2"),
        ({"household": None, "parcel": "P1-3"}, said.ParcelUnheld, "P1-3"),
        ({"plot": "P2", "parcel": "P1-1"}, said.ParcelElsewhere, "P1-1"),
        ({"gross_grams": 1_200}, GrossNotAboveTare, "1.200 kg"),
        ({"grade": ""}, BadValue, "grade"),
        ({"grade": "A\n"}, BadValue, "grade"),
        ({"grade": "C"}, LookupError, "grade C on 2026-09-01"),
        ({"time": dt.datetime(2026, 11, 25, 11, tzinfo=SHANGHAI)}, said.TimeAhead, "2026-11-25"),
        ({"time": dt.datetime(2026, 11, 1, 10, tzinfo=SHANGHAI)}, ValueError, "outside season 2026"),
        ({"piece_rate_fen_per_kg": -1}, said.RateOutOfRange, "-0.01"),
        ({"piece_rate_fen_per_kg": 1_000_001}, said.RateOutOfRange, "10000.01"),
        ({"reverses": "2026-000404", "reason": "wrong"}, NotFound, "2026-000404"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused_by_name(village, desk, given, refusal, words):
    found = refusal_of(desk, weighed(**given))
    assert isinstance(found, refusal)
    assert words in str(found)
    assert count(desk, Weighing) == 0


def test_outside_the_season_a_reason_opens_the_door(village, desk):
    with desk() as d:
        slip = record_weighing(d, weighed(time=dt.datetime(2026, 11, 2, 9, tzinfo=SHANGHAI), reason="found in the store"))
    assert slip.price_fen_per_kg == 520


def test_a_resend_creates_nothing_and_gets_the_first_slip(village, desk):
    given = weighed()
    with desk() as d:
        first = record_weighings(d, [given, given])
    with desk() as d:
        again = record_weighings(d, [given])
    assert [outcome.status for outcome in first + again] == ["created", "duplicate", "duplicate"]
    assert {outcome.slip for outcome in first + again} == {"2026-000001"}
    assert count(desk, Weighing) == 1


def test_a_resend_of_a_parcels_weighing_stays_one_after_the_parcel_changed_hands(village, desk, database):
    from plantation.models import Household, Parcel

    given = weighed(household=None, parcel="P1-1")
    with desk() as d:
        record_weighing(d, given)
        sun = d.session.scalar(select(Household.id).where(Household.code == SUN))
        d.session.scalar(select(Parcel).where(Parcel.code == "P1-1")).household_id = sun
    with desk() as d:
        outcomes = record_weighings(d, [given, weighed(household=None, parcel="P1-1"), weighed(id=given.id, parcel="P1-1")])
        assert [outcome.status for outcome in outcomes] == ["duplicate", "created", "duplicate"]
        assert load_slip(d, outcomes[1].slip).household == SUN


@pytest.mark.parametrize(
    "change",
    [
        {"gross_grams": 25_301},
        {"grade": "B"},
        {"picker": "Zheng"},
        {"slip": "X-1"},
        {"household": SUN},
        {"time": dt.datetime(2026, 9, 1, 10, 0, 1, tzinfo=SHANGHAI)},
        {"season": "2025"},
    ],
)
def test_the_same_id_with_other_content_is_a_conflict(village, desk, change):
    with desk() as d:
        record_weighing(d, weighed(id="one"))
    with desk() as d:
        outcome = record_weighings(d, [weighed(id="one", **change)])[0]
    assert outcome.status == "conflict"
    assert "2026-000001" in str(outcome.refusal)
    assert count(desk, Weighing) == 1


def test_one_bad_input_spoils_no_other(village, desk):
    with desk() as d:
        outcomes = record_weighings(d, [weighed(), weighed(gross_grams=1), weighed()])
    assert [outcome.status for outcome in outcomes] == ["created", "refused", "created"]
    assert [outcome.slip for outcome in outcomes] == ["2026-000001", None, "2026-000002"]


def test_a_slip_that_is_taken_is_refused_and_the_next_number_passes_it_over(village, desk):
    with desk() as d:
        outcomes = record_weighings(d, [weighed(), weighed(slip="2026-000001"), weighed(slip="2026-000001"), weighed(slip="hand-7")])
    assert [(outcome.status, outcome.slip) for outcome in outcomes] == [
        ("created", "2026-000002"),
        ("created", "2026-000001"),
        ("refused", None),
        ("created", "hand-7"),
    ]
    assert isinstance(outcomes[2].refusal, SlipTaken)
    with desk() as d:
        record_weighing(d, weighed(slip="2026-000003"))
        assert record_weighing(d, weighed()).slip == "2026-000004"


def test_each_weighing_is_an_entry_of_the_journal_without_names(village, desk):
    with desk() as d:
        slip = record_weighing(d, weighed())
    with desk(reading=True) as d:
        entry = d.session.scalar(select(JournalEntry).where(JournalEntry.sequence == slip.entry))
    assert (entry.kind, entry.subject, entry.actor) == ("weighing", "2026-000001", "Zhao")
    assert "Wu" not in entry.payload and "钱" not in entry.payload
    assert '"net_grams":23498' in entry.payload


def test_lists_and_days_count_reversals_off(village, desk):
    with desk() as d:
        slip = record_weighing(d, weighed()).slip
        record_weighing(d, weighed(household=SUN, grade="B"))
        reverse_weighing(d, slip, reason="typo")
    with desk(reading=True) as d:
        page = list_weighings(d, season="2026")
        assert [row.slip for row in page.rows] == ["2026-000003", "2026-000002", "2026-000001"]
        assert (page.rows[2].reversed_by, page.rows[2].household_name) == ("2026-000003", "钱")
        assert [row.household for row in list_weighings(d, household=SUN).rows] == [SUN]
        assert list_weighings(d, search="孙").total == 1
        assert list_weighings(d, search="2026-0000").total == 3
        assert list_weighings(d, season="2025").rows == []
        assert [(total.local_date.day, total.grade, total.net_grams) for total in day_totals(d, "2026")] == [
            (1, "A", 23_498),
            (1, "B", 23_498),
            (24, "A", -23_498),
        ]


def test_another_collectives_slips_cannot_be_reached(village, desk, database):
    from plantation.services.collectives import create_collective
    from tests.conftest import NOW

    with desk() as d:
        slip = record_weighing(d, weighed()).slip
    with database.write() as session:
        other = create_collective(session, "other", "Other", "Asia/Shanghai", NOW)
    with desk(collective=other) as d:
        with pytest.raises(NotFound):
            load_slip(d, slip)
        with pytest.raises(NotFound):
            reverse_weighing(d, slip, reason="not mine")
        assert record_weighings(d, [weighed()])[0].status == "refused"
        assert list_weighings(d).total == 0
