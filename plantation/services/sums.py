"""Sums that the database makes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, cast, func, text
from sqlalchemy.orm import Session


def sum_of(column: Any) -> Any:
    """The sum of a column of whole numbers, as a whole number: PostgreSQL adds bigints up to a numeric, which would come
    out as a Decimal. None over no rows."""
    return cast(func.sum(column), BigInteger)


@contextmanager
def added_up_in_order(session: Session) -> Iterator[None]:
    """Meanwhile PostgreSQL reads groups from an index that has them in their order, as SQLite does by itself.

    Left alone it reads a whole season's rows and keeps ten thousand groups in a table of hashes: that looks cheaper to it, does not fit
    into its working memory, and takes twice as long.
    """
    if session.get_bind().dialect.name != "postgresql":
        yield
        return
    session.execute(text("SET LOCAL enable_hashagg = off"))
    yield
    session.execute(text("SET LOCAL enable_hashagg TO DEFAULT"))  # not after a failure: then the transaction answers nothing any more
