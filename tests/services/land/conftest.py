"""The cast's land, and its allocations carried out."""

import pytest
from sqlalchemy import select

from plantation.models import Parcel
from plantation.services.land.allocation_plans import plan_allocation
from plantation.services.land.allocations import commit_allocation
from tests.land_cast import found_land


@pytest.fixture
def land(desk):
    """The cast's land, written; gives `desk`."""
    with desk() as d:
        found_land(d)
    return desk


def carry_out(d, **parameters):
    given = {"rule": "strict", "seed": "316", **parameters}
    return commit_allocation(d, plan_allocation(d, **given))


def parcels(d) -> dict[str, Parcel]:
    rows = d.session.scalars(select(Parcel).where(Parcel.collective_id == d.collective_id).order_by(Parcel.code))
    return {row.code: row for row in rows}
