"""What an allocation starts from: plots with their exclusions, access lines, rights, and the parcels there are.

All of it is read in a handful of queries, and a digest over it says later whether anything has changed since.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from sqlalchemy import select

from plantation.domain.words import RightStatus
from plantation.errors import N_, NotFound, Refusal
from plantation.geometry.standing import Lane
from plantation.models import AccessLine, Exclusion, Household, Parcel, Plot, Right
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.land.lanes import lanes_of
from plantation.units import Millimu, SquareDecimetres, dm2_to_millimu


class NoPlots(Refusal):
    """There is no land to lay parcels out on."""

    template = N_("No plot is chosen. Choose at least one, or record the first one.")


class NoRights(Refusal):
    """Nobody asks for land."""

    template = N_("No right is active on %(day)s, so there is nobody to give land to.")


@dataclass(frozen=True, slots=True)
class PlotGround:
    """A plot as the allocation reads it; `exclusions` are (geometry, width in metres or None)."""

    id: int
    code: str
    name: str
    outline: Any
    area_dm2: SquareDecimetres
    row_bearing: float | None
    row_spacing_m: float | None
    exclusions: tuple[tuple[Any, float | None], ...]


@dataclass(frozen=True, slots=True)
class ActiveRight:
    """A right that asks for land on the day of the desk."""

    id: int
    code: str
    household_id: int
    household_code: str
    entitlement_millimu: Millimu


@dataclass(frozen=True, slots=True)
class StandingParcel:
    """A parcel that there is already. `keeps`: its right has not ended, so it stays where it is."""

    id: int
    code: str
    plot_id: int
    plot_code: str
    right_id: int | None
    right_code: str | None
    household_id: int | None
    household_code: str | None
    outline: Any
    area_dm2: SquareDecimetres
    allocation_id: int | None
    keeps: bool


@dataclass(frozen=True)
class AllocationInputs:
    """Everything an allocation over some plots depends on, each list in the order of its codes."""

    plots: tuple[PlotGround, ...]
    access: tuple[Any, ...]
    rights: tuple[ActiveRight, ...]
    standing: tuple[StandingParcel, ...]
    elsewhere: frozenset[str]
    """Codes of rights that hold a parcel in a plot that is not chosen: they have their land."""
    other_codes: frozenset[str]
    """Codes of parcels in plots that are not chosen: no new parcel may be called so."""
    lanes: tuple[Lane, ...] = ()
    """Lanes of the allocations that `standing` parcels come from."""

    @property
    def asking(self) -> tuple[ActiveRight, ...]:
        """The rights that this allocation has to serve."""
        return tuple(right for right in self.rights if right.code not in self.elsewhere)

    @property
    def asked_millimu(self) -> Millimu:
        return sum(right.entitlement_millimu for right in self.asking)

    @property
    def available_millimu(self) -> Millimu:
        return dm2_to_millimu(sum(plot.area_dm2 for plot in self.plots))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all of it: two equal digests, two equal allocations."""
        whole = hashlib.sha256()
        for plot in self.plots:
            _add(whole, "plot", plot.code, plot.row_bearing, plot.row_spacing_m, _hash(plot.outline))
            for line in sorted((_hash(geometry), repr(width_m)) for geometry, width_m in plot.exclusions):
                _add(whole, "exclusion", *line)
        for line in sorted(map(_hash, self.access)):
            _add(whole, "access", line)
        for right in self.rights:
            held = right.code in self.elsewhere
            _add(whole, "right", right.code, right.household_code, right.entitlement_millimu, held)
        for parcel in self.standing:
            holder = (parcel.right_code, parcel.household_code, parcel.keeps)
            _add(whole, "parcel", parcel.code, parcel.plot_code, *holder, _hash(parcel.outline))
        for lane in sorted((lane.plot, _hash(lane.geometry)) for lane in self.lanes):
            _add(whole, "lane", *lane)
        _add(whole, "others", *sorted(self.other_codes))
        return whole.hexdigest()


def read_inputs(desk: Desk, plots: Iterable[str] | None = None) -> AllocationInputs:
    """Read what an allocation over `plots` (codes; None for all) starts from, as things stand on the desk's day.

    :raises NotFound: a plot of that code is not there, or belongs to another collective. :raises NoPlots: none.
    :raises NoRights: nobody asks for land.
    """
    grounds = _read_plots(desk, plots)
    rights = _read_rights(desk)
    if not rights:
        raise NoRights(day=desk.today)
    chosen = {plot.id for plot in grounds}
    parcels = _read_parcels(desk)
    standing = tuple(parcel for parcel in parcels if parcel.plot_id in chosen)
    others = [parcel for parcel in parcels if parcel.plot_id not in chosen]
    return AllocationInputs(
        plots=grounds,
        access=tuple(_read_access(desk)),
        rights=rights,
        standing=standing,
        elsewhere=frozenset(parcel.right_code for parcel in others if parcel.right_code is not None),
        other_codes=frozenset(parcel.code for parcel in others),
        lanes=tuple(lanes_of(desk, (parcel.allocation_id for parcel in standing))),
    )


def _read_plots(desk: Desk, codes: Iterable[str] | None) -> tuple[PlotGround, ...]:
    wanted = None if codes is None else set(codes)
    statement = select(Plot.id, Plot.code, Plot.name, Plot.outline, Plot.area_dm2, Plot.row_bearing, Plot.row_spacing_m).where(
        Plot.collective_id == desk.collective_id
    )
    rows: list[Any] = []
    for chunk in [None] if wanted is None else in_chunks(sorted(wanted)):
        rows += desk.session.execute(statement if chunk is None else statement.where(Plot.code.in_(chunk)))
    if wanted is not None and (missing := wanted - {row.code for row in rows}):
        raise NotFound(what=N_("plot"), code=min(missing)[:64])
    if not rows:
        raise NoPlots()
    cut_out = _read_exclusions(desk, [row.id for row in rows])
    return tuple(PlotGround(*row, exclusions=tuple(cut_out.get(row.id, ()))) for row in sorted(rows, key=lambda row: row.code))


def _read_exclusions(desk: Desk, plot_ids: Sequence[int]) -> dict[int, list[tuple[Any, float | None]]]:
    found: dict[int, list[tuple[Any, float | None]]] = {}
    for chunk in in_chunks(plot_ids):
        rows = desk.session.execute(
            select(Exclusion.plot_id, Exclusion.outline, Exclusion.width_m)
            .where(Exclusion.collective_id == desk.collective_id, Exclusion.plot_id.in_(chunk))
            .order_by(Exclusion.id)
        )
        for plot_id, outline, width_m in rows:
            found.setdefault(plot_id, []).append((outline, width_m))
    return found


def _read_access(desk: Desk) -> list[Any]:
    statement = select(AccessLine.line).where(AccessLine.collective_id == desk.collective_id)
    return list(desk.session.scalars(statement.order_by(AccessLine.id)))


def _read_rights(desk: Desk) -> tuple[ActiveRight, ...]:
    today = desk.today
    rows = desk.session.execute(
        select(Right.id, Right.code, Right.household_id, Household.code, Right.entitlement_millimu)
        .join(Household, (Household.collective_id == Right.collective_id) & (Household.id == Right.household_id))
        .where(
            Right.collective_id == desk.collective_id,
            Right.status == RightStatus.ACTIVE,
            Right.starts_on <= today,
            Right.ends_on >= today,
        )
    )
    return tuple(sorted((ActiveRight(*row) for row in rows), key=lambda right: right.code))


def _read_parcels(desk: Desk) -> list[StandingParcel]:
    """All parcels of the collective, by code."""
    rows = desk.session.execute(
        select(
            Parcel.id,
            Parcel.code,
            Parcel.plot_id,
            Plot.code,
            Parcel.right_id,
            Right.code,
            Parcel.household_id,
            Household.code,
            Parcel.outline,
            Parcel.area_dm2,
            Parcel.allocation_id,
            Right.status,
            Right.ends_on,
        )
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .outerjoin(Right, (Right.collective_id == Parcel.collective_id) & (Right.id == Parcel.right_id))
        .outerjoin(Household, (Household.collective_id == Parcel.collective_id) & (Household.id == Parcel.household_id))
        .where(Parcel.collective_id == desk.collective_id)
    )
    parcels = [StandingParcel(*row[:11], keeps=_keeps(row[11], row[12], desk.today)) for row in rows]
    return sorted(parcels, key=lambda parcel: parcel.code)


def _keeps(status: str | None, ends_on: dt.date | None, today: dt.date) -> bool:
    """A suspended right keeps its land; an ended one, by its status or its term, gives it back."""
    return status is not None and ends_on is not None and status != RightStatus.ENDED and ends_on >= today


def _hash(geometry: Any) -> str:
    return hashlib.sha256(shapely.to_wkb(geometry, byte_order=1)).hexdigest()


def _add(whole: Any, *values: Any) -> None:
    whole.update(json.dumps(values, ensure_ascii=False).encode())
    whole.update(b"\n")
