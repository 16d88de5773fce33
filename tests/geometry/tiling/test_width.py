"""What is narrower than it should be is found, hairline necks too, and it is known whether the ground is to blame."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.geometry.partition import split_by_areas
from tests.geometry.ground_shapes import grounds, too_narrow


def pinched(width_m: float) -> shapely.Polygon:
    """Two fields of 50 m beside each other; a corner from below leaves a neck between them."""
    return shapely.Polygon([(0, 0), (20, 0), (50, 50 - width_m), (80, 0), (100, 0), (100, 50), (0, 50)])


@pytest.mark.parametrize("width_m", [0.01, 0.5, 1.5, 2.8])
def test_a_neck_is_named_though_it_loses_next_to_nothing(width_m):
    piece = pinched(width_m)
    (found,) = too_narrow(shapely.box(-50, -50, 150, 150), [piece]).values()
    assert found.cut_m2 > 0 and found.place == pytest.approx((50, 50), abs=3)
    (found,) = too_narrow(piece, [piece]).values()
    assert found.cut_m2 == 0, "the ground itself is as narrow there"


def test_what_is_wide_enough_everywhere_has_no_neck():
    assert too_narrow(shapely.box(-50, -50, 150, 150), [pinched(3.1), shapely.box(0, 0, 10, 3)]) == {}


def test_the_worst_of_several_necks_is_the_one_that_a_cut_made():
    # The ground is pinched on the left, the piece on the right too.
    ground = shapely.union(pinched(1.0), shapely.box(99, -50, 200, 50))
    piece = shapely.union(pinched(1.0), shapely.affinity.translate(pinched(1.0), 99.0))
    (found,) = too_narrow(ground, [piece]).values()
    assert found.cut_m2 > 0 and found.place == pytest.approx((149, 50), abs=3)


def test_a_convex_piece_that_tapers_is_found_among_many():
    tapered = shapely.Polygon([(0, 0), (1.2, 0), (7, 66), (0, 66)])
    halved = shapely.Polygon([(0, 0), (0.6, 0), (1.2, 0), (7, 66), (0, 66)])
    squares = [shapely.box(x, 100, x + 10, 110) for x in range(0, 100, 10)]
    found = too_narrow(shapely.box(-50, -50, 150, 150), [*squares, tapered, halved])
    assert sorted(found) == [10, 11] and all(narrow.cut_m2 > 5 for narrow in found.values())


def test_a_spike_beside_a_corner_that_turns_inwards_is_found():
    spiked = shapely.Polygon(
        [(370.1, 858.2), (365.5, 851.7), (383.8, 912.4), (305.8, 844.6), (302.3, 795.9), (298.7, 744.2), (330.8, 741.9), (356.5, 817.9)]
    )
    (found,) = too_narrow(shapely.buffer(spiked, 100.0), [spiked]).values()
    # By hand: 7.9 m long at its tip, its foot 2.9 m wide.
    assert 4.5 < found.cut_m2 < 11.5 and found.place == pytest.approx((368.6, 855.3), abs=2)


def test_a_spike_is_found_though_what_grows_at_its_foot_outweighs_it():
    # A piece of a real field: 5.4 m² of a spike are lost, and 7.4 m² are gained where it is cut off.
    foot = [(-31.09, -27.1), (-30.43, -10.71), (-19.96, -11.06), (-15.61, -11.2), (9.39, -12.65), (10.18, -40.81), (26.06, -41.29)]
    spiked = shapely.Polygon([*foot, (36.18, -41.47), (36.2, -7.89), (-0.2, -7.87), (-31.08, -7.85)])
    (found,) = too_narrow(shapely.buffer(spiked, 100.0), [spiked]).values()
    assert found.lost_m2 == pytest.approx(5.4, abs=0.1) and shapely.Point(found.place).distance(shapely.Point(-30.7, -22)) < 10


def torn(polygon: shapely.Polygon) -> bool:
    parts = shapely.get_parts(shapely.buffer(polygon, -1.44, quad_segs=16))
    return (shapely.area(parts) > 1.0).sum() > 1


@settings(max_examples=25, deadline=None)
@given(grounds(), st.integers(2, 60), st.sampled_from([1.0, 0.7]))
def test_every_neck_of_every_plan_is_named(ground, count, part):
    plan = split_by_areas(ground, np.full(count, part * ground.area / count))
    named = {note.piece for note in plan.notes if note.reason in ("thin", "narrow_ground")}
    assert {number for number, piece in enumerate(plan.pieces) if torn(piece)} <= named
