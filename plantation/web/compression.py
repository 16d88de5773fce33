"""Answers go compressed over the village's thin line; pages with a random length, so that size tells no secret.

A page holds a CSRF token and may repeat what a stranger put into its address. Were its compressed length exact, the
stranger could guess the token letter by letter; a random filler in the gzip header (its file name) blurs that.
"""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, Response, request

SMALLEST = 600
_TYPES = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/json",
        "application/geo+json",
        "image/svg+xml",
        "text/csv",
        "text/plain",
    }
)
_kept: dict[tuple[str, str], bytes] = {}


def install(app: Flask) -> None:
    """Compress what is worth it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in _TYPES or response.status_code != 200 and response.status_code < 400:
        return response
    response.vary.add("Accept-Encoding")
    if (
        request.method == "HEAD"
        or "Content-Encoding" in response.headers
        or "Content-Range" in response.headers
        or response.is_streamed
        and not response.direct_passthrough
        or not request.accept_encodings["gzip"]
    ):
        return response
    static = request.endpoint == "static"
    key = (request.path, response.headers.get("ETag", ""))
    packed = _kept.get(key) if static and key[1] else None
    if packed is None:
        response.direct_passthrough = False
        body = response.get_data()
        if len(body) < SMALLEST:
            return response
        packed = pack(body, filler=0 if static else 64)
        if static and key[1] and len(_kept) < 200:
            _kept[key] = packed
    response.close()  # the file behind a static answer; its content is known
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    if static and key[1]:
        response.set_etag(response.get_etag()[0] or "", weak=True)  # the same file in another coding
    return response


def pack(body: bytes, *, filler: int) -> bytes:
    """`body` as gzip, with up to `filler` bytes of chance in its header.

    >>> gzip.decompress(pack(b"snow" * 100, filler=64)) == b"snow" * 100
    True
    """
    name = secrets.token_hex(filler)[: secrets.randbelow(filler + 1)] if filler else ""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename=name, mode="wb", fileobj=buffer, compresslevel=6, mtime=0) as file:
        file.write(body)
    return buffer.getvalue()
