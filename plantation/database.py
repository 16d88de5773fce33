"""The database: one engine, two kinds of transaction.

SQLAlchemy on SQLite opens no transaction before a SELECT, so "check, then insert" could run twice. Here a reader
begins with BEGIN and a writer with BEGIN IMMEDIATE; on PostgreSQL a writer locks its collective's journal head
(services do it), which gives the same order: one writer per collective at a time, readers beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from plantation.errors import N_, BadValue, Refusal

_WRITE = "plantation_write"


class ZeroByte(Refusal):
    """PostgreSQL takes no NUL in any text, not even to look for it; what people type has none."""

    template = N_("A text with a zero byte in it can neither be kept nor looked for. Type it again.")


class Database:
    """An engine with its two kinds of session. Nothing is opened until first use."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except Exception as error:
            raise BadValue(value=url.split("@")[-1][:80], expected=N_("a database address")) from error
        if parsed.drivername in {"postgresql", "postgres"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.drivername not in {"postgresql+psycopg", "sqlite"}:
            raise BadValue(value=parsed.drivername, expected=N_("a database address of SQLite or PostgreSQL"))
        self.url = parsed
        self.is_sqlite = parsed.drivername == "sqlite"
        options: dict[str, Any] = {} if self.is_sqlite else {"pool_pre_ping": True}
        self.engine: Engine = create_engine(parsed, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine, "handle_error", _refuse_zero_bytes)

    @cached_property
    def _writer(self) -> Engine:
        """The same engine, whose transactions write."""
        return self.engine.execution_options(**{_WRITE: True})

    @contextmanager
    def read(self, *, still: bool = False) -> Iterator[Session]:
        """A session that is rolled back at the end. Its `info` says that it only reads.

        On SQLite all of its reads see one moment; on PostgreSQL those of a `still` one do, however long it takes.
        """
        with Session(self.engine, autoflush=False, expire_on_commit=False, info={"only_reads": True}) as session:
            if still and not self.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end, or leaves nothing when an exception passes."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def answers(self) -> bool:
        """True when the database answers a trivial question."""
        with self.engine.connect() as connection:
            return connection.execute(text("SELECT 1")).scalar() == 1

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself; _begin_sqlite does
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 30000",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -65536",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    # A write-ahead log stays in the file: a database of another program is left as it is until somebody refuses it.
    if cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'journal_heads'").fetchone():
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _refuse_zero_bytes(context: ExceptionContext) -> None:
    """:raises ZeroByte: the driver said so; it asks the server nothing then, so that the transaction goes on."""
    error = context.original_exception
    if type(error).__name__ == "DataError" and "NUL" in str(error):
        raise ZeroByte() from error


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
