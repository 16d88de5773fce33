"""The bytes of a receipt: read back as a printer reads them."""

from __future__ import annotations

import pytest

from tests.web.field.receipts import commands

PAINT = "({ width: 16, height: 2, dark: (x, y) => y === 0 })"


def test_a_receipt_has_words_as_a_picture_big_figures_the_code_and_a_cut(javascript):
    address = "https://192.168.1.10/verify/2026-000001"
    parts = [
        {"kind": "words", "said": "净重 · ساپ ئېغىرلىقى", "rtl": True}, {"kind": "big", "said": "24.100 kg"},
        {"kind": "text", "said": "2026-000001"}, {"kind": "text", "said": "二〇二六-000001"}, {"kind": "qr", "said": address},
    ]  # fmt: skip
    data = javascript("escpos", f"Array.from(escpos.receipt(given, () => {PAINT}))", parts)
    found = list(commands(data))
    assert found[0] == ("init", b"") and found[-1][0] == "cut"
    assert found.count(("raster", b"\x02\xff\xff\x00\x00")) == 2  # the first row dark, the second white; a number in no ASCII too
    assert found[found.index(("text", b"24.100 kg")) - 1] == ("size", b"\x22")
    assert ("text", b"2026-000001") in found
    assert [payload for name, payload in found if name == "text"][-2:] == [b"https://192.168.1.10/verify/", b"2026-000001"]


@pytest.mark.parametrize(("said", "size"), [("9.000 kg", 3), ("124.100 kg", 3), ("1234.500 kg", 2), ("-1234567.890 kg", 2), ("1" * 30, 1)])
def test_figures_are_as_large_as_they_fit(javascript, said, size):
    data = javascript("escpos", f"Array.from(escpos.receipt(given, () => {PAINT}))", [{"kind": "big", "said": said}])
    found = list(commands(data))
    assert found[found.index(("text", said.encode())) - 1] == ("size", bytes([(size - 1) * 0x11]))
    assert len(said) * size <= 32


def test_an_address_breaks_after_a_stroke_and_loses_no_letter(javascript):
    texts = ["https://a.example/verify/1", "https://village-of-the-sea-buckthorn.example.org:8443/verify/aguoyi/2026-000123", "x" * 100, ""]
    for said, found in zip(texts, javascript("escpos", "given.map(escpos.lines)", texts), strict=True):
        assert "".join(found) == said and all(0 < len(each) <= 32 for each in found)
