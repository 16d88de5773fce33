"""After an import: land that two plots or two parcels cover. It is taken as the files have it, and said."""

from __future__ import annotations

from itertools import islice

from sqlalchemy import select

from plantation.errors import N_, Fault, Refusal
from plantation.exchange.tables import Row, Table
from plantation.geometry.outline import overlapping
from plantation.models import Plot
from plantation.services.folder.import_desk import ImportDesk
from plantation.services.land.parcel_checks import parcel_faults

MOST_NOTES = 50


class PlotsShareLand(Refusal):
    """Two plots overlap by more than a GPS error: no allocation takes both."""

    template = N_(
        "Plots %(first)s and %(second)s cover the same land: %(area_m2)s m², up to %(width_m)s m wide at (%(lon)s, %(lat)s). "
        "No plan takes both until one is mended."
    )


def note_land(work: ImportDesk) -> None:
    """Note plots of the collective that overlap by more than a GPS error, and parcels that `plantation verify` would find
    wrong, where the import changed plots or parcels."""
    done = [work.counts[name] for name in ("plots", "parcels") if name in work.counts]
    if work.faults or not any(one.created or one.changed for one in done):
        return
    plots = work.desk.session.execute(select(Plot.code, Plot.outline).where(Plot.collective_id == work.desk.collective_id))
    for pair in overlapping(plots.all())[:MOST_NOTES]:
        figures = {"area_m2": f"{pair.area_m2:,.2f}", "width_m": f"{pair.width_m:.1f}", "lon": pair.place[0], "lat": pair.place[1]}
        work.notes.append(Fault("plots.geojson", 0, "", PlotsShareLand(first=pair.first, second=pair.second, **figures)))
    for fault in islice(parcel_faults(work.desk), MOST_NOTES):
        table, row = work.parcel_rows.get(fault.figures["parcel"]) or (Table("parcels.geojson"), Row(0, {}))
        work.note(table, row, fault, "geometry" if row.number else "")
