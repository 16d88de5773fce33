"""Who holds which ground, as the journal seals it: one digest for all parcels of a plot, anew whenever one of them changes.

A parcel is sealed by its plot and not by itself, because an allocation writes a hundred thousand of them at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import LargeBinary, select, type_coerce

from plantation.domain.journal import canonical
from plantation.models import Parcel
from plantation.services import journal
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk

KIND = "holdings"


def holdings_of(desk: Desk, plot_ids: Sequence[int] | None = None) -> dict[int, str]:
    """Per plot id the SHA-256 over its parcels: id, code, right, household, allocation, area and outline, by id. A plot without
    parcels is left out. All plots of the collective, or those of `plot_ids`."""
    digests: defaultdict[int, Any] = defaultdict(sha256)
    for chunk in [None] if plot_ids is None else in_chunks(plot_ids):
        statement = (
            select(
                Parcel.plot_id,
                type_coerce(Parcel.outline, LargeBinary),  # the bytes themselves: nothing needs to be understood
                Parcel.id,
                Parcel.code,
                Parcel.right_id,
                Parcel.household_id,
                Parcel.allocation_id,
                Parcel.area_dm2,
            )
            .where(Parcel.collective_id == desk.collective_id)
            .order_by(Parcel.plot_id, Parcel.id)
        )
        if chunk is not None:
            statement = statement.where(Parcel.plot_id.in_(chunk))
        with desk.session.execute(statement.execution_options(yield_per=2_000)) as rows:
            for plot_id, outline, *figures in rows:
                digests[plot_id].update(canonical([*figures, sha256(outline).hexdigest()]) + b"\n")
    return {plot_id: digest.hexdigest() for plot_id, digest in digests.items()}


def seal_holdings(desk: Desk, plot_ids: Iterable[int]) -> None:
    """Write into the journal who holds what in these plots now."""
    plots = sorted(set(plot_ids))
    if not plots:
        return
    found = holdings_of(desk, plots)
    entries = [(KIND, f"plot/{plot_id}", {"plot_id": plot_id, "parcels": found.get(plot_id)}) for plot_id in plots]
    journal.append(desk, entries)
