"""Exporting a collective's folder: the same rows always give the same bytes, whatever database they come from.

Everything is ordered here and not by the database, because databases sort texts differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import func, select

from plantation.exchange.cells import guard
from plantation.exchange.csv_tables import csv_lines
from plantation.models import (
    AccessLine,
    Deduction,
    Exclusion,
    Household,
    Parcel,
    Payment,
    Plot,
    Price,
    PurchaseLine,
    Right,
    Season,
    Settlement,
    Weighing,
    WeighingShare,
)  # fmt: skip
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.folder.export_fruit import payment_rows, purchase_rows, share_rows, weighing_rows
from plantation.services.folder.export_maps import access_lines, exclusion_lines, parcel_lines, plot_lines
from plantation.services.folder.fact_files import fact_rows, has_rows, header, in_order, name_of
from plantation.services.money.earnings import earnings_all
from plantation.units import format_kg, format_mu, format_percent, format_yuan

Rows = Iterable[Sequence[str]]
Progress = Callable[[int], object]

PIECE = 100  # lines that are held at a time: among them may be pictures
_COUNTED = (
    Plot, Exclusion, AccessLine, Parcel, Household, Right, Season, Price, Deduction, Settlement, Weighing, WeighingShare, PurchaseLine, Payment,
)  # fmt: skip

HEADERS: dict[str, tuple[str, ...]] = {
    "households": ("code", "name", "members", "phone"),
    "rights": ("code", "household", "entitlement_mu", "from", "to", "status"),
    "seasons": ("code", "from", "to", "mode", "tolerance_pct"),
    "prices": ("season", "grade", "valid_from", "price_yuan_per_kg"),
    "deductions": ("season", "code", "name", "kind", "value"),
    "settlements": ("season", "number", "settled_at", "settled_by"),
    "weighings": (
        "id", "slip", "season", "time", "household", "plot", "parcel", "grade", "gross_kg", "tare_kg",
        "deduction_pct", "picker", "piece_rate_yuan_per_kg", "reverses", "reason", "settlement",
    ),
    "weighing_shares": ("weighing", "parcel", "household", "area_m2", "net_kg"),
    "purchases": (
        "number", "season", "date", "buyer", "source", "grade", "net_kg", "price_yuan_per_kg",
        "settlement", "reverses", "reason",
    ),
    "payments": ("season", "household", "date", "method", "amount_yuan", "reference", "reason"),
    "earnings": (
        "season", "household", "net_kg", "gross_yuan", "deductions_yuan", "picking_yuan", "net_yuan",
        "paid_yuan", "balance_yuan",
    ),
}  # fmt: skip


NUMBERS = frozenset(
    "members entitlement_mu tolerance_pct price_yuan_per_kg gross_kg tare_kg deduction_pct piece_rate_yuan_per_kg"
    " area_m2 net_kg amount_yuan gross_yuan deductions_yuan picking_yuan net_yuan paid_yuan balance_yuan".split()
)


def count_lines(desk: Desk) -> int:
    """About how many lines the folder will have: what `progress` of the functions below counts up to."""
    counts = {
        table: desk.session.scalar(select(func.count()).select_from(table).where(table.collective_id == desk.collective_id)) or 0
        for table in (*_COUNTED, *in_order())
    }
    return sum(counts.values()) + counts[Season] * counts[Household]


def export_files(desk: Desk, progress: Progress = lambda lines: None) -> Iterator[tuple[str, Iterator[str]]]:
    """(file name, its text in pieces) of every file of the folder; each must be read to its end before the next. `progress` is told
    how many lines more there are."""
    yield from export_maps(desk, progress)
    for name, rows in _tables().items():
        yield f"{name}.csv", _in_pieces(csv_lines(HEADERS[name], rows(desk)), progress)
    for table in in_order():
        if has_rows(desk, table):
            yield f"{name_of(table)}.csv", _in_pieces(csv_lines(header(table), fact_rows(desk, table)), progress)


def export_maps(desk: Desk, progress: Progress = lambda lines: None) -> Iterator[tuple[str, Iterator[str]]]:
    """(file name, its text in pieces) of the maps."""
    yield "plots.geojson", _in_pieces(plot_lines(desk), progress)
    yield "exclusions.geojson", _in_pieces(exclusion_lines(desk), progress)
    yield "access.geojson", _in_pieces(access_lines(desk), progress)
    yield "parcels.geojson", _in_pieces(parcel_lines(desk), progress)


def export_sheets(desk: Desk, progress: Progress = lambda lines: None) -> dict[str, tuple[Sequence[str], Rows, frozenset[str]]]:
    """The tables as sheets of one workbook: by name the header, the rows, and the columns that are numbers."""
    sheets = {name: (HEADERS[name], rows(desk)) for name, rows in _tables().items()}
    facts = {name_of(table): (header(table), fact_rows(desk, table)) for table in in_order() if has_rows(desk, table)}
    return {name: (heads, _counted(rows, progress), NUMBERS) for name, (heads, rows) in (sheets | facts).items()}


def _in_pieces(lines: Iterable[str], progress: Progress) -> Iterator[str]:
    for some in in_chunks(lines, PIECE):
        progress(len(some))
        yield "".join(some)


def _counted(rows: Rows, progress: Progress) -> Iterator[Sequence[str]]:
    for some in in_chunks(rows, PIECE):
        progress(len(some))
        yield from some


def _tables() -> dict[str, Callable[[Desk], Rows]]:
    return {
        "households": _households,
        "rights": _rights,
        "seasons": _seasons,
        "prices": _prices,
        "deductions": _deductions,
        "settlements": _settlements,
        "weighings": weighing_rows,
        "weighing_shares": share_rows,
        "purchases": purchase_rows,
        "payments": payment_rows,
        "earnings": _earnings,
    }


def _all(desk: Desk, model: Any) -> Sequence[Any]:
    return desk.session.scalars(select(model).where(model.collective_id == desk.collective_id)).all()


def _households(desk: Desk) -> Rows:
    for one in sorted(_all(desk, Household), key=attrgetter("code")):
        yield guard(one.code), guard(one.name), str(one.members), guard(one.phone)


def _rights(desk: Desk) -> Rows:
    holders = {one.id: one.code for one in _all(desk, Household)}
    for one in sorted(_all(desk, Right), key=attrgetter("code")):
        term = one.starts_on.isoformat(), one.ends_on.isoformat()
        yield guard(one.code), guard(holders[one.household_id]), format_mu(one.entitlement_millimu), *term, one.status


def _seasons(desk: Desk) -> Rows:
    for one in sorted(_all(desk, Season), key=attrgetter("code")):
        term = one.starts_on.isoformat(), one.ends_on.isoformat()
        yield guard(one.code), *term, one.mode, format_percent(one.tolerance_ppm)


def _season_codes(desk: Desk) -> dict[int, str]:
    return {one.id: one.code for one in _all(desk, Season)}


def _prices(desk: Desk) -> Rows:
    seasons = _season_codes(desk)
    for one in sorted(_all(desk, Price), key=lambda one: (seasons[one.season_id], one.grade, one.valid_from)):
        price = format_yuan(one.price_fen_per_kg)
        yield guard(seasons[one.season_id]), guard(one.grade), one.valid_from.isoformat(), price


def _deductions(desk: Desk) -> Rows:
    seasons = _season_codes(desk)
    for one in sorted(_all(desk, Deduction), key=lambda one: (seasons[one.season_id], one.code)):
        value = format_yuan(one.amount_fen) if one.rate_ppm is None else format_percent(one.rate_ppm)
        yield guard(seasons[one.season_id]), guard(one.code), guard(one.name), one.kind, value


def _settlements(desk: Desk) -> Rows:
    seasons = _season_codes(desk)
    for one in sorted(_all(desk, Settlement), key=lambda one: (seasons[one.season_id], one.number)):
        moment = one.settled_at.astimezone(desk.zone).isoformat()
        yield guard(seasons[one.season_id]), str(one.number), moment, guard(one.settled_by)


def _earnings(desk: Desk) -> Rows:
    for season, row in earnings_all(desk):
        yield (
            guard(season),
            guard(row.household),
            format_kg(row.net_grams),
            format_yuan(row.gross_fen),
            format_yuan(row.deductions_fen),
            format_yuan(row.picking_fen),
            format_yuan(row.net_fen),
            format_yuan(row.paid_fen),
            format_yuan(row.balance_fen),
        )
