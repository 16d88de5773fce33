"""Capitals say the same amount as the figures: read back, they are it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.capitals import in_capitals

DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read(text: str) -> int:
    """The fen that capitals say, read sign by sign as a person does."""
    total = group = digit = fen = 0
    for sign in text.removesuffix("整"):
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in PLACES:
            group, digit = group + digit * PLACES[sign], 0
        elif sign == "万":
            total, group, digit = total + (group + digit) * 10**4, 0, 0
        elif sign == "亿":
            total, group, digit = (total + group + digit) * 10**8, 0, 0
        elif sign == "元":
            fen, digit = (total + group + digit) * 100, 0
        elif sign == "角":
            fen, digit = fen + digit * 10, 0
        elif sign == "分":
            fen, digit = fen + digit, 0
    return fen


@given(st.integers(0, 10**14) | st.integers(0, 10**5))
def test_what_is_written_is_read_back(fen):
    text = in_capitals(fen)
    assert read(text) == fen
    assert "零零" not in text and not text.startswith("零") or fen == 0


def test_what_has_no_capitals_is_refused():
    for fen in (-1, 10**18):
        with pytest.raises(ValueError):
            in_capitals(fen)
