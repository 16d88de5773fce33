"""Money by bank: where a household's money goes, how a bank wants its files, the files, and what the bank answered."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import BankOutcome
from plantation.models.base import Base, Code, Hash, Name, Number, Reason, Sealed, once_sealed, one_of, within


class BankAccount(Sealed, Base):
    """The account that a household named; the latest row counts, an empty `account` takes it back."""

    __tablename__ = "bank_accounts"
    __table_args__ = (
        once_sealed(),
        within("households", "household_id"),
        Index("ix_bank_accounts_latest", "collective_id", "household_id", "entry"),
    )
    kind = "bank-account"
    texts = ("account", "holder")

    household_id: Mapped[Number]
    account: Mapped[str] = mapped_column(String(40), default="")
    holder: Mapped[Name]


class BankLayout(Sealed, Base):
    """How a bank wants its batch files; the latest row of a code counts. `lines` is canonical JSON, see
    :class:`plantation.domain.bank_layouts.Layout`."""

    __tablename__ = "bank_layouts"
    __table_args__ = (once_sealed(), Index("ix_bank_layouts_latest", "collective_id", "code", "entry"))
    kind = "bank-layout"

    code: Mapped[Code]
    lines: Mapped[str] = mapped_column(Text)


class PaymentFile(Sealed, Base):
    """A batch file that was given to a bank: its payments were recorded in the same moment. `lines` is the layout as
    it was then, `digest` the SHA-256 of the file's bytes, so that it can be written again and proven the same."""

    __tablename__ = "payment_files"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "code"),
        within("seasons", "season_id"),
        CheckConstraint("total_fen > 0 AND line_count > 0", name="total"),
    )
    kind = "payment-file"

    code: Mapped[Code]
    season_id: Mapped[Number]
    paid_on: Mapped[dt.date]
    lines: Mapped[str] = mapped_column(Text)
    line_count: Mapped[int]
    total_fen: Mapped[Number]
    digest: Mapped[Hash]


class PaymentFileLine(Sealed, Base):
    """One row of a batch file. Its payment has the file's code and the line's number for its reference."""

    __tablename__ = "payment_file_lines"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "file_id", "line"),
        within("payment_files", "file_id"),
        within("households", "household_id"),
        CheckConstraint("amount_fen > 0", name="amount"),
    )
    kind = "payment-file-line"
    texts = ("account", "holder")

    file_id: Mapped[Number]
    line: Mapped[int]
    household_id: Mapped[Number]
    account: Mapped[str] = mapped_column(String(40), default="")
    holder: Mapped[Name]
    amount_fen: Mapped[Number]


class PaymentFileAnswer(Sealed, Base):
    """What the bank said of a line, once: paid, or bounced; a bounced line's payment was reversed in the same moment."""

    __tablename__ = "payment_file_answers"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "line_id"),
        within("payment_file_lines", "line_id"),
        one_of("outcome", BankOutcome),
    )
    kind = "payment-file-answer"
    texts = ("text",)

    line_id: Mapped[Number]
    outcome: Mapped[str] = mapped_column(String(20))
    text: Mapped[Reason]
