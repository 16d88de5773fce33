"""The journal: each change that matters is one entry of a hash chain. Entries hold ids and figures, no names."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import AppendOnly, Base, Code, Hash, Moment


class JournalEntry(AppendOnly, Base):
    __tablename__ = "journal"
    # Whoever verifies walks the entries of one kind beside the rows that they seal.
    __table_args__ = (Index("ix_journal_kinds", "collective_id", "kind", "sequence"),)

    collective_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collectives.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    recorded_at: Mapped[Moment]
    actor: Mapped[Code]
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    payload: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[Hash]
    hash: Mapped[Hash]
