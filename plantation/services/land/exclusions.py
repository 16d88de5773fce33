"""What cannot be planted inside a plot (roads, canals, rocks, buildings), and the lines from which parcels are reached."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import delete, select

from plantation.domain.words import ExclusionKind
from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.exchange.geojson import canonical
from plantation.models import AccessLine, Exclusion, Plot, new_ids
from plantation.services import journal
from plantation.services.bulk import insert_rows
from plantation.services.desk import Desk
from plantation.services.land.plot_ground import describe_plot, exclusions_of, ground_dm2
from plantation.services.master_data import Problems, flush, raise_first

MOST_WIDTH_M = 200.0
_AREAS = {"Polygon", "MultiPolygon"}
_LINES = {"LineString", "MultiLineString"}


class WidthMissing(Refusal, ValueError):
    """A line covers no land by itself."""

    template = N_("A line needs its width in metres, above 0 and at most %(most_m)s.")


class WidthOutOfRange(Refusal, ValueError):
    """A canal as wide as a lake."""

    template = N_("A width of %(width_m)s m is not possible: it must be above 0 and at most %(most_m)s m.")


class ExclusionOutside(Refusal):
    """It takes nothing off the plot."""

    template = N_("This %(kind)s lies outside plot %(plot)s.")


@dataclass(frozen=True, slots=True)
class ExclusionInput:
    """A polygon, or a line with its width, in longitude and latitude."""

    kind: str
    outline: Any
    width_m: float | None = None


def exclusion_problems(exclusion: ExclusionInput) -> Problems:
    """Yield (field, refusal) for everything that is wrong with it.

    >>> canal = shapely.LineString([(78.4, 40.9), (78.401, 40.9)])
    >>> [(field, str(refusal)) for field, refusal in exclusion_problems(ExclusionInput("canal", canal))]
    [('width_m', 'A line needs its width in metres, above 0 and at most 200.')]
    >>> list(exclusion_problems(ExclusionInput("canal", canal, 3.0)))
    []
    """
    if exclusion.kind not in set(ExclusionKind):
        yield "kind", BadValue(value=exclusion.kind[:40], expected=N_("road, canal, rock, building or other"))
    shape = shapely.get_type_id(exclusion.outline)
    name = "" if shape < 0 else exclusion.outline.geom_type
    if name not in _AREAS | _LINES:
        yield "outline", BadValue(value=name or "nothing", expected=N_("a polygon, or a line with its width"))
        return
    if name in _LINES and exclusion.width_m is None:
        yield "width_m", WidthMissing(most_m=f"{MOST_WIDTH_M:g}")
    if exclusion.width_m is not None and not 0 < exclusion.width_m <= MOST_WIDTH_M:
        yield "width_m", WidthOutOfRange(width_m=f"{exclusion.width_m:g}", most_m=f"{MOST_WIDTH_M:g}")


def list_exclusions(desk: Desk, plot: Plot) -> Sequence[Exclusion]:
    """What is cut out of `plot`, in the order in which it was added."""
    statement = select(Exclusion).where(Exclusion.collective_id == desk.collective_id, Exclusion.plot_id == plot.id)
    return desk.session.scalars(statement.order_by(Exclusion.id)).all()


def add_exclusion(desk: Desk, plot: Plot, *, kind: str, outline: Any, width_m: float | None = None) -> Exclusion:
    """Cut something out of `plot`, whose area becomes what is left.

    :raises Refusal: as :func:`exclusion_problems`; ExclusionOutside; NothingLeft; Stale.
    """
    journal.lock(desk)
    given = ExclusionInput(kind, outline, width_m)
    raise_first(exclusion_problems(given))
    if outline.geom_type in _AREAS:
        width_m = None
    before = exclusions_of(desk, [plot.id])[plot.id]
    area_dm2 = ground_dm2(plot.code, plot.outline, [*before, (outline, width_m)])
    if area_dm2 == plot.area_dm2 and not shapely.intersects(outline, plot.outline):
        raise ExclusionOutside(kind=kind, plot=plot.code)
    exclusion = Exclusion(collective_id=desk.collective_id, plot_id=plot.id, kind=str(kind), outline=outline, width_m=width_m)
    desk.session.add(exclusion)
    _save_area(desk, plot, area_dm2)
    return exclusion


def remove_exclusion(desk: Desk, plot: Plot, exclusion_id: int) -> None:
    """Give `plot` back what was cut out. :raises NotFound: this plot has no such exclusion. :raises Stale:"""
    journal.lock(desk)
    exclusion = next((one for one in list_exclusions(desk, plot) if one.id == exclusion_id), None)
    if exclusion is None:
        raise NotFound(what=N_("exclusion"), code=exclusion_id)
    desk.session.delete(exclusion)
    desk.session.flush()
    _save_area(desk, plot, ground_dm2(plot.code, plot.outline, exclusions_of(desk, [plot.id])[plot.id]))


def _save_area(desk: Desk, plot: Plot, area_dm2: int) -> None:
    plot.area_dm2 = area_dm2
    flush(desk, plot, N_("plot"))
    columns = {"outline": plot.outline, "area_dm2": area_dm2}
    payload = describe_plot(plot.code, plot.id, columns) | {"exclusions": digest(list_exclusions(desk, plot))}
    journal.append(desk, [("plot", plot.code, payload)])


def replace_exclusions(desk: Desk, by_plot: Mapping[int, tuple[str, Sequence[ExclusionInput]]]) -> int:
    """Give each plot (by id, with its code) exactly these exclusions, checked already; returns how many plots changed.

    Plots' areas are written by who calls: they are columns of the plot.
    """
    stored: dict[int, list[Exclusion]] = {plot_id: [] for plot_id in by_plot}
    statement = select(Exclusion).where(Exclusion.collective_id == desk.collective_id).order_by(Exclusion.id)
    for one in desk.session.scalars(statement):
        if one.plot_id in stored:
            stored[one.plot_id].append(one)
    changed = [plot_id for plot_id, (_, wanted) in by_plot.items() if sorted(map(_key, stored[plot_id])) != sorted(map(_key, wanted))]
    if not changed:
        return 0
    table = Exclusion.__table__
    desk.session.connection().execute(delete(Exclusion).where(table.c.collective_id == desk.collective_id, table.c.plot_id.in_(changed)))
    desk.session.expire_all()
    rows = [(plot_id, str(one.kind), one.outline, one.width_m) for plot_id in changed for one in by_plot[plot_id][1]]
    columns = ("collective_id", "id", "plot_id", "kind", "outline", "width_m")
    ids = new_ids(max(1, len(rows)))
    insert_rows(desk.session, Exclusion, columns, [(desk.collective_id, i, *row) for i, row in zip(ids, rows, strict=False)])
    entries = [("plot", by_plot[plot_id][0], {"id": plot_id, "exclusions": digest(by_plot[plot_id][1])}) for plot_id in changed]
    journal.append(desk, entries)
    return len(changed)


def exclusions_rows(desk: Desk) -> dict[int, list[Exclusion]]:
    """Every exclusion of the collective, by its plot."""
    found: dict[int, list[Exclusion]] = {}
    for one in desk.session.scalars(select(Exclusion).where(Exclusion.collective_id == desk.collective_id)):
        found.setdefault(one.plot_id, []).append(one)
    return found


def list_access(desk: Desk) -> Sequence[AccessLine]:
    """The collective's access lines, in the order in which they were added."""
    statement = select(AccessLine).where(AccessLine.collective_id == desk.collective_id)
    return desk.session.scalars(statement.order_by(AccessLine.id)).all()


def replace_access(desk: Desk, lines: Sequence[tuple[str, Any]]) -> bool:
    """Give the collective exactly these (kind, line); True when that changed something."""
    stored = sorted((one.kind, shapely.to_wkb(canonical(one.line))) for one in list_access(desk))
    if stored == sorted((kind, shapely.to_wkb(canonical(line))) for kind, line in lines):
        return False
    desk.session.execute(delete(AccessLine).where(AccessLine.collective_id == desk.collective_id))
    ids = new_ids(max(1, len(lines)))
    insert_rows(
        desk.session,
        AccessLine,
        ("collective_id", "id", "kind", "line"),
        [(desk.collective_id, i, kind, line) for i, (kind, line) in zip(ids, lines, strict=False)],
    )
    whole = hashlib.sha256(b"".join(sorted(shapely.to_wkb(line, byte_order=1) for _, line in lines))).hexdigest()
    journal.append(desk, [("access", desk.collective.code, {"lines": len(lines), "outline": whole})])
    return True


def digest(exclusions: Iterable[Any]) -> str:
    """A hash by which a plot's exclusions can be recognised, in whatever order they stand."""
    whole = hashlib.sha256()
    for kind, outline, width_m in sorted(map(_key, exclusions)):
        whole.update(f"{kind} {width_m} ".encode() + outline)
    return whole.hexdigest()


def _key(exclusion: Any) -> tuple[str, bytes, str]:
    width_m = None if exclusion.width_m is None else float(exclusion.width_m)  # 3 is read back as 3.0
    return str(exclusion.kind), shapely.to_wkb(canonical(exclusion.outline), byte_order=1), repr(width_m)
