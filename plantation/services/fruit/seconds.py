"""Seconds between two moments, said in the words of each database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[float]):  # noqa: N801 — it stands in statements as functions do
    """`seconds_between(first, second)`: how many seconds `second` is later, with fractions."""

    type = Float()
    inherit_cache = True
    name = "seconds_between"


@compiles(seconds_between)
def _in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    first, second = (compiler.process(one, **options) for one in element.clauses)
    return f"EXTRACT(EPOCH FROM ({second}) - ({first}))"


@compiles(seconds_between, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    first, second = (compiler.process(one, **options) for one in element.clauses)
    # A day number has some 40 µs of noise; a scale's clock has no thousandths.
    return f"ROUND((julianday({second}) - julianday({first})) * 86400.0, 3)"
