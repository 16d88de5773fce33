"""The ground of a plot: what its exclusions leave, which is what can be allocated."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from sqlalchemy import select

from plantation.errors import N_, Refusal
from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.outline import Outline, exclude
from plantation.models import Exclusion
from plantation.services.desk import Desk
from plantation.units import SquareDecimetres, m2_to_dm2

# What stands on a plot: the forecast, the yields and a lot's age come from it.
PLANTING = ("planted_on", "variety", "row_bearing", "row_spacing_m")


class NothingLeft(Refusal):
    """The exclusions cover the plot."""

    template = N_("Nothing is left of plot %(plot)s: its exclusions cover it.")


def ground_dm2(code: str, outline: Any, excluded: Iterable[tuple[Any, float | None]]) -> SquareDecimetres:
    """What of a plot can be allocated: the geodesic area that its exclusions leave.

    >>> ground_dm2("P1", shapely.box(78.4, 40.9, 78.401, 40.901), [])
    935742

    :raises NothingLeft: less than 1 dm².
    """
    area_dm2 = m2_to_dm2(geodesic_area_m2(exclude(Outline(outline), excluded)))
    if area_dm2 < 1:
        raise NothingLeft(plot=code)
    return area_dm2


def exclusions_of(desk: Desk, plot_ids: Sequence[int]) -> dict[int, list[tuple[Any, float | None]]]:
    """Per plot id what is cut out of it: (geometry, width in metres)."""
    found: dict[int, list[tuple[Any, float | None]]] = {plot_id: [] for plot_id in plot_ids}
    rows = desk.session.execute(
        select(Exclusion.plot_id, Exclusion.outline, Exclusion.width_m)
        .where(Exclusion.collective_id == desk.collective_id, Exclusion.plot_id.in_(plot_ids))
        .order_by(Exclusion.id)
    )
    for plot_id, geometry, width_m in rows:
        found[plot_id].append((geometry, width_m))
    return found


def describe_plot(code: str, row_id: int, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of a plot's journal entry: its area, a hash by which its boundary can be recognised, and, where `columns` have
    them, what stands on it and since when."""
    digest = hashlib.sha256(shapely.to_wkb(columns["outline"], byte_order=1)).hexdigest()
    planting = {name: _plain(columns[name]) for name in PLANTING if name in columns}
    return {"id": row_id, "code": code, "area_dm2": columns["area_dm2"], "outline": digest, **planting}


def planting_of(row: Any) -> dict[str, Any]:
    """What stands on the plot of `row`, as its journal entry says it."""
    return {name: _plain(getattr(row, name)) for name in PLANTING}


def _plain(value: Any) -> Any:
    # A float has no canonical form in the journal; its shortest text has.
    return value if value is None or isinstance(value, str) else value.isoformat() if isinstance(value, dt.date) else repr(float(value))
