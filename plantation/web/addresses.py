"""What stands in an address, read without trust: page numbers, and codes that no database could hold."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.routing import IntegerConverter, PathConverter, UnicodeConverter, ValidationError

LARGEST_ID = 2**63 - 1
# Codes and names have at most 64 characters; what a difference is about is named by two of them.
LONGEST = 200


class IdConverter(IntegerConverter):
    """`<int:…>` in a route: a number that a key can be. A larger one is no address, so it never meets the database."""

    def __init__(self, map: object, **options: int) -> None:
        super().__init__(map, **{"max": LARGEST_ID, **options})


def _check_printable(value: str) -> None:
    if len(value) > LONGEST or not value.isprintable():
        raise ValidationError


class CodeConverter(UnicodeConverter):
    """`<…>` in a route: a text that a code can be. With a NUL in it, which PostgreSQL takes in no text, or with 10,000 letters it is
    no address."""

    def to_python(self, value: str) -> Any:
        _check_printable(value)
        return super().to_python(value)


class CodePathConverter(PathConverter):
    """`<path:…>`: the same for a code that may have a slash in it."""

    def to_python(self, value: str) -> Any:
        _check_printable(value)
        return super().to_python(value)


def install(app: Flask) -> None:
    """Before any route is registered."""
    app.url_map.converters.update(int=IdConverter, default=CodeConverter, string=CodeConverter, path=CodePathConverter)


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
