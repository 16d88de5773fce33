"""What goes into a settlement, summed by household and grade, and what a settlement refuses (rules 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from plantation.domain.deductions import Deduction
from plantation.domain.words import SeasonMode
from plantation.errors import N_, Refusal
from plantation.units import Fen, Grams, PartsPerMillion


class PurchasedMoreThanWeighed(Refusal):
    """Buyers recorded more of a grade than the scale saw, beyond the tolerance (rule 6)."""

    template = N_(
        "Grade %(grade)s: %(purchased_kg)s kg were bought but only %(weighed_kg)s kg were weighed;"
        " at most %(tolerance_pct)s %% more is accepted."
    )


class SoldMoreThanDelivered(Refusal):
    """A household sold more of a grade in its own name than it delivered (rule 5)."""

    template = N_("Household %(household)s sold %(sold_kg)s kg of grade %(grade)s directly but delivered only %(delivered_kg)s kg.")


class DirectPurchaseInPostedSeason(Refusal):
    """In a posted season the collective buys everything (rule 5)."""

    template = N_(
        "Season %(season)s pays posted prices: the collective buys everything, so nobody can buy"
        " grade %(grade)s directly from household %(household)s."
    )


class PoolWithoutFruit(Refusal):
    """Money for a grade of which no household left anything to the pool: there is nobody to pay it to."""

    template = N_("Grade %(grade)s: buyers paid %(revenue_yuan)s yuan to the pool, but no household has fruit in it.")


class DeliveredBelowZero(Refusal):
    """More was reversed than was weighed."""

    template = N_(
        "Household %(household)s, grade %(grade)s: the weighings sum to %(net_kg)s kg, %(amount_yuan)s yuan and"
        " %(picking_yuan)s yuan for picking; none of these may be below 0."
    )


class PurchasedBelowZero(Refusal):
    """More was taken back than was bought."""

    template = N_("Purchases from %(source)s, grade %(grade)s, sum to %(net_kg)s kg and %(amount_yuan)s yuan; neither may be below 0.")


@dataclass(frozen=True, slots=True)
class SeasonTerms:
    """The frozen terms of a season. The mode may be given as its word, as it is stored.

    >>> SeasonTerms("2026", "posted").mode
    <SeasonMode.POSTED: 'posted'>

    :raises ValueError: an unknown mode.
    """

    code: str
    mode: SeasonMode
    tolerance_ppm: PartsPerMillion = 0
    deductions: tuple[Deduction, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "mode", SeasonMode(self.mode))


class Delivery(NamedTuple):
    """A household's weighings of one grade, reversals included. In a pooled season `amount_fen` is not looked at."""

    household_code: str
    grade: str
    net_grams: Grams
    amount_fen: Fen
    picking_fen: Fen


class PurchaseTotal(NamedTuple):
    """What buyers bought of one grade from one source: a household's code, or None for the collective's pool."""

    household_code: str | None
    grade: str
    net_grams: Grams
    amount_fen: Fen
