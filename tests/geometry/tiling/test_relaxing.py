"""Borders that give way: pieces become rounder, every area stays, nothing is torn and nobody loses the way in."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.geometry.partition import split_by_areas
from plantation.geometry.tiling import layouts
from plantation.geometry.tiling.regions import Region, Tiling, compactness, ring_area
from plantation.geometry.tiling.relaxing import relaxed
from plantation.geometry.tiling.sheets import sheet_of
from tests.geometry.ground_shapes import breakers, concave, grounds, real_fields


def mean_of(pieces):
    pieces = np.array(pieces, dtype=object)
    return float(compactness(shapely.area(pieces), shapely.length(pieces)).mean())


def test_a_slanting_border_comes_to_stand_straight():
    """A field of 200 m by 100 m, halved from (80, 0) to (120, 100): upright at 100 m each half is a square of 100 m."""
    tiling = Tiling(shapely.box(0, 0, 200, 100))
    low, high = [(0.0, 0.0), (80.0, 0.0), (120.0, 100.0), (0.0, 100.0)], [(80.0, 0.0), (200.0, 0.0), (200.0, 100.0), (120.0, 100.0)]
    points, lines = tiling.ground.rings[0]
    at = points.index((0.0, 0.0))
    line = dict(zip(("south", "east", "north", "west"), lines[at:] + lines[:at]))
    cut = tiling.line()
    cells = [
        Region([(low, [line["south"], cut, line["north"], line["west"]])], ring_area(low)),
        Region([(high, [line["south"], line["east"], line["north"], cut])], ring_area(high)),
    ]
    (made,) = relaxed([tiling], [sheet_of(cells)])
    left, right = made.polygons(np.zeros(2))
    assert left.area == pytest.approx(10_000, abs=0.001) and right.area == pytest.approx(10_000, abs=0.001)
    assert mean_of([left, right]) > 0.78 > mean_of([cell.polygon() for cell in cells])
    assert abs(left.bounds[2] - 100) < 6 and left.bounds[0] == 0 and right.bounds[2] == 200


@settings(max_examples=25, deadline=None)
@given(grounds(), st.integers(2, 40))
def test_pieces_become_rounder_or_fewer_are_named_and_they_keep_their_areas(ground, count):
    areas = [ground.area / count] * count
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layouts, "ENOUGH", 0.0)
        straight = split_by_areas(ground, areas)
    round_ = split_by_areas(ground, areas)
    pieces = np.array(round_.pieces, dtype=object)
    assert np.abs(shapely.area(pieces) - areas[0]).max() < 0.005
    assert shapely.is_valid(pieces).all() and shapely.coverage_is_valid(pieces)
    assert abs(shapely.union_all(pieces).symmetric_difference(ground).area) < 1e-6 * ground.area + 0.01
    named, before = (sum(note.reason != "narrow_ground" for note in plan.notes) for plan in (round_, straight))
    assert named < before or (named == before and mean_of(round_.pieces) >= mean_of(straight.pieces) - 1e-6)


@pytest.mark.parametrize("name", list(breakers()))
def test_what_cannot_give_way_is_left_as_it_is(name):
    ground = breakers()[name]
    made = split_by_areas(ground, [ground.area / 7] * 7)
    assert shapely.is_valid(made.pieces).all() and len(made.pieces) == 7


def test_ordinary_ground_reaches_the_aim():
    for seed in (1, 2):
        ground = concave(2000, 3, seed, 1000.0)
        assert mean_of(split_by_areas(ground, [ground.area / 175] * 175).pieces) > 0.72
    reached = [mean_of(split_by_areas(field, [field.area / 30] * 30).pieces) for field in list(real_fields().values())[::8]]
    assert float(np.median(reached)) > 0.74


def test_who_names_a_bearing_gets_straight_borders():
    ground = concave(200, 0, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layouts, "relaxed", lambda *_: pytest.fail("borders along a bearing stay straight"))
        made = split_by_areas(ground, [ground.area / 20] * 20, row_bearing_deg=30.0)
    assert len(made.pieces) == 20
