"""Where a lot was picked: plots, days and weights that sum to the lot, and no gram in two lots."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from plantation.errors import NotAllowed, NotFound
from plantation.models import Buyer, Purchase
from plantation.services.fruit.origins import origin_of
from plantation.services.fruit.own_purchases import load_own_purchase, own_buyer, season_totals
from plantation.services.fruit.purchases import load_purchase, reverse_purchase
from tests.orchard import HE, LI, grow_orchard


@pytest.fixture
def orchard(database, collective):
    grow_orchard(database, collective, mode="pooled")
    return collective


def buyer(d, code):
    return d.session.scalar(select(Buyer).where(Buyer.collective_id == d.collective_id, Buyer.code == code))


def test_each_lot_is_traced_to_the_gram(orchard, desk):
    with desk(reading=True) as d:
        numbers = d.session.execute(select(Purchase.number, Purchase.season_id)).all()
        assert len(numbers) == 8
        for season in ("2025", "2026"):
            for number in ("P00001", "P00002", "P00003", "P00004"):
                note = load_purchase(d, season, number)
                origin = origin_of(d, note)
                assert sum(line.net_grams for line in origin.lines) == note.net_grams
                assert origin.untraced_grams == 0
                assert all(line.day <= note.purchased_on for line in origin.lines)
                assert {line.plot for line in origin.lines} == {"P1"}


def test_the_oldest_fruit_goes_first_and_no_gram_is_in_two_lots(orchard, desk):
    with desk(reading=True) as d:
        lots = [origin_of(d, load_purchase(d, "2026", f"P0000{n}")) for n in (1, 2, 3)]
    days = [[line.day for line in lot.lines if line.grade == "A"] for lot in lots]
    assert days[0][0] == dt.date(2026, 8, 20)
    assert days[0][-1] <= days[1][0] <= days[1][-1] <= days[2][0]


def test_what_was_taken_back_is_in_no_lot_and_its_fruit_is_free_again(orchard, desk):
    with desk() as d:
        first = origin_of(d, load_purchase(d, "2026", "P00001"))
        back = reverse_purchase(d, "2026", "P00001", reason="paid twice")
        assert origin_of(d, back).lines == ()
        assert origin_of(d, load_purchase(d, "2026", "P00001")).lines == ()
        assert origin_of(d, load_purchase(d, "2026", "P00002")).lines[0].day == first.lines[0].day


def test_a_lot_says_nothing_of_households(orchard, desk):
    with desk(reading=True) as d:
        text = repr(origin_of(d, load_purchase(d, "2025", "P00004")))
    assert "H00" not in text and "孙" not in text


def test_a_purchase_of_another_buyer_is_not_found(orchard, desk):
    with desk(reading=True) as d:
        li, he = buyer(d, LI), buyer(d, HE)
        assert load_own_purchase(d, li, "2026", "P00001").number == "P00001"
        for who, season, number in ((he, "2026", "P00001"), (li, "2026", "P00002"), (li, "1999", "P00001"), (li, "2026", "")):
            with pytest.raises(NotFound):
                load_own_purchase(d, who, season, number)


def test_a_buyers_totals_are_their_own(orchard, desk):
    with desk(reading=True) as d:
        totals = season_totals(d, buyer(d, LI))
    assert [(total.season, total.net_grams, total.amount_fen) for total in totals] == [
        ("2026", 520_250, 224_000 + 68_543),
        ("2025", 520_250, 224_000 + 68_543),
    ]


def test_an_account_without_a_buyer_is_refused(orchard, desk):
    with desk(reading=True) as d, pytest.raises(NotAllowed):
        own_buyer(d, None)
