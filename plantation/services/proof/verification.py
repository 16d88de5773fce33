"""Verification: everything derived once more from what was sealed, and the first fault named.

Who edits a row of the database is found, because the row no longer says what its journal entry says; who rewrites
entries is found, because the chain breaks; who rewrites the chain from there on is found by any head that was printed.
All of it streams: what grows with the weighings is never held whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import shapely
from sqlalchemy import func, select

from plantation.domain.journal import JournalFault, walk
from plantation.errors import N_, Refusal
from plantation.models import JournalEntry, Payment, Purchase, Settlement, Weighing
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.land.parcel_checks import check_parcels
from plantation.services.proof.bank_checks import check_payment_files
from plantation.services.proof.ground_checks import check_ground
from plantation.services.proof.master_checks import check_kept
from plantation.services.proof.money_checks import check_money_beside
from plantation.services.proof.row_checks import FACTS, check_facts, check_payments, check_purchases, check_weighings
from plantation.services.proof.settlement_checks import check_settlements
from plantation.services.proof.sum_checks import (
    check_copies,
    check_references,
    check_reversals,
    check_rules,
    check_slip_numbers,
)

Progress = Callable[[str, int], None]
Check = Callable[[Desk, int, Callable[[int], None]], Refusal | None]


class HeadMissing(JournalFault):
    """There is nothing that the next entry could continue."""

    template = N_("Journal: its head is gone.")


class Unreadable(Refusal):
    """Something stands in a row that the program could not have written."""

    template = N_("In the check of %(step)s something stands in the database that cannot be read: %(reason)s.")


class EntryInvented(Refusal):
    """A row that claims an entry which nobody has written yet."""

    template = N_("%(what)s: a row claims entry %(sequence)s of the journal, which ends with entry %(last)s.")


class HeadDiffers(JournalFault):
    """The head that the next entry would continue is not the last entry."""

    template = N_("Journal: the head names entry %(sequence)s with %(found)s, but the last entry is %(last)s.")


def check_chain(desk: Desk, through: int, advance: Callable[[int], None], *, printed: Mapping[int, str] | None = None) -> Refusal | None:
    """The journal's entries continue each other, up to the head, which is the last one."""

    def counted() -> Any:
        for entry in journal.read_entries(desk, through=through):
            advance(1)
            yield entry

    fault = walk(counted(), printed=printed)
    if fault is not None or through == 0:
        return fault
    last = desk.session.execute(
        select(JournalEntry.sequence, JournalEntry.hash).where(
            JournalEntry.collective_id == desk.collective_id, JournalEntry.sequence == through
        )
    ).one_or_none()
    sequence, hash_ = journal.head(desk)
    if last is None or (sequence == through and hash_ != last.hash):
        return HeadDiffers(sequence=through, found=hash_, last=last.hash if last else "–")
    return None


def _parcels(desk: Desk, _through: int, advance: Callable[[int], None]) -> Refusal | None:
    fault = check_parcels(desk)
    advance(1)
    return fault


def _last_entries(desk: Desk) -> Iterator[tuple[str | None, int]]:
    """The last entry that the rows of each sealed table claim, and, under None, the last one that there is."""
    tables: list[tuple[str | None, Any, Any]] = [
        (None, JournalEntry.sequence, JournalEntry.collective_id),
        (N_("Slip"), Weighing.entry, Weighing.collective_id),
        (N_("Purchase"), Purchase.entry, Purchase.collective_id),
        (N_("Payment"), Payment.entry, Payment.collective_id),
        (N_("Settlement"), Settlement.through_entry + 1, Settlement.collective_id),
        *((FACTS.get(table.kind, table.kind), table.entry, table.collective_id) for table in facts.tables()),
    ]
    for what, entry, collective_id in tables:
        last = desk.session.scalar(select(func.max(entry)).where(collective_id == desk.collective_id))
        if last is not None:
            yield what, last


CHECKS: tuple[tuple[str, Check], ...] = (
    (N_("the journal's chain"), check_chain),
    (N_("references"), check_references),
    (N_("weighings"), check_weighings),
    (N_("shares and lines"), check_copies),
    (N_("slip numbers"), check_slip_numbers),
    (N_("purchases"), check_purchases),
    (N_("payments"), check_payments),
    (N_("releases, notices, disputes and other facts"), check_facts),
    (N_("dividends and advances"), check_money_beside),
    (N_("payment files"), check_payment_files),
    (N_("reversals"), check_reversals),
    (N_("settlements"), check_settlements),
    (N_("parcels"), _parcels),
    (N_("plots, exclusions and allocations"), check_ground),
    (N_("the collective's rules"), check_rules),
    (N_("accounts, rights, seasons, prices, deductions and buyers"), check_kept),
)


def verify(desk: Desk, progress: Progress = lambda step, count: None, *, printed: Mapping[int, str] | None = None) -> Refusal | None:
    """The first fault of the collective's books and land, or None. What is recorded meanwhile is left for next time.

    `progress` is called with the name of the check and how many more records it has seen. `printed` are journal heads
    known from paper, by sequence (the beginning of a hash is enough).
    """
    step = CHECKS[0][0]

    def advance(count: int) -> None:
        progress(step, count)

    try:
        through, fault = _head_of(desk)
        for name, check in CHECKS if fault is None else ():
            step = name
            if check is check_chain:
                fault = check_chain(desk, through, advance, printed=printed)
            else:
                fault = check(desk, through, advance)
            if fault is not None:
                break
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, shapely.errors.ShapelyError) as error:
        return Unreadable(step=step, reason=f"{type(error).__name__}: {error}"[:300])
    return fault


def _head_of(desk: Desk) -> tuple[int, Refusal | None]:
    """The entry through which everything is checked, and what is wrong with it: rows or entries beyond it."""
    # The rows first and the head after them: whoever writes meanwhile moves the head together with the rows.
    claimed = list(_last_entries(desk))
    head = journal.find_head(desk)
    if head is None:
        return 0, HeadMissing(sequence=0)
    through, found = head
    last = desk.session.scalar(select(func.max(JournalEntry.sequence)).where(JournalEntry.collective_id == desk.collective_id)) or 0
    beyond = [entry for what, entry in claimed if what is None and entry > through]
    if last < through or beyond:
        return through, HeadDiffers(sequence=through, found=found, last=max([last, *beyond]))
    for what, entry in claimed:
        if entry > through:
            return through, EntryInvented(what=what, sequence=entry, last=through)
    return through, None
