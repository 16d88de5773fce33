"""Lots: packed from what is loose, sold once and whole, unpacked with a reason; their origin does not move with the buyer."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plantation.errors import NotFound
from plantation.services.fruit import lot_sales, lots
from plantation.services.fruit.lots import list_free_lots, load_lot, loose_grams, open_lot, pack_lot
from plantation.services.fruit.origins import origin_of, origin_of_lot
from plantation.services.fruit.purchase_inputs import WeightOutOfRange
from plantation.services.fruit.purchases import LineInput, PurchaseInput, record_purchase, reverse_purchase
from plantation.services.fruit.stock import stock
from plantation.services.fruit.weighings import record_weighings
from plantation.services.lookups import the_season
from plantation.services.proof.verification import verify
from tests.cast import LI, SUN
from tests.conftest import NOW
from tests.services.fruit.test_purchases import bought
from tests.services.fruit.test_stock import on


@pytest.fixture
def fruit(village, desk):
    """30 kg of A on 1 September, 20 kg on the 4th (Sun's)."""
    with desk() as d:
        record_weighings(d, [
            on(1, slip="S-1", gross_grams=31_000, tare_grams=1_000),
            on(4, slip="S-2", gross_grams=21_000, tare_grams=1_000, household=SUN),
        ])  # fmt: skip


def at(desk, day):
    return desk(now=dt.datetime(2025, 9, day, 10, tzinfo=dt.UTC))


def buy(d, *codes, once=None, season="2025", **line):
    lines = [LineInput(lot=code, **{"grade": "", "net_grams": 0, "price_fen_per_kg": 600} | line) for code in codes]
    return record_purchase(d, PurchaseInput(season=season, date=d.today, buyer=LI, lines=lines, once=once))


def days_of(origin):
    return [(line.day.day, line.net_grams) for line in origin.lines]


def test_a_lot_is_packed_from_what_is_loose_and_sold_whole(fruit, desk):
    with at(desk, 5) as d:
        first = pack_lot(d, "2025", grade="A", net_grams=25_000)
        second = pack_lot(d, "2025", grade="A", net_grams=10_000)
        assert (first.code, second.code, first.packed_on.day) == ("L2025-0001", "L2025-0002", 5)
        assert loose_grams(d, "2025") == {"A": 15_000}
        note = buy(d, second.code)
        assert [(line.grade, line.net_grams, line.amount_fen) for line in note.lines] == [("A", 10_000, 6_000)]
        assert load_lot(d, second.code).sold_in == note.number
        assert loose_grams(d, "2025") == {"A": 15_000}
        assert [seen.lot.code for seen in list_free_lots(d, the_season(d, "2025")).rows] == [first.code]
        assert days_of(origin_of_lot(d, first)) == [(1, 25_000)]
        assert days_of(origin_of_lot(d, second)) == days_of(origin_of(d, note)) == [(1, 5_000), (4, 5_000)]
        loose = record_purchase(d, bought((None, "A", 15_000, 600), date=dt.date(2025, 9, 5)))
        assert days_of(origin_of(d, loose)) == [(4, 15_000)]
        assert verify(d) is None


def test_a_purchase_that_is_taken_back_gives_its_lot_back(fruit, desk):
    with at(desk, 5) as d:
        lot = pack_lot(d, "2025", grade="A", net_grams=10_000)
        note = buy(d, lot.code)
        with pytest.raises(lots.LotSold, match=note.number):
            buy(d, lot.code)
        reverse_purchase(d, "2025", note.number, reason="not fetched")
        assert load_lot(d, lot.code).is_free
        assert buy(d, lot.code).net_grams == 10_000


def test_what_is_sent_twice_is_once(fruit, desk):
    with at(desk, 5) as d:
        lot = pack_lot(d, "2025", grade="A", net_grams=10_000, once="a")
        assert pack_lot(d, "2025", grade="A", net_grams=10_000, once="a").code == lot.code
        assert buy(d, lot.code, once="b").number == buy(d, lot.code, once="b").number
        assert loose_grams(d, "2025") == {"A": 40_000}


def test_what_cannot_be_packed_or_sold_is_refused_with_the_figures(fruit, desk):
    with at(desk, 5) as d:
        with pytest.raises(lots.LotBeyondStock, match=r"50\.000 kg are in stock.*50\.001 kg"):
            pack_lot(d, "2025", grade="A", net_grams=50_001)
        with pytest.raises(lots.LotBeyondStock, match=r"grade Z 0\.000 kg"):
            pack_lot(d, "2025", grade="Z", net_grams=1)
        with pytest.raises(WeightOutOfRange):
            pack_lot(d, "2025", grade="A", net_grams=0)
        lot = pack_lot(d, "2025", grade="A", net_grams=10_000)
        for refusal, work in [
            (NotFound, lambda: buy(d, "L2025-9999")),
            (lot_sales.LotTwice, lambda: buy(d, lot.code, lot.code)),
            (lot_sales.LotDiffers, lambda: buy(d, lot.code, net_grams=9_999)),
            (lot_sales.LotDiffers, lambda: buy(d, lot.code, grade="B")),
            (lot_sales.LotOfPool, lambda: buy(d, lot.code, source=SUN)),
            (lot_sales.LotOfOtherSeason, lambda: buy(d, lot.code, season="2026")),
            (lots.WhyUnpacked, lambda: open_lot(d, lot.code, reason=" ")),
        ]:
            with pytest.raises(refusal), d.session.begin_nested():
                work()
        open_lot(d, lot.code, reason="torn bags")
        assert loose_grams(d, "2025") == {"A": 50_000}
        for work in (lambda: buy(d, lot.code), lambda: open_lot(d, lot.code, reason="again")):
            with pytest.raises(lots.LotOpened), d.session.begin_nested():
                work()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(["pack", "sell", "buy", "open", "back"]), st.integers(1, 30_000)), max_size=12))
def test_however_lots_come_and_go_no_gram_is_in_two(fruit, desk, deeds):
    with desk(now=NOW) as d:
        nested = d.session.begin_nested()
        packed, sold = [], []
        for deed, grams in deeds:
            try:
                with d.session.begin_nested():
                    if deed == "pack":
                        packed.append(pack_lot(d, "2025", grade="A", net_grams=grams))
                    elif deed == "buy":
                        sold.append(record_purchase(d, bought((None, "A", grams, 500), date=d.today)))
                    elif packed and deed == "sell":
                        sold.append(buy(d, packed[grams % len(packed)].code))
                    elif packed and deed == "open":
                        open_lot(d, packed[grams % len(packed)].code, reason="x")
                    elif sold and deed == "back":
                        reverse_purchase(d, "2025", sold[grams % len(sold)].number, reason="x")
            except Exception as refusal:
                assert type(refusal).__module__.startswith("plantation."), refusal
        standing = [lot for lot in packed if load_lot(d, lot.code).is_free]
        origins = [origin_of_lot(d, lot) for lot in standing] + [origin_of(d, note) for note in sold]
        by_day = {}
        for origin in origins:
            for line in origin.lines:
                by_day[line.day.day] = by_day.get(line.day.day, 0) + line.net_grams
        assert by_day.get(1, 0) <= 30_000 and by_day.get(4, 0) <= 20_000
        [line] = stock(d, "2025")
        assert loose_grams(d, "2025")["A"] == line.left_grams - sum(lot.net_grams for lot in standing)
        nested.rollback()
