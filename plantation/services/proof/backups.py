"""Backups: every row of every table, copied between two databases of the same schema inside one transaction each.

A backup is an SQLite file whatever the database is, so that it can be looked into with common tools and brought back
into SQLite or PostgreSQL alike.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.orm import Session

from plantation.errors import N_, Refusal
from plantation.models import Base

BATCH = 5_000


class BackupUnequal(Refusal):
    """What was copied is not what was there."""

    template = N_("Table %(table)s has %(copied)s rows in the copy and %(there)s in the original; nothing was replaced.")


def tables() -> list[Table]:
    """All tables, each after those it points to.

    >>> names = [table.name for table in tables()]
    >>> names.index("collectives") < names.index("plots") < names.index("parcels") < names.index("weighings")
    True
    """
    return list(Base.metadata.sorted_tables)


def copy_rows(source: Session, target: Session, progress: Callable[[str, int], None] = lambda table, rows: None) -> int:
    """Copy every row of `source` into the empty tables of `target`; returns how many.

    :raises BackupUnequal: the counts differ at the end.
    """
    whole = 0
    for table in tables():
        # A reversal points to a row written before it: in order of entry each row finds what it names.
        order = [table.c.entry] if "entry" in table.c else []
        result = source.execute(select(table).order_by(*order, *table.primary_key.columns), execution_options={"yield_per": BATCH})
        copied = 0
        for batch in result.mappings().partitions(BATCH):
            target.execute(insert(table), [dict(row) for row in batch])
            copied += len(batch)
            progress(table.name, len(batch))
        there = target.scalar(select(func.count()).select_from(table))
        if there != copied:
            raise BackupUnequal(table=table.name, copied=copied, there=there)
        whole += copied
    return whole


def count_rows(session: Session) -> int:
    """How many rows there are in all."""
    return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables())


def clear_rows(session: Session) -> None:
    """Empty every table, inside the transaction that then fills them."""
    for table in reversed(tables()):
        session.execute(delete(table))
