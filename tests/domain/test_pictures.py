"""A picture keeps nothing but the picture: segment by segment, whatever was written beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.pictures import MOST_BYTES, NoPicture, PictureTooLarge, plain_jpeg

TABLE = b"\xff\xdb\x00\x05abc"
SCAN = b"\xff\xda\x00\x04xy" + b"\x12\xff\x00\x34\xff\xd0\x56" + b"\xff\xd9"


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


BESIDE = st.lists(st.tuples(st.sampled_from([*range(0xE1, 0xF0), 0xFE]), st.binary(max_size=40)), max_size=5)


@given(BESIDE, st.binary(max_size=30))
def test_what_stands_beside_the_picture_goes_and_the_picture_stays(beside, behind):
    written = b"".join(segment(marker, content) for marker, content in beside)
    behind = behind.replace(b"\xff\xd9", b"")
    bare = b"\xff\xd8" + TABLE + SCAN
    kept = plain_jpeg(b"\xff\xd8" + written + TABLE + written + SCAN + behind)
    assert kept == bare == plain_jpeg(bare)


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_picture_or_refused(content):
    for tried in (content, b"\xff\xd8" + content, b"\xff\xd8\xff" + content):
        try:
            kept = plain_jpeg(tried)
        except NoPicture:
            continue
        assert kept[:2] == b"\xff\xd8" and kept[-2:] == b"\xff\xd9" and plain_jpeg(kept) == kept


@pytest.mark.parametrize("cut", range(0, 30))
def test_half_a_picture_is_none(cut):
    whole = b"\xff\xd8" + segment(0xE1, b"Exif") + TABLE + SCAN
    if cut < len(whole):
        with pytest.raises(NoPicture):
            plain_jpeg(whole[:cut])


def test_a_picture_that_was_not_made_small_is_refused_with_its_size():
    with pytest.raises(PictureTooLarge, match="at most 80 KB; this one has 81 KB"):
        plain_jpeg(b"\xff" * (MOST_BYTES + 1))
