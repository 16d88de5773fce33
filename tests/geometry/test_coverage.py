"""Each thing that can be wrong with a tiling is found and named, and nothing else is."""

import shapely

from plantation.geometry.coverage import Tile, faults
from plantation.geometry.projection import LocalPlane

PLANE = LocalPlane(78.4, 40.9)


def tile(code, *points, area_m2=None, draw=""):
    return Tile(code, PLANE.inverse(shapely.Polygon(points)), area_m2, draw)


def ground(*bounds):
    return PLANE.inverse(shapely.box(*bounds))


LEFT = tile("P-1", (0, 0), (50, 0), (50, 100), (0, 100), area_m2=5000)
RIGHT = tile("P-2", (50, 0), (100, 0), (100, 100), (50, 100), area_m2=5000)


def said(land, *tiles):
    return [str(fault) for fault in faults(land, tiles)]


def test_two_halves_tile_a_square():
    assert said(ground(0, 0, 100, 100), LEFT, RIGHT) == []


def test_a_reserve_is_no_fault():
    assert said(ground(0, 0, 200, 100), LEFT, RIGHT) == []


def test_an_overlap_is_named_with_both_parcels_and_its_area():
    wide = tile("P-2", (45, 0), (100, 0), (100, 100), (45, 100))
    assert any("P-1 and P-2 overlap by 500.00 m²" in text for text in said(ground(0, 0, 100, 100), LEFT, wide))


def test_a_gap_between_parcels_is_found():
    narrow = tile("P-2", (50.2, 0), (100, 0), (100, 100), (50.2, 100))
    (text,) = said(ground(0, 0, 100, 100), LEFT, narrow)
    assert text.startswith("There is a gap of 20.00 m²")


def test_land_outside_the_plot_is_named():
    assert said(ground(0, 0, 90, 100), LEFT, RIGHT)[0].startswith("Parcel P-2 lies outside its plot with 1000.00 m²")


def test_a_point_that_only_one_neighbour_has_is_found_within_a_draw_and_allowed_beside_an_older_parcel():
    points = (50, 0), (100, 0), (100, 100), (50, 100), (50, 40)
    (text,) = said(ground(0, 0, 100, 100), LEFT, tile("P-2", *points))
    assert text.startswith("The borders of parcels P-1 and P-2 do not share their points")
    assert said(ground(0, 0, 100, 100), LEFT, tile("P-2", *points, draw="later")) == []


def test_a_wrong_area_is_named_with_both_figures():
    wrong = tile("P-1", (0, 0), (50, 0), (50, 100), (0, 100), area_m2=5000.02)
    assert said(ground(0, 0, 100, 100), wrong, RIGHT) == ["Parcel P-1 has 5000.00 m², and 5000.02 m² are stated."]


def test_a_parcel_in_two_parts_is_not_sound():
    two = Tile("P-9", shapely.union(ground(0, 0, 10, 10), ground(20, 0, 30, 10)))
    assert said(ground(0, 0, 100, 100), two) == ["Parcel P-9 is not one sound polygon."]
