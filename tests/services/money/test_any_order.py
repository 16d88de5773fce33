"""Weighing, buying, disputing, correcting, settling, paying, in any order: no gram and no fen is lost, doubled or quietly changed.

What the machine knows is kept here in plain dictionaries, by rules said once more; the services are the real ones on a real file.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from plantation.domain.words import DisputeAbout
from plantation.services.fruit import disputes
from plantation.services.people.households import load_household
from tests.cast import QIAN, SUN
from tests.services.money.any_order import AnyOrder


def test_in_any_order_nothing_is_lost(sqlite_template):
    AnyOrder.template, AnyOrder.reached = sqlite_template, Counter()
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(max_examples=8, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True),
    )
    assert AnyOrder.reached["settled"]  # what must hold after each deed is asserted by the machine


def test_the_machine_gets_to_every_deed(sqlite_template):
    """So that the one above cannot pass by being refused everything."""
    AnyOrder.template = sqlite_template
    machine = AnyOrder()
    machine.found()
    machine.reached = reached = Counter()

    def see():
        machine.grams_in_are_grams_out()
        machine.fen_owed_are_fen_settled_less_fen_paid()

    for household, gross in ((QIAN, 31_000), (QIAN, 21_100), (SUN, 41_001)):
        machine.weigh("2026", household, "A", gross, 25_000)
    machine.weigh_for_the_plot("2026", "B", 10_000)
    slips = sorted(slip for slip, one in machine.slips.items() if one[2] == QIAN)
    for slip, upheld in zip(slips, (True, False), strict=True):
        opened = machine.act(lambda d, slip=slip: disputes.open_dispute(d, load_household(d, QIAN), slip, DisputeAbout.WEIGHT))
        machine.disputed[slip] = opened.id
        machine.settle("2026", QIAN, 0)
        assert not reached["settled"]  # a disputed season is not settled
        machine.answer(_first(machine.disputed), upheld)
        see()
    machine.settle("2026", QIAN, 500)
    machine.pay("2026", SUN, 1_000, True)
    machine.pay("2026", SUN, 1_000, False)
    see()
    machine.take_back(_first([slip for slip, one in machine.slips.items() if one[2] == SUN]))
    machine.settle("2026", QIAN, 0)
    machine.weigh("2025", QIAN, "A", 9_000, 0)
    machine.buy("A", 1_000, 300, None, "2025")
    machine.settle("2025", QIAN, 0)
    see()
    machine.teardown()
    for deed in ("settled", "settled again", "paid", "bounced", "upheld", "rejected", "advance taken", "owed by the household"):
        assert reached[deed], (deed, reached)


class _first:
    """Draws the first that there is."""

    def __init__(self, there) -> None:
        self.there = sorted(there)

    def draw(self, _strategy):
        return self.there[0]
