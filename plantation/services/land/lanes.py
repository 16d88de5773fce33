"""The lanes that allocations laid, as their records hold them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from shapely.geometry import shape
from sqlalchemy import select

from plantation.geometry.standing import Lane
from plantation.models import Allocation
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk


def lanes_of(desk: Desk, allocation_ids: Iterable[int | None]) -> list[Lane]:
    """The lanes of these allocations, an older one's again where a later one left them; `standing_lanes` says which of
    them still are lanes."""
    lanes = []
    for chunk in in_chunks(sorted({id_ for id_ in allocation_ids if id_ is not None})):
        reports = desk.session.scalars(
            select(Allocation.report).where(Allocation.collective_id == desk.collective_id, Allocation.id.in_(chunk))
        )
        for report in reports:
            lanes += [Lane(plot, shape(outline)) for plot, outline in json.loads(report).get("lanes", ())]
    return lanes
