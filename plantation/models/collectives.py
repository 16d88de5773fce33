"""The collective: owner of the land, and the tenant of an installation that serves several."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.models.base import Base, Code, Hash, Moment, Name, Number, new_id


class Collective(Base):
    __tablename__ = "collectives"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("posting_days BETWEEN 0 AND 60 AND dispute_days BETWEEN 1 AND 60", name="days"),
        CheckConstraint("floor_fen >= 0", name="floor"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=new_id)
    code: Mapped[Code]
    name: Mapped[Name]
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    created_at: Mapped[Moment]
    # On the web one person prepares a final settlement or a payment file and another one releases it.
    four_eyes: Mapped[bool] = mapped_column(default=True)
    # Working days for which a settlement is posted before it is final; 0: it need not be posted.
    posting_days: Mapped[int] = mapped_column(default=7)
    # Working days in which a household's dispute about a slip must be answered.
    dispute_days: Mapped[int] = mapped_column(default=5)
    # What of a season's earnings stays with a household when advances are taken from them.
    floor_fen: Mapped[Number] = mapped_column(default=0)

    @property
    def zone(self) -> ZoneInfo:
        """The business time zone: it decides on which date a moment falls."""
        return ZoneInfo(self.time_zone)


class JournalHead(Base):
    """Where a collective's journal stands; a writer locks this row, so writers come one after the other."""

    __tablename__ = "journal_heads"

    collective_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sequence: Mapped[Number]
    hash: Mapped[Hash]
