"""Pictures from a phone: a JPEG of at most 80 KB without anything but the picture in it. No place, no camera, no comment."""

from __future__ import annotations

from plantation.errors import N_, Refusal

MOST_BYTES = 80 * 1024
_START, _END, _SCAN, _COMMENT, _JFIF = 0xD8, 0xD9, 0xDA, 0xFE, 0xE0
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})


class NoPicture(Refusal, ValueError):
    """Something else, or half of it."""

    template = N_("This is not a whole JPEG picture.")


class PictureTooLarge(Refusal, ValueError):
    """The phone makes it small before it keeps it."""

    template = N_("A picture is at most %(most)s KB; this one has %(size)s KB.")


def plain_jpeg(content: bytes) -> bytes:
    """The picture without what cameras and programs write beside it: EXIF with the place, colour profiles, comments.

    >>> bare = bytes.fromhex("ffd8 ffe0 0004 0000 ffda 0002 1234 ffd9")
    >>> with_place = bytes.fromhex("ffd8 ffe0 0004 0000 ffe1 0006 45786966 ffda 0002 1234 ffd9")
    >>> plain_jpeg(with_place) == bare == plain_jpeg(bare)
    True
    >>> plain_jpeg(b"GIF89a")
    Traceback (most recent call last):
    plantation.domain.pictures.NoPicture: This is not a whole JPEG picture.

    :raises PictureTooLarge: more than 80 KB, measured as it came. :raises NoPicture: no JPEG, or not to its end.
    """
    if len(content) > MOST_BYTES:
        raise PictureTooLarge(most=MOST_BYTES // 1024, size=-(-len(content) // 1024))
    if content[:3] != b"\xff\xd8\xff":
        raise NoPicture()
    kept, place = [content[:2]], 2
    while True:
        if content[place : place + 1] != b"\xff" or place + 4 > len(content):
            raise NoPicture()
        marker = content[place + 1]
        if marker in (0xFF, _START, _END, 0x00) or marker in _BARE:
            raise NoPicture()
        ends = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if ends < place + 4 or ends > len(content):
            raise NoPicture()
        if marker == _SCAN:
            break
        if not (_JFIF < marker <= 0xEF or marker == _COMMENT):
            kept.append(content[place:ends])
        place = ends
    # From the first scan on it is the picture itself, to its end; what a program hung behind that goes.
    last = content.rfind(b"\xff\xd9", ends)
    if last < 0:
        raise NoPicture()
    return b"".join([*kept, content[place : last + 2]])
