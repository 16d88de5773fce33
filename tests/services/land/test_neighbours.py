"""The four sides of parcels, and their corners."""

import pytest
import shapely
from sqlalchemy import select

from plantation.geometry.corners import corners_of
from plantation.geometry.neighbours import Side
from plantation.models import Parcel, Right, new_id
from plantation.services.land.certificates import list_certificates
from plantation.services.land.neighbours import Neighbour, neighbours
from plantation.services.land.plots import add_exclusion, load_plot
from tests.land_cast import PLANE, found_land


@pytest.fixture
def quarters(desk):
    """Plot P1, 160 m wide: Qian in the west, Sun in the east, a reserve north of both, a canal through the south edge."""
    with desk() as d:
        found_land(d)
        plot = load_plot(d, "P1")
        _, _, _, top = shapely.bounds(PLANE.forward(plot.outline))
        canal = PLANE.inverse(shapely.LineString([(90, -1), (150, -1)]))
        add_exclusion(d, plot, kind="canal", outline=canal, width_m=2.2)
        holders = {row.code: row for row in d.session.scalars(select(Right))}
        for code, right, box in (
            ("P1-001", "R001", (0, 0, 80, 50)), ("P1-002", "R002", (80, 0, 160, 50)), ("P1-003", None, (0, 50, 160, top)),
        ):  # fmt: skip
            held = holders.get(right)
            d.session.add(Parcel(
                collective_id=d.collective_id, id=new_id(), code=code, plot_id=plot.id, right_id=held and held.id,
                household_id=held and held.household_id, outline=PLANE.inverse(shapely.box(*box)), area_dm2=400_000,
            ))  # fmt: skip
        d.session.flush()
    return desk


def test_each_side_names_what_lies_there_the_longest_first(quarters):
    with quarters(reading=True) as d:
        qian = d.session.scalars(select(Parcel).where(Parcel.code == "P1-001")).one()
        assert neighbours(d, qian) == {
            Side.EAST: [Neighbour("parcel", "P1-002", "H002", 50)],
            Side.SOUTH: [Neighbour("edge", "", "", 80)],
            Side.WEST: [Neighbour("edge", "", "", 50)],
            Side.NORTH: [Neighbour("reserve", "P1-003", "", 80)],
        }


def test_land_that_no_plan_gave_to_anybody_is_a_neighbour_too(quarters):
    with quarters() as d:
        qian, reserve = (d.session.scalars(select(Parcel).where(Parcel.code == code)).one() for code in ("P1-001", "P1-003"))
        d.session.delete(reserve)
        d.session.flush()
        assert neighbours(d, qian)[Side.NORTH] == [Neighbour("rest", "", "", 79)]  # but for the reach of Sun's corner
        assert neighbours(d, qian)[Side.EAST] == [Neighbour("parcel", "P1-002", "H002", 50)]


def test_a_canal_along_a_side_is_named(quarters):
    with quarters(reading=True) as d:
        sun = d.session.scalars(select(Parcel).where(Parcel.code == "P1-002")).one()
        assert {one.kind for one in neighbours(d, sun)[Side.SOUTH]} == {"edge", "canal"}


def test_certificates_are_of_those_that_somebody_holds(quarters):
    with quarters(reading=True) as d:
        page = list_certificates(d)
        assert [(one.parcel, one.right, one.household_name) for one in page.rows] == [
            ("P1-001", "R001", "钱"), ("P1-002", "R002", "孙")
        ]  # fmt: skip
        assert page.rows[0].sides[Side.EAST][0].household == "H002"
        assert len(page.rows[0].corners) == 4
        assert list_certificates(d, plot="P2").total == 0


def test_certificates_of_another_collective_are_not_shown(quarters, database):
    from plantation.services.collectives import create_collective
    from plantation.services.desk import Desk
    from tests.conftest import NOW

    with database.write() as session:
        other = create_collective(session, "other", "别村", "Asia/Shanghai", NOW)
        assert list_certificates(Desk(session, other, "Wu", NOW)).total == 0


def test_points_on_a_straight_border_are_no_corners():
    corners = corners_of(PLANE.inverse(shapely.Polygon([(0, 0), (0, 40), (0.02, 70), (0, 100), (80, 100), (80, 0), (40, 0)])))
    assert len(corners) == 4
    assert [round(corner.metres) for corner in corners] == [80, 100, 80, 100]


def test_corners_go_clockwise_from_the_north_west_whatever_way_the_ring_was_drawn():
    ring = [(0, 0), (0, 100), (80, 100), (80, 0)]
    one, other = (corners_of(PLANE.inverse(shapely.Polygon(points))) for points in (ring, ring[::-1]))
    assert [(corner.lon, corner.lat) for corner in one] == [(corner.lon, corner.lat) for corner in other]
    assert one[0].lat > one[2].lat and one[0].lon < one[1].lon


def test_the_corners_of_a_hole_follow_the_boundary():
    rock = shapely.box(30, 30, 40, 40)
    corners = corners_of(PLANE.inverse(shapely.difference(shapely.box(0, 0, 100, 100), rock)))
    assert [corner.ring for corner in corners] == [0] * 4 + [1] * 4
    assert [corner.number for corner in corners] == list(range(1, 9))
