"""Money, weight and land as whole numbers: fen, grams, square decimetres, thousandths of a mu, parts per million.

No float ever holds money or weight. Reading is strict (a point, no thousands mark, no exponent, no more
decimals than the unit has); what does not fit is refused, never rounded. Rounding happens in named rules only:
:func:`half_up` for one amount and :func:`share` for a whole that is handed out.

1 mu = 10,000/15 m² = 666.666… m²; 1 yuan = 100 fen; 1 jin = 500 g (the village's facts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from plantation.errors import N_, BadValue

Fen: TypeAlias = int
Grams: TypeAlias = int
SquareDecimetres: TypeAlias = int
Millimu: TypeAlias = int
PartsPerMillion: TypeAlias = int

GRAMS_PER_KG = 1000
WHOLE_PPM: PartsPerMillion = 1_000_000
GRAMS_PER_JIN = 500
FEN_PER_YUAN = 100
DM2_PER_M2 = 100
MU_IN_M2 = Fraction(10_000, 15)

# What a 64-bit column holds with room for sums over a million rows: 90 billion yuan, 9 million tonnes.
LARGEST = 9_000_000_000_000

_PLAIN = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]+))?", re.ASCII)


def parse_decimal(text: str, *, decimals: int, expected: str, signed: bool = False) -> int:
    """Read a plain decimal as a whole number of its smallest unit (`decimals` digits after the point).

    >>> parse_decimal("12.5", decimals=3, expected="a weight in kg")
    12500

    Trailing zeros beyond the last digit carry nothing, so they pass:

    >>> parse_decimal("5.000", decimals=2, expected="yuan")
    500

    :raises BadValue: anything else: exponents, thousands marks, signs where none belongs, too many decimals.
    """
    match = _PLAIN.fullmatch(text.strip())
    if match is None or (match[1] and not signed):
        raise BadValue(value=text[:40], expected=expected)
    fraction = (match[3] or "").rstrip("0")
    if len(fraction) > decimals:
        raise BadValue(value=text[:40], expected=expected)
    value = int(match[2]) * 10**decimals + int(fraction.ljust(decimals, "0") or "0")
    if value > LARGEST:
        raise BadValue(value=text[:40], expected=expected)
    return -value if match[1] else value


def format_decimal(value: int, *, decimals: int, places: int | None = None) -> str:
    """Write a whole number of smallest units as a plain decimal with at least `places` (default all) decimals.

    >>> format_decimal(-1230, decimals=2), format_decimal(0, decimals=3)
    ('-12.30', '0.000')
    >>> format_decimal(10_000, decimals=3, places=0), format_decimal(3_500, decimals=3, places=0)
    ('10', '3.5')
    """
    whole, fraction = divmod(abs(value), 10**decimals)
    digits = str(fraction).rjust(decimals, "0") if decimals else ""
    if places is not None:
        digits = digits[:places] + digits[places:].rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}{'.' + digits if digits else ''}"


def parse_kg(text: str) -> Grams:
    """Kilograms, to the gram.

    >>> parse_kg("12.345"), parse_kg("0")
    (12345, 0)
    """
    return parse_decimal(text, decimals=3, expected=N_("a weight in kg with at most three decimals, such as 12.345"))


def format_kg(grams: Grams) -> str:
    """
    >>> format_kg(12345), format_kg(-500)
    ('12.345', '-0.500')
    """
    return format_decimal(grams, decimals=3)


def parse_yuan(text: str, *, signed: bool = False) -> Fen:
    """Yuan, to the fen.

    >>> parse_yuan("5"), parse_yuan("-12.30", signed=True)
    (500, -1230)
    """
    return parse_decimal(text, decimals=2, signed=signed, expected=N_("an amount in yuan with at most two decimals, such as 5.20"))


def format_yuan(fen: Fen) -> str:
    """
    >>> format_yuan(375_000_000), format_yuan(-1230)
    ('3750000.00', '-12.30')
    """
    return format_decimal(fen, decimals=2)


def parse_percent(text: str) -> PartsPerMillion:
    """Percent, to four decimals.

    >>> parse_percent("2.5")
    25000
    """
    return parse_decimal(text, decimals=4, expected=N_("a percentage with at most four decimals, such as 2.5"))


def format_percent(ppm: PartsPerMillion) -> str:
    """
    >>> format_percent(25_000), format_percent(0)
    ('2.5', '0')
    """
    return format_decimal(ppm, decimals=4, places=0)


def parse_mu(text: str) -> Millimu:
    """Mu, to a thousandth (0.67 m²).

    >>> parse_mu("8.571")
    8571
    """
    return parse_decimal(text, decimals=3, expected=N_("an area in mu with at most three decimals, such as 8.571"))


def format_mu(millimu: Millimu) -> str:
    """
    >>> format_mu(10_000), format_mu(8_571)
    ('10', '8.571')
    """
    return format_decimal(millimu, decimals=3, places=0)


def millimu_to_m2(millimu: Millimu) -> float:
    """The area in m²: a float, because it is handed to geometry and never to money.

    >>> millimu_to_m2(15_000)
    10000.0
    """
    # One division of whole numbers: the nearest float there is, and no fraction is built.
    return millimu * MU_IN_M2.numerator / (1000 * MU_IN_M2.denominator)


def dm2_to_millimu(area_dm2: SquareDecimetres) -> Millimu:
    """Rounded half up to a thousandth of a mu.

    >>> dm2_to_millimu(666_667)
    10000
    """
    return half_up(area_dm2 * 15, 10_000 * DM2_PER_M2 // 1000)


def m2_to_dm2(area_m2: float) -> SquareDecimetres:
    """A measured area in whole dm² (nearest).

    >>> m2_to_dm2(6666.666)
    666667
    """
    return round(area_m2 * DM2_PER_M2)


def format_m2(area_dm2: SquareDecimetres) -> str:
    """
    >>> format_m2(666_667)
    '6666.67'
    """
    return format_decimal(area_dm2, decimals=2)


def half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` rounded to the nearest whole number, halves away from zero.

    >>> half_up(5, 2), half_up(-5, 2), half_up(4, 3), half_up(0, 7)
    (3, -3, 1, 0)
    """
    if denominator <= 0:
        raise ValueError(f"denominator {denominator} must be positive")
    if numerator < 0:
        return -((denominator - 2 * numerator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def share(total: int, weights: Sequence[int], keys: Iterable[str]) -> list[int]:
    """Hand out `total` in proportion to `weights`: the shares sum to `total` exactly.

    Rounding rule: largest remainder; of equal remainders the smaller key gets the unit first. A negative total
    is the mirror image of its opposite, so that a reversal undoes its entry to the unit.

    >>> share(100, [1, 1, 1], ["H3", "H1", "H2"])
    [33, 34, 33]
    >>> share(-100, [1, 1, 1], ["H3", "H1", "H2"])
    [-33, -34, -33]
    >>> share(0, [], [])
    []

    :raises ValueError: negative weights, or a total other than 0 with nothing to share it over.
    """
    whole = sum(weights)
    if weights and min(weights) < 0:
        raise ValueError("weights must not be negative")
    if whole == 0:
        if total:
            raise ValueError(f"{total} cannot be shared over weights that sum to 0")
        return [0] * len(weights)
    names = list(keys)
    if len(names) != len(weights):
        raise ValueError(f"{len(weights)} weights under {len(names)} keys")
    sign, amount = (-1, -total) if total < 0 else (1, total)
    exact = [amount * weight for weight in weights]
    floors, remainders = [part // whole for part in exact], [part % whole for part in exact]
    if left := amount - sum(floors):
        # Keys are looked at only among those of the one remainder of which not all get a unit.
        last = sorted(remainders)[-left]
        above = [place for place, remainder in enumerate(remainders) if remainder > last]
        equal = sorted([place for place, remainder in enumerate(remainders) if remainder == last], key=names.__getitem__)
        for place in above + equal[: left - len(above)]:
            floors[place] += 1
    shares = [sign * floor for floor in floors]
    assert sum(shares) == total, (total, shares)
    return shares
