"""The closing of a day: two lists side by side, and no gram of their difference without its slip."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from plantation.domain.closing import DaySlip, differences, skipped, totals

GRAMS = some.integers(-10_000, 10_000)
SLIPS = some.dictionaries(
    some.sampled_from([f"id-{n}" for n in range(8)]),
    some.tuples(some.sampled_from(["", "S-1", "S-2"]), some.sampled_from(["H001", "H002"]), some.sampled_from("AB"), GRAMS),
).map(lambda found: [DaySlip(id_, *rest) for id_, rest in found.items()])


def test_a_day_with_one_slip_lost_one_reversed_in_the_office_and_one_of_another_weight():
    told = [DaySlip("a", "S-1", "H001", "A", 24_100), DaySlip("b", "S-2", "H002", "A", 10_000), DaySlip("c", "S-3", "H001", "B", 5_000)]
    recorded = [
        DaySlip("a", "S-1", "H001", "A", 24_100),
        DaySlip("c", "S-3", "H001", "B", 5_500),
        DaySlip("d", "S-9", "H001", "A", -24_100),
    ]
    found = [(one.kind, one.slip, one.told_grams, one.recorded_grams) for one in differences(told, recorded)]
    assert found == [("missing_here", "S-2", 10_000, None), ("differs", "S-3", 5_000, 5_500), ("unknown_there", "S-9", None, -24_100)]


@given(SLIPS, SLIPS)
def test_what_the_differences_say_is_the_whole_difference(told, recorded):
    found = differences(told, recorded)
    whole = sum(one.net_grams for one in told) - sum(one.net_grams for one in recorded)
    assert sum((one.told_grams or 0) - (one.recorded_grams or 0) for one in found) == whole
    assert sum(total.net_grams for total in totals(told)) == sum(one.net_grams for one in told)
    assert sum(total.slips for total in totals(told)) == len(told)
    assert differences(told, told) == []


@given(some.sets(some.integers(1, 60)))
def test_a_number_is_used_or_skipped_or_outside(used):
    holes = skipped(used, [(1, 20), (41, 60)])
    assert not set(holes) & used
    for first, last in ((1, 20), (41, 60)):
        inside = sorted(number for number in used if first <= number <= last)
        between = set(range(inside[0], inside[-1] + 1)) if inside else set()
        assert {number for number in holes if first <= number <= last} == between - used
