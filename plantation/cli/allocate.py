"""`plantation allocate` and `plantation draw verify`: from files to files, without a database."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from plantation.errors import N_, Faulty, Refusal

if TYPE_CHECKING:
    from plantation.geometry.allocation import Allocation, ExistingParcel, PlotInput

DEFAULT_SEED = "plantation"
WIDEST_LANE_M = 50.0
MOST_NOTES = 20
FILE = click.Path(path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


class SameFile(Refusal):
    """An input would be overwritten."""

    template = N_("%(file)s is read and written: choose another place for what is written.")


class NoSuchFile(Refusal):
    """A file that is to be read."""

    template = N_("There is no file %(file)s.")


class DrawDiffers(Refusal):
    """The parcels are not as the draw has them."""

    template = N_("%(difference)s Parcels that differ from the draw: %(count)s.")


class StaysWrong(Refusal):
    """Existing parcels that overlap or lie outside their plot."""

    template = N_("%(fault)s Mend the existing parcels first: they stay as they are.")


class Finite(click.FloatRange):
    """A plain number in a range; nan and inf are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is no number.", param, ctx)
        return number


@click.command()
@click.argument("plots", type=FILE)
@click.argument("rights", type=FILE)
@click.option("-o", "--output", "parcels", type=FILE, required=True, help="Parcels: .geojson, .gpkg or .shp.")
@click.option("--rule", type=click.Choice(["strict", "prorate", "waitlist"]), default="strict", show_default=True,
              help="What happens when land is short.")  # fmt: skip
@click.option("--seed", help="The seed of the public draw, such as the numbers that dice showed.")
@click.option("--access", type=FILE, help="Lines from which parcels may be reached; without it, the plots' outer edges.")
@click.option("--exclusions", type=FILE, help="Land that cannot be allocated: polygons, or lines with width_m.")
@click.option("--zones", type=FILE, help="Quality of land: polygons with a factor; entitlements are then equal in value.")
@click.option("--existing", type=FILE, help="Parcels of an earlier allocation: they stay where they are.")
@click.option("--existing-lanes", type=FILE, help="Lanes of an earlier allocation: those that lead to parcels that stay, stay.")
@click.option("--shape", type=click.Choice(["compact", "strips"]), default="compact", show_default=True)
@click.option("--row-bearing", type=Finite(-360, 360), metavar="DEG", help="Bearing of the planting rows, from north over east.")
@click.option("--lane-width", type=Finite(0, WIDEST_LANE_M), metavar="M", default=0.0, help="Lay lanes this wide to parcels inside.")
@click.option("--lanes", type=FILE, help="Write the lanes as well: .geojson, .gpkg or .shp.")
@click.option("--on", "on", type=DAY, metavar="DATE", help="The day on which a right must be in force (default: today).")
@click.option("--report", type=FILE, help="All figures as JSON.")
def allocate(
    plots: Path, rights: Path, parcels: Path, lanes: Path | None, report: Path | None, on: dt.datetime | None, **options: Any
) -> None:
    """Divide PLOTS into one parcel for each right of RIGHTS and draw who gets which.

    PLOTS is GeoJSON, GeoPackage, Shapefile, KML, KMZ or GPX; RIGHTS is .csv or .xlsx.
    """
    from plantation.exchange.allocation_files import write_lanes, write_parcels
    from plantation.exchange.map_files import WRITABLE, check_writable, write_report
    from plantation.geometry.report import report_of
    from plantation.geometry.rests import collector_rests

    inputs = [plots, rights, *(options[name] for name in ("access", "exclusions", "zones", "existing", "existing_lanes") if options[name])]
    _check_apart(inputs, [path for path in (parcels, lanes, report) if path is not None])
    for path in (parcels, lanes):
        if path is not None:
            check_writable(path, WRITABLE)
    if report is not None:
        check_writable(report, (".json", ".geojson", ".txt"))
    with collector_rests():
        allocation, repairs, resting = _allocate(plots, rights, on, options)
        document = report_of(allocation)
        document["resting"] = resting
        document["repairs"] = [{"plot": plot, "text": str(repair), "lon": repair.place[0], "lat": repair.place[1],
                                "size_m": round(repair.size, 3), "count": repair.count} for plot, repair in repairs]  # fmt: skip
        write_parcels(parcels, allocation.parcels)
        if lanes is not None:
            write_lanes(lanes, allocation.lanes)
        if report is not None:
            write_report(report, document)
    _tell(allocation, document, parcels, report)


def _allocate(plots: Path, rights: Path, on: dt.datetime | None, options: dict[str, Any]) -> tuple[Allocation, list, list[str]]:
    """Read everything, all faults of all files at once, and allocate."""
    from plantation.domain.usufruct import taking_part
    from plantation.exchange import allocation_files as files
    from plantation.exchange.rights import read_rights
    from plantation.geometry.allocation import RightInput, allocate
    from plantation.geometry.standing import standing_lanes

    faults = []

    def read(reader: Callable[[Path], Any], path: Path | None, otherwise: Any) -> Any:
        try:
            return reader(path) if path is not None else otherwise
        except Faulty as faulty:
            faults.extend(faulty.faults)
            return otherwise

    land = read(files.read_plots, plots, files.Plots())
    # Where the plots have faults, what is not among them is no fault of its own.
    codes = {plot.code for plot in land.plots} if not faults else None
    listed = read(read_rights, rights, [])
    access = read(files.read_access, options["access"], None)
    exclusions = read(lambda path: files.read_exclusions(path, codes), options["exclusions"], [])
    zones = read(files.read_zones, options["zones"], [])
    existing = read(files.read_existing, options["existing"], [])
    lanes = read(files.read_lanes, options["existing_lanes"], [])
    if faults:
        raise Faulty(faults)
    part, rest = taking_part(listed, on=_day(on))
    there = {right.code for right in part}
    _check_stays(land.plots, existing, there)
    seed = options["seed"]
    if seed is None:
        seed = DEFAULT_SEED
        click.echo(f"No --seed was given: the draw uses “{seed}”. A public draw needs one that nobody could know before.", err=True)
    lanes = standing_lanes(lanes, [(parcel.plot, parcel.geometry) for parcel in existing if parcel.right in there])
    with _progress(len(part)) as progress:
        allocation = allocate(
            land.plots, [RightInput(right.code, right.household, right.entitlement_millimu, right.beside) for right in part],
            rule=options["rule"], seed=seed, existing=existing, lanes=lanes, access=access, exclusions=exclusions, shape=options["shape"],
            row_bearing=options["row_bearing"], lane_width_m=options["lane_width"], zones=zones, progress=progress,
        )  # fmt: skip
    return allocation, land.repairs, sorted(right.code for right in rest)


def _check_stays(plots: Sequence[PlotInput], existing: Sequence[ExistingParcel], rights: Collection[str]) -> None:
    """Parcels that stay lie within their plots and beside each other, to a GPS error: no plan could mend it."""
    from plantation.geometry.coverage import Tile, faults
    from plantation.geometry.outline import GPS_ERROR_M

    stay: dict[str, list[Tile]] = defaultdict(list)
    for parcel in existing:
        if parcel.right in rights:
            stay[parcel.plot].append(Tile(parcel.code, parcel.geometry, draw=parcel.code, slack_m=GPS_ERROR_M))
    for plot in sorted(plots, key=lambda plot: plot.code):
        for fault in faults(plot.outline, stay[plot.code], gaps=False):
            raise StaysWrong(fault=str(fault))


def _check_apart(inputs: list[Path], outputs: list[Path]) -> None:
    for path in inputs:
        if not path.is_file():
            raise NoSuchFile(file=path)
    seen = {path.resolve() for path in inputs}
    for path in outputs:
        if path.resolve() in seen:
            raise SameFile(file=path)
        seen.add(path.resolve())


def _day(on: dt.datetime | None) -> dt.date:
    return on.date() if on is not None else dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty() or total < 500:
        yield None
        return
    with click.progressbar(length=total, label="Parcels", file=sys.stderr) as bar:
        yield lambda done, count: bar.update(max(0, round(done * total / max(1, count)) - bar.pos))


def _tell(allocation: Allocation, document: dict[str, Any], parcels: Path, report: Path | None) -> None:
    click.echo(document["sentence"])
    got = Counter((row["asked_mu"], row["got_mu"], row["waiting"] is not None) for row in document["rights"])
    for (asked_mu, got_mu, waits), count in sorted(got.items(), reverse=True):
        click.echo(f"  {asked_mu:g} mu → {'waiting' if waits else f'{got_mu:g} mu'}: {count}")
    figures = document["figures"]
    if allocation.remainders:
        click.echo(f"  left over: {figures['remainder_m2']:,.2f} m²")
    if allocation.lanes:
        click.echo(f"  lanes: {figures['lanes_m2']:,.2f} m²")
    _list([f"{repair['plot']}: {repair['text']}" for repair in document["repairs"]], "repairs", report)
    if document["resting"]:
        click.echo(f"Not active or not in force, so without a parcel: {_some(document['resting'])}", err=True)
    _list(allocation.notes, "notes", report)
    click.echo(f"{len(allocation.parcels)} parcels written to {parcels}.")


def _list(lines: Sequence[Any], what: str, report: Path | None) -> None:
    for line in lines[:MOST_NOTES]:
        click.echo(str(line), err=True)
    if len(lines) > MOST_NOTES:
        where = f"see {report}" if report else "--report FILE has them all"
        click.echo(f"… and {len(lines) - MOST_NOTES} {what} more: {where}.", err=True)


def _some(codes: list[str]) -> str:
    return ", ".join(codes[:MOST_NOTES]) + (f" and {len(codes) - MOST_NOTES} more" if len(codes) > MOST_NOTES else "")


@click.group()
def draw() -> None:
    """Recompute the public draw."""


@draw.command()
@click.argument("parcels", type=FILE)
@click.argument("rights", type=FILE)
@click.option("--seed", required=True, help="The seed that was drawn with.")
@click.option("--on", "on", type=DAY, metavar="DATE", help="The day of the allocation (default: today).")
def verify(parcels: Path, rights: Path, seed: str, on: dt.datetime | None) -> None:
    """Check that the draw with --seed gives the PARCELS to the RIGHTS that they name."""
    from plantation.domain.draw import DrawnRight, differences
    from plantation.domain.usufruct import taking_part
    from plantation.exchange.allocation_files import read_drawn
    from plantation.exchange.rights import read_rights

    _check_apart([parcels, rights], [])
    drawn = read_drawn(parcels)
    part, _ = taking_part(read_rights(rights), on=_day(on))
    found = differences(drawn, [DrawnRight(right.code, right.entitlement_millimu, right.beside) for right in part], seed)
    if found:
        raise DrawDiffers(difference=str(found[0]), count=len(found))
    click.echo(f"{len(drawn)} parcels are as the draw with the seed “{seed}” has them.")
