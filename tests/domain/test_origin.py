"""Which fruit a buyer got: the oldest first, each gram once."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.origin import Delivered, Taken, hand_out

DAYS = st.integers(0, 5).map(lambda step: dt.date(2026, 9, 1) + dt.timedelta(days=step))
SOURCES = st.sampled_from([None, 7, 8])
FRUIT = st.lists(st.builds(Delivered, DAYS, st.integers(1, 3), SOURCES, st.integers(0, 9)), max_size=12)


@st.composite
def takings(draw):
    """What was taken, in the order of its days."""
    rows = sorted(draw(st.lists(st.tuples(DAYS, st.integers(1, 9), SOURCES), max_size=8)), key=lambda row: row[0])
    return [Taken(place, day, source, grams) for place, (day, grams, source) in enumerate(rows)]


def gram_by_gram(fruit, taken):
    """The rule said once more, slowly: every gram looks for its place from the beginning."""
    cells = sorted(fruit, key=lambda cell: (cell.day, cell.plot_id, cell.household_id or 0))
    left = [cell.net_grams for cell in cells]
    got = {use.taker_id: Counter() for use in taken}
    for use in [*(use for use in taken if use.household_id), *(use for use in taken if not use.household_id)]:
        for _ in range(use.net_grams):
            for place, cell in enumerate(cells):
                if left[place] and cell.day <= use.taken_on and use.household_id in (None, cell.household_id):
                    left[place] -= 1
                    got[use.taker_id][cell.day, cell.plot_id] += 1
                    break
    return got


@given(FRUIT, takings())
def test_however_fruit_is_handed_out_it_is_handed_out_once_and_the_oldest_first(fruit, taken):
    expected = gram_by_gram(fruit, taken)
    given_out = Counter()
    for use in taken:
        found, missing = hand_out(fruit, taken, {use.taker_id})
        assert found == expected[use.taker_id]
        assert sum(found.values()) + missing == use.net_grams
        given_out.update(found)
    for (day, plot), grams in given_out.items():
        assert grams <= sum(cell.net_grams for cell in fruit if cell[:2] == (day, plot))


@given(FRUIT, takings())
def test_several_takers_together_get_what_each_gets_alone(fruit, taken):
    alone = Counter()
    for use in taken:
        alone.update(hand_out(fruit, taken, {use.taker_id})[0])
    assert hand_out(fruit, taken, {use.taker_id for use in taken})[0] == alone
