"""A certificate for the village's own network: a small authority that phones trust once, and what it signs for this host.

Browsers keep a page for times without a signal only over HTTPS; a public certificate needs a public name, which a
village's router has not.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509

AUTHORITY_DAYS = 3650
# Phones refuse longer ones.
HOST_DAYS = 397
RENEW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where they lie; `authority` is what phones install, `names` is what the host's certificate says."""

    authority: Path
    certificate: Path
    key: Path
    names: tuple[str, ...]


def own_names(extra: str | None = None) -> tuple[str, ...]:
    """What this host is called in its network: localhost, its name, its addresses, and `extra`."""
    found = ["localhost", "127.0.0.1", socket.gethostname()]
    try:
        found += [entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    except OSError:
        pass
    # The address from which this host would speak to others; nothing is sent.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found.append(probe.getsockname()[0])
        except OSError:
            pass
    return tuple(dict.fromkeys(name for name in (*found, extra) if name))


def make_certificates(folder: Path, names: tuple[str, ...], now: dt.datetime) -> Certificates:
    """The authority and the host's certificate in `folder`, made where they are missing, renewed before they run out or
    when the host has another name. The keys can be read by their owner only."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder.mkdir(parents=True, exist_ok=True)
    files = Certificates(folder / "authority.crt", folder / "host.crt", folder / "host.key", names)
    ca_key_file = folder / "authority.key"
    if not (files.authority.exists() and ca_key_file.exists()):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Plantation {socket.gethostname()}"[:64])])
        _write(ca_key_file, _private(key))
        certificate = _sign(subject, subject, key.public_key(), key, now, AUTHORITY_DAYS, None)
        files.authority.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    if files.certificate.exists() and files.key.exists():
        old = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        fresh = old.not_valid_after_utc - now > dt.timedelta(days=RENEW_DAYS)
        if fresh and set(_names_of(old)) >= set(names):
            return files
    ca_key = serialization.load_pem_private_key(ca_key_file.read_bytes(), None)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[-1][:64])])
    certificate = _sign(subject, authority.subject, key.public_key(), ca_key, now, HOST_DAYS, names)
    _write(files.key, _private(key))
    pem = serialization.Encoding.PEM
    files.certificate.write_bytes(certificate.public_bytes(pem) + authority.public_bytes(pem))
    return files


def _sign(subject, issuer, public_key, signer, now: dt.datetime, days: int, names: tuple[str, ...] | None) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=names is None, path_length=0 if names is None else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if names is None:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    else:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _names_of(certificate: x509.Certificate) -> list[str]:
    from cryptography import x509

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in names]


def _private(key) -> bytes:
    from cryptography.hazmat.primitives import serialization

    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    os.chmod(path, 0o600)
    path.write_bytes(content)
