"""The headers that every answer carries: no inline code, no framing, no guessing of types, nothing kept of private pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request


def content_policy(tiles_url: str | None) -> str:
    """The content security policy: this host only, no inline script or style, no plug-ins, no frames.

    >>> "'unsafe-inline'" in content_policy(None)
    False
    >>> "https://tiles.example.org" in content_policy("https://tiles.example.org/{z}/{x}/{y}.png")
    True
    """
    images = "'self' data: blob:"
    if tiles_url:
        parts = urlsplit(tiles_url)
        host = parts.netloc.replace("{s}", "*")
        images += f" {parts.scheme}://{host}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {images}",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def install(app: Flask) -> None:
    """Set the headers on each answer."""
    policy = content_policy(app.config["TILES_URL"])

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
        if current_app.config["HTTPS"]:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            headers.setdefault("Cache-Control", "no-store" if _is_private() else "no-cache, private")
            headers.add("Vary", "Accept-Language")
        return response


def _is_private() -> bool:
    return g.get("signed_in") is not None or g.get("device") is not None or request.method != "GET"
