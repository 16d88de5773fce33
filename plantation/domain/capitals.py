"""Amounts in Chinese capital numerals (大写), as they stand on receipts: nobody adds a stroke to them."""

from __future__ import annotations

from plantation.units import Fen

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(fen: Fen) -> str:
    """An amount in capitals, by the rules of the People's Bank for bills.

    >>> in_capitals(0), in_capitals(130_000), in_capitals(2_003_718), in_capitals(5), in_capitals(110)
    ('零元整', '壹仟叁佰元整', '贰万零叁拾柒元壹角捌分', '伍分', '壹元壹角整')
    >>> in_capitals(10_005_000_00), in_capitals(100_00), in_capitals(1_00_05)
    ('壹仟万伍仟元整', '壹佰元整', '壹佰元零伍分')

    :raises ValueError: below 0, or 10^16 yuan and more.
    """
    if not 0 <= fen < 10**18:
        raise ValueError(f"{fen} fen cannot be written in capitals")
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    said = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{said or '零元'}整"
    if jiao:
        said += f"{_DIGITS[jiao]}角"
    elif yuan:
        said += "零"
    return said + (f"{_DIGITS[cents]}分" if cents else "整")


def _whole(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    said, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            gap = bool(said)
            continue
        if said and (gap or group < 1000):
            said += "零"
        said += _group(group) + _GROUPS[place]
        gap = False
    return said


def _group(group: int) -> str:
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return said
