"""How a phone comes to trust a computer of the village's own network: the certificate, its fingerprint, and what to tap."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Response, abort, current_app, render_template, url_for

from plantation.exchange.certificates import fingerprint
from plantation.exchange.slips import qr_svg
from plantation.web.addresses import address_for_phones
from plantation.web.public import public

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


def _authority() -> tuple[str, str]:
    """The certificate (PEM) of the village's own authority and its fingerprint; 404 where HTTPS comes from elsewhere.

    Nothing else of the file is given away: an operator may keep the key beside the certificate.
    """
    path = current_app.config["TLS_AUTHORITY"]
    try:
        found = _CERTIFICATE.search(Path(path).read_text("utf-8")) if path else None
        return (found[0], fingerprint(found[0])) if found else abort(404)
    except (OSError, ValueError):
        abort(404)


@public.get("/trust")
def trust() -> str:
    """What a phone does once, in its reader's language."""
    _, shown = _authority()
    address = address_for_phones(url_for("public.trust"))
    return render_template("public/trust.html", fingerprint=shown, address=address, qr=qr_svg(address) if address else "")


@public.get("/authority.crt")
def authority() -> Response:
    """The authority's certificate, for phones to install."""
    pem, _ = _authority()
    headers = {"Content-Disposition": "attachment; filename=plantation.crt"}
    return Response(f"{pem}\n", mimetype="application/x-x509-ca-cert", headers=headers)
