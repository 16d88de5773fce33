"""Settling on real databases: previews, frozen figures, differences, two managers at once, and what leaves nothing."""

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select

from plantation.domain.season_totals import PurchasedMoreThanWeighed
from plantation.domain.seasons import SeasonOpen
from plantation.models import Earnings, JournalEntry, Settlement, SettlementGrade
from plantation.services.fruit.purchases import record_purchases
from plantation.services.fruit.weighings import record_weighing, record_weighings, reverse_weighing
from plantation.services.money.earnings import earnings_all, earnings_rows
from plantation.services.money.explanations import explain, household_slips
from plantation.services.money.settlements import (
    FiguresMoved,
    NothingChanged,
    NothingWeighed,
    changed_since,
    latest_settlement,
    preview_settlement,
    settle_season,
    settled,
    settlement_difference,
)
from plantation.services.money.statements import earnings_of
from tests.cast import QIAN, SUN, ZHOU
from tests.services.fruit.test_purchases import POOLED, bought
from tests.services.fruit.test_weighings import count, weighed

CLEAN = {"deduction_ppm": 0, "tare_grams": 1_000}


@pytest.fixture
def pool(village, desk):
    """Pooled 2025: Qian 60 kg, Sun 40 kg of A; 45 kg sold from the pool at 5 yuan, 5 kg directly from Sun at 6."""
    with desk() as d:
        record_weighings(
            d,
            [
                weighed(**POOLED | CLEAN, gross_grams=61_000, slip="Q-1"),
                weighed(**POOLED | CLEAN, household=SUN, gross_grams=41_000, piece_rate_fen_per_kg=None),
            ],
        )
        record_purchases(d, [bought((None, "A", 45_000, 500), (SUN, "A", 5_000, 600))])


def test_a_pooled_season_is_settled_to_the_fen(pool, desk):
    with desk() as d:
        record = settle_season(d, "2025")
        rows = {row.household: row for row in earnings_rows(d, "2025").rows}
    # Pool 22,500 fen over 60 kg and 35 kg; fund 2.5 %, crates 0.10 a kg, fee 30 yuan.
    assert (rows[QIAN].gross_fen, rows[SUN].gross_fen) == (14_211, 8_289 + 3_000)
    assert rows[QIAN].deductions_fen == 355 + 600 + 3_000
    assert rows[QIAN].picking_fen == 4_800
    assert rows[QIAN].net_fen == 14_211 - 3_955 - 4_800 == rows[QIAN].balance_fen
    assert rows[ZHOU] == (ZHOU, "周", 0, 0, 0, 0, 0, 0, 0)
    assert (record.number, record.mode, record.settled_by) == (1, "pooled", "Zhao")


def test_a_preview_writes_nothing_and_says_the_same_as_the_settlement(pool, desk):
    with desk(reading=True) as d:
        previewed = earnings_rows(d, "2025").rows
        assert preview_settlement(d, "2025").revenue_fen == 25_500
        assert not settled(d, "2025") and changed_since(d, "2025")
    assert count(desk, Settlement) == 0
    with desk() as d:
        settle_season(d, "2025")
        assert earnings_rows(d, "2025").rows == previewed
        assert settled(d, "2025") and not changed_since(d, "2025")


def test_a_posted_season_pays_its_slips(village, desk):
    with desk() as d:
        record_weighings(d, [weighed(), weighed(household=None, plot="P1"), weighed(household=SUN, grade="B")])
        record_purchases(d, [bought((None, "A", 40_000, 450), season="2026", date=dt.date(2026, 9, 30))])
        settle_season(d, "2026")
        rows = {row.household: row for row in earnings_rows(d, "2026").rows}
        assert rows[QIAN].gross_fen == 11_749 + 7_833
        assert rows[SUN].gross_fen == 3_917 + 7_049
        explained = explain(d, "2026", QIAN)
        assert explained.earnings.fruit[0].common_fen == rows[QIAN].gross_fen
        assert explained.grades["A"].collective_fen == 18_000 - (11_749 + 11_750)


def test_an_open_season_is_not_settled_finally(village, desk):
    with desk(now=dt.datetime(2026, 10, 31, 15, 59, tzinfo=dt.UTC)) as d:
        record_weighing(d, weighed())
        assert preview_settlement(d, "2026").gross_fen == 11_749
        with pytest.raises(SeasonOpen, match="2026-10-31"):
            settle_season(d, "2026")
    with desk(now=dt.datetime(2026, 10, 31, 16, 0, tzinfo=dt.UTC)) as d:
        assert settle_season(d, "2026").number == 1


def test_a_season_without_fruit_is_not_settled(village, desk):
    with desk() as d, pytest.raises(NothingWeighed, match="2025"):
        settle_season(d, "2025")


def test_more_bought_than_weighed_is_refused_with_both_figures(pool, desk):
    with desk() as d:
        record_purchases(d, [bought((None, "A", 60_000, 500))])
        with pytest.raises(PurchasedMoreThanWeighed, match=r"110\.000 kg .* 100\.000 kg"):
            settle_season(d, "2025")
        assert count(desk, Settlement) == 0
        # The folder is still written: as if nothing were sold.
        rows = [row for season, row in earnings_all(d) if season == "2025"]
    assert [(row.household, row.net_grams, row.gross_fen) for row in rows] == [(QIAN, 60_000, 0), (SUN, 40_000, 0), (ZHOU, 0, 0)]


def test_totals_that_moved_since_the_look_are_not_frozen(pool, desk):
    with desk() as d:
        seen = preview_settlement(d, "2025")
        record_purchases(d, [bought((None, "A", 1_000, 500))])
        with pytest.raises(FiguresMoved, match="2025"):
            settle_season(d, "2025", seen_net_fen=seen.net_fen)
        now = preview_settlement(d, "2025")
        with pytest.raises(FiguresMoved, match="gross earnings are .* now"):
            settle_season(d, "2025", seen_net_fen=now.net_fen, seen_gross_fen=seen.gross_fen)
        assert settle_season(d, "2025", seen_net_fen=now.net_fen, seen_gross_fen=now.gross_fen).number == 1


def test_settling_again_is_refused_until_something_is_corrected(pool, desk):
    with desk() as d:
        settle_season(d, "2025")
    with desk() as d:
        with pytest.raises(NothingChanged, match="settlement 1"):
            settle_season(d, "2025")
        reverse_weighing(d, "Q-1", reason="it was Sun's")
        record_weighing(d, weighed(**POOLED | CLEAN, household=SUN, gross_grams=61_000))
        assert changed_since(d, "2025")
        assert earnings_rows(d, "2025").rows[0].gross_fen == 14_211
    with desk() as d:
        second = settle_season(d, "2025")
        moved = {line.household_code: line for line in settlement_difference(d, second)}
        assert (second.number, moved[QIAN].gross_fen, moved[SUN].gross_fen) == (2, -14_211, 14_211)
        assert latest_settlement(d, "2025").id == second.id
        assert earnings_rows(d, "2025").rows[0].gross_fen == 0
        assert explain(d, "2025", QIAN).moved[2].gross_fen == -14_211
        assert [row.number for row in earnings_of(d, SUN)] == [2]


def test_the_journal_seals_the_sums_and_the_digest(pool, desk):
    with desk() as d:
        record = settle_season(d, "2025")
        entry = d.session.scalar(select(JournalEntry).where(JournalEntry.sequence == record.through_entry + 1))
    assert (entry.kind, entry.subject) == ("settlement", "2025/1")
    assert record.digest in entry.payload and '"gross_fen":25500' in entry.payload
    assert "钱" not in entry.payload


def test_two_managers_at_once_make_one_settlement(pool, desk, database):
    trials, results = 200, []
    for trial in range(trials):
        if trial:  # something new each time, so that each trial may settle once more
            with desk() as d:
                record_weighing(d, weighed(**POOLED | CLEAN, id=f"more-{trial}"))
        start = threading.Barrier(2)

        def manager(name, start=start):
            start.wait()
            try:
                with desk(actor=name) as d:
                    results.append(settle_season(d, "2025").number)
            except NothingChanged:
                results.append(None)

        threads = [threading.Thread(target=manager, args=(name,)) for name in ("Zhao", "Wang")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(number for number in results if number) == list(range(1, trials + 1))
    assert results.count(None) == trials
    assert count(desk, Settlement) == trials


def test_an_exception_in_the_middle_leaves_nothing(pool, desk, monkeypatch):
    with desk(reading=True) as d:
        before = count(desk, JournalEntry)
    for place in ("add_lines", "insert_rows", "settlement_payload"):
        from plantation.services.money import settlement_records

        def pull_the_plug(*_):
            raise OSError("the plug was pulled")

        with monkeypatch.context() as patch:
            patch.setattr(settlement_records, place, pull_the_plug)
            with pytest.raises(OSError, match="plug"), desk() as d:
                settle_season(d, "2025")
        for model in (Settlement, SettlementGrade, Earnings):
            assert count(desk, model) == 0
        assert count(desk, JournalEntry) == before
    with desk() as d:
        assert settle_season(d, "2025").number == 1


def test_an_open_posted_season_shows_what_the_slips_promise(village, desk):
    with desk() as d:
        record_weighings(d, [weighed(), weighed(household=None, plot="P1"), weighed(**POOLED)])
        posted, pooled = earnings_of(d, QIAN)
        assert (posted.season, posted.number, posted.gross_fen) == ("2026", None, 19_582)
        assert posted.net_fen == 19_582 - posted.picking_fen == posted.balance_fen
        assert (pooled.season, pooled.gross_fen, pooled.net_grams) == ("2025", None, 24_100)
        assert earnings_of(d, ZHOU) == []
        slips = household_slips(d, "2026", QIAN).rows
        assert [(row.is_share, row.net_grams) for row in slips] == [(1, 15_665), (0, 23_498)]


def test_earnings_of_every_household_are_streamed_by_code(pool, desk):
    with desk(reading=True) as d:
        rows = list(earnings_all(d))
        assert [(season, row.household) for season, row in rows] == [
            (season, code) for season in ("2025", "2026") for code in (QIAN, SUN, ZHOU)
        ]
        assert sum(row.net_fen for _, row in rows) == preview_settlement(d, "2025").net_fen
        assert [row.household for row in earnings_rows(d, "2025", search="孙").rows] == [SUN]


def test_figures_are_whole_numbers_on_both_databases(pool, desk):
    with desk() as d:
        settle_season(d, "2025")
        for row in earnings_rows(d, "2025").rows:
            assert [type(figure) for figure in row[2:]] == [int] * 7
        assert type(d.session.scalar(select(func.max(Earnings.net_fen)))) is int


def test_lines_are_written_as_canonical_json():
    from plantation.domain.deductions import DeductionLine
    from plantation.domain.earnings import FruitLine, HouseholdEarnings
    from plantation.domain.journal import canonical
    from plantation.services.money.earnings_lines import line_of, parse_line

    fruit = (
        FruitLine('一级 "a"', 5, 1, 2, 4, 10), FruitLine("B\\", 5, 1, 2, -4, 10), FruitLine("C", 5, 0, 0, 5, 7),
        FruitLine("D", 5, 0, 0, 4, 7), FruitLine("E", 5, 0, 3, 5, 7), FruitLine("F", 5, 3, 0, 5, 7),
    )  # fmt: skip
    deductions = (DeductionLine("1", 3, 2, 1), DeductionLine("2", 3, 3, 0), DeductionLine("3", 3, 3, 1), DeductionLine("4", 3, 2, 0))
    earned = HouseholdEarnings("H", 5, 10, 1, 0, 9, 0, fruit, deductions)
    assert line_of(earned).fruit == canonical([list(line) for line in fruit]).decode()
    assert line_of(earned).deduction_lines == '[["1",3,2,1],["2",3,3,0],["3",3,3,1],["4",3,2,0]]'
    assert parse_line(line_of(earned)) == earned
    assert line_of(earned._replace(fruit=(), deductions=())).fruit == "[]"
