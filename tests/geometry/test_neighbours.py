"""The four sides of a parcel."""

from __future__ import annotations

import shapely
from shapely.affinity import rotate

from plantation.geometry.neighbours import Side, neighbours_by_side

QIAN = shapely.box(0, 0, 100, 60)


def names(found):
    return {side.value: [name for name, _ in those] for side, those in found.items()}


def test_each_neighbour_stands_on_the_side_it_borders():
    others = [
        ("E", shapely.box(100, 0, 200, 60)),
        ("S", shapely.box(0, -50, 100, 0)),
        ("W", shapely.box(-9, 0, 0, 60)),
        ("N", shapely.box(0, 60, 100, 80)),
    ]
    assert names(neighbours_by_side(QIAN, others)) == {"east": ["E"], "south": ["S"], "west": ["W"], "north": ["N"]}


def test_a_touching_corner_is_no_neighbour():
    assert names(neighbours_by_side(QIAN, [("C", shapely.box(100, 60, 200, 120))])) == {"east": [], "south": [], "west": [], "north": []}


def test_two_neighbours_on_one_side_come_by_the_length_of_their_border():
    found = neighbours_by_side(QIAN, [("short", shapely.box(0, 60, 30, 90)), ("long", shapely.box(30, 60, 100, 90))])
    assert names(found)["north"] == ["long", "short"]
    assert [round(metres) for _, metres in found[Side.NORTH]] == [70, 30]


def test_a_border_with_a_gap_of_centimetres_is_still_a_border():
    assert names(neighbours_by_side(QIAN, [("E", shapely.box(100.1, 0, 200, 60))]))["east"] == ["E"]


def test_what_lies_across_a_road_is_no_neighbour():
    assert names(neighbours_by_side(QIAN, [("E", shapely.box(106, 0, 200, 60))]))["east"] == []


def test_a_neighbour_round_a_corner_stands_on_both_sides():
    around = shapely.box(0, 0, 150, 110).difference(QIAN)
    assert names(neighbours_by_side(QIAN, [("L", around)])) == {"east": ["L"], "south": [], "west": [], "north": ["L"]}


def test_a_turned_parcel_is_judged_by_where_its_edges_face():
    turned = rotate(QIAN, 20, origin=(0, 0))
    other = rotate(shapely.box(100, 0, 200, 60), 20, origin=(0, 0))
    assert names(neighbours_by_side(turned, [("E", other)]))["east"] == ["E"]


def test_the_metres_of_a_hole_in_the_land_count_inwards():
    with_rock = QIAN.difference(shapely.box(40, 20, 60, 40))
    found = neighbours_by_side(with_rock, [("rock", shapely.box(40, 20, 60, 40))])
    assert names(found) == {"east": ["rock"], "south": ["rock"], "west": ["rock"], "north": ["rock"]}
