"""All that is kept about a household, for the household itself to take home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shapely.geometry import mapping

from plantation.domain.conservation import check_conserved
from plantation.models import Household
from plantation.services.desk import Desk
from plantation.services.land.rights import rights_of_household
from plantation.services.mine.my_pages import OwnSeason, overview
from plantation.services.mine.my_parcels import own_parcels
from plantation.services.mine.my_slips import OwnSlip, list_own_slips
from plantation.services.mine.my_statement_lines import PaymentLine, read_payments
from plantation.units import format_kg, format_m2, format_mu, format_percent, format_yuan

SLIP_COLUMNS = (
    "slip", "season", "time", "plot", "parcel", "grade", "gross_kg", "tare_kg", "deduction_pct", "net_kg",
    "price_yuan_per_kg", "amount_yuan", "picker", "piece_rate_yuan_per_kg", "picking_yuan", "reverses", "reversed_by",
    "reason",
)  # fmt: skip


def own_slips(desk: Desk, household: Household) -> Iterator[OwnSlip]:
    """All slips of the household, the latest first, a few hundred held at a time."""
    seasons = [one.season for one in overview(desk, household).seasons]
    number, more = 1, bool(seasons)
    while more:
        page = list_own_slips(desk, household, seasons, page=number, size=500)
        yield from page.rows
        number, more = number + 1, page.has_next


def slip_cells(desk: Desk, slip: OwnSlip) -> tuple[str, ...]:
    """A slip as texts, one for each of :data:`SLIP_COLUMNS`; weights and amounts are the household's own."""
    return (
        slip.slip,
        slip.season,
        slip.weighed_at.astimezone(desk.zone).isoformat(timespec="seconds"),
        slip.plot or "",
        slip.parcel or "",
        slip.grade,
        format_kg(slip.gross_grams),
        format_kg(slip.tare_grams),
        format_percent(slip.deduction_ppm),
        format_kg(slip.net_grams),
        _yuan(slip.price_fen_per_kg),
        format_yuan(slip.amount_fen) if slip.price_fen_per_kg is not None else "",
        slip.picker,
        _yuan(slip.piece_rate_fen_per_kg),
        format_yuan(slip.picking_fen),
        slip.reverses or "",
        slip.reversed_by or "",
        slip.reason or slip.reversed_because or "",
    )


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen)


def gather_own_data(desk: Desk, household: Household) -> dict[str, Any]:
    """The household with its rights, parcels, seasons and slips, ready for JSON: amounts and weights are texts."""
    seen = overview(desk, household)
    payments = read_payments(desk, household, [one.season.id for one in seen.seasons])
    return {
        "collective": {"code": desk.collective.code, "name": desk.collective.name},
        "taken_at": desk.now.astimezone(desk.zone).isoformat(timespec="seconds"),
        "household": {
            "code": household.code,
            "name": household.name,
            "members": household.members,
            "phone": household.phone,
        },
        "rights": [
            {
                "code": right.code,
                "entitlement_mu": format_mu(right.entitlement_millimu),
                "from": right.starts_on.isoformat(),
                "to": right.ends_on.isoformat(),
                "status": right.status,
            }
            for right in rights_of_household(desk, household)
        ],
        "parcels": [
            {
                "code": parcel.code,
                "plot": parcel.plot,
                "right": parcel.right,
                "area_mu": format_mu(parcel.area_millimu),
                "area_m2": format_m2(parcel.area_dm2),
                "outline": mapping(parcel.outline),
            }
            for parcel in own_parcels(desk, household)
        ],
        "seasons": [_season(one, payments.get(one.season.id, ())) for one in seen.seasons],
        "slips": [dict(zip(SLIP_COLUMNS, slip_cells(desk, slip), strict=True)) for slip in own_slips(desk, household)],
    }


def _season(own: OwnSeason, payments: Sequence[PaymentLine]) -> dict[str, Any]:
    earnings = own.earnings
    check_conserved("own data, payments", own.paid_fen, sum(line.amount_fen for line in payments))
    return {
        "code": own.season.code,
        "from": own.season.starts_on.isoformat(),
        "to": own.season.ends_on.isoformat(),
        "mode": own.season.mode,
        "settlement": own.settled.number if own.settled else None,
        "provisional": own.settled is None,
        "delivered_kg": format_kg(own.delivered_grams),
        "gross_yuan": _yuan(earnings and earnings.gross_fen),
        "deductions_yuan": _yuan(earnings and earnings.deductions_fen),
        "picking_yuan": _yuan(earnings and earnings.picking_fen),
        "net_yuan": _yuan(earnings and earnings.net_fen),
        "paid_yuan": format_yuan(own.paid_fen),
        "balance_yuan": _yuan(own.balance_fen),
        "payments": [
            {
                "date": line.paid_on.isoformat(),
                "method": line.method,
                "amount_yuan": format_yuan(line.amount_fen),
                "reference": line.reference,
                "reason": line.reason,
            }
            for line in payments
        ],
    }
