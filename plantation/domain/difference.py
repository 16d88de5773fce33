"""What moves when a season is settled again (the contract's rule 10).

A later settlement of a season is computed anew over all its weighings, corrections included; what is owed on top of
the settlement before, or back, is the difference, household by household and figure by figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from plantation.domain.conservation import check_conserved
from plantation.units import Fen, Grams


class HouseholdFigures(Protocol):
    """What is compared: :class:`.earnings.HouseholdEarnings`, or a stored row with the same names."""

    @property
    def household_code(self) -> str: ...
    @property
    def net_grams(self) -> Grams: ...
    @property
    def gross_fen(self) -> Fen: ...
    @property
    def deductions_fen(self) -> Fen: ...
    @property
    def picking_fen(self) -> Fen: ...
    @property
    def net_fen(self) -> Fen: ...
    @property
    def carried_fen(self) -> Fen: ...


class HouseholdDifference(NamedTuple):
    """Current minus previous, figure by figure; `net_fen` is what moves: below zero the household owes it back."""

    household_code: str
    net_grams: Grams
    gross_fen: Fen
    deductions_fen: Fen
    picking_fen: Fen
    net_fen: Fen
    carried_fen: Fen

    @property
    def moved(self) -> bool:
        """Whether any figure changed.

        >>> HouseholdDifference("H001", 0, 0, 0, 0, 0, 0).moved
        False
        """
        return any(self[1:])


_Figures = tuple[int, int, int, int, int, int]
_NOTHING: _Figures = (0, 0, 0, 0, 0, 0)


def difference(current: Iterable[HouseholdFigures], previous: Iterable[HouseholdFigures]) -> tuple[HouseholdDifference, ...]:
    """Every household of either settlement, by code, with current minus previous; each figure's sum conserves.

    A household that is missing on one side counts there with zeros. Before the first settlement `previous` is empty.

    >>> before = HouseholdDifference("H001", 1000, 500, 0, 80, 420, 0)
    >>> after = HouseholdDifference("H001", 900, 450, 0, 72, 378, 0)
    >>> difference([after], [before])[0].net_fen, difference([], [])
    (-42, ())

    :raises ValueError: a household twice on one side.
    """
    now, before = _by_household(current), _by_household(previous)
    differences = tuple(
        HouseholdDifference(
            code,
            *(a - b for a, b in zip(now.get(code, _NOTHING), before.get(code, _NOTHING), strict=True)),
        )
        for code in sorted(now.keys() | before.keys())
    )
    for place, figure in enumerate(HouseholdDifference._fields[1:]):
        went_in = sum(figures[place] for figures in now.values()) - sum(figures[place] for figures in before.values())
        check_conserved(f"difference, {figure}", went_in, sum(getattr(line, figure) for line in differences))
    return differences


def _by_household(households: Iterable[HouseholdFigures]) -> dict[str, _Figures]:
    figures: dict[str, _Figures] = {}
    for one in households:
        if one.household_code in figures:
            raise ValueError(f"household {one.household_code} comes twice")
        figures[one.household_code] = (
            one.net_grams,
            one.gross_fen,
            one.deductions_fen,
            one.picking_fen,
            one.net_fen,
            one.carried_fen,
        )
    return figures
