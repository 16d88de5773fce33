"""A receipt printer, simulated: what its bytes put on paper of 384 dots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

DOTS, LETTER, LINE = 384, 12, 30


def commands(data: list[int]) -> Iterator[tuple[str, bytes]]:
    """(name, payload) of each command, a picture's octets across before its dots; fails at a byte that no printer would know."""
    at = 0
    while at < len(data):
        head = bytes(data[at : at + 3])
        if head[:2] == b"\x1b@":
            yield "init", b""
            at += 2
        elif head[:2] in (b"\x1ba", b"\x1bd", b"\x1d!"):
            yield {b"\x1ba": "align", b"\x1bd": "feed", b"\x1d!": "size"}[head[:2]], head[2:]
            at += 3
        elif head == b"\x1dv0":
            across, height = data[at + 4] + 256 * data[at + 5], data[at + 6] + 256 * data[at + 7]
            assert across <= DOTS // 8, "wider than the paper"
            yield "raster", bytes([across]) + bytes(data[at + 8 : at + 8 + across * height])
            at += 8 + across * height
        elif head[:2] == b"\x1dV":
            yield "cut", bytes(data[at + 2 : at + 4])
            at += 4
        else:
            end = data.index(0x0A, at)
            yield "text", bytes(data[at:end])
            assert all(32 <= byte < 127 for byte in data[at:end])
            at = end + 1


@dataclass
class Receipt:
    """A slip of paper: its lines of text, its pictures, and all its dots from top to bottom (1 is dark; letters stand there as boxes)."""

    texts: list[str] = field(default_factory=list)
    pictures: list[np.ndarray] = field(default_factory=list)
    bands: list[np.ndarray] = field(default_factory=list)

    @property
    def dots(self) -> np.ndarray:
        return np.vstack(self.bands)


def receipts(data: list[int]) -> list[Receipt]:
    """What was printed, cut by cut; fails where something would not fit the paper."""
    done, now, size = [], Receipt(), 1
    for name, payload in commands(data):
        if name == "size":
            size = (payload[0] & 15) + 1
        elif name == "feed":
            now.bands.append(np.zeros((LINE * payload[0], DOTS), np.uint8))
        elif name == "text":
            wide = len(payload) * LETTER * size
            assert wide <= DOTS, payload
            now.texts.append(payload.decode())
            now.bands.append(_centred(np.pad(np.ones((LINE * size - 6, wide), np.uint8), ((3, 3), (0, 0)))))
        elif name == "raster":
            picture = np.unpackbits(np.frombuffer(payload[1:], np.uint8).reshape(-1, payload[0]), axis=1)
            now.pictures.append(picture)
            now.bands.append(_centred(picture))
        elif name == "cut":
            done.append(now)
            now = Receipt()
    return done


def _centred(picture: np.ndarray) -> np.ndarray:
    left = (DOTS - picture.shape[1]) // 2
    return np.pad(picture, ((0, 0), (left, DOTS - picture.shape[1] - left)))
