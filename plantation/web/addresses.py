"""What stands in an address, read without trust: page numbers, and codes that no database could hold."""

from __future__ import annotations

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

LARGEST_ID = 2**63 - 1


class IdConverter(IntegerConverter):
    """`<int:…>` in a route: a number that a key can be. A larger one is no address, so it never meets the database."""

    def __init__(self, map: object, **options: int) -> None:
        super().__init__(map, **{"max": LARGEST_ID, **options})


def install(app: Flask) -> None:
    """Before any route is registered."""
    app.url_map.converters["int"] = IdConverter


def page_number() -> int:
    """`?page=`, 1 when it is missing or no number that a list could have."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def refuse_unprintable() -> None:
    """A hook for a blueprint's `before_request`: 404 for a code in the address that no code can be (a NUL, 10,000 letters)."""
    for value in (request.view_args or {}).values():
        if isinstance(value, str) and (len(value) > 64 or not value.isprintable()):
            abort(404)
