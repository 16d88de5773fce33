"""One weighing: from what the scale said to what the slip promises (the contract's rules 1, 2, 8, 9 and 10).

A weighing falls into lines. A household's weighing is one line. A plot's weighing is first shared over the plot's
parcels (:mod:`plantation.geometry.earnings`) and each share is a line of its household; amount and picking wage are
computed line by line, and the slip's amount and the picker's wage are the sums of the lines. Computing them on
the whole and sharing them afterwards could differ by a fen a line from what each household's own rule 2 says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from plantation.errors import N_, Refusal
from plantation.units import GRAMS_PER_KG, WHOLE_PPM, Fen, Grams, PartsPerMillion, format_kg, format_percent, half_up

# A set of crates on a field scale, and a laden lorry on a weighbridge: above these a digit was typed too many.
HOUSEHOLD_LIMIT_GRAMS: Grams = 5_000_000
PLOT_LIMIT_GRAMS: Grams = 100_000_000


class GrossNotAboveTare(Refusal, ValueError):
    """There is no fruit on the scale."""

    template = N_("The gross weight, %(gross_kg)s kg, must be above the tare, %(tare_kg)s kg.")


class TareBelowZero(Refusal, ValueError):
    """A container that weighs less than nothing."""

    template = N_("The tare cannot be %(tare_kg)s kg: it must not be below 0.")


class GrossAboveLimit(Refusal, ValueError):
    """More than one weighing can hold."""

    template = N_("The gross weight, %(gross_kg)s kg, is above %(limit_kg)s kg, the most that one weighing may hold.")


class DeductionOutOfRange(Refusal, ValueError):
    """A deduction from the weight that leaves nothing, or adds."""

    template = N_("A deduction of %(deduction_pct)s %% is not possible: it must be at least 0 and below 100 %%.")


class WeighingLine(NamedTuple):
    """What one household gets of one weighing. `parcel_code` is None when the weighing names no parcel."""

    household_code: str
    parcel_code: str | None
    net_grams: Grams
    amount_fen: Fen
    picking_fen: Fen


@dataclass(frozen=True, slots=True)
class Weighed:
    """The figures of one slip. `amount_fen` and `picking_fen` are the sums of `lines`, `net_grams` as well."""

    gross_grams: Grams
    tare_grams: Grams
    deduction_ppm: PartsPerMillion
    price_fen_per_kg: Fen | None
    piece_rate_fen_per_kg: Fen | None
    net_grams: Grams
    amount_fen: Fen
    picking_fen: Fen
    lines: tuple[WeighingLine, ...]


def net_grams(
    gross_grams: Grams,
    tare_grams: Grams,
    deduction_ppm: PartsPerMillion = 0,
    *,
    limit_grams: Grams = HOUSEHOLD_LIMIT_GRAMS,
) -> Grams:
    """The net weight: (gross − tare) × (100 % − deduction), rounded half up to the gram.

    `limit_grams` is the most that the scale's gross may be, itself allowed.

    >>> net_grams(25_300, 1_200, 25_000)
    23498
    >>> net_grams(1_200, 1_200)
    Traceback (most recent call last):
    plantation.domain.weighing.GrossNotAboveTare: The gross weight, 1.200 kg, must be above the tare, 1.200 kg.

    :raises TareBelowZero, GrossNotAboveTare, GrossAboveLimit, DeductionOutOfRange:
    """
    if tare_grams < 0:
        raise TareBelowZero(tare_kg=format_kg(tare_grams))
    if gross_grams <= tare_grams:
        raise GrossNotAboveTare(gross_kg=format_kg(gross_grams), tare_kg=format_kg(tare_grams))
    if gross_grams > limit_grams:
        raise GrossAboveLimit(gross_kg=format_kg(gross_grams), limit_kg=format_kg(limit_grams))
    if not 0 <= deduction_ppm < WHOLE_PPM:
        raise DeductionOutOfRange(deduction_pct=format_percent(deduction_ppm))
    return half_up((gross_grams - tare_grams) * (WHOLE_PPM - deduction_ppm), WHOLE_PPM)


def amount_fen(net_grams: Grams, price_fen_per_kg: Fen) -> Fen:
    """What a net weight is worth at a price or earns at a piece rate, rounded half up to the fen.

    A negative weight is worth the exact opposite, so that a reversal undoes its slip.

    >>> amount_fen(23_498, 500), amount_fen(-23_498, 500), amount_fen(0, 500)
    (11749, -11749, 0)
    """
    return half_up(net_grams * price_fen_per_kg, GRAMS_PER_KG)


def line_of(
    household_code: str,
    parcel_code: str | None,
    net_grams: Grams,
    price_fen_per_kg: Fen | None,
    piece_rate_fen_per_kg: Fen | None,
) -> WeighingLine:
    """One line; without a price (a pooled season) its amount is 0, because only the settlement knows it; without a
    piece rate (the household picked itself) nothing is owed to a picker.

    >>> line_of("H001", None, 23_498, None, 80)
    WeighingLine(household_code='H001', parcel_code=None, net_grams=23498, amount_fen=0, picking_fen=1880)
    """
    return WeighingLine(
        household_code,
        parcel_code,
        net_grams,
        0 if price_fen_per_kg is None else amount_fen(net_grams, price_fen_per_kg),
        0 if piece_rate_fen_per_kg is None else amount_fen(net_grams, piece_rate_fen_per_kg),
    )


def weigh(
    gross_grams: Grams,
    tare_grams: Grams,
    deduction_ppm: PartsPerMillion,
    shares: Iterable[tuple[str, str | None, Grams]],
    *,
    price_fen_per_kg: Fen | None = None,
    piece_rate_fen_per_kg: Fen | None = None,
    limit_grams: Grams = HOUSEHOLD_LIMIT_GRAMS,
) -> Weighed:
    """The figures of a slip whose net weight is shared as (household code, parcel code or None, net grams).

    For one household use :func:`weigh_for_household`. No share at all is as wrong as shares that do not sum to
    the net weight.

    >>> slip = weigh(31_000, 1_000, 0, [("H001", "P1-1", 10_001), ("H002", "P1-2", 19_999)], price_fen_per_kg=500)
    >>> slip.net_grams, slip.amount_fen, [line.amount_fen for line in slip.lines]
    (30000, 15001, [5001, 10000])

    :raises ValueError: the shares do not sum to the net weight.
    :raises Refusal: as :func:`net_grams`.
    """
    net = net_grams(gross_grams, tare_grams, deduction_ppm, limit_grams=limit_grams)
    lines = tuple(line_of(*share, price_fen_per_kg, piece_rate_fen_per_kg) for share in shares)
    shared = sum(line.net_grams for line in lines)
    if shared != net or not lines:
        raise ValueError(f"{len(lines)} shares of {shared} g in all for a net weight of {net} g")
    return Weighed(
        gross_grams,
        tare_grams,
        deduction_ppm,
        price_fen_per_kg,
        piece_rate_fen_per_kg,
        net,
        sum(line.amount_fen for line in lines),
        sum(line.picking_fen for line in lines),
        lines,
    )


def weigh_for_household(
    household_code: str,
    gross_grams: Grams,
    tare_grams: Grams,
    deduction_ppm: PartsPerMillion = 0,
    *,
    parcel_code: str | None = None,
    price_fen_per_kg: Fen | None = None,
    piece_rate_fen_per_kg: Fen | None = None,
    limit_grams: Grams = HOUSEHOLD_LIMIT_GRAMS,
) -> Weighed:
    """The figures of a slip that belongs to one household whole.

    >>> slip = weigh_for_household("H001", 25_300, 1_200, 25_000, price_fen_per_kg=500, piece_rate_fen_per_kg=80)
    >>> slip.net_grams, slip.amount_fen, slip.picking_fen
    (23498, 11749, 1880)

    :raises Refusal: as :func:`net_grams`.
    """
    net = net_grams(gross_grams, tare_grams, deduction_ppm, limit_grams=limit_grams)
    return weigh(
        gross_grams,
        tare_grams,
        deduction_ppm,
        [(household_code, parcel_code, net)],
        price_fen_per_kg=price_fen_per_kg,
        piece_rate_fen_per_kg=piece_rate_fen_per_kg,
        limit_grams=limit_grams,
    )


def reverse(weighed: Weighed) -> Weighed:
    """The mirror of a slip: the same scale figures and rates; net, amount and picking with the sign turned.

    Slip and reversal sum to zero line by line. Nothing is computed again, so a rule or a parcel that has
    changed since cannot leave a fen behind.

    >>> slip = weigh_for_household("H001", 25_300, 1_200, 25_000, price_fen_per_kg=500)
    >>> back = reverse(slip)
    >>> back.gross_grams, back.net_grams, back.amount_fen, back.lines[0].net_grams
    (25300, -23498, -11749, -23498)
    """
    return replace(
        weighed,
        net_grams=-weighed.net_grams,
        amount_fen=-weighed.amount_fen,
        picking_fen=-weighed.picking_fen,
        lines=tuple(
            WeighingLine(household_code, parcel_code, -net, -amount, -picking)
            for household_code, parcel_code, net, amount, picking in weighed.lines
        ),
    )
