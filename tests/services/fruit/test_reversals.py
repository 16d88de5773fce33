"""A weighing is taken back by a reversal: the same figures with the other sign, once, with a reason."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from plantation.errors import NotFound
from plantation.models import Weighing, WeighingShare
from plantation.services.fruit import weighing_inputs as said
from plantation.services.fruit.weighings import (
    WeighingInput,
    record_weighing,
    record_weighings,
    reverse_weighing,
)
from tests.services.fruit.test_weighings import count, refusal_of, weighed


def test_a_reversal_mirrors_its_slip_and_is_done_once(village, desk):
    with desk() as d:
        slip = record_weighing(d, weighed(household=None, plot="P1")).slip
        back = reverse_weighing(d, slip, reason="wrong plot")
        assert (back.net_grams, back.amount_fen, back.picking_fen) == (-23_498, -11_750, -1_880)
        assert (back.gross_grams, back.local_date) == (25_300, dt.date(2026, 11, 24))
        shares = d.session.execute(
            select(WeighingShare.household_id, func.sum(WeighingShare.net_grams), func.sum(WeighingShare.amount_fen)).group_by(
                WeighingShare.household_id
            )
        ).all()
        assert [(int(net), int(fen)) for _, net, fen in shares] == [(0, 0), (0, 0)]
        with pytest.raises(said.ReversedTwice, match="2026-000002"):
            reverse_weighing(d, slip, reason="again")
        with pytest.raises(said.ReversalReversed):
            reverse_weighing(d, back.slip, reason="back again")
        with pytest.raises(NotFound):
            reverse_weighing(d, "2026-000404", reason="no such slip")
    assert count(desk, Weighing) == 2


def test_a_reversal_needs_a_reason_and_says_nothing_else_than_its_slip(village, desk):
    with desk() as d:
        slip = record_weighing(d, weighed()).slip
        with pytest.raises(said.ReasonMissing):
            reverse_weighing(d, slip, reason=" ")
    wrong = refusal_of(desk, weighed(reverses=slip, reason="typo", gross_grams=25_301))
    assert isinstance(wrong, said.ReversalDiffers)
    assert "25.300, not 25.301" in str(wrong)
    with desk() as d:
        assert record_weighing(d, weighed(reverses=slip, reason="typo")).net_grams == -23_498


def test_a_reversal_sent_again_is_a_duplicate(village, desk):
    given = weighed(slip="S-1")
    back = WeighingInput(id="back", season="2026", time=given.time, reverses="S-1", reason="typo")
    with desk() as d:
        outcomes = record_weighings(d, [back, given, back])
    assert sorted(outcome.status for outcome in outcomes) == ["created", "created", "duplicate"]
    with desk() as d:
        full = weighed(id="back", reverses="S-1", reason="typo", slip=outcomes[0].slip)
        assert record_weighings(d, [full])[0].status == "duplicate"
        other = record_weighings(d, [WeighingInput(id="back", season="2026", time=given.time, reverses="S-1", reason="x")])
        assert other[0].status == "conflict"
