"""Lines from paper: what is carried down, what is the same, what it sums to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.paper_lines import GradeTotal, carry_down, totals_by_grade, twins_above

LINES = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 10**8), st.integers(0, 10**8)), max_size=60)


def test_a_page_of_five_lines_by_hand():
    assert carry_down(["A", None, "B", None, None]) == ["A", "A", "B", "B", "B"]
    assert twins_above([("H001", "A"), ("H002", "A"), ("H001", "A")]) == [None, None, 0]
    assert totals_by_grade([("A", 25_300, 24_100), ("B", 10_000, 8_800), ("A", 20_000, 18_800)]) == [
        GradeTotal("A", 2, 45_300, 42_900),
        GradeTotal("B", 1, 10_000, 8_800),
    ]


@given(st.lists(st.none() | st.integers(0, 5), max_size=40))
def test_a_value_stays_until_another_is_typed(values):
    carried = carry_down(values)
    assert len(carried) == len(values)
    for place, (typed, value) in enumerate(zip(values, carried, strict=True)):
        assert value == (typed if typed is not None else carried[place - 1] if place else None)


@given(st.lists(st.none() | st.integers(0, 5), max_size=40))
def test_a_twin_is_the_first_of_its_like_and_stands_above(keys):
    for place, twin in enumerate(twins_above(keys)):
        same = [above for above in range(place) if keys[above] == keys[place] and keys[place] is not None]
        assert twin == (same[0] if same else None)


@given(LINES)
def test_the_totals_are_all_lines_and_all_grams_and_no_more(lines):
    totals = totals_by_grade(lines)
    assert [total.grade for total in totals] == sorted({grade for grade, *_ in lines})
    assert sum(total.lines for total in totals) == len(lines)
    assert sum(total.gross_grams for total in totals) == sum(gross for _, gross, _ in lines)
    assert sum(total.net_grams for total in totals) == sum(net for *_, net in lines)
