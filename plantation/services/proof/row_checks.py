"""Each recorded row against its journal entry, and against the rules that made its figures."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from plantation.domain.journal import Entry, canonical
from plantation.domain.weighing import PLOT_LIMIT_GRAMS, amount_fen, line_of, net_grams
from plantation.errors import N_, Refusal
from plantation.models import Payment, Purchase, Weighing
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit import purchase_notes, weighing_slips
from plantation.services.fruit.purchase_notes import Note, note_payload, read_notes
from plantation.services.fruit.weighing_slips import Slip, content_hash, read_slips, slip_payload
from plantation.services.money import payment_records
from plantation.services.money.payment_records import PaymentRecord, payment_payload, read_payments

Advance = Callable[[int], None]

# What people call a fact of each kind.
FACTS = {
    "advance": N_("Advance"),
    "bank-account": N_("Bank account"),
    "bank-layout": N_("Bank's layout"),
    "buyer-payment": N_("Buyer's payment"),
    "closing": N_("Closing of a day"),
    "difference-answer": N_("Answer to a difference"),
    "dispute": N_("Dispute"),
    "dispute-answer": N_("Answer to a dispute"),
    "dividend": N_("Dividend"),
    "dividend-line": N_("Line of a dividend"),
    "dividend-payment": N_("Payment of a dividend"),
    "lot": N_("Lot"),
    "lot-opening": N_("Unpacking of a lot"),
    "lot-sale": N_("Sale of a lot"),
    "notice": N_("Notice"),
    "objection": N_("Objection"),
    "objection-answer": N_("Answer to an objection"),
    "payment-file": N_("Payment file"),
    "payment-file-answer": N_("Bank's answer"),
    "payment-file-line": N_("Line of a payment file"),
    "picker": N_("Picker"),
    "picker-day": N_("Picker's day"),
    "picker-payment": N_("Picker's payment"),
    "price-answer": N_("Answer about a price"),
    "price-question": N_("Question about a price"),
    "quality-check": N_("Quality check"),
    "quality-limit": N_("Quality limit"),
    "release": N_("Release"),
    "slip-photo": N_("Photo of the scale"),
    "tare-list": N_("List of crates and bags"),
    "township-grant": N_("Grant to the township"),
    "yield-table": N_("Table of yields"),
}


class RowChanged(Refusal):
    """A row says something else than what was sealed when it was recorded."""

    template = N_(
        "%(what)s %(name)s was changed after it was recorded: %(field)s is %(found)s, journal entry %(sequence)s says %(sealed)s."
    )


class RowMissing(Refusal):
    """An entry whose row is gone."""

    template = N_("%(what)s %(name)s is missing; journal entry %(sequence)s recorded it.")


class RowUnrecorded(Refusal):
    """A row that no entry recorded."""

    template = N_("%(what)s %(name)s was never recorded in the journal; it claims entry %(sequence)s.")


class FigureWrong(Refusal):
    """A figure that does not follow from the others."""

    template = N_("%(what)s %(name)s: %(field)s is %(found)s, but the rules give %(expected)s.")


def check_weighings(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """Every slip is what was recorded, and its net weight, amount and wage follow from its scale figures."""
    slips = read_slips(desk, Weighing.entry <= through)
    return compare(desk, through, weighing_slips.KIND, N_("Slip"), slips, _slip_name, _slip_said, advance, _slip_rules)


def check_purchases(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """Every purchase is what was recorded, and each line's amount follows from weight and price."""
    notes = read_notes(desk, Purchase.entry <= through)
    return compare(desk, through, purchase_notes.KIND, N_("Purchase"), notes, _note_name, _note_said, advance, _note_rules)


def check_payments(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """Every payment is what was recorded."""
    payments = read_payments(desk, Payment.entry <= through)
    return compare(desk, through, payment_records.KIND, N_("Payment"), payments, _payment_name, _payment_said, advance)


def check_facts(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """Every fact of every sealed table is what was recorded."""
    for table in facts.tables():
        rows = facts.read_facts(desk, table, table.entry <= through)
        fault = compare(desk, through, table.kind, FACTS.get(table.kind, table.kind), rows, _fact_name, _fact_said, advance)
        if fault is not None:
            return fault
    return None


def _fact_name(fact: Any) -> str:
    return str(fact.id)


def _fact_said(fact: Any, _sealed: dict[str, Any]) -> dict[str, Any]:
    return facts.payload_of(fact)


def compare(
    desk: Desk,
    through: int,
    kind: str,
    what: str,
    rows: Iterable[Any],
    name: Callable[[Any], str],
    said: Callable[[Any, dict[str, Any]], dict[str, Any]],
    advance: Advance,
    rules: Callable[[Any], Refusal | None] = lambda row: None,
) -> Refusal | None:
    """Walk rows and entries of `kind` side by side, both by entry; the first that do not match, or None.

    `said(row, sealed)` is the payload that the row would have now.
    """
    entries = journal.read_entries(desk, through=through, kind=kind)
    entry = next(entries, None)
    for row in rows:
        if entry is not None and entry.sequence < row.entry:
            return RowMissing(what=what, name=entry.subject, sequence=entry.sequence)
        if entry is None or entry.sequence > row.entry:
            return RowUnrecorded(what=what, name=name(row), sequence=row.entry)
        fault = _differs(what, entry, row, name(row), said) or rules(row)
        if fault is not None:
            return fault
        entry = next(entries, None)
        advance(1)
    return None if entry is None else RowMissing(what=what, name=entry.subject, sequence=entry.sequence)


def _differs(what: str, entry: Entry, row: Any, name: str, said: Callable[[Any, dict[str, Any]], dict[str, Any]]) -> Refusal | None:
    sealed = json.loads(entry.payload)
    now = said(row, sealed)
    if now == sealed and (name, row.recorded_by, row.recorded_at) == (entry.subject, entry.actor, entry.recorded_at):
        return None
    pairs: Iterator[tuple[str, Any, Any]] = (
        (field, now.get(field), sealed.get(field)) for field in sorted(now.keys() | sealed.keys(), key=_plain_first)
    )
    own = (
        ("name", name, entry.subject),
        ("recorded_by", row.recorded_by, entry.actor),
        ("recorded_at", row.recorded_at, entry.recorded_at),
    )
    for field, found, expected in (*pairs, *own):
        if found != expected:
            return RowChanged(
                what=what,
                name=entry.subject,
                field=field,
                found=_text(found),
                sealed=_text(expected),
                sequence=entry.sequence,
            )
    return None


def _plain_first(field: str) -> tuple[bool, str]:
    # A fingerprint differs whenever anything does; the reader wants to know what.
    return field in {"content_hash", "digest"}, field


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return "–" if value is None else value if isinstance(value, str) else canonical(value).decode()


def _slip_name(slip: Slip) -> str:
    return slip.slip


def _slip_said(slip: Slip, sealed: dict[str, Any]) -> dict[str, Any]:
    # An allocation may have given the parcel another code since; its id says that it is the same.
    before = replace(slip, parcel=sealed.get("parcel")) if slip.parcel_id is not None else slip
    payload = slip_payload(before)
    if slip.content_hash == sealed.get("content_hash"):
        payload["content_hash"] = content_hash(before)
    return payload


def _slip_rules(slip: Slip) -> Refusal | None:
    sign = -1 if slip.reverses_id else 1
    net = sign * net_grams(slip.gross_grams, slip.tare_grams, slip.deduction_ppm, limit_grams=PLOT_LIMIT_GRAMS)
    parts = [share.net_grams for share in slip.shares] if slip.household_id is None else [net]
    rate = slip.piece_rate_fen_per_kg or 0
    lines = [line_of("", None, part, slip.price_fen_per_kg, rate) for part in parts]
    expected = {
        "net_grams": net,
        "shares": sum(parts),
        "amount_fen": sum(line.amount_fen for line in lines),
        "picking_fen": sum(line.picking_fen for line in lines),
    }
    found = {
        "net_grams": slip.net_grams,
        "shares": slip.net_grams,
        "amount_fen": slip.amount_fen,
        "picking_fen": slip.picking_fen,
    }
    for field, value in expected.items():
        if found[field] != value:
            return FigureWrong(what=N_("Slip"), name=slip.slip, field=field, found=found[field], expected=value)
    return None


def _note_name(note: Note) -> str:
    return f"{note.season}/{note.number}"


def _note_said(note: Note, _sealed: dict[str, Any]) -> dict[str, Any]:
    return note_payload(note)


def _note_rules(note: Note) -> Refusal | None:
    for line in note.lines:
        expected = amount_fen(line.net_grams, line.price_fen_per_kg)
        if line.amount_fen != expected:
            return FigureWrong(what=N_("Purchase"), name=_note_name(note), field="amount_fen", found=line.amount_fen, expected=expected)
    return None


def _payment_name(payment: PaymentRecord) -> str:
    return str(payment.id)


def _payment_said(payment: PaymentRecord, _sealed: dict[str, Any]) -> dict[str, Any]:
    return payment_payload(payment)
