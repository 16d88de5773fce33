"""A certificate as people compare it: its fingerprint, in pairs as phones show it."""

from __future__ import annotations

import hashlib
import ssl


def fingerprint(pem: str) -> str:
    """The SHA-256 of a certificate in PEM: 32 pairs of hexadecimal digits with spaces between, so that it breaks on a narrow screen.

    >>> fingerprint("-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n")[:11]
    '70 9E 80 C8'
    """
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).digest().hex(" ").upper()
