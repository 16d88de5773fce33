"""Many rows at once: inserts that go straight to the driver, and long lists of values cut to what a query takes.

A row at a time through the ORM costs about ten times as much; a village's import and a township's settlement both
come through here. Rows written this way are seen by no ORM object that is already loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlalchemy.orm import DeclarativeBase, Session

T = TypeVar("T")

# SQLite takes 32,766 variables in a statement and PostgreSQL 65,535.
CHUNK = 5_000


def in_chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """`values` in their order, in lists of at most `size`.

    >>> list(in_chunks("abcde", 2)), list(in_chunks([]))
    ([['a', 'b'], ['c', 'd'], ['e']], [])
    """
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def insert_rows(session: Session, model: type[DeclarativeBase], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows`, each with a value for every one of `columns`, in their order; in the session's transaction.

    Columns that are not named get what the database gives them (no Python defaults): name them all.
    """
    session.flush()
    connection = session.connection()
    dialect = connection.dialect
    table = model.__table__
    processors = [
        (place, process)
        for place, name in enumerate(columns)
        if (process := table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) is not None
    ]
    if dialect.name == "postgresql":
        quote = dialect.identifier_preparer.quote
        names = ", ".join(quote(name) for name in columns)
        with connection.connection.cursor() as cursor:
            with cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
                for chunk in in_chunks(rows, 1_000):
                    for row in zip(*_prepare(chunk, processors), strict=True):
                        copy.write_row(row)
        return
    compiled = insert(table).values(dict.fromkeys(columns)).compile(dialect=dialect)
    places = [columns.index(name) for name in compiled.positiontup or ()]
    as_they_are = not processors and places == list(range(len(columns)))
    for chunk in in_chunks(rows):
        if as_they_are:
            connection.exec_driver_sql(str(compiled), list(map(tuple, chunk)))
        else:
            prepared = _prepare(chunk, processors)
            connection.exec_driver_sql(str(compiled), list(zip(*[prepared[place] for place in places], strict=True)))


def _prepare(rows: Sequence[Sequence[Any]], processors: list[tuple[int, Any]]) -> list[Sequence[Any]]:
    """The rows' columns as the driver takes them: a column at a time, and a moment that many rows share once."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for place, process in processors:
        columns[place] = _process(columns[place], process)
    return columns


def _process(column: Sequence[Any], process: Any) -> list[Any]:
    before = ready = object()
    processed = []
    for value in column:
        if value is not before:
            before, ready = value, process(value)
        processed.append(ready)
    return processed
