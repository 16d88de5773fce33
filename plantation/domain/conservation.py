"""What went in is what came out (the contract's rule 12): the check that ends every computation."""

from __future__ import annotations

from plantation.domain.earnings import FruitLine, HouseholdEarnings, Settlement, sums_of
from plantation.domain.words import SeasonMode
from plantation.errors import N_, Refusal


class ConservationBroken(Refusal):
    """A computation lost or made a gram or a fen. Nothing that raises this may be stored or paid."""

    template = N_("%(what)s: %(went_in)s went in, %(came_out)s came out.")


def check_conserved(what: str, went_in: int, came_out: int) -> None:
    """Pass when both figures are the same. `what` says which figure of whom, and its unit.

    >>> check_conserved("grade A, grams", 1000, 1000)
    >>> check_conserved("grade A, grams", 1000, 999)
    Traceback (most recent call last):
    plantation.domain.conservation.ConservationBroken: grade A, grams: 1000 went in, 999 came out.

    :raises ConservationBroken: they differ.
    """
    if went_in != came_out:
        raise ConservationBroken(what=what, went_in=went_in, came_out=came_out)


def conserve(settlement: Settlement) -> None:
    """Pass when the settlement adds up: each household, each grade over the households, and the season as a whole.

    Reads nothing but the settlement, so that one read back from storage can be checked as well.

    >>> from plantation.domain.settlement import SeasonTerms, settle
    >>> conserve(settle(SeasonTerms("2026", SeasonMode.POOLED), [], []))

    :raises ConservationBroken: the first figure that does not.
    """
    lines: dict[str, list[FruitLine]] = {total.grade: [] for total in settlement.grades}
    for household in settlement.households:
        _conserve_household(household)
        for line in household.fruit:
            lines.setdefault(line[0], []).append(line)
    for total in settlement.grades:
        net_grams, direct_grams, direct_fen, common_grams, common_fen = _sums(lines.pop(total.grade))
        of = f"grade {total.grade}"
        check_conserved(f"{of}, weighed grams", total.weighed_grams, net_grams)
        check_conserved(f"{of}, grams sold directly", total.direct_grams, direct_grams)
        check_conserved(f"{of}, grams left to the collective", total.common_grams, common_grams)
        check_conserved(f"{of}, fen from direct purchases", total.direct_revenue_fen, direct_fen)
        check_conserved(f"{of}, fen owed", total.owed_fen, direct_fen + common_fen)
        if settlement.mode is SeasonMode.POOLED:
            check_conserved(f"{of}, fen from the pool", total.pool_revenue_fen, common_fen)
    check_conserved("grades without a total", 0, len(lines))
    _conserve_season(settlement)


def _sums(lines: list[FruitLine]) -> list[int]:
    _, *columns = zip(*lines, strict=True) if lines else [()] * len(FruitLine._fields)
    return [sum(column) for column in columns]


def _conserve_household(household: HouseholdEarnings) -> None:
    code, net_grams, gross_fen, deductions_fen, picking_fen, net_fen, carried_fen, fruit, deductions = household
    line_grams = line_fen = due_fen = taken_fen = 0
    for _, grams, direct_grams, direct_fen, common_grams, common_fen in fruit:
        line_grams += grams
        line_fen += direct_fen + common_fen
        if direct_grams + common_grams != grams:
            check_conserved(f"household {code}, grams sold and left", grams, direct_grams + common_grams)
    for deduction_code, line_due_fen, line_taken_fen, line_carried_fen in deductions:
        due_fen += line_due_fen
        taken_fen += line_taken_fen
        if line_taken_fen + line_carried_fen != line_due_fen:
            check_conserved(f"household {code}, deduction {deduction_code}, fen", line_due_fen, line_taken_fen + line_carried_fen)
    # Compared at once before any text is built: there are ten thousand households and all is well with them.
    if (net_grams, gross_fen, deductions_fen, deductions_fen + carried_fen, net_fen + picking_fen + deductions_fen) != (
        line_grams,
        line_fen,
        taken_fen,
        due_fen,
        gross_fen,
    ):
        check_conserved(f"household {code}, grams", line_grams, net_grams)
        check_conserved(f"household {code}, gross fen", line_fen, gross_fen)
        check_conserved(f"household {code}, fen deducted", taken_fen, deductions_fen)
        check_conserved(f"household {code}, fen due and carried", due_fen, deductions_fen + carried_fen)
        check_conserved(f"household {code}, net fen", gross_fen, net_fen + picking_fen + deductions_fen)


def _conserve_season(settlement: Settlement) -> None:
    for figure, summed in sums_of(settlement.households).items():
        check_conserved(f"season {settlement.season_code}, {figure}", summed, getattr(settlement, figure))
    revenue_fen = sum(total.direct_revenue_fen + total.pool_revenue_fen for total in settlement.grades)
    check_conserved(f"season {settlement.season_code}, revenue in fen", revenue_fen, settlement.revenue_fen)
    check_conserved(
        f"season {settlement.season_code}, fen paid out",
        revenue_fen,
        settlement.net_fen + settlement.deductions_fen + settlement.picking_fen + settlement.collective_fen,
    )
    if settlement.mode is SeasonMode.POOLED:
        check_conserved(f"season {settlement.season_code}, fen kept by the collective", 0, settlement.collective_fen)
