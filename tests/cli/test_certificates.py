"""`plantation serve --tls`: a real HTTPS server with a certificate that its own authority vouches for, and nobody else."""

from __future__ import annotations

import datetime as dt
import os
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from plantation.cli.certificates import make_certificates, own_names

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


def test_certificates_are_made_once_and_renewed_before_they_run_out(tmp_path):
    from cryptography import x509

    first = make_certificates(tmp_path, ("localhost", "127.0.0.1", "village.lan"), NOW)
    authority, host = first.authority.read_bytes(), first.certificate.read_bytes()
    again = make_certificates(tmp_path, ("localhost", "127.0.0.1"), NOW + dt.timedelta(days=300))
    assert (again.authority.read_bytes(), again.certificate.read_bytes()) == (authority, host)
    renewed = make_certificates(tmp_path, ("localhost",), NOW + dt.timedelta(days=380))
    assert renewed.authority.read_bytes() == authority and renewed.certificate.read_bytes() != host
    moved = make_certificates(tmp_path, ("localhost", "192.168.7.7"), NOW + dt.timedelta(days=380))
    read = x509.load_pem_x509_certificate(moved.certificate.read_bytes())
    read.verify_directly_issued_by(x509.load_pem_x509_certificate(authority))
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(name.value) for name in names} == {"localhost", "192.168.7.7"}
    if os.name != "nt":
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.glob("*.key"))


def test_a_host_knows_its_names():
    names = own_names("village.lan")
    assert {"localhost", "127.0.0.1"} <= set(names) and names[-1] == "village.lan" and len(names) == len(set(names))


@pytest.fixture
def served(tmp_path):
    """A running `plantation serve --tls`: its address and its authority."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "PLANTATION_INSTANCE": str(tmp_path), "PLANTATION_SECRET_KEY": "only for tests"}
    environ.pop("PLANTATION_DATABASE_URL", None)
    run = [sys.executable, "-c", "from plantation.cli import main; main()"]
    subprocess.run([*run, "init"], env=environ, check=True, capture_output=True, timeout=60, cwd=tmp_path)
    server = subprocess.Popen(
        [*run, "serve", "--tls", "--port", str(port)], env=environ, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    authority = tmp_path / "tls" / "authority.crt"
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"https://localhost:{port}", authority
    server.terminate()
    server.wait(20)


def test_who_trusts_the_authority_reaches_the_site_and_nobody_else_does(served):
    address, authority = served
    trusting = ssl.create_default_context(cafile=str(authority))
    with urllib.request.urlopen(f"{address}/authority.crt", context=trusting, timeout=20) as answer:
        assert answer.read() == authority.read_bytes()
        assert answer.headers["Content-Type"].startswith("application/x-x509-ca-cert")
        assert "max-age" in answer.headers["Strict-Transport-Security"]
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"{address}/healthz", context=ssl.create_default_context(), timeout=20)
