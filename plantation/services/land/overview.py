"""The land at a glance: what is asked for against what there is, and the shapes that a map shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from plantation.domain.words import RightStatus
from plantation.models import Household, Parcel, Plot, Right
from plantation.services.desk import Desk
from plantation.units import Millimu, SquareDecimetres, dm2_to_millimu


class LandBalance(NamedTuple):
    """What the active rights ask for and what the plots hold without their exclusions, in thousandths of a mu."""

    rights: int
    asked_millimu: Millimu
    plots: int
    available_millimu: Millimu

    @property
    def missing_millimu(self) -> Millimu:
        """
        >>> LandBalance(175, 1_750_000, 5, 1_500_000).missing_millimu
        250000
        >>> LandBalance(0, 0, 1, 10_000).missing_millimu
        0
        """
        return max(self.asked_millimu - self.available_millimu, 0)


class Shape(NamedTuple):
    """One plot or parcel as a map draws it; the outline is in longitude and latitude."""

    code: str
    label: str
    outline: Any
    area_dm2: SquareDecimetres


def land_balance(desk: Desk) -> LandBalance:
    """What active rights ask for on the day of the desk, and what there is."""
    today = desk.today
    rights, asked = desk.session.execute(
        select(func.count(), func.coalesce(func.sum(Right.entitlement_millimu), 0)).where(
            Right.collective_id == desk.collective_id,
            Right.status == RightStatus.ACTIVE,
            Right.starts_on <= today,
            Right.ends_on >= today,
        )
    ).one()
    plots, area_dm2 = desk.session.execute(
        select(func.count(), func.coalesce(func.sum(Plot.area_dm2), 0)).where(Plot.collective_id == desk.collective_id)
    ).one()
    return LandBalance(int(rights), int(asked), int(plots), dm2_to_millimu(int(area_dm2)))


class Begun(NamedTuple):
    """What a new village has of what comes before the first season, in the order in which it is needed."""

    plots: bool
    households: bool
    rights: bool
    parcels: bool


def begun(desk: Desk) -> Begun:
    """Whether there is any plot, household, right and parcel yet, in one question."""
    some = [select(kind.id).where(kind.collective_id == desk.collective_id).exists() for kind in (Plot, Household, Right, Parcel)]
    return Begun(*(bool(one) for one in desk.session.execute(select(*some)).one()))


def plot_names(desk: Desk, limit: int = 1_000) -> list[tuple[str, str]]:
    """(code, code and name) of the plots by code, for a list to choose from."""
    rows = desk.session.execute(
        select(Plot.code, Plot.name).where(Plot.collective_id == desk.collective_id).order_by(Plot.code).limit(limit)
    )
    return [(code, code if name == code else f"{code} {name}") for code, name in rows]


def plot_shapes(desk: Desk, limit: int = 2_000) -> list[Shape]:
    """The plots as a map shows them, by code."""
    rows = desk.session.execute(
        select(Plot.code, Plot.name, Plot.outline, Plot.area_dm2)
        .where(Plot.collective_id == desk.collective_id)
        .order_by(Plot.code)
        .limit(limit)
    )
    return [Shape(*row) for row in rows]


def parcel_shapes(desk: Desk, plot: Plot, limit: int = 5_000) -> list[Shape]:
    """The parcels of one plot as a map shows them, by code; the label is the household's code."""
    rows = desk.session.execute(
        select(Parcel.code, func.coalesce(Household.code, ""), Parcel.outline, Parcel.area_dm2)
        .outerjoin(Household, (Household.collective_id == Parcel.collective_id) & (Household.id == Parcel.household_id))
        .where(Parcel.collective_id == desk.collective_id, Parcel.plot_id == plot.id)
        .order_by(Parcel.code)
        .limit(limit)
    )
    return [Shape(*row) for row in rows]


def parcels_of(desk: Desk, household: Household) -> Sequence[Any]:
    """What a household holds: rows with `code`, `plot` (its code), `right` (its code or None), `area_dm2`, `outline`."""
    return desk.session.execute(
        select(Parcel.code, Plot.code.label("plot"), Right.code.label("right"), Parcel.area_dm2, Parcel.outline)
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .outerjoin(Right, (Right.collective_id == Parcel.collective_id) & (Right.id == Parcel.right_id))
        .where(Parcel.collective_id == desk.collective_id, Parcel.household_id == household.id)
        .order_by(Parcel.code)
    ).all()
