"""Pages: no list grows with the data; a reader gets one page and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `number` counts from 1.

    >>> Page(rows=[], number=1, size=50, total=101).pages
    3
    >>> Page(rows=[], number=1, size=50, total=0).pages
    1
    """

    rows: Sequence[Any]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        return self.number < self.pages


def paginate(session: Session, statement: Select[Any], number: int, size: int = PAGE_SIZE, *, total: int | None = None) -> Page:
    """Page `number` of `statement`'s rows; a number past the end gives the last page. Two round trips, one where the `total` is
    known already."""
    if total is None:
        total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = min(max(1, number), max(1, -(-total // size)))
    result = session.execute(statement.limit(size).offset((number - 1) * size))
    rows = result.scalars().all() if len(statement.column_descriptions) == 1 else result.all()
    return Page(rows=rows, number=number, size=size, total=total)
