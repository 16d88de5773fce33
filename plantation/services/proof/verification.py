"""Verification: everything derived once more from what was sealed, and the first fault named.

Who edits a row of the database is found, because the row no longer says what its journal entry says; who rewrites
entries is found, because the chain breaks; who rewrites the chain from there on is found by any head that was printed.
All of it streams: what grows with the weighings is never held whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, select

from plantation.domain.journal import JournalFault, walk
from plantation.errors import N_, Refusal
from plantation.models import JournalEntry
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.land.parcel_checks import check_parcels
from plantation.services.proof.bank_checks import check_payment_files
from plantation.services.proof.ground_checks import check_ground
from plantation.services.proof.master_checks import check_kept
from plantation.services.proof.money_checks import check_money_beside
from plantation.services.proof.row_checks import check_facts, check_payments, check_purchases, check_weighings
from plantation.services.proof.settlement_checks import check_settlements
from plantation.services.proof.sum_checks import check_copies, check_reversals, check_rules, check_slip_numbers

Progress = Callable[[str, int], None]
Check = Callable[[Desk, int, Callable[[int], None]], Refusal | None]


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


CHECKS: tuple[tuple[str, Check], ...] = (
    (N_("the journal's chain"), check_chain),
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
    through, _ = journal.head(desk)
    last = desk.session.scalar(select(func.max(JournalEntry.sequence)).where(JournalEntry.collective_id == desk.collective_id))
    if (last or 0) < through:
        return HeadDiffers(sequence=through, found=journal.head(desk)[1], last=last or 0)
    for step, check in CHECKS:

        def advance(count: int, step: str = step) -> None:
            progress(step, count)

        if check is check_chain:
            fault = check_chain(desk, through, advance, printed=printed)
        else:
            fault = check(desk, through, advance)
        if fault is not None:
            return fault
    return None
