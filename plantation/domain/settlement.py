"""Settling a season: from what was weighed and bought to what each household is owed (the contract's rules 3 to 8).

The rule takes totals by household and grade, never single weighings: the database adds up, and what is held here
grows with the households and not with the slips. Weighings of a plot are in the totals as their share lines
(:mod:`.weighing`). Rows for the same household and grade are added; their order never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import itemgetter, sub

from plantation.domain.conservation import check_conserved, conserve
from plantation.domain.deductions import Deduction, deduct_each
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

# Where the figures of a :class:`Delivery` stand in it.
_NET_GRAMS, _AMOUNT_FEN, _PICKING_FEN = map(Delivery._fields.index, ("net_grams", "amount_fen", "picking_fen"))


class _Grade:
    """The running figures of one grade while a settlement is computed, by household: columns, for there are ten thousand.

    `delivered`: what each brought in all; `direct`: (grams, fen) of the few who sold in their own name; `common_fen`: in the order of
    `delivered`, what the fruit brings that was left to the collective.
    """

    __slots__ = ("common_fen", "delivered", "direct")

    def __init__(self) -> None:
        self.delivered: dict[str, Delivery] = {}
        self.direct: dict[str, tuple[Grams, Fen]] = {}
        self.common_fen: Sequence[Fen] = ()

    def column(self, place: int) -> list[int]:
        """One figure of `delivered` (:data:`_NET_GRAMS` and so on), in its order."""
        return list(map(itemgetter(place), self.delivered.values()))

    def direct_column(self, place: int) -> list[int]:
        """One figure of `direct` in the order of `delivered`: 0 for who sold nothing directly."""
        if not self.direct:
            return [0] * len(self.delivered)
        return [self.direct[code][place] if code in self.direct else 0 for code in self.delivered]

    def common_grams(self) -> list[Grams]:
        """What each left to the collective, in the order of `delivered`."""
        return list(map(sub, self.column(_NET_GRAMS), self.direct_column(0)))


_Harvest = dict[str, _Grade]


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
        figures = harvest.setdefault(grade, _Grade())
        total = _total_grade(terms, grade, figures, *pool.get(grade, (0, 0)))
        figures.common_fen = _share_pool(total, figures) if terms.mode is SeasonMode.POOLED else figures.column(_AMOUNT_FEN)
        grades.append(total)
    settlement = _add_up(terms, tuple(grades), _earn(terms, harvest))
    _, _, net_grams, amount_fen, picking_fen = zip(*deliveries, strict=True) if deliveries else [()] * 5
    check_conserved("weighings, grams", sum(net_grams), settlement.net_grams)
    check_conserved("picking wages, fen", sum(picking_fen), settlement.picking_fen)
    check_conserved("purchases, fen", sum(purchase[3] for purchase in purchases), settlement.revenue_fen)
    if terms.mode is SeasonMode.POSTED:
        check_conserved("slips, fen", sum(amount_fen), settlement.gross_fen)
    conserve(settlement)
    return settlement


def _gather_deliveries(terms: SeasonTerms, deliveries: Iterable[Delivery]) -> _Harvest:
    harvest: _Harvest = {}
    for delivery in deliveries:
        household_code, grade, net_grams, amount_fen, picking_fen = delivery
        figures = harvest.get(grade)
        if figures is None:
            figures = harvest[grade] = _Grade()
        delivered = figures.delivered
        if household_code in delivered:
            _, _, known_grams, known_fen, known_picking_fen = delivered[household_code]
            delivery = Delivery(household_code, grade, known_grams + net_grams, known_fen + amount_fen, known_picking_fen + picking_fen)
        delivered[household_code] = delivery
    for grade, figures in harvest.items():
        _check_delivered(terms, grade, figures)
    return harvest


def _check_delivered(terms: SeasonTerms, grade: str, figures: _Grade) -> None:
    looked_at = (_NET_GRAMS, _AMOUNT_FEN, _PICKING_FEN) if terms.mode is SeasonMode.POSTED else (_NET_GRAMS, _PICKING_FEN)
    if all(min(figures.column(place)) >= 0 for place in looked_at):
        return
    for household_code, line in figures.delivered.items():
        if any(line[place] < 0 for place in looked_at):
            raise DeliveredBelowZero(
                household=household_code,
                grade=grade,
                net_kg=format_kg(line.net_grams),
                amount_yuan=format_yuan(line.amount_fen if _AMOUNT_FEN in looked_at else 0),
                picking_yuan=format_yuan(line.picking_fen),
            )


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
        figures = harvest.setdefault(grade, _Grade())
        delivered_grams = figures.delivered.setdefault(source, Delivery(source, grade, 0, 0, 0)).net_grams
        if grams > delivered_grams:
            raise SoldMoreThanDelivered(household=source, grade=grade, sold_kg=format_kg(grams), delivered_kg=format_kg(delivered_grams))
        figures.direct[source] = grams, fen
    return pool


def _total_grade(terms: SeasonTerms, grade: str, figures: _Grade, pool_bought_grams: Grams, pool_revenue_fen: Fen) -> GradeTotal:
    weighed_grams = sum(figures.column(_NET_GRAMS))
    direct_grams = sum([grams for grams, _ in figures.direct.values()])
    direct_revenue_fen = sum([fen for _, fen in figures.direct.values()])
    bought_grams = direct_grams + pool_bought_grams
    if bought_grams * WHOLE_PPM > weighed_grams * (WHOLE_PPM + terms.tolerance_ppm):
        raise PurchasedMoreThanWeighed(
            grade=grade,
            purchased_kg=format_kg(bought_grams),
            weighed_kg=format_kg(weighed_grams),
            tolerance_pct=format_percent(terms.tolerance_ppm),
        )
    owed_fen = direct_revenue_fen + pool_revenue_fen if terms.mode is SeasonMode.POOLED else sum(figures.column(_AMOUNT_FEN))
    return GradeTotal(grade, weighed_grams, pool_bought_grams, pool_revenue_fen, direct_grams, direct_revenue_fen, owed_fen)


def _share_pool(total: GradeTotal, figures: _Grade) -> list[Fen]:
    if total.pool_revenue_fen == 0:
        return [0] * len(figures.delivered)
    if total.common_grams == 0:
        raise PoolWithoutFruit(grade=total.grade, revenue_yuan=format_yuan(total.pool_revenue_fen))
    return share(total.pool_revenue_fen, figures.common_grams(), figures.delivered)


def _earn(terms: SeasonTerms, harvest: _Harvest) -> tuple[HouseholdEarnings, ...]:
    lines: dict[str, list[FruitLine]] = {}
    picking: dict[str, Fen] = {}
    for grade in sorted(harvest):
        figures = harvest[grade]
        columns = figures.column(_NET_GRAMS), figures.direct_column(0), figures.direct_column(1), figures.common_grams(), figures.common_fen
        of_grade = map(tuple.__new__, repeat(FruitLine), zip(repeat(grade), *columns))  # as FruitLine(...), in half the time
        for household_code, picking_fen, line in zip(figures.delivered, figures.column(_PICKING_FEN), of_grade, strict=False):
            if household_code in lines:
                lines[household_code].append(line)
                picking[household_code] += picking_fen
            else:
                lines[household_code], picking[household_code] = [line], picking_fen
    return _earn_each(sorted(lines), lines, picking, terms.deductions)


def _earn_each(
    codes: list[str], lines: dict[str, list[FruitLine]], picking: dict[str, Fen], deductions: Iterable[Deduction]
) -> tuple[HouseholdEarnings, ...]:
    fruit = [tuple(lines[household_code]) for household_code in codes]
    net_grams = [sum([line[1] for line in one]) for one in fruit]
    gross_fen = [sum([line[3] + line[5] for line in one]) for one in fruit]
    taken, deductions_fen, carried_fen = deduct_each(deductions, gross_fen, net_grams)
    picking_fen = [picking[household_code] for household_code in codes]
    net_fen = map(sub, map(sub, gross_fen, deductions_fen), picking_fen)
    columns = zip(codes, net_grams, gross_fen, deductions_fen, picking_fen, net_fen, carried_fen, fruit, taken, strict=True)
    return tuple(map(tuple.__new__, repeat(HouseholdEarnings), columns))


def _add_up(terms: SeasonTerms, grades: tuple[GradeTotal, ...], households: tuple[HouseholdEarnings, ...]) -> Settlement:
    revenue_fen = sum(total.direct_revenue_fen + total.pool_revenue_fen for total in grades)
    sums = sums_of(households)
    collective_fen = revenue_fen - sums["gross_fen"]
    return Settlement(terms.code, terms.mode, grades, households, revenue_fen=revenue_fen, collective_fen=collective_fen, **sums)
