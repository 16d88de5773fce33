"""A recorded payment, by codes and by ids, as it is read, sealed and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, select

from plantation.models import Household, Payment, Season, new_id
from plantation.services import journal
from plantation.services.bulk import insert_rows
from plantation.services.desk import Desk
from plantation.services.fruit.purchase_notes import fingerprint
from plantation.units import Fen

KIND = "payment"


@dataclass(slots=True, kw_only=True)
class PaymentRecord:
    """A payment; a reversal's amount is negative and names what it takes back. `season`, `household` are codes."""

    id: int
    season_id: int
    season: str
    household_id: int
    household: str
    entry: int = 0
    paid_on: dt.date
    method: str
    amount_fen: int
    reference: str = ""
    reverses_id: int | None = None
    reason: str = ""
    recorded_at: dt.datetime
    recorded_by: str


def payment_payload(payment: PaymentRecord) -> dict[str, Any]:
    """What the journal seals of a payment; its reference and reason as fingerprints, for names may be in them."""
    return {
        "id": payment.id,
        "season": payment.season,
        "household": payment.household,
        "date": payment.paid_on.isoformat(),
        "method": payment.method,
        "amount_fen": payment.amount_fen,
        "reference": fingerprint(payment.reference),
        "reverses": payment.reverses_id,
        "reason": fingerprint(payment.reason),
    }


def new_payment(
    desk: Desk,
    season: Season,
    household: tuple[int, str],
    date: dt.date,
    method: str,
    amount_fen: Fen,
    reference: str,
) -> PaymentRecord:
    """A payment to `household`, (id, code), that is not written yet."""
    household_id, code = household
    return PaymentRecord(
        id=new_id(),
        season_id=season.id,
        season=season.code,
        household_id=household_id,
        household=code,
        paid_on=date,
        method=method,
        amount_fen=amount_fen,
        reference=reference,
        recorded_at=desk.now,
        recorded_by=desk.actor,
    )


def mirror_payment(desk: Desk, original: PaymentRecord, reason: str) -> PaymentRecord:
    """What takes `original` back, today: a payment of its own with the amount negative, not written yet."""
    return replace(
        original, id=new_id(), entry=0, paid_on=desk.today, amount_fen=-original.amount_fen, reverses_id=original.id,
        reason=reason, recorded_at=desk.now, recorded_by=desk.actor,
    )  # fmt: skip


_COLUMNS = tuple(column.name for column in Payment.__table__.columns)


def write_payments(desk: Desk, payments: Sequence[PaymentRecord]) -> None:
    """Seal and store new payments, in this order; their `entry` is set. The journal must be locked."""
    if not payments:
        return
    entries = journal.append(desk, ((KIND, str(payment.id), payment_payload(payment)) for payment in payments))
    for payment, entry in zip(payments, entries, strict=True):
        payment.entry = entry
    read, collective_id = attrgetter(*_COLUMNS[1:]), desk.collective_id
    insert_rows(desk.session, Payment, _COLUMNS, [(collective_id, *read(payment)) for payment in payments])


def read_payments(desk: Desk, *conditions: ColumnElement[bool], batch: int = 2_000) -> Iterator[PaymentRecord]:
    """The collective's payments that meet `conditions` on :class:`Payment`, by entry, some held at a time."""
    statement = (
        select(
            *[Payment.__table__.c[name] for name in _COLUMNS[1:]],
            Season.code.label("season"),
            Household.code.label("household"),
        )
        .select_from(Payment)
        .join(Season, (Season.collective_id == Payment.collective_id) & (Season.id == Payment.season_id))
        .join(Household, (Household.collective_id == Payment.collective_id) & (Household.id == Payment.household_id))
        .where(Payment.collective_id == desk.collective_id, *conditions)
        .order_by(Payment.entry)
    )
    with desk.session.execute(statement.execution_options(yield_per=batch)) as result:
        for row in result.mappings():
            yield PaymentRecord(**row)
