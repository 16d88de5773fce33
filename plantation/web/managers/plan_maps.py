"""Plans and parcels on a map that the server draws: what is new, what stays, what is left over, what must be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext
from sqlalchemy import select

from plantation.geometry.outline import footprint
from plantation.geometry.projection import LocalPlane
from plantation.models import Household, Parcel, Plot
from plantation.services.desk import Desk
from plantation.services.land.allocation_plans import Plan
from plantation.services.land.plot_ground import exclusions_of
from plantation.units import dm2_to_millimu, format_mu
from plantation.web.land_maps import LandMap, LandShape, draw_land

# More parcels than this are shown a plot at a time.
MOST_AT_ONCE = 5_000


class MappedPlot(NamedTuple):
    """A plot with what is cut out of it, in longitude and latitude."""

    code: str
    name: str
    outline: Any
    exclusions: tuple[Any, ...]


def plots_of(desk: Desk, codes: Iterable[str] | None = None) -> list[MappedPlot]:
    """The plots under `codes` (None for all), by code."""
    rows = desk.session.execute(
        select(Plot.id, Plot.code, Plot.name, Plot.outline).where(Plot.collective_id == desk.collective_id).order_by(Plot.code)
    ).all()
    wanted = None if codes is None else set(codes)
    rows = [row for row in rows if wanted is None or row.code in wanted]
    cut_out = exclusions_of(desk, [row.id for row in rows])
    return [MappedPlot(row.code, row.name, row.outline, tuple(_covered(*one) for one in cut_out[row.id])) for row in rows]


def plan_map(plan: Plan, plots: Sequence[MappedPlot], chosen: str = "") -> LandMap | None:
    """The plan on its plots, or on the `chosen` one."""
    shown = _shown(plots, chosen)
    codes = {plot.code for plot in shown}
    shapes = _ground(shown)
    if not chosen and len(plan.parcels) > MOST_AT_ONCE:
        return draw_land(shapes, marks=_names(shown))
    warned = {note.figures.get("parcel") for note in plan.notes if note.kind != "returned"}
    shapes += [LandShape("rest", outline) for plot, outline in plan.remainders if plot in codes]
    shapes += [LandShape("lane", outline) for plot, outline in plan.lanes if plot in codes]
    for parcel in plan.parcels:
        if parcel.plot_code in codes:
            kind = "reserve" if parcel.is_reserve else "warned" if parcel.code in warned else _kind(parcel.is_kept)
            shapes.append(_parcel(kind, parcel.code, parcel.household_code, parcel.outline, parcel.area_dm2))
    return draw_land(shapes, marks=_names(shown))


def parcels_map(desk: Desk, plots: Sequence[MappedPlot], chosen: str = "") -> LandMap | None:
    """The parcels as they are, on all plots or on the `chosen` one."""
    statement = (
        select(Plot.code, Parcel.code, Household.code, Parcel.outline, Parcel.area_dm2)
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .outerjoin(Household, (Household.collective_id == Parcel.collective_id) & (Household.id == Parcel.household_id))
        .where(Parcel.collective_id == desk.collective_id)
        .order_by(Plot.code, Parcel.code)
    )
    if chosen:
        statement = statement.where(Plot.code == chosen)
    rows = desk.session.execute(statement.limit(MOST_AT_ONCE + 1)).all()
    shown = _shown(plots, chosen)
    shapes = _ground(shown)
    if not chosen and len(rows) > MOST_AT_ONCE:
        return draw_land(shapes, marks=_names(shown))
    for _, code, household, outline, area_dm2 in rows:
        shapes.append(_parcel(_kind(False) if household else "reserve", code, household, outline, area_dm2))
    return draw_land(shapes, marks=_names(shown))


def _shown(plots: Sequence[MappedPlot], chosen: str) -> list[MappedPlot]:
    return [plot for plot in plots if not chosen or plot.code == chosen]


def _ground(plots: Iterable[MappedPlot]) -> list[LandShape]:
    shapes = []
    for plot in plots:
        shapes.append(LandShape("plot", plot.outline, "", f"{plot.code} {plot.name}"))
        shapes += [LandShape("exclusion", outline) for outline in plot.exclusions]
    return shapes


def _names(plots: Sequence[MappedPlot]) -> list[tuple[str, float, float]]:
    """Where several plots are shown, each has its name above it: parcels' numbers may be too small to be written."""
    if len(plots) < 2:
        return []
    bounds = [plot.outline.bounds for plot in plots]
    above = 0.025 * (max(each[3] for each in bounds) - min(each[1] for each in bounds))
    return [
        (f"{plot.code} {plot.name}".strip(), (west + east) / 2, north + above)
        for plot, (west, _, east, north) in zip(plots, bounds, strict=True)
    ]


def _kind(is_kept: bool) -> str:
    return "kept" if is_kept else "parcel"


def _parcel(kind: str, code: str, household: str | None, outline: Any, area_dm2: int) -> LandShape:
    area = gettext("%(mu)s mu", mu=format_mu(dm2_to_millimu(area_dm2)))
    title = f"{code} · {household or '–'} · {area}"
    return LandShape(kind, outline, code.rpartition("-")[2], title)


def _covered(outline: Any, width_m: float | None) -> Any:
    plane = LocalPlane.around(outline)
    return plane.inverse(footprint(plane.forward(outline), width_m))
