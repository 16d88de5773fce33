"""The land as it was last recorded: boundaries, areas, planting, what is cut out, access lines, who holds what, and the draws."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import shapely
from sqlalchemy import select

from plantation.errors import N_, Refusal
from plantation.models import Allocation, JournalEntry, Parcel, Plot, Right
from plantation.services.desk import Desk
from plantation.services.land.exclusions import digest, exclusions_rows, list_access
from plantation.services.land.holdings import KIND as HOLDINGS
from plantation.services.land.holdings import holdings_of
from plantation.services.land.plot_ground import PLANTING, planting_of
from plantation.services.proof.master_checks import MasterChanged, MasterInvented, MasterMissing

Advance = Callable[[int], None]
BOX = ("west", "south", "east", "north")


class HolderAstray(Refusal):
    """The right says one household, the parcel another."""

    template = N_("Parcel %(parcel)s is not held by the household that has its right %(right)s.")


def check_ground(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """The first plot, exclusion, access line, parcel or allocation that is not as it was last recorded, or None."""
    return (
        _plots(desk, through, advance)
        or _access(desk, through)
        or _holdings(desk, through, advance)
        or _holders(desk)
        or _allocations(desk, through, advance)
    )


def _said(desk: Desk, through: int, kind: str) -> list[dict[str, Any]]:
    entries = desk.session.scalars(
        select(JournalEntry.payload)
        .where(JournalEntry.collective_id == desk.collective_id, JournalEntry.kind == kind, JournalEntry.sequence <= through)
        .order_by(JournalEntry.sequence)
    )
    return [json.loads(payload) for payload in entries]


def _plots(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    last: dict[int, dict[str, Any]] = {}
    for said in _said(desk, through, "plot"):
        last.setdefault(said["id"], {}).update(said)
    cut_out = exclusions_rows(desk)
    rows = {row.id: row for row in desk.session.execute(
        select(Plot.id, Plot.code, Plot.outline, Plot.area_dm2, *[getattr(Plot, name) for name in (*PLANTING, *BOX)])
        .where(Plot.collective_id == desk.collective_id).order_by(Plot.code)
    )}  # fmt: skip
    for id_, row in rows.items():
        advance(1)
        said = last.get(id_)
        if said is None:
            return MasterInvented(what=N_("plot"), name=row.code)
        found = {
            "code": row.code,
            "area_dm2": row.area_dm2,
            "outline": hashlib.sha256(shapely.to_wkb(row.outline, byte_order=1)).hexdigest(),
            "exclusions": digest(cut_out.get(id_, [])),
            **planting_of(row),
        }
        expected = {"exclusions": digest([])} | said
        for field, value in found.items():
            if field in expected and expected[field] != value:
                return MasterChanged(what=N_("plot"), name=row.code, field=field, found=value, sealed=expected[field])
        # By its box a plot is found that another one overlaps.
        for field, bound in zip(BOX, shapely.bounds(row.outline).tolist(), strict=True):
            if getattr(row, field) != bound:
                return MasterChanged(what=N_("plot"), name=row.code, field=field, found=getattr(row, field), sealed=bound)
    for id_, said in last.items():
        if id_ not in rows:
            return MasterMissing(what=N_("plot"), name=said.get("code", str(id_)))
    return None


def _access(desk: Desk, through: int) -> Refusal | None:
    said = _said(desk, through, "access")
    lines = [shapely.to_wkb(one.line, byte_order=1) for one in list_access(desk)]
    found = hashlib.sha256(b"".join(sorted(lines))).hexdigest()
    sealed = said[-1]["outline"] if said else hashlib.sha256(b"").hexdigest()
    if found != sealed:
        return MasterChanged(what=N_("access line"), name=desk.collective.code, field="outline", found=found, sealed=sealed)
    return None


def _holdings(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    sealed = {said["plot_id"]: said["parcels"] for said in _said(desk, through, HOLDINGS)}
    found = holdings_of(desk)
    codes = dict(desk.session.execute(select(Plot.id, Plot.code).where(Plot.collective_id == desk.collective_id)).all())
    for plot_id, parcels in sealed.items():
        advance(1)
        if found.get(plot_id) != parcels:
            name, none = codes.get(plot_id, str(plot_id)), "–"
            is_, said = found.get(plot_id) or none, parcels or none
            return MasterChanged(what=N_("plot"), name=name, field="parcels", found=is_, sealed=said)
    return None


def _holders(desk: Desk) -> Refusal | None:
    astray = desk.session.execute(
        select(Parcel.code, Right.code)
        .join(Right, (Right.collective_id == Parcel.collective_id) & (Right.id == Parcel.right_id))
        .where(Parcel.collective_id == desk.collective_id, Parcel.household_id.is_distinct_from(Right.household_id))
        .order_by(Parcel.code)
        .limit(1)
    ).first()
    return None if astray is None else HolderAstray(parcel=astray[0], right=astray[1])


def _allocations(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    sealed = {said["id"]: said for said in _said(desk, through, "allocation")}
    fields = ("rule", "shape", "seed", "asked_millimu", "available_millimu")
    rows = {one.id: one for one in desk.session.scalars(
        select(Allocation).where(Allocation.collective_id == desk.collective_id)
    )}  # fmt: skip
    for id_, row in rows.items():
        advance(1)
        said = sealed.get(id_)
        if said is None:
            return MasterInvented(what=N_("allocation"), name=str(id_))
        for field in fields:
            found = getattr(row, field)
            found = str(found) if isinstance(found, str) else found
            if said[field] is not None and found != said[field]:
                return MasterChanged(what=N_("allocation"), name=str(id_), field=field, found=found, sealed=said[field])
    for id_ in sealed:
        if id_ not in rows:
            return MasterMissing(what=N_("allocation"), name=str(id_))
    return None
