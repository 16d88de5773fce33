"""The draw is public and gives everyone the same odds, whoever wishes to lie beside whom."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.geometry.lots import BadSeed, Lot, LotsDoNotMatch, Ticket, draw, draw_order, fingerprint


def village(parcels_per_plot, wishes=()):
    lots = [Lot(f"P{plot}-{n:03d}", 10_000) for plot, count in enumerate(parcels_per_plot) for n in range(1, count + 1)]
    words = {number: word for word, numbers in wishes for number in numbers}
    return [Ticket(f"R{n:03d}", 10_000, words.get(n, "")) for n in range(len(lots))], lots


def steps_apart(lots, first, second):
    """How many steps lie between two parcels of a plot's ring; None where they are in two plots."""
    rings = {}
    for lot in lots:
        rings.setdefault(lot.ring, []).append(lot.parcel)
    for ring in rings.values():
        if first in ring and second in ring:
            apart = abs(ring.index(first) - ring.index(second))
            return min(apart, len(ring) - apart)
    return None


def test_a_lot_is_a_hash_that_anybody_can_compute():
    expected = sorted(["R1", "R2", "R3"], key=lambda code: hashlib.sha256(f"316\n{code}".encode()).hexdigest())
    assert draw_order("316", ["R1", "R2", "R3"]) == expected
    drawn = draw("316", [Ticket(code, 1) for code in ("R1", "R2", "R3")], [Lot(f"P-{n}", 1) for n in (1, 2, 3)])
    assert [right for right, _ in sorted(drawn.items(), key=lambda pair: pair[1])] == expected


def test_parcel_999_comes_before_parcel_1000():
    tickets, _ = village([2])
    drawn = draw("316", tickets, [Lot("P-1000", 10_000), Lot("P-999", 10_000)])
    assert drawn[draw_order("316", drawn)[0]] == "P-999"


@given(st.permutations(range(12)), st.permutations(range(12)), st.text(min_size=1, max_size=5, alphabet="abc123"))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_lists_does_not_matter(one, other, seed):
    tickets, lots = village([7, 5], [("kin", (1, 2, 3)), ("twins", (7, 8))])
    assert draw(seed, [tickets[i] for i in one], [lots[i] for i in other]) == draw(seed, tickets, lots)


@pytest.mark.parametrize(
    ("plots", "wishes"),
    [
        ([7], []),
        ([7], [("kin", (0, 1))]),
        ([6], [("kin", (0, 1, 2)), ("twins", (4, 5))]),
        ([5, 4], [("kin", (0, 1)), ("twins", (2, 3, 4))]),
        ([5, 1, 3], [("kin", (0, 1)), ("twins", (2, 3))]),
        ([4, 4], [("a", (0, 1)), ("b", (2, 3)), ("c", (4, 5, 6))]),
    ],
)
def test_everyone_has_the_same_odds_for_every_parcel_whoever_wishes_what(plots, wishes):
    tickets, lots = village(plots, wishes)
    rounds = 6000
    seen = Counter()
    for number in range(rounds):
        seen.update(draw(f"seed {number}", tickets, lots).items())
    expected = rounds / len(lots)
    # Chi-squared over one right's parcels, and the 1e-6 quantile of its distribution, generously.
    for ticket in tickets:
        off = sum((seen[ticket.right, lot.parcel] - expected) ** 2 / expected for lot in lots)
        assert off < len(lots) - 1 + 6 * (2 * (len(lots) - 1)) ** 0.5 + 15, (ticket.right, off)


@given(st.integers(0, 10**9), st.lists(st.integers(4, 20), min_size=1, max_size=5), st.integers(2, 4), st.integers(1, 4))
@settings(max_examples=80, deadline=None)
def test_those_who_wish_it_lie_together_on_a_ring_that_is_large_enough(seed, plots, members, groups):
    wishes = [(f"w{g}", range(g * members, (g + 1) * members)) for g in range(groups)]
    if members * groups > min(plots):
        return
    tickets, lots = village(plots, wishes)
    drawn = draw(str(seed), tickets, lots)
    for _, numbers in wishes:
        parcels = [drawn[f"R{number:03d}"] for number in numbers]
        for first in parcels:
            assert any(steps_apart(lots, first, second) == 1 for second in parcels), (parcels, plots)


def test_rights_of_one_size_are_drawn_among_parcels_of_that_size():
    tickets = [Ticket("R1", 3_500), Ticket("R2", 40_000), Ticket("R3", 3_500)]
    drawn = draw("x", tickets, [Lot("P-1", 40_000), Lot("P-2", 3_500), Lot("P-3", 3_500)])
    assert drawn["R2"] == "P-1"
    with pytest.raises(LotsDoNotMatch, match="2 rights of 3500 are drawn among 1 parcels"):
        draw("x", tickets, [Lot("P-1", 40_000), Lot("P-2", 3_500)])


@pytest.mark.parametrize("seed", ["", "   ", "a\nb", "x" * 201, "a\0"])
def test_a_seed_that_could_be_read_in_two_ways_is_refused(seed):
    with pytest.raises(BadSeed):
        draw_order(seed, [])


def test_a_seed_written_in_two_unicode_forms_is_one_seed():
    assert fingerprint("caf\u00e9") == fingerprint("cafe\u0301") == fingerprint(" caf\u00e9 ")
