"""When a phone doubts its own clock: by what it read at its last contact, and by what cannot be."""

from __future__ import annotations

import datetime as dt

import pytest

TOLD = int(dt.datetime(2026, 9, 3, 12, tzinfo=dt.UTC).timestamp() * 1000)
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(("now", "fetched", "doubt"), [
    (HOUR, 0, None), (2 * MINUTE, 2 * MINUTE, None), (-2 * MINUTE, -2 * MINUTE, None),
    (HOUR, 10 * MINUTE, ["clock_ahead", 10 * MINUTE]),
    (5 * MINUTE, 3 * DAY, None),  # it was set right since
    (3 * DAY + HOUR, 3 * DAY, ["clock_ahead", 3 * DAY]),
    (-9 * DAY, 0, ["clock_behind", 9 * DAY]), (-DAY, -DAY, ["clock_behind", DAY]),
    (HOUR, -DAY, ["clock_behind", DAY]),  # and nobody has set it since, as far as it knows
    (3 * DAY, 0, None), (4 * DAY, 0, ["clock_unseen", 4 * DAY]),
])  # fmt: skip
def test_a_clock_is_doubted_by_its_last_contact(javascript, now, fetched, doubt):
    assert javascript("rules", "rules.clockDoubt(given[0], given[1], given[2])", [TOLD + now, TOLD + fetched, TOLD]) == doubt


def test_before_the_first_contact_nothing_is_known(javascript):
    assert javascript("rules", "rules.clockDoubt(given, null, NaN)", TOLD) is None


def test_a_length_is_said_in_its_largest_unit(javascript):
    lengths = [0, MINUTE, 119 * MINUTE, 2 * HOUR, 47 * HOUR, 2 * DAY, 9 * DAY + 5 * HOUR]
    found = javascript("rules", "given.map(rules.length)", lengths)
    assert found == [[1, "minutes"], [1, "minutes"], [119, "minutes"], [2, "hours"], [47, "hours"], [2, "days"], [9, "days"]]
