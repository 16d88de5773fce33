"""Sums that the database makes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, cast, func


def sum_of(column: Any) -> Any:
    """The sum of a column of whole numbers, as a whole number: PostgreSQL adds bigints up to a numeric, which would come
    out as a Decimal. None over no rows."""
    return cast(func.sum(column), BigInteger)
