"""Plots and rights as tests make them, and what every allocation promises."""

import math
from fractions import Fraction

import pytest
import shapely

from plantation.geometry.allocation import (
    ExistingParcel,
    PlotInput,
    RightInput,
)
from plantation.geometry.coverage import Tile, faults
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.outline import exclude
from plantation.geometry.projection import LocalPlane

PLANE = LocalPlane(78.4, 40.9)
MU = 10_000 / 15


def plot(code, *bounds, **more):
    return PlotInput(code, PLANE.inverse(shapely.box(*bounds)), **more)


def rights(count, millimu=10_000, first=0, beside=""):
    return [RightInput(f"R{n:03d}", f"H{n:03d}", millimu, beside) for n in range(first, first + count)]


def keep(allocation):
    return [
        ExistingParcel(p.code, p.plot, p.right, p.household, p.area_m2, p.geometry, p.entitlement_millimu, p.draw)
        for p in allocation.parcels
    ]


def check(allocation, plots, exclusions=(), zones=()):
    """The guarantees that hold for every allocation; `neighbours share their border points` among them."""
    assert all(land.geometry.is_valid for land in (*allocation.remainders, *allocation.lanes))
    for one in plots:
        ground = exclude(one.outline, [(e.geometry, e.width_m) for e in exclusions if e.plot in ("", one.code)])
        mine = [parcel for parcel in allocation.parcels if parcel.plot == one.code]
        others = [land for land in (*allocation.remainders, *allocation.lanes) if land.plot == one.code]
        assert faults(ground, [Tile(p.code, p.geometry, p.area_m2, p.draw) for p in mine]) == []
        whole = math.fsum(p.area_m2 for p in mine) + math.fsum(land.area_m2 for land in others)
        assert whole == pytest.approx(geodesic_area_m2(ground), abs=0.05)
    for parcel in allocation.parcels:
        if not parcel.is_kept:
            due_m2 = float(Fraction(parcel.entitlement_millimu, 1000) * Fraction(2000, 3)) * allocation.figures.factor
            assert abs((parcel.value_m2 if zones else geodesic_area_m2(parcel.geometry)) - due_m2) < 0.01, parcel.code
            assert parcel.geometry.geom_type == "Polygon"
    named = {note.figures["parcel"] for note in allocation.notes if note.kind == "landlocked"}
    assert named == {p.code for p in allocation.parcels if not p.is_kept and p.frontage_m < 3}
    assert len({p.code for p in allocation.parcels}) == len({p.right for p in allocation.parcels}) == len(allocation.parcels)


SQUARE = plot("P01", 0, 0, 1000, 1000)
