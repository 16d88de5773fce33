"""The phone's QR codes, module by module, against another encoder: every version that it has, every mask."""

from __future__ import annotations

import pytest
import segno
from segno import encoder

TEXTS = ["https://192.168.1.10:8000/verify/2026-000001", "A", "h" * 14, "https://example.org/verify/aguoyi/2026-000123"]
# The most bytes that each version holds at level M (ISO/IEC 18004, table 7), from 1 to 10.
MOST = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213)


@pytest.fixture(autouse=True)
def pads_as_the_standard_says(monkeypatch):
    """The other encoder pads a stream that ends at a codeword's boundary with a whole zero word (8 - 0 % 8 bits) more than
    ISO/IEC 18004, 7.4.10 asks for; readers do not mind, a comparison of modules does."""
    monkeypatch.setattr(encoder, "write_padding_bits", lambda buff, version, length: buff.extend([0] * (-length % 8)))


def drawn(text, mask):
    code = segno.make(text, mode="byte", error="m", mask=mask, micro=False, boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix]


def test_every_module_of_every_mask_and_version_is_that_of_the_standard(javascript):
    texts = TEXTS + ["".join(chr(33 + (place * 7 + most) % 90) for place in range(most)) for most in MOST]
    pairs = [(text, mask) for text in texts for mask in range(8)]
    found = javascript("qr", "given.map(([text, mask]) => qr.qr(text, mask))", pairs)
    for (text, mask), rows in zip(pairs, found, strict=True):
        assert rows == drawn(text, mask), (len(text), mask)


def test_the_mask_that_is_chosen_is_one_of_the_eight_and_a_longer_text_has_no_code(javascript):
    found = javascript("qr", "given.map((text) => qr.qr(text))", [*TEXTS, "x" * 214])
    assert found.pop() is None
    for text, rows in zip(TEXTS, found, strict=True):
        assert rows in [drawn(text, mask) for mask in range(8)]


@pytest.mark.parametrize("text", TEXTS[:1])
def test_the_path_has_a_square_for_each_dark_module_and_a_quiet_zone(javascript, text):
    picture = javascript("qr", "qr.qrPath(given)", text)
    rows = javascript("qr", "qr.qr(given)", text)
    assert picture["size"] == len(rows) + 8
    assert picture["path"].count("M") == sum(map(sum, rows)) and picture["path"].startswith("M4 4h1v1h-1z")
