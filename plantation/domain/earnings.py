"""What a settlement says: per grade, per household, line by line. Data only; :mod:`.settlement` computes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from plantation.domain.deductions import DeductionLine
from plantation.domain.words import SeasonMode
from plantation.units import Fen, Grams


class FruitLine(NamedTuple):
    """One household's fruit of one grade.

    `net_grams` is `direct_grams`, sold to a buyer in the household's own name, plus `common_grams`, left to the
    collective. `common_fen` is what these bring: in a pooled season the household's share of the pool's revenue, in a
    posted season the sum of its slips' amounts.
    """

    grade: str
    net_grams: Grams
    direct_grams: Grams
    direct_fen: Fen
    common_grams: Grams
    common_fen: Fen


class HouseholdEarnings(NamedTuple):
    """What one household is owed for a season: `net_fen` = `gross_fen` − `deductions_fen` − `picking_fen`.

    `deductions_fen` is what was taken, `carried_fen` what could not be. `net_fen` below zero is owed by the household.
    `fruit` is by grade, `deductions` by code, both ascending.
    """

    household_code: str
    net_grams: Grams
    gross_fen: Fen
    deductions_fen: Fen
    picking_fen: Fen
    net_fen: Fen
    carried_fen: Fen
    fruit: tuple[FruitLine, ...]
    deductions: tuple[DeductionLine, ...]


class GradeTotal(NamedTuple):
    """One grade over all households, summed from what was weighed and bought, not from the households' lines.

    `direct_*` was bought from households in their own name, `pool_*` from the collective. `owed_fen` is owed to the
    households: in a pooled season all revenue, in a posted season what the slips promise.
    """

    grade: str
    weighed_grams: Grams
    pool_bought_grams: Grams
    pool_revenue_fen: Fen
    direct_grams: Grams
    direct_revenue_fen: Fen
    owed_fen: Fen

    @property
    def common_grams(self) -> Grams:
        """What the households left to the collective, bought or not."""
        return self.weighed_grams - self.direct_grams

    @property
    def unsold_grams(self) -> Grams:
        """What was weighed and is not yet bought; never below 0.

        >>> GradeTotal("A", 1000, 300, 0, 200, 0, 0).unsold_grams
        500
        """
        return max(self.weighed_grams - self.direct_grams - self.pool_bought_grams, 0)

    @property
    def over_grams(self) -> Grams:
        """What buyers found above the scale, within the season's tolerance; never below 0.

        >>> GradeTotal("A", 1000, 1010, 0, 0, 0, 0).over_grams
        10
        """
        return max(self.direct_grams + self.pool_bought_grams - self.weighed_grams, 0)

    @property
    def collective_fen(self) -> Fen:
        """What the collective keeps of this grade's revenue; below zero it pays on top.

        >>> GradeTotal("A", 1000, 1000, 480, 0, 0, 500).collective_fen
        -20
        """
        return self.pool_revenue_fen + self.direct_revenue_fen - self.owed_fen


def sums_of(households: Sequence[HouseholdEarnings]) -> dict[str, int]:
    """Each figure of :class:`HouseholdEarnings` over all households, by its name.

    >>> sums_of([HouseholdEarnings("H001", 5, 10, 1, 0, 9, 0, (), ()), HouseholdEarnings("H002", 2, 4, 0, 0, 4, 0, (), ())])
    {'net_grams': 7, 'gross_fen': 14, 'deductions_fen': 1, 'picking_fen': 0, 'net_fen': 13, 'carried_fen': 0}
    >>> sums_of([])["net_fen"]
    0
    """
    names = HouseholdEarnings._fields[1:7]
    columns = list(zip(*households, strict=True))[1:7] if households else [()] * len(names)
    return {name: sum(figures) for name, figures in zip(names, columns, strict=True)}


@dataclass(frozen=True, slots=True)
class Settlement:
    """A season's settlement. `grades` are by grade and `households` by code, both ascending.

    `revenue_fen` is all that buyers owe. `collective_fen` is `revenue_fen` − `gross_fen`: in a posted season the
    collective's surplus, or its shortfall when negative; in a pooled season always 0.
    """

    season_code: str
    mode: SeasonMode
    grades: tuple[GradeTotal, ...]
    households: tuple[HouseholdEarnings, ...]
    net_grams: Grams
    revenue_fen: Fen
    gross_fen: Fen
    deductions_fen: Fen
    picking_fen: Fen
    net_fen: Fen
    carried_fen: Fen
    collective_fen: Fen
