"""Purchases on real databases: numbers, reversals, the pool and direct sales, and what the stock allows."""

import datetime as dt

import pytest

from plantation.domain.season_totals import (
    DirectPurchaseInPostedSeason,
    PurchasedMoreThanWeighed,
    SoldMoreThanDelivered,
)
from plantation.errors import BadValue, NotFound
from plantation.services.fruit import purchase_inputs as said
from plantation.services.fruit.buyers import list_buyers, load_buyer, save_buyer
from plantation.services.fruit.purchases import (
    LineInput,
    PurchaseInput,
    list_purchases,
    load_purchase,
    record_purchase,
    record_purchases,
    reverse_purchase,
)
from plantation.services.fruit.stock import stock
from plantation.services.fruit.weighing_inputs import RateOutOfRange, ReasonMissing
from plantation.services.fruit.weighings import record_weighings
from plantation.services.lookups import DayAhead
from tests.cast import LI, QIAN, SUN
from tests.services.fruit.test_weighings import weighed

POOLED = {"season": "2025", "time": dt.datetime(2025, 9, 1, 10, tzinfo=dt.UTC), "deduction_ppm": 0}


def bought(*lines, **given):
    """A purchase of Li's in the pooled season; `lines` are (source, grade, grams, fen per kg)."""
    lines = lines or ((None, "A", 40_000, 500),)
    usual = {"season": "2025", "date": dt.date(2025, 9, 30), "buyer": LI}
    named = [LineInput(source=source, grade=grade, net_grams=grams, price_fen_per_kg=fen) for source, grade, grams, fen in lines]
    return PurchaseInput(**usual | {"lines": named} | given)


@pytest.fixture
def fruit(village, desk):
    """60 kg of Qian's and 40 kg of Sun's, grade A."""
    with desk() as d:
        record_weighings(
            d,
            [
                weighed(**POOLED, gross_grams=61_000, tare_grams=1_000),
                weighed(**POOLED, household=SUN, gross_grams=41_000, tare_grams=1_000),
            ],
        )


def test_a_purchase_gets_its_amounts_and_the_next_number(fruit, desk):
    with desk() as d:
        first = record_purchase(d, bought((None, "A", 30_001, 499), (QIAN, "A", 5_000, 600)))
        second = record_purchase(d, bought())
    assert (first.number, second.number) == ("P00001", "P00002")
    assert [line.amount_fen for line in first.lines] == [14_970, 3_000]
    assert (first.net_grams, first.amount_fen) == (35_001, 17_970)
    assert first.lines[1].source == QIAN


@pytest.mark.parametrize(
    ("given", "refusal", "words"),
    [
        ({"lines": ()}, said.NothingBought, "at least one line"),
        ({"season": "1999"}, NotFound, "1999"),
        ({"buyer": "B404"}, NotFound, "B404"),
        ({"date": dt.date(2026, 11, 26)}, DayAhead, "2026-11-26"),
        ({"number": "N" * 65}, BadValue, "purchase number"),
        ({"reverses": "P404", "reason": "typo", "lines": ()}, NotFound, "P404"),
    ],
)
def test_a_purchase_that_cannot_be_is_refused(fruit, desk, given, refusal, words):
    with desk() as d:
        with pytest.raises(refusal, match=words):
            record_purchase(d, bought(**given))
        assert list_purchases(d).total == 0


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ((None, "A", 0, 500), said.WeightOutOfRange),
        ((None, "A", -1, 500), said.WeightOutOfRange),
        ((None, "A", 10_000_000_001, 500), said.WeightOutOfRange),
        ((None, "A", 1, -1), RateOutOfRange),
        ((None, "", 1, 1), BadValue),
        (("H404", "A", 1, 1), NotFound),
    ],
)
def test_a_faulty_line_is_named_by_its_place(fruit, desk, line, refusal):
    with desk() as d:
        outcomes = record_purchases(d, [bought((None, "A", 1, 1), line), bought()])
    assert (outcomes[0].status, outcomes[0].line, outcomes[1].status) == ("refused", 1, "created")
    assert isinstance(outcomes[0].refusal, refusal)


def test_fruit_that_nobody_weighed_is_refused_at_once_with_both_figures(fruit, desk):
    with desk() as d:
        with pytest.raises(PurchasedMoreThanWeighed, match=r"102\.001 kg were bought but only 100\.000 kg"):
            record_purchase(d, bought((None, "A", 102_001, 500)))
        with pytest.raises(SoldMoreThanDelivered, match=r"60\.001 kg .* only 60\.000 kg"):
            record_purchase(d, bought((QIAN, "A", 60_001, 500)))
        with pytest.raises(PurchasedMoreThanWeighed, match="Grade C"):
            record_purchase(d, bought((None, "C", 1, 500)))
        assert list_purchases(d).total == 0
        assert record_purchase(d, bought((None, "A", 102_000, 500))).number == "P00001"
        with pytest.raises(PurchasedMoreThanWeighed):
            record_purchase(d, bought((None, "A", 1, 500)))
        assert record_purchase(d, bought((None, "A", 1, 500)), beyond_stock=True).number == "P00002"


def test_in_a_posted_season_nobody_buys_from_a_household(village, desk):
    with desk() as d:
        record_weighings(d, [weighed()])
        with pytest.raises(DirectPurchaseInPostedSeason):
            record_purchase(d, bought((QIAN, "A", 1_000, 500), season="2026", date=dt.date(2026, 9, 30)))


def test_a_number_is_given_once_a_season_and_a_resend_is_a_duplicate(fruit, desk):
    with desk() as d:
        outcomes = record_purchases(
            d,
            [
                bought(number="7"),
                bought(number="7"),
                bought((None, "A", 40_000, 501), number="7"),
                bought(number="7", season="2026"),
                bought(),
                bought(number="P00001"),
            ],
        )
    assert [(outcome.number, outcome.status) for outcome in outcomes] == [
        ("7", "created"),
        ("7", "duplicate"),
        ("7", "conflict"),
        ("7", "created"),
        ("P00002", "created"),
        ("P00001", "created"),
    ]
    assert "season 2025" in str(outcomes[2].refusal)
    with desk() as d:
        assert record_purchases(d, [bought(number="7")])[0].status == "duplicate"


def test_a_form_sent_twice_is_one_purchase(fruit, desk):
    with desk() as d:
        first = record_purchase(d, bought(once="form-1"))
        assert record_purchase(d, bought(once="form-1")).number == first.number
        with pytest.raises(said.NumberTaken):
            record_purchase(d, bought((None, "A", 1, 1), once="form-1"))
        assert list_purchases(d).total == 1


def test_a_reversal_takes_a_purchase_back_once(fruit, desk):
    with desk() as d:
        first = record_purchase(d, bought((None, "A", 40_000, 500), (SUN, "A", 1_000, 333)))
        back = reverse_purchase(d, "2025", first.number, reason="wrong buyer")
        assert [(line.net_grams, line.amount_fen) for line in back.lines] == [(-40_000, -20_000), (-1_000, -333)]
        assert (back.reverses, back.purchased_on) == (first.number, dt.date(2026, 11, 24))
        with pytest.raises(said.PurchaseReversed, match=back.number):
            reverse_purchase(d, "2025", first.number, reason="again")
        with pytest.raises(said.ReversalOfReversal):
            reverse_purchase(d, "2025", back.number, reason="back again")
        second = record_purchase(d, bought())
        with pytest.raises(ReasonMissing):
            reverse_purchase(d, "2025", second.number, reason="")
        with pytest.raises(said.LinesDiffer):
            record_purchase(d, bought(reverses=second.number, reason="typo"))
        rows = list_purchases(d, season="2025", buyer=LI).rows
        assert [(row.number, row.net_grams, row.reversed_by) for row in rows] == [
            ("P00002", -41_000, None),
            ("P00003", 40_000, None),
            ("P00001", 41_000, "P00002"),
        ]


def test_the_stock_is_what_was_weighed_and_not_sold(fruit, desk):
    with desk() as d:
        record_purchase(d, bought((None, "A", 30_000, 500), (QIAN, "A", 10_000, 500)))
        record_purchases(d, [bought((None, "B", 5_000, 300))])
        lines = {line.grade: (line.weighed_grams, line.sold_grams, line.left_grams) for line in stock(d, "2025")}
    assert lines == {"A": (100_000, 40_000, 60_000), "B": (0, 5_000, -5_000)}


def test_an_import_meets_new_buyers(fruit, desk):
    with desk() as d:
        outcomes = record_purchases(d, [bought(buyer="oil-press"), bought(buyer="oil-press"), bought(buyer="a\tb")])
        assert [outcome.status for outcome in outcomes] == ["created", "created", "refused"]
        assert load_buyer(d, "oil-press").name == "oil-press"
        assert [buyer.code for buyer in list_buyers(d).rows] == [LI, "oil-press"]


def test_a_buyer_keeps_the_code_that_purchases_name(fruit, desk):
    from plantation.services.master_data import CodeFixed, CodeTaken

    with desk() as d:
        new = save_buyer(d, code="B002", name="Juice works", phone="0908-123")
        assert save_buyer(d, buyer=new, code="B003", name="Juice", version=new.version).code == "B003"
        with pytest.raises(CodeTaken):
            save_buyer(d, code=LI, name="Another Li")
        note = record_purchase(d, bought())
        with pytest.raises(CodeFixed):
            save_buyer(d, buyer=load_buyer(d, LI), code="B009", name="李")
        assert load_purchase(d, "2025", note.number).buyer == LI
