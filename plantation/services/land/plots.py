"""Plots: mapped pieces of the collective's plantation. What is cut out of them: :mod:`.exclusions`, brought in here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import Select, or_, select

from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.geometry.outline import Outline, Overlap, overlapping
from plantation.models import Parcel, Plot, Weighing
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.land.exclusions import add_exclusion, list_exclusions, remove_exclusion
from plantation.services.land.plot_ground import NothingLeft, describe_plot, exclusions_of, ground_dm2
from plantation.services.master_data import (
    Problems,
    Upserted,
    check_free,
    check_rename,
    check_version,
    code_problems,
    flush,
    raise_first,
    upsert,
)
from plantation.services.pages import Page, paginate
from plantation.services.words import check_name

__all__ = [
    "BearingOutOfRange",
    "NothingLeft",
    "ParcelLeftOut",
    "PlotInput",
    "SpacingOutOfRange",
    "add_exclusion",
    "list_exclusions",
    "list_plots",
    "load_plot",
    "overlaps_of",
    "plot_columns",
    "plot_problems",
    "remove_exclusion",
    "same_outline",
    "save_plot",
    "upsert_plots",
]

VARIETY_LENGTH = 100
LEAST_SPACING_M, MOST_SPACING_M = 0.1, 100.0


class BearingOutOfRange(Refusal, ValueError):
    """No direction of the compass."""

    template = N_("A row bearing of %(bearing)s° is not possible: it must be from 0 to 360°.")


class SpacingOutOfRange(Refusal, ValueError):
    """Rows closer than a hand or farther apart than a field."""

    template = N_("A row spacing of %(spacing_m)s m is not possible: it must be from %(least_m)s to %(most_m)s m.")


class ParcelLeftOut(Refusal):
    """The new boundary leaves a parcel outside."""

    template = N_("Parcel %(parcel)s would lie outside plot %(plot)s.")


@dataclass(frozen=True, slots=True)
class PlotInput:
    """A plot as somebody drew or sent it; `outline` in longitude and latitude, read by geometry/outline.py."""

    code: str
    name: str
    outline: Any
    planted_on: dt.date | None = None
    variety: str = ""
    row_bearing: float | None = None
    row_spacing_m: float | None = None


def plot_problems(plot: PlotInput) -> Problems:
    """Yield (field, refusal) for everything that is wrong with it but its outline, which was read before.

    >>> [field for field, _ in plot_problems(PlotInput("P 1", "", None, row_bearing=400.0, row_spacing_m=0.0))]
    ['code', 'name', 'row_bearing', 'row_spacing_m']
    """
    yield from code_problems(plot.code)
    try:
        check_name(plot.name)
    except BadValue as refusal:
        yield "name", refusal
    if len(plot.variety) > VARIETY_LENGTH or not plot.variety.isprintable():
        yield "variety", BadValue(value=plot.variety[:40], expected=N_("a text of at most 100 printable characters"))
    if plot.row_bearing is not None and not 0 <= plot.row_bearing <= 360:
        yield "row_bearing", BearingOutOfRange(bearing=f"{plot.row_bearing:g}")
    if plot.row_spacing_m is not None and not LEAST_SPACING_M <= plot.row_spacing_m <= MOST_SPACING_M:
        figures = {"least_m": f"{LEAST_SPACING_M:g}", "most_m": f"{MOST_SPACING_M:g}"}
        yield "row_spacing_m", SpacingOutOfRange(spacing_m=f"{plot.row_spacing_m:g}", **figures)


def list_plots(desk: Desk, *, search: str = "", page: int = 1) -> Page:
    """One page of the plots, by code; `search` is looked for in code, name and variety."""
    statement = _all(desk)
    if text := search.strip():
        columns = (Plot.code, Plot.name, Plot.variety)
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return paginate(desk.session, statement.order_by(Plot.code), page)


def load_plot(desk: Desk, code: str) -> Plot:
    """The plot of that code. :raises NotFound: there is none in this collective."""
    found = desk.session.scalar(_all(desk).where(Plot.code == code))
    if found is None:
        raise NotFound(what=N_("plot"), code=code)
    return found


def save_plot(
    desk: Desk,
    *,
    plot: Plot | None = None,
    code: str,
    name: str,
    outline: Any,
    planted_on: dt.date | None = None,
    variety: str = "",
    row_bearing: float | None = None,
    row_spacing_m: float | None = None,
    version: int | None = None,
) -> Plot:
    """Create a plot, or change `plot` if it still is at `version`. `outline` is an Outline or its geometry; the plot's
    area is what its exclusions leave of it.

    :raises Refusal: as :func:`plot_problems`; NothingLeft; ParcelLeftOut; CodeTaken; CodeFixed; Stale.
    """
    journal.lock(desk)
    geometry = outline.geometry if isinstance(outline, Outline) else outline
    given = PlotInput(code.strip(), name.strip(), geometry, planted_on, variety.strip(), row_bearing, row_spacing_m)
    if plot is not None:
        check_version(plot, version, N_("plot"))
    raise_first(plot_problems(given))
    check_free(desk, Plot, given.code, N_("plot"), row=plot)
    excluded = [] if plot is None else exclusions_of(desk, [plot.id])[plot.id]
    columns = plot_columns(given, excluded)
    is_new = plot is None
    if plot is None:
        plot = Plot(collective_id=desk.collective_id)
    else:
        check_rename(desk, plot, given.code, N_("plot"), (Weighing.plot_id,))
        _check_parcels(desk, plot, geometry)
    if is_new or not same_outline(plot.outline, geometry):
        plot.outline = geometry
    for field, value in {"code": given.code, **columns}.items():
        if field != "outline":
            setattr(plot, field, value)
    if is_new or desk.session.is_modified(plot):
        flush(desk, plot, N_("plot"))
        journal.append(desk, [("plot", plot.code, describe_plot(plot.code, plot.id, columns))])
    return plot


def plot_columns(plot: PlotInput, excluded: Iterable[tuple[Any, float | None]]) -> dict[str, Any]:
    """The columns of a plot with these (geometry, width in metres) cut out. :raises NothingLeft: they cover it."""
    west, south, east, north = (float(bound) for bound in shapely.bounds(plot.outline))
    return {
        "name": plot.name,
        "planted_on": plot.planted_on,
        "variety": plot.variety,
        "row_bearing": plot.row_bearing,
        "row_spacing_m": plot.row_spacing_m,
        "outline": plot.outline,
        "area_dm2": ground_dm2(plot.code, plot.outline, excluded),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


def overlaps_of(desk: Desk, plot: Plot) -> list[Overlap]:
    """Which other plots cover the same land as `plot`, wider than a GPS error."""
    near = desk.session.execute(
        select(Plot.code, Plot.outline).where(
            Plot.collective_id == desk.collective_id,
            Plot.id != plot.id,
            Plot.west <= plot.east,
            Plot.east >= plot.west,
            Plot.south <= plot.north,
            Plot.north >= plot.south,
        )
    )
    pairs = overlapping([(plot.code, plot.outline), *near])
    return [pair for pair in pairs if plot.code in (pair.first, pair.second)]


def upsert_plots(desk: Desk, plots: Mapping[str, Mapping[str, Any]]) -> Upserted:
    """Create or change many, by code with their :func:`plot_columns`; those that say the same are left alone."""
    return upsert(desk, Plot, "plot", plots, describe_plot)


def same_outline(one: Any, other: Any) -> bool:
    """Whether two geometries are the same to the last bit."""
    return bool(one is not None and shapely.to_wkb(one) == shapely.to_wkb(other))


def _check_parcels(desk: Desk, plot: Plot, geometry: Any) -> None:
    if same_outline(plot.outline, geometry):
        return
    rows = desk.session.execute(
        select(Parcel.code, Parcel.outline)
        .where(Parcel.collective_id == desk.collective_id, Parcel.plot_id == plot.id)
        .order_by(Parcel.code)
    )
    for code, outline in rows:
        if not shapely.intersects(outline, geometry):
            raise ParcelLeftOut(parcel=code, plot=plot.code)


def _all(desk: Desk) -> Select[tuple[Plot]]:
    return select(Plot).where(Plot.collective_id == desk.collective_id)
