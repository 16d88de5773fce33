"""A bank's answer to a batch file: every line of it ended once, and what bounced taken back in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from plantation.domain.bank_answers import AnswerCut, AnswerLine, is_cut, read_answer
from plantation.domain.bank_layouts import layout_of
from plantation.domain.words import BankOutcome
from plantation.errors import N_, Refusal
from plantation.models import Payment, PaymentFile, PaymentFileAnswer
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.money.payment_files import LineSeen, lines_of, load_file, reference_of
from plantation.services.money.payment_records import mirror_payment, read_payments, write_payments
from plantation.units import Fen, format_yuan


class AnswerOfAnother(Refusal):
    """A row that is no line of this file."""

    template = N_("Row %(row)s: file %(code)s has no such line. Is it the answer to another file?")


class AnswerTwice(Refusal):
    """One line, two rows."""

    template = N_("Row %(row)s: line %(line)s of the file is answered twice.")


class AnswerDiffers(Refusal):
    """The bank's row says another account or amount than the file."""

    template = N_("Row %(row)s: the file has %(ours)s on line %(line)s, the answer %(theirs)s.")


class AnsweredBefore(Refusal):
    """The bank said something else of this line before."""

    template = N_("Row %(row)s: line %(line)s was answered before, with another result. Ask the bank.")


class NothingAnswered(Refusal):
    """A file without a line."""

    template = N_("The answer has no line. Is it the right file?")


class Answered(NamedTuple):
    """What an answer changed: lines paid, lines bounced, and how many it had said before."""

    paid: int
    bounced: int
    unchanged: int


def take_answer(desk: Desk, code: str, data: bytes, bounced_words: Sequence[str] | None = None) -> Answered:
    """Read the bank's answer to the file `code`. Read twice, it changes nothing the second time. `bounced_words` are the results
    that mean that the money came back; without them, those of the bank's layout.

    :raises AnswerOfAnother, AnswerTwice, AnswerDiffers, AnsweredBefore: a row that cannot be, and nothing is written.
    :raises Refusal: a file that cannot be read, as :func:`plantation.domain.bank_answers.read_answer`.
    """
    journal.lock(desk)
    file = load_file(desk, code)
    lines = lines_of(desk, file)
    by_number = {seen.line.line: seen for seen in lines}
    # Relatives may share an account: the lines of one account and amount are spoken of in their order.
    by_account: dict[tuple[str | None, Fen | None], list[LineSeen]] = {}
    for seen in reversed(lines):
        by_account.setdefault((seen.line.account, seen.line.amount_fen), []).append(seen)
    matched: dict[int, tuple[AnswerLine, LineSeen]] = {}
    rows = read_answer(layout_of(file.lines), data, bounced_words)
    if not rows:
        raise NothingAnswered()
    for row in rows:
        if row.number is not None:
            found = by_number.get(row.number)
        else:
            same = by_account.get((row.account, row.amount_fen))
            found = same.pop() if same else None
        if found is None:
            raise AnswerOfAnother(row=row.row, code=file.code)
        if found.line.line in matched:
            raise AnswerTwice(row=row.row, line=found.line.line)
        _check_same(row, found)
        matched[found.line.line] = row, found
    fresh = []
    for row, seen in matched.values():
        outcome = BankOutcome.PAID if row.is_paid else BankOutcome.BOUNCED
        if seen.outcome is None:
            fresh.append((row, seen, outcome))
        elif seen.outcome != outcome:
            raise AnsweredBefore(row=row.row, line=seen.line.line)
    facts.seal(desk, [PaymentFileAnswer(line_id=seen.line.id, outcome=outcome, text=row.text) for row, seen, outcome in fresh])
    bounced = {seen.line.line: row.text for row, seen, outcome in fresh if outcome is BankOutcome.BOUNCED}
    _take_back(desk, file, bounced)
    return Answered(len(fresh) - len(bounced), len(bounced), len(matched) - len(fresh))


def _check_same(row: AnswerLine, seen: LineSeen) -> None:
    line = seen.line
    if row.account is not None and is_cut(row.account, line.account):
        raise AnswerCut(row=row.row, account=row.account)
    if row.account is not None and row.account != line.account:
        raise AnswerDiffers(row=row.row, line=line.line, ours=line.account, theirs=row.account[:40])
    if row.amount_fen is not None and row.amount_fen != line.amount_fen:
        raise AnswerDiffers(row=row.row, line=line.line, ours=format_yuan(line.amount_fen), theirs=format_yuan(row.amount_fen))


def _take_back(desk: Desk, file: PaymentFile, bounced: dict[int, str]) -> None:
    if not bounced:
        return
    numbers = {reference_of(file.code, number): text for number, text in bounced.items()}
    made = list(read_payments(desk, Payment.season_id == file.season_id, Payment.reference.startswith(f"{file.code}/", autoescape=True)))
    taken_back = {one.reverses_id for one in made}
    write_payments(
        desk,
        [
            mirror_payment(desk, one, numbers[one.reference])
            for one in made
            if one.reverses_id is None and one.id not in taken_back and one.reference in numbers
        ],
    )
