"""Static files: an address that changes with the content, kept by browsers for a year."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from flask import Flask, Response, request

# Scripts that name each other do so without a hash: of two versions of a page, each must get its own.
_UNMARKED = {"text/javascript": "public, no-cache"}

_hashes: dict[tuple[str, int], str] = {}


def install(app: Flask) -> None:
    """`url_for("static", filename=…)` carries the content's hash; with the right hash the answer may be kept."""
    mimetypes.add_type("text/javascript", ".js")  # a Windows registry may say otherwise, and nosniff would stop it

    @app.url_defaults
    def add_hash(endpoint: str, values: dict) -> None:
        if endpoint == "static" and "v" not in values and values.get("filename"):
            if found := content_hash(app, values["filename"]):
                values["v"] = found

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            asked = request.args.get("v")
            fresh = asked and asked == content_hash(app, (request.view_args or {}).get("filename", ""))
            response.headers["Cache-Control"] = (
                "public, max-age=31536000, immutable" if fresh else _UNMARKED.get(response.mimetype, "public, max-age=3600")
            )
        return response


def content_hash(app: Flask, filename: str) -> str | None:
    """Twelve digits of the file's SHA-256, looked at again when the file changes; None when there is no such file."""
    path = Path(app.static_folder or "") / filename
    try:
        stamp = path.stat().st_mtime_ns
    except (OSError, ValueError):
        return None
    key = (str(path), stamp)
    if key not in _hashes:
        _hashes[key] = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return _hashes[key]
