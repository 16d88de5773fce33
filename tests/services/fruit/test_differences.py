"""The three-way match: land, scale and buyers held against each other, and every oddity answered by name."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event

from plantation.domain.words import DifferenceKind, DifferenceVerdict
from plantation.services.fruit import differences as service
from plantation.services.fruit.purchases import record_purchases
from plantation.services.fruit.running_sums import running_sums
from plantation.services.fruit.slip_figures import slip_figures
from plantation.services.fruit.weighings import record_weighings, reverse_weighing
from plantation.services.proof.verification import verify
from tests.cast import QIAN, SUN, ZHOU
from tests.services.fruit.test_purchases import POOLED, bought
from tests.services.fruit.test_weighings import SHANGHAI, weighed

BIG = {"tare_grams": 0, "deduction_ppm": 0, "picker": "", "piece_rate_fen_per_kg": None}
NINE = dt.datetime(2026, 9, 1, 9, tzinfo=SHANGHAI)


def kinds(d, season="2026", *, open_only=True):
    return [(one.difference.kind, one.difference.subject) for one in service.find_differences(d, season) if not (open_only and one.answer)]


def test_an_ordinary_day_has_nothing_to_explain(village, desk):
    with desk() as d:
        record_weighings(d, [weighed(slip=f"Q-{n}", time=NINE + dt.timedelta(minutes=n), gross_grams=25_300 + 7 * n) for n in range(25)])
        found = service.find_differences(d, "2026")
        # Nothing was sold of it, and the season is over: that is the one thing.
        assert [(one.difference.kind, one.difference.subject) for one in found] == [
            (DifferenceKind.BUYER, "A"), (DifferenceKind.SAME_TARE, "Zhao 2026-09-01")
        ]  # fmt: skip


def test_the_land_bears_so_much_and_no_more(village, desk):
    """Qian has 9 mu of eight years, which bear 3,600 kg at most; one slip may be a fifth of that: 720 kg."""
    with desk() as d:
        heavy = {**BIG, "household": QIAN}
        record_weighings(d, [
            weighed(**heavy, slip="Q-1", gross_grams=720_000, time=NINE),
            weighed(**heavy, slip="Q-2", gross_grams=720_001, time=NINE + dt.timedelta(hours=1)),
            *(weighed(**heavy, slip=f"Q-{n}", gross_grams=600_000 + n, time=NINE + dt.timedelta(hours=n)) for n in range(3, 8)),
            weighed(**{**BIG, "household": ZHOU}, slip="Z-1", gross_grams=5_000, time=NINE),
        ])  # fmt: skip
        found = {(one.difference.kind, one.difference.subject): one.difference for one in service.find_differences(d, "2026")}
        assert (DifferenceKind.OVER_PARCEL, "Q-2") in found and (DifferenceKind.OVER_PARCEL, "Q-1") not in found
        over = found[DifferenceKind.OVER_LAND, QIAN]
        grams = 720_000 + 720_001 + sum(600_000 + n for n in range(3, 8)) - 3_600_000
        assert (over.grams, over.fen) == (grams, -(-grams * 520 // 1000) if grams * 520 % 1000 * 2 >= 1000 else grams * 520 // 1000)
        assert found[DifferenceKind.OVER_LAND, ZHOU].grams == 5_000  # who has no land bears nothing
        assert [(one.plot, one.bears_at_most, one.weighed_grams) for one in service.plot_yields(d, "2026")] == [
            ("P1", 6_000_000, grams + 3_600_000), ("P2", None, 0)
        ]  # fmt: skip


def test_a_load_of_a_whole_plot_is_held_against_the_plot_and_against_the_load_before(village, desk):
    """P1 bears 6,000 kg at most; one slip may be a fifth of that. What a household brings in between is another load."""
    with desk() as d:
        load = {**BIG, "household": None, "plot": "P1"}
        record_weighings(d, [
            weighed(**load, slip="T-1", gross_grams=1_200_000, time=NINE),
            weighed(**load, slip="T-2", gross_grams=1_200_001, time=NINE + dt.timedelta(seconds=20)),
            weighed(slip="Q-1", plot="P1", time=NINE + dt.timedelta(seconds=25)),
            weighed(**load, slip="T-3", gross_grams=700_000, time=NINE + dt.timedelta(seconds=41)),
            weighed(**{**load, "plot": "P2"}, slip="T-4", gross_grams=700_000, time=NINE + dt.timedelta(seconds=45)),
        ])  # fmt: skip
        assert {one for one in kinds(d) if one[0] in {DifferenceKind.OVER_PARCEL, DifferenceKind.SECONDS_APART}} == {
            (DifferenceKind.OVER_PARCEL, "T-2"), (DifferenceKind.SECONDS_APART, "T-1 T-2")
        }  # fmt: skip
        found = service.load_difference(d, "2026", DifferenceKind.OVER_PARCEL, "T-2").difference
        assert (found.figures["household"], found.figures["plot"], found.figures["bears_kg"]) == ("P1", "P1", "6000.000")
        assert found.grams == 1_200_001
        reverse_weighing(d, "T-2", reason="the same truck")
        assert not {kind for kind, _ in kinds(d)} & {DifferenceKind.OVER_PARCEL, DifferenceKind.SECONDS_APART}


def test_a_tare_that_never_changes_and_round_weights_show_over_several_short_days(village, desk):
    with desk() as d:
        for day in range(4):
            record_weighings(d, [
                weighed(slip=f"D{day}-{n}", time=NINE + dt.timedelta(days=day, minutes=n), gross_grams=25_000 + 1_000 * n) for n in range(9)
            ])  # fmt: skip
        odd = [one for one in kinds(d) if one[0] in {DifferenceKind.SAME_TARE, DifferenceKind.ROUND_NUMBERS}]
        # Three days are 27 slips; the fourth waits for more.
        subject = "Zhao 2026-09-01 2026-09-03"
        assert odd == [(DifferenceKind.SAME_TARE, subject), (DifferenceKind.ROUND_NUMBERS, subject)]
        found = service.load_difference(d, "2026", DifferenceKind.SAME_TARE, subject).difference
        assert (found.figures["day"], found.figures["count"]) == ("2026-09-01 – 2026-09-03", 27)
        reverse_weighing(d, "D1-3", reason="twice")
        assert service.load_difference(d, "2026", DifferenceKind.SAME_TARE, subject).difference.figures["count"] == 26


def test_two_slips_seconds_apart_are_asked_about_until_one_is_taken_back(village, desk):
    with desk() as d:
        record_weighings(d, [
            weighed(slip="Q-1", time=NINE), weighed(slip="Q-2", time=NINE + dt.timedelta(seconds=20)),
            weighed(slip="Q-3", time=NINE + dt.timedelta(seconds=41)), weighed(slip="S-1", household=SUN, time=NINE + dt.timedelta(seconds=5)),
        ])  # fmt: skip
        assert (DifferenceKind.SECONDS_APART, "Q-1 Q-2") in kinds(d)
        assert [kind for kind, _ in kinds(d)].count(DifferenceKind.SECONDS_APART) == 1
        reverse_weighing(d, "Q-2", reason="the same crate")
        assert DifferenceKind.SECONDS_APART not in [kind for kind, _ in kinds(d)]


def test_slips_of_the_pool_are_worth_what_a_kilogram_brought_and_an_answer_holds_when_that_moves(village, desk):
    """Two slips of 30 kg; buyers pay 6 yuan a kg: 180 yuan. Then 4 yuan for as much: 5 on the whole, 150 yuan."""
    of_day = POOLED | BIG | {"gross_grams": 30_000}
    times = [POOLED["time"] + dt.timedelta(seconds=seconds) for seconds in (0, 20)]
    with desk() as d:
        record_weighings(d, [weighed(**of_day | {"time": time, "slip": f"Q-{place}"}) for place, time in enumerate(times)])
        record_purchases(d, [bought((None, "A", 30_000, 600), number="7")])
        [seen] = [one for one in service.find_differences(d, "2025") if one.difference.kind == DifferenceKind.SECONDS_APART]
        assert (seen.difference.fen, seen.worth_fen) == (0, 18_000)
        chosen = (seen.difference.kind, seen.difference.subject, seen.difference.digest)
        service.answer_differences(d, "2025", [chosen], verdict=DifferenceVerdict.EXPLAINED, text="two crates")
        record_purchases(d, [bought((None, "A", 30_000, 400), number="8")])
        [seen] = [one for one in service.find_differences(d, "2025") if one.difference.kind == DifferenceKind.SECONDS_APART]
        assert seen.worth_fen == 15_000 and seen.answer.text == "two crates"


def test_round_numbers_and_a_tare_that_never_changes_are_a_weighers_series(village, desk):
    with desk(actor="Ma") as d:
        record_weighings(d, [
            weighed(slip=f"Q-{n}", time=NINE + dt.timedelta(minutes=n), gross_grams=25_000 + (n >= 16) * 300, tare_grams=1_200 + (n == 19))
            for n in range(20)
        ])  # fmt: skip
        assert (DifferenceKind.ROUND_NUMBERS, "Ma 2026-09-01") in kinds(d)
        assert DifferenceKind.SAME_TARE not in [kind for kind, _ in kinds(d)]


def test_buyers_who_record_more_than_was_weighed_or_less_and_less_of_it(village, desk):
    with desk() as d:
        for n in range(8):
            day = NINE + dt.timedelta(days=n)
            record_weighings(d, [weighed(**BIG, slip=f"Q-{n}", time=day, gross_grams=500_000)])
            line = None, "A", 500_000 if n < 4 else 475_000, 500
            record_purchases(d, [bought(line, season="2026", number=f"{n}", date=day.date())])
        found = {one.difference.kind: one.difference for one in service.find_differences(d, "2026")}
        assert (found[DifferenceKind.DRIFT].grams, found[DifferenceKind.DRIFT].fen) == (-100_000, -50_000)
        assert (found[DifferenceKind.BUYER].grams, found[DifferenceKind.BUYER].fen) == (-100_000, -50_000)
        record_purchases(d, [bought((None, "A", 300_000, 500), season="2026", number="9", date=day.date())])
        assert {one.difference.kind: one.difference.grams for one in service.find_differences(d, "2026")}[DifferenceKind.BUYER] == 200_000


def test_an_answer_holds_for_its_figures_and_is_sealed(village, desk):
    with desk() as d:
        record_weighings(d, [weighed(slip="Q-1", time=NINE), weighed(slip="Q-2", time=NINE + dt.timedelta(seconds=3))])
        key = DifferenceKind.SECONDS_APART, "Q-1 Q-2"
        seen = service.load_difference(d, "2026", *key).difference
        said = {"verdict": DifferenceVerdict.EXPLAINED, "text": "two pickers, two crates"}
        with pytest.raises(service.NothingExplained):
            service.answer_differences(d, "2026", [(*key, seen.digest)], **said | {"text": " "})
        for moved in ((*key, "x"), (key[0], "Q-1 Q-9", seen.digest)):
            with pytest.raises(service.DifferencesMoved, match=moved[1]):
                service.answer_differences(d, "2026", [(*key, seen.digest), moved], **said)
        assert key in kinds(d)  # of several all are answered or none
        service.answer_differences(d, "2026", [(*key, seen.digest)] * 2, **said)
        assert key not in kinds(d) and key in kinds(d, open_only=False)
        buyer = service.load_difference(d, "2026", DifferenceKind.BUYER, "A").difference
        service.answer_differences(d, "2026", [(buyer.kind, "A", buyer.digest)], verdict=DifferenceVerdict.ACCEPTED, text="eaten")
        assert (DifferenceKind.BUYER, "A") not in kinds(d)
        record_weighings(d, [weighed(slip="Q-3", time=NINE + dt.timedelta(hours=1))])
        assert (DifferenceKind.BUYER, "A") in kinds(d)  # the figures moved: it asks again
        assert verify(d) is None


def test_the_queue_takes_as_many_queries_for_a_thousand_slips_as_for_ten(village, desk, database):
    def count(*, afresh: bool) -> int:
        if afresh:
            running_sums.kept.clear()
            slip_figures.kept.clear()
        seen = []
        note = lambda *given: seen.append(given[2])  # noqa: E731 - it is removed by name
        event.listen(database.engine, "before_cursor_execute", note)
        with desk(reading=True) as d:
            service.find_differences(d, "2026")
        event.remove(database.engine, "before_cursor_execute", note)
        return len(seen)

    with desk() as d:
        record_weighings(d, [weighed(slip=f"Q-{n}", time=NINE + dt.timedelta(minutes=n)) for n in range(10)])
    few = count(afresh=True)
    with desk() as d:
        record_weighings(d, [weighed(slip=f"R-{n}", time=NINE + dt.timedelta(seconds=37 * n)) for n in range(300)])
    assert count(afresh=False) <= few + 4 < 24  # what was touched is asked first
    assert count(afresh=True) <= few + 2  # by now households are named in two of the lists
    assert count(afresh=False) < 12
