"""Many grounds at once: each comes out as it does alone, and what arrays cut is what one region's cut would be."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from plantation.geometry.outcomes import GroundShort, Partition
from plantation.geometry.partition import Wanted, split_all, split_by_areas
from plantation.geometry.tiling.cuts import split
from plantation.geometry.tiling.fans import corners_of, fan
from plantation.geometry.tiling.levels import below, heights, level_of
from plantation.geometry.tiling.regions import Numbers, Tiling
from plantation.geometry.tiling.sheets import sheet_of
from plantation.geometry.tiling.slices import levels_of, sliced, turned
from tests.geometry.ground_shapes import breakers, concave, grounds, real_fields

TURN = st.floats(0, math.pi, allow_nan=False)


def bytes_of(plan: Partition) -> list[bytes]:
    return [one.wkb for one in plan.pieces + plan.remainder]


@pytest.mark.parametrize("count", [2, 7, 143])
def test_a_ground_comes_out_byte_for_byte_the_same_alone_and_among_others(count):
    fields = list(real_fields().values())[::24]
    shapes = [*fields, concave(300, 3, 5, 800.0), *breakers().values(), fields[0], fields[0]]
    wanted = [Wanted(ground, [ground.area / count] * count) for ground in shapes]
    for ground, plan in zip(shapes, split_all(wanted), strict=True):
        assert bytes_of(plan) == bytes_of(split_by_areas(ground, [ground.area / count] * count))
    for ground, plan in zip(shapes[::-1], split_all(wanted[::-1]), strict=True):
        assert math.isclose(sum(piece.area for piece in plan.pieces), ground.area, rel_tol=1e-9)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(grounds(), st.integers(1, 20)), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_grounds_changes_none_of_them(asked, random):
    wanted = [Wanted(ground, [ground.area / count] * count) for ground, count in asked]
    first = {id(one): bytes_of(plan) for one, plan in zip(wanted, split_all(wanted), strict=True)}
    mixed = random.sample(wanted, len(wanted))
    assert all(first[id(one)] == bytes_of(plan) for one, plan in zip(mixed, split_all(mixed), strict=True))


def test_one_that_is_refused_leaves_the_others_whole():
    square = shapely.box(0, 0, 100, 100)
    good, short, also = split_all([Wanted(square, [5000.0, 5000.0]), Wanted(square, [20_000.0]), Wanted(square, [2500.0] * 4)])
    assert isinstance(short, GroundShort) and "20" in str(short)
    assert [len(good.pieces), len(also.pieces)] == [2, 4]


@settings(deadline=None)
@given(grounds(), TURN, st.floats(0.02, 0.98))
def test_a_slice_is_what_a_cut_of_one_region_is(ground, turn, part):
    tiling, direction = Tiling(ground), (math.cos(turn), math.sin(turn))
    region, target = tiling.ground, tiling.ground.area * part
    sheet = sheet_of([region])
    directions = np.array([direction])
    s, t = turned(sheet, directions)
    guess = np.array([s.min() + (s.max() - s.min()) * part])
    levels = levels_of(s, t, sheet, np.array([target]), np.array([region.area]), guess)
    under, _ = below(heights(region, direction), float(levels[0]))
    assert abs(under - target) <= 1e-6
    assert math.isclose(levels[0], level_of(heights(region, direction), target, region.area), abs_tol=1e-3) or part in (0.0, 1.0)
    made = sliced(sheet, s, levels, Numbers())
    side = split(tiling, region, direction, float(levels[0]))
    if made.done[0]:
        low, high = made.sheet.regions()
        assert (low.polygon().equals(side.low[0].polygon()), high.polygon().equals(side.high[0].polygon())) == (True, True)
        assert len(side.low) == len(side.high) == 1
        assert abs(low.area - target) < 1e-4 and abs(low.area + high.area - region.area) < 1e-6 * region.area
    else:
        # What is left to the other way is not plain: more than two crossings, one through a hole, or a corner on the line.
        crossed = shapely.intersection(ground.boundary, _line(tiling, direction, float(levels[0])))
        assert shapely.get_num_coordinates(crossed) != 2 or ground.interiors or abs(s - levels[0]).min() < 1e-4


@settings(deadline=None)
@given(grounds(), TURN, st.lists(st.floats(0.05, 0.95), min_size=1, max_size=4))
def test_a_fan_knows_area_length_and_border_of_each_cut(ground, turn, parts):
    tiling = Tiling(ground)
    region = tiling.ground
    directions = [(math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))]
    targets = np.array(parts) * region.area
    tried = fan(corners_of(sheet_of([region]), 1 << 9), np.array([directions]), np.zeros(len(parts), np.int64), targets)
    outline = region.polygon()
    for row, direction in enumerate(directions):
        for column, target in enumerate(targets.tolist()):
            level = float(tried.levels[row, column])
            area, length = below(heights(region, direction), level)
            assert abs(area - target) <= 1e-6 * region.area
            assert math.isclose(length, tried.lengths[row, column], rel_tol=1e-3, abs_tol=1e-2)
            low = shapely.intersection(outline.boundary, _half_plane(direction, level))
            assert math.isclose(low.length, tried.borders[row, column], rel_tol=1e-3, abs_tol=0.05)


def _half_plane(direction, level, far=1e5):
    dx, dy = direction
    corners = [(level, -far), (level, far), (-far, far), (-far, -far)]
    return shapely.Polygon([(s * dx - t * dy, s * dy + t * dx) for s, t in corners])


def _line(tiling, direction, level, far=1e5):
    dx, dy = direction
    ends = np.array([(level * dx - t * dy, level * dy + t * dx) for t in (-far, far)]) + tiling.origin
    return shapely.LineString(ends)
