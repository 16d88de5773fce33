"""What all tables share: the naming of constraints, the column types, the key of a collective's tables.

`collective_id` comes first in every primary key, unique constraint and foreign key of a collective's tables, so that
no row can point into another collective and the tables can be distributed by it (Citus).
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
import time
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

import shapely
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    event,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column


class Instant(TypeDecorator[dt.datetime]):
    """A moment: aware in Python, stored as UTC without offset (the same on SQLite and PostgreSQL)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its offset")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Geometry(TypeDecorator[shapely.Geometry]):
    """A shapely geometry in longitude and latitude (WGS84), stored as little-endian WKB."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: shapely.Geometry | None, dialect: Dialect) -> bytes | None:
        return None if value is None else shapely.to_wkb(value, byte_order=1)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else shapely.from_wkb(value)


Id = Annotated[int, mapped_column(BigInteger)]
OptionalId = Annotated[int | None, mapped_column(BigInteger)]
Number = Annotated[int, mapped_column(BigInteger)]
OptionalNumber = Annotated[int | None, mapped_column(BigInteger)]
Code = Annotated[str, mapped_column(String(64))]
OptionalCode = Annotated[str | None, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(200))]
OptionalName = Annotated[str | None, mapped_column(String(200))]
Reason = Annotated[str, mapped_column(String(1000))]
Moment = Annotated[dt.datetime, mapped_column(Instant)]
OptionalMoment = Annotated[dt.datetime | None, mapped_column(Instant)]
Hash = Annotated[str, mapped_column(String(64))]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class OfCollective:
    """A row of one collective: (`collective_id`, `id`) is its key."""

    @declared_attr.directive
    def collective_id(cls) -> Mapped[int]:
        return mapped_column(BigInteger, ForeignKey("collectives.id"), primary_key=True, sort_order=-20)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=lambda: new_id(), sort_order=-10)


class Versioned:
    """A row that people edit: the second of two who saved at once is told."""

    version: Mapped[int] = mapped_column(BigInteger, nullable=False, default=1, sort_order=90)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class AppendOnly:
    """A row that is never changed or deleted once written: a correction is another row."""


class Sealed(AppendOnly, OfCollective):
    """A fact of its own: somebody did or said something, once. Entry `entry` of the journal seals it under `kind`.

    `texts` are the columns that people typed: the journal holds their fingerprints, so that a name in them can be
    erased. What happens to a fact later (an answer, a reversal) is another fact that names it. Every table of this
    kind is written, sealed and verified by services/facts.py. `later` are columns that were added when facts had been
    sealed already, each with what it says of those: while a column says that, the journal is silent about it.
    """

    kind: ClassVar[str]
    texts: ClassVar[tuple[str, ...]] = ()
    later: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    entry: Mapped[int] = mapped_column(BigInteger, sort_order=80)
    recorded_at: Mapped[Moment] = mapped_column(sort_order=81)
    recorded_by: Mapped[Code] = mapped_column(sort_order=82)


def once_sealed() -> UniqueConstraint:
    """Each entry of the journal seals one fact of the table."""
    return UniqueConstraint("collective_id", "entry")


def within(table: str, *columns: str) -> ForeignKeyConstraint:
    """A foreign key that stays inside the collective: `columns` of this table point to the key of `table`."""
    return ForeignKeyConstraint(["collective_id", *columns], [f"{table}.collective_id", f"{table}.id"])


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """`column` holds one of the words of an enumeration."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


_lock = threading.Lock()
_last = 0
_EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00Z


def new_id() -> int:
    """A new key: 63 bits that grow with time, then chance, so that two processes do not meet."""
    return new_ids(1)[0]


def new_ids(count: int) -> range:
    """`count` new keys in a row, for bulk inserts.

    >>> a, b = new_ids(2), new_ids(1)
    >>> len(a), a[-1] < b[0] < 2**63
    (2, True)
    """
    global _last
    with _lock:
        fresh = ((time.time_ns() // 1_000_000 - _EPOCH_MS) << 20) | secrets.randbits(20)
        first = max(fresh, _last + 1)
        _last = first + count - 1
        return range(first, first + count)


class Immutable(TypeError):
    """Our own code tried to change a row that is append-only."""


@event.listens_for(Session, "before_flush")
def _keep_what_was_written(session: Session, *_: object) -> None:
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, AppendOnly) and (row in session.deleted or session.is_modified(row)):
            raise Immutable(f"{type(row).__name__} is append-only: write a reversal instead")


@event.listens_for(Session, "do_orm_execute")
def _keep_what_was_written_in_bulk(state: Any) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper is not None:
        if issubclass(state.bind_mapper.class_, AppendOnly):
            raise Immutable(f"{state.bind_mapper.class_.__name__} is append-only: write a reversal instead")
