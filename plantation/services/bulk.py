"""Many rows at once: inserts that go straight to the driver, and long lists of values cut to what a query takes.

A row at a time through the ORM costs about ten times as much; a village's import and a township's settlement both
come through here. Rows written this way are seen by no ORM object that is already loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
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
    prepared = (_prepare(row, processors) for row in rows) if processors else rows
    if dialect.name == "postgresql":
        quote = dialect.identifier_preparer.quote
        names = ", ".join(quote(name) for name in columns)
        with connection.connection.cursor() as cursor:
            with cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
                for row in prepared:
                    copy.write_row(row)
        return
    compiled = insert(table).values(dict.fromkeys(columns)).compile(dialect=dialect)
    in_place = itemgetter(*[columns.index(name) for name in compiled.positiontup or ()])
    for chunk in in_chunks(prepared):
        connection.exec_driver_sql(str(compiled), [in_place(row) for row in chunk])


def _prepare(row: Sequence[Any], processors: list[tuple[int, Any]]) -> list[Any]:
    values = list(row)
    for place, process in processors:
        values[place] = process(values[place])
    return values
