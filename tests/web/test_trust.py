"""The page that tells a phone how to trust this computer, and the codes that a phone scans."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from plantation.cli.certificates import make_certificates
from tests.conftest import NOW
from tests.web.conftest import browser_of
from tests.web.managers.conftest import text_of


@pytest.fixture
def trusting(app, tmp_path):
    """The app as `serve --tls --name village.lan` starts it, and its authority in DER."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    made = make_certificates(tmp_path, ("localhost", "village.lan"), NOW)
    app.config.update(TLS_AUTHORITY=str(made.authority), TLS_NAME="village.lan")
    yield app, x509.load_pem_x509_certificate(made.authority.read_bytes()).public_bytes(Encoding.DER)
    app.config.update(TLS_AUTHORITY=None, TLS_NAME=None)


def test_anybody_reads_how_to_trust_this_computer_with_its_fingerprint(trusting):
    app, certificate = trusting
    page = browser_of(app).get("/trust", base_url="https://localhost:8443")
    assert page.status_code == 200
    said = text_of(BeautifulSoup(page.text, "html.parser"))
    assert hashlib.sha256(certificate).hexdigest().upper() in said.replace(" ", "")
    assert "https://village.lan:8443/trust" in said and "Certificate Trust Settings" in said and "<svg" in page.text


def test_where_https_comes_from_elsewhere_there_is_nothing_to_trust(app):
    assert browser_of(app).get("/trust").status_code == 404 and browser_of(app).get("/authority.crt").status_code == 404


@pytest.mark.parametrize("kept", ["", "nothing of the kind", "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n"])
def test_a_file_that_holds_no_certificate_is_nothing_to_trust(trusting, tmp_path, kept):
    app, _ = trusting
    broken = tmp_path / "broken.pem"
    broken.write_text(kept, "utf-8")
    app.config["TLS_AUTHORITY"] = str(broken)
    assert [browser_of(app).get(path).status_code for path in ("/trust", "/authority.crt")] == [404, 404]


def test_a_key_beside_the_certificate_stays_where_it_is(trusting, tmp_path):
    app, certificate = trusting
    both = tmp_path / "both.pem"
    key = "-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\n"
    both.write_text(key + Path(app.config["TLS_AUTHORITY"]).read_text("ascii"), "ascii")
    app.config["TLS_AUTHORITY"] = str(both)
    given = browser_of(app).get("/authority.crt").text
    assert "KEY" not in given and ssl.PEM_cert_to_DER_cert(given) == certificate


def test_the_weighing_page_knows_the_way_to_that_page_only_where_there_is_one(trusting):
    app, _ = trusting
    assert 'id="no-trust"' in browser_of(app).get("/field/").text
    app.config["TLS_AUTHORITY"] = None
    assert 'id="no-trust"' not in browser_of(app).get("/field/").text


@pytest.mark.parametrize(
    ("asked", "name", "address"),
    [
        ("https://village.lan:8443", "elsewhere.lan", "https://village.lan:8443/field/"),
        ("https://localhost:8443", "192.168.1.10", "https://192.168.1.10:8443/field/"),
        ("https://127.0.0.1:8443", "fd00::1", "https://[fd00::1]:8443/field/"),
        ("https://village.example", None, "https://village.example/field/"),
        ("http://localhost:8000", None, None),
        ("http://[::1]:8000", None, None),
    ],
)
def test_a_phone_is_given_a_name_that_it_can_reach(app, asked, name, address):
    from plantation.web.addresses import address_for_phones

    app.config["TLS_NAME"] = name
    with app.test_request_context("/", base_url=asked):
        assert address_for_phones("/field/") == address
    app.config["TLS_NAME"] = None
