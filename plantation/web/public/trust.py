"""How a phone comes to trust a computer of the village's own network: the certificate, its fingerprint, and what to tap."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, current_app, render_template, send_file, url_for

from plantation.exchange.certificates import fingerprint
from plantation.exchange.slips import qr_svg
from plantation.web.addresses import address_for_phones
from plantation.web.public import public


def _authority() -> Path:
    """The village's own certificate authority; 404 where HTTPS comes from elsewhere."""
    path = current_app.config["TLS_AUTHORITY"]
    if not path or not Path(path).is_file():
        abort(404)
    return Path(path)


@public.get("/trust")
def trust() -> str:
    """What a phone does once, in its reader's language."""
    shown = fingerprint(_authority().read_text("ascii"))
    address = address_for_phones(url_for("public.trust"))
    return render_template("public/trust.html", fingerprint=shown, address=address, qr=qr_svg(address) if address else "")


@public.get("/authority.crt")
def authority() -> Response:
    """The authority's certificate, for phones to install."""
    return send_file(_authority(), mimetype="application/x-x509-ca-cert", as_attachment=True, download_name="plantation.crt")
