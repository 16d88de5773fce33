"""Deductions from a household's season (the contract's rule 7), and taking dues from what is there to take from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import attrgetter
from typing import NamedTuple

from plantation.domain.words import DeductionKind
from plantation.errors import N_, Refusal
from plantation.units import GRAMS_PER_KG, Fen, Grams, PartsPerMillion, format_percent, format_yuan, half_up

WHOLE_PPM: PartsPerMillion = 1_000_000


class DeductionBelowZero(Refusal, ValueError):
    """A deduction that would pay out."""

    template = N_("Deduction %(code)s cannot be %(value)s: it must not be below 0.")


class DeductionTwice(Refusal, ValueError):
    """Two deductions of one season under one code: their order would be open."""

    template = N_("Deduction %(code)s is named twice.")


@dataclass(frozen=True, slots=True)
class Deduction:
    """One line of a season's deduction sheet: `rate_ppm` counts for a percentage, `amount_fen` for the other kinds.

    The kind may be given as its word, as it is stored.

    :raises DeductionBelowZero: a negative rate or amount.
    :raises ValueError: an unknown kind.
    """

    code: str
    kind: DeductionKind
    rate_ppm: PartsPerMillion = 0
    amount_fen: Fen = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", DeductionKind(self.kind))
        if self.rate_ppm < 0:
            raise DeductionBelowZero(code=self.code, value=format_percent(self.rate_ppm))
        if self.amount_fen < 0:
            raise DeductionBelowZero(code=self.code, value=format_yuan(self.amount_fen))

    def due_fen(self, gross_fen: Fen, net_grams: Grams) -> Fen:
        """What it asks of a household with this season total, rounded half up to the fen.

        >>> Deduction("fund", DeductionKind.PERCENT, rate_ppm=25_000).due_fen(10_020, 4_000)
        251
        >>> Deduction("crates", DeductionKind.YUAN_PER_KG, amount_fen=10).due_fen(10_020, 4_050)
        41
        >>> fee = Deduction("fee", DeductionKind.YUAN_PER_HOUSEHOLD, amount_fen=3_000)
        >>> fee.due_fen(10_020, 1), fee.due_fen(0, 0)
        (3000, 0)
        """
        return self.dues_fen([gross_fen], [net_grams])[0]

    def dues_fen(self, gross_fen: Sequence[Fen], net_grams: Sequence[Grams]) -> list[Fen]:
        """As :meth:`due_fen` of each household, in the order of the two columns."""
        if self.kind is DeductionKind.PERCENT:
            rate_ppm = self.rate_ppm
            return [half_up(fen * rate_ppm, WHOLE_PPM) for fen in gross_fen]
        amount_fen = self.amount_fen
        if self.kind is DeductionKind.YUAN_PER_KG:
            return [half_up(grams * amount_fen, GRAMS_PER_KG) for grams in net_grams]
        return [amount_fen if grams > 0 else 0 for grams in net_grams]


class DeductionLine(NamedTuple):
    """One deduction of one household: `due_fen` is `taken_fen` plus `carried_fen`."""

    code: str
    due_fen: Fen
    taken_fen: Fen
    carried_fen: Fen


def take_in_order(dues: Iterable[tuple[str, Fen]], available_fen: Fen) -> tuple[DeductionLine, ...]:
    """Take (code, due in fen) one after the other, in the order given, until nothing is available; carry the rest.

    >>> [tuple(line) for line in take_in_order([("a", 700), ("b", 500), ("c", 100)], 1_000)]
    [('a', 700, 700, 0), ('b', 500, 300, 200), ('c', 100, 0, 100)]
    >>> take_in_order([], 1_000)
    ()

    From less than nothing, nothing is taken:

    >>> take_in_order([("a", 700)], -5)[0].carried_fen
    700
    """
    left_fen = max(available_fen, 0)
    lines = []
    for code, due_fen in dues:
        taken_fen = due_fen if due_fen <= left_fen else left_fen
        left_fen -= taken_fen
        lines.append(DeductionLine(code, due_fen, taken_fen, due_fen - taken_fen))
    return tuple(lines)


def in_order(deductions: Iterable[Deduction]) -> tuple[Deduction, ...]:
    """The deductions in the order in which they are taken: of their code.

    >>> crates, fund = Deduction("2", DeductionKind.PERCENT), Deduction("1", DeductionKind.PERCENT)
    >>> [deduction.code for deduction in in_order([crates, fund])], in_order([])
    (['1', '2'], ())

    :raises DeductionTwice: a code comes twice.
    """
    ordered = tuple(sorted(deductions, key=attrgetter("code")))
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.code == after.code:
            raise DeductionTwice(code=after.code)
    return ordered


def deduct(deductions: Iterable[Deduction], gross_fen: Fen, net_grams: Grams) -> tuple[DeductionLine, ...]:
    """A household's deductions on its season total, in the order of their code; in all at most `gross_fen` is taken.

    >>> fund = Deduction("fund", DeductionKind.PERCENT, rate_ppm=100_000)
    >>> fee = Deduction("fee", DeductionKind.YUAN_PER_HOUSEHOLD, amount_fen=950)
    >>> [tuple(line) for line in deduct([fund, fee], 1_000, 200)]
    [('fee', 950, 950, 0), ('fund', 100, 50, 50)]

    :raises DeductionTwice: a code comes twice.
    """
    return deduct_each(deductions, [gross_fen], [net_grams]).lines[0]


class Deducted(NamedTuple):
    """What was deducted of many households, in their order: each one's lines, and what was taken and carried in all of them."""

    lines: list[tuple[DeductionLine, ...]]
    taken_fen: list[Fen]
    carried_fen: list[Fen]


def deduct_each(deductions: Iterable[Deduction], gross_fen: Sequence[Fen], net_grams: Sequence[Grams]) -> Deducted:
    """As :func:`deduct` of each household, in the order of the two columns: ten thousand in a third of the time.

    >>> fee = Deduction("fee", DeductionKind.YUAN_PER_HOUSEHOLD, amount_fen=950)
    >>> lines, taken_fen, carried_fen = deduct_each([fee], [1_000, 500], [200, 100])
    >>> [tuple(line) for line, in lines], taken_fen, carried_fen
    ([('fee', 950, 950, 0), ('fee', 950, 500, 450)], [950, 500], [0, 450])
    >>> tuple(deduct_each([], [5], [0])), tuple(deduct_each([fee], [], []))
    (([()], [0], [0]), ([], [], []))

    :raises DeductionTwice: a code comes twice.
    """
    ordered = in_order(deductions)
    carried_fen = [0] * len(gross_fen)
    if not ordered:
        return Deducted([()] * len(gross_fen), [0] * len(gross_fen), carried_fen)
    codes = [one.code for one in ordered]
    dues = [one.dues_fen(gross_fen, net_grams) for one in ordered]
    # Nearly everyone can pay all of it: those lines are made a column at a time, the others are taken one by one.
    paid = [
        map(tuple.__new__, repeat(DeductionLine), zip(repeat(code), due, due, repeat(0))) for code, due in zip(codes, dues, strict=True)
    ]
    lines = list(zip(*paid, strict=True))
    taken_fen = list(map(sum, zip(*dues, strict=True)))
    for place, (asked_fen, available_fen) in enumerate(zip(taken_fen, gross_fen, strict=True)):
        if asked_fen > available_fen:
            lines[place] = short = take_in_order([(code, due[place]) for code, due in zip(codes, dues, strict=True)], available_fen)
            taken_fen[place] = sum(line.taken_fen for line in short)
            carried_fen[place] = asked_fen - taken_fen[place]
    return Deducted(lines, taken_fen, carried_fen)
