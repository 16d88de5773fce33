"""Settling a season: from what was weighed and bought to what each household is owed (the contract's rules 3 to 8).

The rule takes totals by household and grade, never single weighings: the database adds up, and what is held here
grows with the households and not with the slips. Weighings of a plot are in the totals as their share lines
(:mod:`.weighing`). Rows for the same household and grade are added; their order never matters.
"""

from __future__ import annotations

from collections.abc import Iterable

from plantation.domain.conservation import check_conserved, conserve
from plantation.domain.deductions import Deduction, in_order, take_in_order
from plantation.domain.earnings import FruitLine, GradeTotal, HouseholdEarnings, Settlement, sums_of
from plantation.domain.season_totals import (
    DeliveredBelowZero,
    Delivery,
    DirectPurchaseInPostedSeason,
    PoolWithoutFruit,
    PurchasedBelowZero,
    PurchasedMoreThanWeighed,
    PurchaseTotal,
    SeasonTerms,
    SoldMoreThanDelivered,
)
from plantation.domain.words import SeasonMode
from plantation.units import WHOLE_PPM, Fen, Grams, format_kg, format_percent, format_yuan, share


class _Fruit:
    """The running figures of one household and grade while a settlement is computed."""

    __slots__ = ("common_fen", "direct_fen", "direct_grams", "net_grams", "picking_fen")

    def __init__(self) -> None:
        self.net_grams = self.picking_fen = self.common_fen = self.direct_grams = self.direct_fen = 0


_Harvest = dict[str, dict[str, _Fruit]]  # by grade, then by household


def settle(terms: SeasonTerms, deliveries: Iterable[Delivery], purchases: Iterable[PurchaseTotal]) -> Settlement:
    """What each household of `deliveries` is owed. Every gram and fen that goes in comes out (:func:`conserve`).

    >>> terms = SeasonTerms("2026", SeasonMode.POOLED)
    >>> settlement = settle(
    ...     terms,
    ...     [Delivery("H001", "A", 30_000, 0, 2_400), Delivery("H002", "A", 20_000, 0, 0)],
    ...     [PurchaseTotal(None, "A", 40_000, 20_000), PurchaseTotal("H002", "A", 5_000, 3_000)],
    ... )
    >>> [(h.household_code, h.gross_fen, h.picking_fen, h.net_fen) for h in settlement.households]
    [('H001', 13333, 2400, 10933), ('H002', 9667, 0, 9667)]
    >>> settlement.grades[0].unsold_grams
    5000
    >>> settle(terms, [], []).households
    ()

    :raises PurchasedMoreThanWeighed, SoldMoreThanDelivered, DirectPurchaseInPostedSeason, PoolWithoutFruit,
        DeliveredBelowZero, PurchasedBelowZero, DeductionTwice: as their names say, with the figures.
    :raises ConservationBroken: never, unless this computation has a fault.
    """
    deliveries, purchases = list(deliveries), list(purchases)
    harvest = _gather_deliveries(terms, deliveries)
    pool = _gather_purchases(terms, purchases, harvest)
    grades = []
    for grade in sorted(harvest.keys() | pool.keys()):
        by_household = harvest.setdefault(grade, {})
        total = _total_grade(terms, grade, by_household, *pool.get(grade, (0, 0)))
        if terms.mode is SeasonMode.POOLED:
            _share_pool(total, by_household)
        grades.append(total)
    settlement = _add_up(terms, tuple(grades), _earn(terms, harvest))
    check_conserved("weighings, grams", sum(delivery[2] for delivery in deliveries), settlement.net_grams)
    check_conserved("picking wages, fen", sum(delivery[4] for delivery in deliveries), settlement.picking_fen)
    check_conserved("purchases, fen", sum(purchase[3] for purchase in purchases), settlement.revenue_fen)
    if terms.mode is SeasonMode.POSTED:
        check_conserved("slips, fen", sum(delivery[3] for delivery in deliveries), settlement.gross_fen)
    conserve(settlement)
    return settlement


def _gather_deliveries(terms: SeasonTerms, deliveries: Iterable[Delivery]) -> _Harvest:
    harvest: _Harvest = {}
    posted = terms.mode is SeasonMode.POSTED
    for household_code, grade, net_grams, amount_fen, picking_fen in deliveries:
        by_household = harvest.setdefault(grade, {})
        fruit = by_household.get(household_code)
        if fruit is None:
            fruit = by_household[household_code] = _Fruit()
        fruit.net_grams += net_grams
        fruit.picking_fen += picking_fen
        if posted:
            fruit.common_fen += amount_fen
    for grade, by_household in harvest.items():
        for household_code, fruit in by_household.items():
            if fruit.net_grams < 0 or fruit.common_fen < 0 or fruit.picking_fen < 0:
                raise DeliveredBelowZero(
                    household=household_code,
                    grade=grade,
                    net_kg=format_kg(fruit.net_grams),
                    amount_yuan=format_yuan(fruit.common_fen),
                    picking_yuan=format_yuan(fruit.picking_fen),
                )
    return harvest


def _gather_purchases(terms: SeasonTerms, purchases: Iterable[PurchaseTotal], harvest: _Harvest) -> dict[str, tuple[Grams, Fen]]:
    """Put direct purchases into `harvest`; return what was bought from the pool, by grade."""
    totals: dict[tuple[str | None, str], tuple[Grams, Fen]] = {}
    for source, grade, net_grams, amount_fen in purchases:
        grams, fen = totals.get((source, grade), (0, 0))
        totals[source, grade] = grams + net_grams, fen + amount_fen
    pool = {}
    # In a fixed order, so that of several faults the same one is named every time.
    for (source, grade), (grams, fen) in sorted(totals.items(), key=lambda item: (item[0][0] or "", item[0][1])):
        if grams < 0 or fen < 0:
            raise PurchasedBelowZero(source=source or "pool", grade=grade, net_kg=format_kg(grams), amount_yuan=format_yuan(fen))
        if source is None:
            pool[grade] = grams, fen
            continue
        if terms.mode is SeasonMode.POSTED:
            raise DirectPurchaseInPostedSeason(season=terms.code, grade=grade, household=source)
        fruit = harvest.setdefault(grade, {}).setdefault(source, _Fruit())
        if grams > fruit.net_grams:
            raise SoldMoreThanDelivered(household=source, grade=grade, sold_kg=format_kg(grams), delivered_kg=format_kg(fruit.net_grams))
        fruit.direct_grams, fruit.direct_fen = grams, fen
    return pool


def _total_grade(
    terms: SeasonTerms, grade: str, by_household: dict[str, _Fruit], pool_bought_grams: Grams, pool_revenue_fen: Fen
) -> GradeTotal:
    fruits = by_household.values()
    weighed_grams = sum([fruit.net_grams for fruit in fruits])
    direct_grams = sum([fruit.direct_grams for fruit in fruits])
    direct_revenue_fen = sum([fruit.direct_fen for fruit in fruits])
    bought_grams = direct_grams + pool_bought_grams
    if bought_grams * WHOLE_PPM > weighed_grams * (WHOLE_PPM + terms.tolerance_ppm):
        raise PurchasedMoreThanWeighed(
            grade=grade,
            purchased_kg=format_kg(bought_grams),
            weighed_kg=format_kg(weighed_grams),
            tolerance_pct=format_percent(terms.tolerance_ppm),
        )
    if terms.mode is SeasonMode.POOLED:
        owed_fen = direct_revenue_fen + pool_revenue_fen
    else:
        owed_fen = sum([fruit.common_fen for fruit in fruits])
    return GradeTotal(grade, weighed_grams, pool_bought_grams, pool_revenue_fen, direct_grams, direct_revenue_fen, owed_fen)


def _share_pool(total: GradeTotal, by_household: dict[str, _Fruit]) -> None:
    if total.pool_revenue_fen == 0:
        return
    if total.common_grams == 0:
        raise PoolWithoutFruit(grade=total.grade, revenue_yuan=format_yuan(total.pool_revenue_fen))
    common_grams = [fruit.net_grams - fruit.direct_grams for fruit in by_household.values()]
    shares_fen = share(total.pool_revenue_fen, common_grams, by_household)
    for fruit, common_fen in zip(by_household.values(), shares_fen, strict=True):
        fruit.common_fen = common_fen


def _earn(terms: SeasonTerms, harvest: _Harvest) -> tuple[HouseholdEarnings, ...]:
    deductions = in_order(terms.deductions)
    by_household: dict[str, list[tuple[str, _Fruit]]] = {}
    for grade in sorted(harvest):
        for household_code, fruit in harvest[grade].items():
            by_household.setdefault(household_code, []).append((grade, fruit))
    return tuple(_earn_one(household_code, by_household[household_code], deductions) for household_code in sorted(by_household))


def _earn_one(household_code: str, fruits: list[tuple[str, _Fruit]], deductions: tuple[Deduction, ...]) -> HouseholdEarnings:
    net_grams = gross_fen = picking_fen = 0
    lines = []
    for grade, fruit in fruits:
        net_grams += fruit.net_grams
        gross_fen += fruit.direct_fen + fruit.common_fen
        picking_fen += fruit.picking_fen
        lines.append(
            FruitLine(
                grade,
                fruit.net_grams,
                fruit.direct_grams,
                fruit.direct_fen,
                fruit.net_grams - fruit.direct_grams,
                fruit.common_fen,
            )
        )
    taken = take_in_order([(one.code, one.due_fen(gross_fen, net_grams)) for one in deductions], gross_fen)
    deductions_fen = sum([line.taken_fen for line in taken])
    return HouseholdEarnings(
        household_code,
        net_grams,
        gross_fen,
        deductions_fen,
        picking_fen,
        gross_fen - deductions_fen - picking_fen,
        sum([line.carried_fen for line in taken]),
        tuple(lines),
        taken,
    )


def _add_up(terms: SeasonTerms, grades: tuple[GradeTotal, ...], households: tuple[HouseholdEarnings, ...]) -> Settlement:
    revenue_fen = sum(total.direct_revenue_fen + total.pool_revenue_fen for total in grades)
    sums = sums_of(households)
    collective_fen = revenue_fen - sums["gross_fen"]
    return Settlement(terms.code, terms.mode, grades, households, revenue_fen=revenue_fen, collective_fen=collective_fen, **sums)
