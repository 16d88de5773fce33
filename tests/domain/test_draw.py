"""A draw is recomputed, and the first thing that does not fit is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.domain.draw import DrawnParcel, DrawnRight, NotTheseSizes, NotThisSeed, differences
from plantation.geometry.lots import Lot, Ticket, draw, draw_order, fingerprint

SIZES = (10_000, 3_500)


def drawn(seed, sizes, *, wishes=None, served=None, stated=True, label=""):
    """Parcels as the draw gives them, and all rights."""
    wishes = wishes or {}
    rights = [DrawnRight(f"R{n}", size, wishes.get(n, "")) for n, size in enumerate(sizes)]
    order = draw_order(seed, [right.code for right in rights])
    part = [right for right in rights if right.code in order[:served]]
    lots = [Lot(f"P-{n:03d}", right.entitlement_millimu) for n, right in enumerate(part)]
    result = draw(seed, [Ticket(right.code, right.entitlement_millimu, right.beside) for right in part], lots)
    parcel_of = {parcel: right for right, parcel in result.items()}
    return [DrawnParcel(lot.parcel, parcel_of[lot.parcel], lot.size, lot.size if stated else None, label) for lot in lots], rights


@given(st.lists(st.sampled_from(SIZES), min_size=1, max_size=20), st.integers(0, 99), st.booleans(), st.data())
@settings(max_examples=50, deadline=None)
def test_a_true_draw_has_no_differences_and_two_swapped_parcels_are_found(sizes, seed, stated, data):
    served = data.draw(st.integers(1, len(sizes)))
    parcels, rights = drawn(str(seed), sizes, wishes={0: "kin", 1: "kin"}, served=served, stated=stated)
    assert differences(parcels, rights, str(seed)) == []
    first, second = data.draw(st.tuples(*[st.integers(0, len(parcels) - 1)] * 2))
    one, other = parcels[first], parcels[second]
    if first != second:
        swapped = list(parcels)
        swapped[first] = DrawnParcel(one.code, other.right, one.area_millimu, one.entitlement_millimu)
        swapped[second] = DrawnParcel(other.code, one.right, other.area_millimu, other.entitlement_millimu)
        assert differences(swapped, rights, str(seed)) != []


def test_another_seed_gives_another_draw():
    parcels, rights = drawn("316", [10_000] * 30)
    assert "the draw gives it to right" in str(differences(parcels, rights, "317")[0])


def test_a_right_that_was_drawn_too_late_and_has_a_parcel_is_found():
    parcels, rights = drawn("316", [10_000] * 10, served=5)
    order = draw_order("316", [right.code for right in rights])
    last = next(parcel for parcel in parcels if parcel.right == order[4])
    cheated = [p if p is not last else DrawnParcel(p.code, order[9], p.area_millimu) for p in parcels]
    (found,) = differences(cheated, rights, "316")
    assert str(found) == f"Right {order[9]} has a parcel ({last.code}), but right {order[4]} was drawn before it and has none."


def test_a_right_with_two_parcels_and_one_that_takes_no_part_are_found():
    parcels, rights = drawn("316", [10_000] * 3)
    twice = [*parcels[:2], DrawnParcel("P-009", parcels[0].right, 10_000)]
    assert "two parcels" in str(differences(twice, rights, "316")[0])
    assert "takes no part" in str(differences(parcels, rights[1:], "316")[0])


def test_parcels_of_earlier_draws_stand_aside():
    old, _ = drawn("before", [10_000] * 3, label=fingerprint("before"))
    held = {parcel.right for parcel in old}
    rights = [DrawnRight(f"R{n}", 10_000) for n in range(8)]
    new_rights = [right for right in rights if right.code not in held]
    lots = [Lot(f"P-{n:03d}", 10_000) for n in range(100, 105)]
    result = draw("316", [Ticket(right.code, 10_000) for right in new_rights], lots)
    new = [DrawnParcel(parcel, right, 10_000, 10_000, fingerprint("316")) for right, parcel in result.items()]
    assert differences(old + new, rights, "316") == []


def test_a_seed_that_drew_none_of_the_parcels_is_refused_by_name():
    parcels, rights = drawn("316", [10_000] * 3, label=fingerprint("316"))
    with pytest.raises(NotThisSeed, match="“317”"):
        differences(parcels, rights, "317")


def test_areas_that_cannot_be_told_apart_into_the_rights_sizes_are_refused():
    parcels, _ = drawn("316", [10_000] * 3, stated=False)
    with pytest.raises(NotTheseSizes, match="1 sizes and the rights 2"):
        differences(parcels, [DrawnRight("R0", 10_000), DrawnRight("R1", 10_000), DrawnRight("R2", 3_500)], "316")


def test_a_parcel_cut_for_another_entitlement_is_found():
    parcels, rights = drawn("316", [10_000, 10_000])
    wrong = [parcels[0], DrawnParcel(parcels[1].code, parcels[1].right, 3_500, 3_500)]
    assert "no right drawn here has" in str(differences(wrong, rights, "316")[0])
