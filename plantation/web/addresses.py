"""What stands in an address, read without trust: page numbers, and codes that no database could hold."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from werkzeug.routing import IntegerConverter

LARGEST_ID = 2**63 - 1


class IdConverter(IntegerConverter):
    """`<int:…>` in a route: a number that a key can be. A larger one is no address, so it never meets the database."""

    def __init__(self, map: object, **options: int) -> None:
        super().__init__(map, **{"max": LARGEST_ID, **options})


def install(app: Flask) -> None:
    """Before any route is registered."""
    app.url_map.converters["int"] = IdConverter


def address_for_phones(path: str) -> str | None:
    """`path` under the name by which other devices reach this server; None where all that is known is this computer's own name."""
    asked = urlsplit(request.host_url)
    name = asked.hostname or ""
    if name == "localhost" or name == "::1" or name.startswith("127."):
        name = current_app.config["TLS_NAME"]
    if not name:
        return None
    called = f"[{name}]" if ":" in name else name
    return f"{asked.scheme}://{called}{f':{asked.port}' if asked.port else ''}{path}"


def page_number() -> int:
    """`?page=`, 1 when it is missing or no number that a list could have."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def refuse_unprintable() -> None:
    """A hook for a blueprint's `before_request`: 404 for a code in the address that no code can be (a NUL, 10,000 letters)."""
    for value in (request.view_args or {}).values():
        if isinstance(value, str) and (len(value) > 64 or not value.isprintable()):
            abort(404)
