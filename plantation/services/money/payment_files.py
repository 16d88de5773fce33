"""Batch files for a bank: every open balance with an account, prepared by one person, released by another.

Releasing records the payments in the same transaction, so that nothing can be paid twice while the bank is at work;
what bounces is reversed when the bank's answer is read and is open again for the next file. A balance is exact at every
moment, with no state of its own to fall out of step.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import func, select

from plantation.domain.bank_files import BankLine, write_file
from plantation.domain.bank_layouts import Layout, layout_of, layout_text
from plantation.domain.words import BankOutcome, ReleaseSubject
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Household, PaymentFile, PaymentFileAnswer, PaymentFileLine, Release, Season
from plantation.services import facts, journal, releases
from plantation.services.desk import Desk
from plantation.services.lookups import the_season
from plantation.services.money.balances import unpaid
from plantation.services.money.bank_accounts import list_accounts, list_layouts, load_layout
from plantation.services.money.payment_inputs import NotSettled
from plantation.services.money.payment_records import new_payment, write_payments
from plantation.units import Fen

METHOD = "bank"


class NothingToPay(Refusal):
    """No open balance with an account."""

    template = N_("Nobody who is owed something has an account; no file is made.")


class FileMoved(Refusal):
    """What was on screen is not what would be paid."""

    template = N_("The file has changed since you looked: a balance, an account or the layout. Look at it again.")


@dataclass(frozen=True, slots=True)
class FilePlan:
    """A file as it would be made now. `left_out`: (code, name, balance) of who is owed something and has no account."""

    code: str
    season: Season
    layout: Layout
    lines: tuple[BankLine, ...]
    left_out: tuple[tuple[str, str, Fen], ...]
    content: bytes

    @property
    def total_fen(self) -> Fen:
        """The file's sum."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def digest(self) -> str:
        """The SHA-256 of the file's bytes."""
        return sha256(self.content).hexdigest()


class FileSeen(NamedTuple):
    """A file with how far the bank is."""

    file: PaymentFile
    season: str
    paid: int
    bounced: int

    @property
    def waiting(self) -> int:
        """Lines of which the bank has said nothing yet."""
        return self.file.line_count - self.paid - self.bounced


class LineSeen(NamedTuple):
    """A line with what the bank said of it: None while the money is on its way."""

    line: PaymentFileLine
    household: str
    outcome: str | None
    text: str | None


def plan_file(desk: Desk, season: Season | str, bank: str) -> FilePlan:
    """The file of everything that is open in `season` for accounts, in the layout of `bank`. Nothing is written.

    :raises NotSettled: before a final settlement. :raises NothingToPay: nobody to pay. :raises NotInCodePage: a name
        that the bank's code page cannot hold.
    """
    season, layout = the_season(desk, season), load_layout(desk, bank)
    open_balances = unpaid(desk, season)
    if open_balances is None:
        raise NotSettled(season=season.code)
    accounts = {one.household_id: one for one in list_accounts(desk)}
    lines: list[BankLine] = []
    left_out = []
    for household_id, code, balance_fen in open_balances:
        one = accounts[household_id]
        if one.account:
            lines.append(BankLine(len(lines) + 1, code, one.account, one.holder, balance_fen))
        else:
            left_out.append((code, one.household_name, balance_fen))
    if not lines:
        raise NothingToPay()
    code = f"{season.code}-B{_files_of(desk, season) + 1:03d}"
    return FilePlan(code, season, layout, tuple(lines), tuple(left_out), write_file(layout, code, lines))


def make_file(desk: Desk, season: Season | str, bank: str, *, seen_digest: str | None = None) -> PaymentFile | Release:
    """One step further: prepare the file, or release what somebody else prepared and record its payments.

    Gives the release while another person must still release it, the file once it is made.

    :raises FileMoved: it is not what `seen_digest` says. :raises SamePerson: who prepared it tries to release it.
    :raises Refusal: as :func:`plan_file`.
    """
    journal.lock(desk)
    plan = plan_file(desk, season, bank)
    if seen_digest is not None and seen_digest != plan.digest:
        raise FileMoved()
    if desk.collective.four_eyes:
        waiting = releases.find_prepared(desk, ReleaseSubject.PAYMENT_FILE, plan.code)
        if waiting is None or waiting.digest != plan.digest:
            return releases.prepare(desk, ReleaseSubject.PAYMENT_FILE, plan.code, plan.digest)
        releases.release(desk, ReleaseSubject.PAYMENT_FILE, plan.code, plan.digest)
    accounts = {one.household: one for one in list_accounts(desk)}
    write_payments(
        desk,
        [
            new_payment(
                desk, plan.season, (accounts[line.household].household_id, line.household), desk.today, METHOD,
                line.amount_fen, reference_of(plan.code, line.number),
            )
            for line in plan.lines
        ],
    )  # fmt: skip
    file = PaymentFile(
        code=plan.code, season_id=plan.season.id, paid_on=desk.today, lines=layout_text(plan.layout),
        line_count=len(plan.lines), total_fen=plan.total_fen, digest=plan.digest,
    )  # fmt: skip
    facts.seal(desk, [file])
    facts.seal(
        desk,
        [
            PaymentFileLine(
                file_id=file.id, line=line.number, household_id=accounts[line.household].household_id,
                account=line.account, holder=line.holder, amount_fen=line.amount_fen,
            )
            for line in plan.lines
        ],
    )  # fmt: skip
    return file


def bank_of_prepared(desk: Desk, prepared: Release) -> tuple[str, str] | None:
    """(season, bank) of a prepared file: the bank in whose layout it has those bytes; None where balances have moved since."""
    season = prepared.name.rpartition("-B")[0]
    for bank, _ in list_layouts(desk):
        try:
            plan = plan_file(desk, season, bank)
        except Refusal:
            continue
        if (plan.code, plan.digest) == (prepared.name, prepared.digest):
            return season, bank
    return None


def reference_of(code: str, line: int) -> str:
    """What stands as the reference of a line's payment.

    >>> reference_of("2026-B001", 12)
    '2026-B001/12'
    """
    return f"{code}/{line}"


def content_of(desk: Desk, file: PaymentFile) -> bytes:
    """The file's bytes, written once more from its lines."""
    lines = [BankLine(one.line.line, one.household, one.line.account, one.line.holder, one.line.amount_fen) for one in lines_of(desk, file)]
    return write_file(layout_of(file.lines), file.code, lines)


def load_file(desk: Desk, code: str) -> PaymentFile:
    """:raises NotFound: there is none of that code in this collective."""
    found = desk.session.scalar(select(PaymentFile).where(PaymentFile.collective_id == desk.collective_id, PaymentFile.code == code))
    if found is None:
        raise NotFound(what=N_("payment file"), code=code[:64])
    return found


def list_files(desk: Desk) -> list[FileSeen]:
    """Every file with how far the bank is, the latest first."""
    counts: dict[tuple[int, str], int] = {
        (file_id, outcome): count
        for file_id, outcome, count in desk.session.execute(
            select(PaymentFileLine.file_id, PaymentFileAnswer.outcome, func.count())
            .join(
                PaymentFileAnswer,
                (PaymentFileAnswer.collective_id == PaymentFileLine.collective_id) & (PaymentFileAnswer.line_id == PaymentFileLine.id),
            )
            .where(PaymentFileLine.collective_id == desk.collective_id)
            .group_by(PaymentFileLine.file_id, PaymentFileAnswer.outcome)
        )
    }
    found = desk.session.execute(
        select(PaymentFile, Season.code)
        .join(Season, (Season.collective_id == PaymentFile.collective_id) & (Season.id == PaymentFile.season_id))
        .where(PaymentFile.collective_id == desk.collective_id)
        .order_by(PaymentFile.entry.desc())
    )
    return [
        FileSeen(file, season, counts.get((file.id, BankOutcome.PAID), 0), counts.get((file.id, BankOutcome.BOUNCED), 0))
        for file, season in found
    ]


def lines_of(desk: Desk, file: PaymentFile) -> list[LineSeen]:
    """The file's lines, in their order, with what the bank said."""
    rows = desk.session.execute(
        select(PaymentFileLine, Household.code, PaymentFileAnswer.outcome, PaymentFileAnswer.text)
        .join(
            Household,
            (Household.collective_id == PaymentFileLine.collective_id) & (Household.id == PaymentFileLine.household_id),
        )
        .outerjoin(
            PaymentFileAnswer,
            (PaymentFileAnswer.collective_id == PaymentFileLine.collective_id) & (PaymentFileAnswer.line_id == PaymentFileLine.id),
        )
        .where(PaymentFileLine.collective_id == desk.collective_id, PaymentFileLine.file_id == file.id)
        .order_by(PaymentFileLine.line)
    )
    return [LineSeen(*row) for row in rows]


def _files_of(desk: Desk, season: Season) -> int:
    return desk.session.scalar(
        select(func.count())
        .select_from(PaymentFile)
        .where(PaymentFile.collective_id == desk.collective_id, PaymentFile.season_id == season.id)
    )
