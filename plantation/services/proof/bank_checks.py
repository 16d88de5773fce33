"""Batch files against their payments: the bytes that were given to the bank, line by line what was paid and what bounced."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from plantation.domain.words import BankOutcome
from plantation.errors import N_, Refusal
from plantation.models import Payment, PaymentFile
from plantation.services import facts
from plantation.services.desk import Desk
from plantation.services.money.payment_files import METHOD, content_of, lines_of, reference_of
from plantation.services.money.payment_records import read_payments
from plantation.units import format_yuan

Advance = Callable[[int], None]


class FileDiffers(Refusal):
    """Written again from its lines, the file is another one."""

    template = N_("Payment file %(code)s: written again from its lines it is not the file that was given to the bank.")


class LineUnpaid(Refusal):
    """A line whose payment is missing, is another one, or stands although it bounced."""

    template = N_("Payment file %(code)s, line %(line)s: the payments say %(found_yuan)s yuan, the bank's answer means %(expected_yuan)s.")


def check_payment_files(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """The first file or line that does not hold, or None."""
    for file in facts.read_facts(desk, PaymentFile, PaymentFile.entry <= through):
        lines = lines_of(desk, file)
        total_fen = sum(seen.line.amount_fen for seen in lines)
        if (len(lines), total_fen) != (file.line_count, file.total_fen) or sha256(content_of(desk, file)).hexdigest() != file.digest:
            return FileDiffers(code=file.code)
        paid: dict[tuple[int, str], int] = {}
        taken_back: set[tuple[int, str]] = set()
        named = Payment.reference.startswith(f"{file.code}/", autoescape=True)
        for payment in read_payments(desk, Payment.season_id == file.season_id, Payment.method == METHOD, named):
            key = payment.household_id, payment.reference
            paid[key] = paid.get(key, 0) + payment.amount_fen
            if payment.reverses_id is not None:
                taken_back.add(key)
        for seen in lines:
            key = seen.line.household_id, reference_of(file.code, seen.line.line)
            found_fen = paid.get(key, 0)
            # Somebody may take a payment back by hand before the bank's answer is read; nobody may let a bounced one stand.
            may_be = {0} if seen.outcome == BankOutcome.BOUNCED else {seen.line.amount_fen, *([0] if key in taken_back else [])}
            if found_fen not in may_be:
                return LineUnpaid(
                    code=file.code, line=seen.line.line, found_yuan=format_yuan(found_fen), expected_yuan=format_yuan(max(may_be))
                )
            advance(1)
    return None
