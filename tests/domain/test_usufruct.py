"""Which rights ask for land, and what an entitlement may be."""

import datetime as dt

import pytest

from plantation.domain.usufruct import (
    EntitlementOutOfRange,
    Right,
    TermBackwards,
    check_entitlement,
    check_term,
    is_in_force,
    taking_part,
)
from plantation.domain.words import RightStatus

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize("millimu", [0, -1, 100_000_001, 10**12])
def test_an_entitlement_of_nothing_or_of_a_county_is_refused_with_the_figure(millimu):
    with pytest.raises(EntitlementOutOfRange, match=r"at most 100,000 mu"):
        check_entitlement(millimu)


def test_the_least_and_the_largest_entitlement_pass():
    assert (check_entitlement(1), check_entitlement(100_000_000)) == (1, 100_000_000)


def test_a_term_includes_its_first_and_its_last_day():
    assert is_in_force(TODAY, TODAY, TODAY)
    assert not is_in_force(TODAY + dt.timedelta(1), None, TODAY)
    assert not is_in_force(None, TODAY - dt.timedelta(1), TODAY)
    check_term(TODAY, TODAY)
    with pytest.raises(TermBackwards):
        check_term(TODAY, TODAY - dt.timedelta(1))


@pytest.mark.parametrize(("status", "asks"), [("active", True), ("suspended", False), ("ended", False)])
def test_only_an_active_right_asks_for_land(status, asks):
    part, rest = taking_part([Right("R1", "Qian", 10_000, status=RightStatus(status))], on=TODAY)
    assert (len(part), len(rest)) == ((1, 0) if asks else (0, 1))
