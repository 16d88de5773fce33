"""Allocations: plans that are carried out. What a plan is and how it is made: :mod:`.allocation_plans`, brought in here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from sqlalchemy import bindparam, delete, select, update

from plantation.errors import N_, NotFound, Stale
from plantation.geometry.outline import Outline, exclude
from plantation.models import Allocation, Parcel, new_id, new_ids
from plantation.services import journal
from plantation.services.bulk import in_chunks, insert_rows
from plantation.services.desk import Desk
from plantation.services.land.allocation_inputs import AllocationInputs, read_inputs
from plantation.services.land.allocation_plans import Plan, plan_allocation, weighed_parcels
from plantation.services.land.holdings import seal_holdings
from plantation.services.land.overview import LandBalance, land_balance
from plantation.services.land.parcel_checks import check_parcels
from plantation.services.land.parcel_fates import PlannedParcel
from plantation.services.pages import Page, paginate

__all__ = [
    "check_parcels",
    "commit_allocation",
    "ground_of",
    "list_allocations",
    "load_allocation",
    "plan_allocation",
    "shortage",
]

_COLUMNS = (
    "collective_id",
    "id",
    "code",
    "plot_id",
    "right_id",
    "household_id",
    "allocation_id",
    "outline",
    "area_dm2",
)


class PlanStale(Stale):
    """The land or the people are not what they were when the plan was made."""

    template = N_("Plots, rights or parcels have changed since this plan was made. Make it again; nothing was written.")


def ground_of(outline: Any, exclusions: Iterable[tuple[Any, float | None]]) -> Any:
    """What of `outline` can be allocated, without the `exclusions`, each (geometry, width in metres or None).

    >>> ground_of(shapely.box(78.4, 40.9, 78.401, 40.901), []).geom_type
    'Polygon'
    """
    return exclude(outline if isinstance(outline, Outline) else Outline(outline), exclusions)


def shortage(desk: Desk) -> LandBalance:
    """What active rights ask for and what the plots hold: asked, available and missing, in thousandths of a mu."""
    return land_balance(desk)


def list_allocations(desk: Desk, *, page: int = 1) -> Page:
    """One page of the allocations that were carried out, the last one first."""
    statement = select(Allocation).where(Allocation.collective_id == desk.collective_id)
    return paginate(desk.session, statement.order_by(Allocation.recorded_at.desc(), Allocation.id.desc()), page)


def load_allocation(desk: Desk, allocation_id: int) -> Allocation:
    """The allocation of that id. :raises NotFound: there is none in this collective."""
    found = desk.session.get(Allocation, (desk.collective_id, allocation_id))
    if found is None:
        raise NotFound(what=N_("allocation"), code=allocation_id)
    return found


def commit_allocation(desk: Desk, plan: Plan) -> Allocation:
    """Carry out `plan`: parcels that stay are not touched, new ones are written, the land of ended rights is given back.

    :raises PlanStale: plots, exclusions, access lines, rights or parcels are not what the plan was made from, or a
        parcel that it removes has been weighed for meanwhile; nothing is written.
    """
    journal.lock(desk)
    inputs = read_inputs(desk, plan.parameters.plots)
    if inputs.digest != plan.inputs_digest:
        raise PlanStale(what=N_("plan"), code=plan.digest[:12])
    removed = [parcel_id for parcel_id, _ in plan.removed]
    if removed and weighed_parcels(desk) & set(removed):
        raise PlanStale(what=N_("plan"), code=plan.digest[:12])
    allocation = _write_allocation(desk, plan)
    _remove(desk, removed)
    changed = _write_parcels(desk, plan, inputs, allocation.id)
    figures = plan.figures
    payload = {
        "id": allocation.id,
        "rule": plan.parameters.rule,
        "shape": plan.parameters.shape,
        "seed": plan.parameters.seed,
        "digest": plan.digest,
        "asked_millimu": figures.asked_millimu,
        "available_millimu": figures.available_millimu,
        "parcels": figures.parcels,
        "changed": changed,
        "removed": len(removed),
        "waiting": figures.waiting,
        "given_dm2": figures.given_dm2,
    }
    journal.append(desk, [("allocation", str(allocation.id), payload)])
    seal_holdings(desk, [plot.id for plot in inputs.plots])
    _forget_parcels(desk)
    return allocation


def _write_allocation(desk: Desk, plan: Plan) -> Allocation:
    allocation = Allocation(
        collective_id=desk.collective_id,
        id=new_id(),
        rule=plan.parameters.rule,
        shape=plan.parameters.shape,
        seed=plan.parameters.seed,
        asked_millimu=plan.figures.asked_millimu,
        available_millimu=plan.figures.available_millimu,
        report=report_of(plan),
        recorded_at=desk.now,
        recorded_by=desk.actor,
    )
    desk.session.add(allocation)
    desk.session.flush()
    return allocation


def report_of(plan: Plan) -> str:
    """The plan's record as JSON: parameters, figures, what everyone got in the order of the draw, lanes, notes."""
    parameters = {name: getattr(plan.parameters, name) for name in plan.parameters.__slots__}
    return json.dumps(
        {
            "digest": plan.digest,
            "parameters": parameters,
            "figures": {**plan.figures._asdict(), "missing_millimu": plan.figures.missing_millimu},
            "shares": [list(share) for share in plan.shares],
            "notes": [list(note) for note in plan.notes],
            "lanes": [[plot, json.loads(shapely.to_geojson(shape))] for plot, shape in plan.lanes],
            "remainders": [[plot, json.loads(shapely.to_geojson(shape))] for plot, shape in plan.remainders],
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _forget_parcels(desk: Desk) -> None:
    """Bulk statements pass by what a session has loaded: it reads parcels again."""
    for row in list(desk.session.identity_map.values()):
        if isinstance(row, Parcel):
            desk.session.expire(row)


def _remove(desk: Desk, ids: Sequence[int]) -> None:
    for chunk in in_chunks(ids):
        desk.session.execute(
            delete(Parcel)
            .where(Parcel.collective_id == desk.collective_id, Parcel.id.in_(chunk))
            .execution_options(synchronize_session=False)
        )


def _write_parcels(desk: Desk, plan: Plan, inputs: AllocationInputs, allocation_id: int) -> int:
    """Insert the new ones, change those that got another holder or outline; returns how many rows that were."""
    plots = {plot.code: plot.id for plot in inputs.plots}
    rights = {right.code: (right.id, right.household_id) for right in inputs.rights}
    rights |= {row.right_code: (row.right_id, row.household_id) for row in inputs.standing if row.right_code}
    standing = {row.id: row for row in inputs.standing}
    new, moved, handed = [], [], []
    for parcel in plan.parcels:
        right_id, household_id = rights[parcel.right_code] if parcel.right_code else (None, None)
        row = standing.get(parcel.standing_id) if parcel.standing_id is not None else None
        holder = {"right_id": right_id, "household_id": household_id}
        if row is None:
            new.append((parcel, plots[parcel.plot_code], right_id, household_id))
        elif not parcel.is_kept:
            place = {"code": parcel.code, "outline": parcel.outline, "area_dm2": parcel.area_dm2, "plot_id": plots[parcel.plot_code]}
            moved.append({"row_id": row.id, **holder, **place, "allocation_id": allocation_id})
        elif (row.right_id, row.household_id) != (right_id, household_id):
            handed.append({"row_id": row.id, **holder})
    _update(desk, moved)
    _update(desk, handed)
    _insert(desk, new, allocation_id)
    return len(new) + len(moved) + len(handed)


def _insert(desk: Desk, new: Sequence[tuple[PlannedParcel, int, int | None, int | None]], allocation_id: int) -> None:
    ids = new_ids(max(1, len(new)))
    insert_rows(
        desk.session,
        Parcel,
        _COLUMNS,
        [
            (desk.collective_id, key, one.code, plot, right, household, allocation_id, one.outline, one.area_dm2)
            for key, (one, plot, right, household) in zip(ids, new, strict=False)
        ],
    )


def _update(desk: Desk, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    table = Parcel.__table__
    names = [name for name in rows[0] if name != "row_id"]
    statement = (
        update(table)
        .where(table.c.collective_id == desk.collective_id, table.c.id == bindparam("row_id"))
        .values({name: bindparam(name) for name in names})
    )
    for chunk in in_chunks(rows):
        desk.session.connection().execute(statement, chunk)
