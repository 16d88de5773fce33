"""A recorded weighing with all that stands on its slip, by codes and by ids, as it is read, sealed and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from plantation.domain.journal import canonical
from plantation.models import Household, Parcel, Plot, Season, Weighing, WeighingShare, new_ids
from plantation.services import journal
from plantation.services.bulk import in_chunks, insert_rows
from plantation.services.desk import Desk

KIND = "weighing"


class SlipShare(NamedTuple):
    """What one parcel's household has of a weighing for a whole plot."""

    parcel_id: int
    parcel: str
    household_id: int
    household: str
    area_dm2: int
    net_grams: int
    amount_fen: int
    picking_fen: int


@dataclass(slots=True, kw_only=True)
class Slip:
    """A weighing. `household`, `plot`, `parcel`, `season` and `reverses` (a slip) are codes; `shares` are by parcel."""

    id: str
    slip: str
    season_id: int
    season: str
    entry: int = 0
    weighed_at: dt.datetime
    utc_offset_minutes: int
    local_date: dt.date
    household_id: int | None = None
    household: str | None = None
    plot_id: int | None = None
    plot: str | None = None
    parcel_id: int | None = None
    parcel: str | None = None
    grade: str
    gross_grams: int
    tare_grams: int
    deduction_ppm: int
    net_grams: int
    price_fen_per_kg: int | None = None
    amount_fen: int
    picker: str = ""
    piece_rate_fen_per_kg: int | None = None
    picking_fen: int
    reverses_id: str | None = None
    reverses: str | None = None
    reason: str = ""
    content_hash: str = ""
    recorded_at: dt.datetime
    recorded_by: str
    shares: tuple[SlipShare, ...] = ()

    @property
    def time(self) -> dt.datetime:
        """The moment with the offset of the clock that took it."""
        return self.weighed_at.astimezone(dt.timezone(dt.timedelta(minutes=self.utc_offset_minutes)))


def content_hash(slip: Slip) -> str:
    """The fingerprint of what somebody said about a weighing, once codes are resolved; the slip number is not in it."""
    content = [
        slip.id,
        slip.season,
        slip.weighed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        slip.utc_offset_minutes,
        slip.household,
        slip.plot,
        slip.parcel,
        slip.grade,
        slip.gross_grams,
        slip.tare_grams,
        slip.deduction_ppm,
        slip.picker,
        slip.piece_rate_fen_per_kg,
        slip.reverses,
        slip.reason,
    ]
    return sha256(canonical(content)).hexdigest()


def slip_payload(slip: Slip) -> dict[str, Any]:
    """What the journal seals of a weighing. The picker's name and the reason are in it through the fingerprint only.

    `parcel` is the code as it was: an allocation may give a parcel another one, so `parcel_id` says which it is.
    """
    return {
        "id": slip.id,
        "slip": slip.slip,
        "season": slip.season,
        "time": slip.weighed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "utc_offset_minutes": slip.utc_offset_minutes,
        "local_date": slip.local_date.isoformat(),
        "household": slip.household,
        "plot": slip.plot,
        "parcel": slip.parcel,
        "parcel_id": slip.parcel_id,
        "grade": slip.grade,
        "gross_grams": slip.gross_grams,
        "tare_grams": slip.tare_grams,
        "deduction_ppm": slip.deduction_ppm,
        "net_grams": slip.net_grams,
        "price_fen_per_kg": slip.price_fen_per_kg,
        "amount_fen": slip.amount_fen,
        "piece_rate_fen_per_kg": slip.piece_rate_fen_per_kg,
        "picking_fen": slip.picking_fen,
        "reverses": slip.reverses,
        "content_hash": slip.content_hash,
        "shares": [
            [one.parcel_id, one.household, one.area_dm2, one.net_grams, one.amount_fen, one.picking_fen] for one in sorted(slip.shares)
        ],
    }


_COLUMNS = tuple(column.name for column in Weighing.__table__.columns)
_SHARE_COLUMNS = (
    "collective_id",
    "id",
    "weighing_id",
    "season_id",
    "entry",
    "parcel_id",
    "household_id",
    "area_dm2",
    "grade",
    "net_grams",
    "amount_fen",
    "picking_fen",
)


def write_slips(desk: Desk, slips: Sequence[Slip]) -> None:
    """Seal and store new slips, in this order; their `entry` is set. The journal must be locked."""
    if not slips:
        return
    entries = journal.append(desk, ((KIND, slip.slip, slip_payload(slip)) for slip in slips))
    for slip, entry in zip(slips, entries, strict=True):
        slip.entry = entry
    read = attrgetter(*_COLUMNS[1:])
    insert_rows(desk.session, Weighing, _COLUMNS, ((desk.collective_id, *read(slip)) for slip in slips))
    ids = iter(new_ids(sum(len(slip.shares) for slip in slips)))
    shares = (
        (
            desk.collective_id,
            next(ids),
            slip.id,
            slip.season_id,
            slip.entry,
            one.parcel_id,
            one.household_id,
            one.area_dm2,
            slip.grade,
            one.net_grams,
            one.amount_fen,
            one.picking_fen,
        )
        for slip in slips
        for one in slip.shares
    )
    insert_rows(desk.session, WeighingShare, _SHARE_COLUMNS, shares)


_reversed = aliased(Weighing)


def read_slips(desk: Desk, *conditions: ColumnElement[bool], by: Any = Weighing.entry, batch: int = 2_000) -> Iterator[Slip]:
    """The collective's slips that meet `conditions` on :class:`Weighing`, in the order of a column, a few thousand held at a time."""
    statement = (
        select(
            *[Weighing.__table__.c[name] for name in _COLUMNS[1:]],
            Season.code.label("season"),
            Household.code.label("household"),
            Plot.code.label("plot"),
            Parcel.code.label("parcel"),
            _reversed.slip.label("reverses"),
        )
        .select_from(Weighing)
        .join(Season, (Season.collective_id == Weighing.collective_id) & (Season.id == Weighing.season_id))
        .outerjoin(Household, (Household.collective_id == Weighing.collective_id) & (Household.id == Weighing.household_id))
        .outerjoin(Plot, (Plot.collective_id == Weighing.collective_id) & (Plot.id == Weighing.plot_id))
        .outerjoin(Parcel, (Parcel.collective_id == Weighing.collective_id) & (Parcel.id == Weighing.parcel_id))
        .outerjoin(_reversed, (_reversed.collective_id == Weighing.collective_id) & (_reversed.id == Weighing.reverses_id))
        .where(Weighing.collective_id == desk.collective_id, *conditions)
        .order_by(by)
    )
    with desk.session.execute(statement.execution_options(yield_per=batch)) as result:
        names = tuple(result.keys())
        for rows in result.partitions(batch):
            slips = [Slip(**dict(zip(names, row, strict=True))) for row in rows]  # a third faster than from mappings
            _attach_shares(desk, slips)
            yield from slips


def _attach_shares(desk: Desk, slips: Sequence[Slip]) -> None:
    whole_plots = {slip.id: slip for slip in slips if slip.household_id is None}
    for ids in in_chunks(whole_plots):
        for slip_id, shares in _read_shares(desk, ids).items():
            # Not in SQL: databases sort texts differently, and a backup moves between them.
            whole_plots[slip_id].shares = tuple(sorted(shares, key=attrgetter("parcel")))


def _read_shares(desk: Desk, weighing_ids: Iterable[str]) -> dict[str, list[SlipShare]]:
    rows = desk.session.execute(
        select(
            WeighingShare.weighing_id,
            WeighingShare.parcel_id,
            Parcel.code,
            WeighingShare.household_id,
            Household.code,
            WeighingShare.area_dm2,
            WeighingShare.net_grams,
            WeighingShare.amount_fen,
            WeighingShare.picking_fen,
        )
        .join(Parcel, (Parcel.collective_id == WeighingShare.collective_id) & (Parcel.id == WeighingShare.parcel_id))
        .join(
            Household,
            (Household.collective_id == WeighingShare.collective_id) & (Household.id == WeighingShare.household_id),
        )
        .where(WeighingShare.collective_id == desk.collective_id, WeighingShare.weighing_id.in_(list(weighing_ids)))
    )
    shares: dict[str, list[SlipShare]] = {}
    for weighing_id, *share in rows:
        shares.setdefault(weighing_id, []).append(SlipShare(*share))
    return shares
