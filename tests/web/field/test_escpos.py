"""The bytes of a receipt: read back as a printer reads them."""

from __future__ import annotations

PAINT = "({ rgba: new Array(16 * 2 * 4).fill(0).map((_, at) => (at % 4 === 3 ? 255 : at < 16 * 4 ? 0 : 255)), width: 16, height: 2 })"


def commands(data):
    """(name, payload) of each command; fails at a byte that no printer would know."""
    at = 0
    while at < len(data):
        head = bytes(data[at : at + 3])
        if head[:2] == b"\x1b@":
            yield "init", b""
            at += 2
        elif head[:2] in (b"\x1ba", b"\x1bd", b"\x1d!"):
            yield {b"\x1ba": "align", b"\x1bd": "feed", b"\x1d!": "size"}[head[:2]], head[2:]
            at += 3
        elif head == b"\x1d(k":
            length = data[at + 3] + 256 * data[at + 4]
            yield "qr", bytes(data[at + 5 : at + 5 + length])
            at += 5 + length
        elif head == b"\x1dv0":
            across, height = data[at + 4] + 256 * data[at + 5], data[at + 6] + 256 * data[at + 7]
            yield "raster", bytes(data[at + 8 : at + 8 + across * height])
            at += 8 + across * height
        elif head[:2] == b"\x1dV":
            yield "cut", bytes(data[at + 2 : at + 4])
            at += 4
        else:
            end = data.index(0x0A, at)
            yield "text", bytes(data[at:end])
            assert all(32 <= byte < 127 for byte in data[at:end])
            at = end + 1


def test_a_receipt_has_words_as_a_picture_big_figures_the_code_and_a_cut(javascript):
    address = "https://192.168.1.10/verify/2026-000001"
    parts = [
        {"kind": "words", "said": "净重 · ساپ ئېغىرلىقى", "rtl": True}, {"kind": "big", "said": "24.100 kg"},
        {"kind": "text", "said": "2026-000001 ±"}, {"kind": "qr", "said": address},
    ]  # fmt: skip
    data = javascript("escpos", f"Array.from(escpos.receipt(given, () => {PAINT}))", parts)
    found = list(commands(data))
    assert found[0] == ("init", b"") and found[-1][0] == "cut"
    assert ("raster", b"\xff\xff\x00\x00") in found  # the first row dark, the second white
    assert found[found.index(("text", b"24.100 kg")) - 1] == ("size", b"\x22")
    assert ("text", b"2026-000001 ?") in found
    codes = [payload for name, payload in found if name == "qr"]
    assert codes[3] == b"1P0" + address.encode() and codes[-1] == b"1Q0" and codes[2] == b"1E1"
