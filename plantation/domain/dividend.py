"""Dividends: one amount for a chosen list, or a total by household, member, mu, kg or a mix (the contract's rule 11).

The money may be the plantation's or another cooperative's that passes through the collective; the rule is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from plantation.domain.conservation import check_conserved
from plantation.domain.limits import MOST_PAID_FEN
from plantation.errors import N_, Refusal
from plantation.units import WHOLE_PPM, Fen, Grams, Millimu, PartsPerMillion, format_percent, format_yuan, share

# The law on farmers' cooperatives: at least this much of the distributable surplus goes by what each member delivered.
PATRONAGE_FLOOR_PPM: PartsPerMillion = 600_000


class Basis(StrEnum):
    """What a dividend is shared by."""

    HOUSEHOLD = "household"
    MEMBER = "member"
    MU = "mu"
    KG = "kg"


class DividendBelowOneFen(Refusal, ValueError):
    """Nothing to hand out."""

    template = N_("A dividend must be more than 0; %(amount_yuan)s yuan is not.")


class DividendTooLarge(Refusal, ValueError):
    """A digit too many, or an amount for each that was meant for all."""

    template = N_("A dividend of %(amount_yuan)s yuan is too large: at most %(most_yuan)s yuan in all.")


class DividendWithoutBasis(Refusal, ValueError):
    """Nobody on the list has any of what the total is to be shared by."""

    template = N_("%(amount_yuan)s yuan cannot be shared by %(basis)s: the chosen households have none.")


class HouseholdTwice(Refusal, ValueError):
    """A list that would pay one household twice."""

    template = N_("Household %(household)s is on the dividend's list twice.")


class MixNotWhole(Refusal, ValueError):
    """Parts that are not 100 % together, or a basis that comes twice."""

    template = N_("The parts of a mixed dividend must be above 0 %% and 100 %% in all; these are %(sum_pct)s %%.")


class Receiver(NamedTuple):
    """A household on the dividend's list, with what each basis counts."""

    household_code: str
    members: int = 0
    entitlement_millimu: Millimu = 0
    net_grams: Grams = 0
    households: int = 1


class DividendPart(NamedTuple):
    """One part of a dividend: its basis and what it hands out."""

    basis: Basis
    total_fen: Fen


class DividendLine(NamedTuple):
    """What one household gets: `part_fen` follows the order of the dividend's parts and sums to `amount_fen`."""

    household_code: str
    amount_fen: Fen
    part_fen: tuple[Fen, ...]


@dataclass(frozen=True, slots=True)
class Dividend:
    """A dividend worked out: `parts` and `lines` each sum to `total_fen`; `lines` are by household code."""

    total_fen: Fen
    parts: tuple[DividendPart, ...]
    lines: tuple[DividendLine, ...]


class Counted(Protocol):
    """Whatever says what the bases count: a household's line, or the sums of many."""

    @property
    def households(self) -> int: ...
    @property
    def members(self) -> int: ...
    @property
    def entitlement_millimu(self) -> Millimu: ...
    @property
    def net_grams(self) -> Grams: ...


_COUNTED = {Basis.HOUSEHOLD: "households", Basis.MEMBER: "members", Basis.MU: "entitlement_millimu", Basis.KG: "net_grams"}


def count(basis: Basis, of: Counted) -> int:
    """How much of what a dividend is shared by somebody, or all together, have.

    >>> [count(basis, Receiver("H001", 4, 10_000, 23_498)) for basis in Basis]
    [1, 4, 10000, 23498]
    """
    return getattr(of, _COUNTED[basis])


_SAID = {Basis.HOUSEHOLD: N_("household"), Basis.MEMBER: N_("member"), Basis.MU: N_("mu"), Basis.KG: N_("kilogram")}


def fixed_dividend(each_fen: Fen, receivers: Iterable[Receiver]) -> Dividend:
    """The same amount for every household on the list.

    The village's livestock cooperative pays 20 households 1,300 yuan each: 26,000 yuan.

    >>> fixed_dividend(130_000, [Receiver(f"H{number:03}") for number in range(1, 21)]).total_fen
    2600000

    :raises DividendBelowOneFen, DividendWithoutBasis, HouseholdTwice: as :func:`mixed_dividend`.
    """
    listed = list(receivers)
    if each_fen <= 0:
        raise DividendBelowOneFen(amount_yuan=format_yuan(each_fen))
    dividend = shared_dividend(each_fen * max(len(listed), 1), Basis.HOUSEHOLD, listed)
    for line in dividend.lines:
        check_conserved(f"dividend, household {line.household_code}, fen", each_fen, line.amount_fen)
    return dividend


def shared_dividend(total_fen: Fen, basis: Basis, receivers: Iterable[Receiver]) -> Dividend:
    """A total by one basis: largest remainder, ties by household code ascending.

    >>> dividend = shared_dividend(1_000, Basis.MEMBER, [Receiver("H002", 2), Receiver("H001", 1)])
    >>> [(line.household_code, line.amount_fen) for line in dividend.lines]
    [('H001', 333), ('H002', 667)]

    :raises DividendBelowOneFen, DividendWithoutBasis, HouseholdTwice: as :func:`mixed_dividend`.
    """
    return mixed_dividend(total_fen, [(basis, WHOLE_PPM)], receivers)


def mixed_dividend(total_fen: Fen, mix: Sequence[tuple[Basis, PartsPerMillion]], receivers: Iterable[Receiver]) -> Dividend:
    """A total in parts, each by its own basis, such as 60 % by kg and 40 % by member.

    First the parts are shared out of the total by largest remainder (ties by the name of the basis), then each part
    over the households by largest remainder (ties by household code). A part that rounds to 0 fen asks for no basis.

    >>> dividend = mixed_dividend(
    ...     1_001,
    ...     [(Basis.KG, 600_000), (Basis.MEMBER, 400_000)],
    ...     [Receiver("H001", members=3, net_grams=10_000), Receiver("H002", members=1, net_grams=30_000)],
    ... )
    >>> [part.total_fen for part in dividend.parts], [tuple(line) for line in dividend.lines]
    ([601, 400], [('H001', 450, (150, 300)), ('H002', 551, (451, 100))])

    :raises DividendBelowOneFen: nothing to hand out. :raises DividendTooLarge: more than any dividend is.
    :raises MixNotWhole: parts that are not above 0 and 100 % in all, or a basis twice.
    :raises DividendWithoutBasis: a part that nobody on the list has a claim to; an empty list.
    :raises HouseholdTwice: a household twice on the list.
    """
    if total_fen <= 0:
        raise DividendBelowOneFen(amount_yuan=format_yuan(total_fen))
    if total_fen > MOST_PAID_FEN:
        raise DividendTooLarge(amount_yuan=format_yuan(total_fen), most_yuan=format_yuan(MOST_PAID_FEN))
    _check_mix(mix)
    listed = sorted(receivers)
    for before, after in zip(listed, listed[1:], strict=False):
        if before.household_code == after.household_code:
            raise HouseholdTwice(household=after.household_code)
    part_totals = share(total_fen, [rate_ppm for _, rate_ppm in mix], [basis.value for basis, _ in mix])
    parts = tuple(DividendPart(basis, part_fen) for (basis, _), part_fen in zip(mix, part_totals, strict=True))
    shares = [_share_part(part, listed) for part in parts]
    lines = tuple(
        DividendLine(receiver.household_code, sum(part_fen), part_fen)
        for receiver, *part_fen_list in zip(listed, *shares, strict=True)
        for part_fen in [tuple(part_fen_list)]
    )
    check_conserved("dividend, fen in parts", total_fen, sum(part.total_fen for part in parts))
    check_conserved("dividend, fen", total_fen, sum(line.amount_fen for line in lines))
    return Dividend(total_fen, parts, lines)


def meets_patronage_floor(mix: Iterable[tuple[Basis, PartsPerMillion]]) -> bool:
    """Whether at least 60 % go by what was delivered, as the law on farmers' cooperatives asks of a surplus.

    >>> meets_patronage_floor([(Basis.KG, 600_000), (Basis.MEMBER, 400_000)]), meets_patronage_floor([])
    (True, False)
    """
    return sum(rate_ppm for basis, rate_ppm in mix if basis is Basis.KG) >= PATRONAGE_FLOOR_PPM


def _check_mix(mix: Sequence[tuple[Basis, PartsPerMillion]]) -> None:
    whole_ppm = sum(rate_ppm for _, rate_ppm in mix)
    bases = {basis for basis, _ in mix}
    if whole_ppm != WHOLE_PPM or any(rate_ppm <= 0 for _, rate_ppm in mix) or len(bases) < len(mix):
        raise MixNotWhole(sum_pct=format_percent(whole_ppm))


def _share_part(part: DividendPart, receivers: Sequence[Receiver]) -> list[Fen]:
    counts = [count(part.basis, receiver) for receiver in receivers]
    if part.total_fen and not any(counts):
        raise DividendWithoutBasis(amount_yuan=format_yuan(part.total_fen), basis=_SAID[part.basis])
    return share(part.total_fen, counts, [receiver.household_code for receiver in receivers])
