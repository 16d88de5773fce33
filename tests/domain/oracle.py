"""The contract's rules once more, slowly and with fractions, sharing no code with the rules they check.

Everything is worked out from single slips and single purchases, in kilograms and yuan as `Fraction`, and rounded
only where the contract says so.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

GRAM = Fraction(1, 1000)
FEN = Fraction(1, 100)


def to_nearest(value: Fraction, unit: Fraction) -> Fraction:
    """Round half up to a whole number of `unit`; negative values are mirrored."""
    if value < 0:
        return -to_nearest(-value, unit)
    return floor(value / unit + Fraction(1, 2)) * unit


def hand_out(total: Fraction, claims: dict[str, Fraction], unit: Fraction) -> dict[str, Fraction]:
    """Largest remainder, one unit at a time; of equal remainders the first key in the alphabet."""
    if total < 0:
        return {key: -part for key, part in hand_out(-total, claims, unit).items()}
    everything = sum(claims.values(), Fraction(0))
    quotas = {key: total * claim / everything for key, claim in claims.items()}
    parts = {key: floor(quota / unit) * unit for key, quota in quotas.items()}
    waiting = sorted(claims)
    while sum(parts.values()) < total:
        best = waiting[0]
        for key in waiting:
            if quotas[key] - parts[key] > quotas[best] - parts[best]:
                best = key
        parts[best] += unit
        waiting.remove(best)
    return parts


def net_kg(gross_kg: Fraction, tare_kg: Fraction, deduction_pct: Fraction) -> Fraction:
    return to_nearest((gross_kg - tare_kg) * (100 - deduction_pct) / 100, GRAM)


def amount_yuan(net: Fraction, yuan_per_kg: Fraction) -> Fraction:
    return to_nearest(net * yuan_per_kg, FEN)


def price_in_force(sheet, grade, day):
    """The price with the latest date not after `day`, or None."""
    found = None
    for line_grade, valid_from, price in sorted(sheet, key=lambda line: line[1]):
        if line_grade == grade and valid_from <= day:
            found = price
    return found


def refusals(mode, tolerance_pct, slips, purchases):
    """The names of all refusals that a season deserves. Slips are (household, grade, kg, yuan, picking yuan)."""
    found = set()
    grades = {slip[1] for slip in slips} | {purchase[1] for purchase in purchases}
    for grade in grades:
        weighed = sum((slip[2] for slip in slips if slip[1] == grade), Fraction(0))
        bought = sum((purchase[2] for purchase in purchases if purchase[1] == grade), Fraction(0))
        if bought > weighed * (100 + tolerance_pct) / 100:
            found.add("PurchasedMoreThanWeighed")
        from_pool = sum((p[3] for p in purchases if p[0] == "pool" and p[1] == grade), Fraction(0))
        direct = sum((p[2] for p in purchases if p[0] != "pool" and p[1] == grade), Fraction(0))
        if mode == "pooled" and from_pool and weighed == direct:
            found.add("PoolWithoutFruit")
        for household in {p[0] for p in purchases if p[0] != "pool" and p[1] == grade}:
            if mode == "posted":
                found.add("DirectPurchaseInPostedSeason")
            sold = sum((p[2] for p in purchases if p[:2] == (household, grade)), Fraction(0))
            if sold > sum((s[2] for s in slips if s[:2] == (household, grade)), Fraction(0)):
                found.add("SoldMoreThanDelivered")
    return found


def earnings(mode, deductions, slips, purchases):
    """household -> its figures in kg and yuan. Deductions are (code, kind, percent or yuan)."""
    result = {}
    for household in {slip[0] for slip in slips} | {p[0] for p in purchases if p[0] != "pool"}:
        own = [slip for slip in slips if slip[0] == household]
        gross = sum((p[3] for p in purchases if p[0] == household), Fraction(0))
        if mode == "posted":
            gross += sum((slip[3] for slip in own), Fraction(0))
        else:
            gross += sum((pool_part(grade, household, slips, purchases) for grade in {s[1] for s in own}), Fraction(0))
        result[household] = after_deductions(
            deductions,
            sum((slip[2] for slip in own), Fraction(0)),
            gross,
            sum((slip[4] for slip in own), Fraction(0)),
        )
    return result


def pool_part(grade, household, slips, purchases):
    revenue = sum((p[3] for p in purchases if p[:2] == ("pool", grade)), Fraction(0))
    claims = {}
    for slip in slips:
        if slip[1] == grade:
            claims[slip[0]] = claims.get(slip[0], Fraction(0)) + slip[2]
    for purchase in purchases:
        if purchase[1] == grade and purchase[0] != "pool":
            claims[purchase[0]] = claims.get(purchase[0], Fraction(0)) - purchase[2]
    if revenue == 0:
        return Fraction(0)
    return hand_out(revenue, claims, FEN)[household]


def after_deductions(deductions, kg, gross, picking):
    taken, carried = Fraction(0), Fraction(0)
    for _, kind, value in sorted(deductions):
        due = {
            "percent": lambda value=value: to_nearest(gross * value / 100, FEN),
            "yuan_per_kg": lambda value=value: to_nearest(kg * value, FEN),
            "yuan_per_household": lambda value=value: value if kg > 0 else Fraction(0),
        }[kind]()
        possible = min(due, gross - taken)
        taken += possible
        carried += due - possible
    return {
        "kg": kg,
        "gross": gross,
        "deductions": taken,
        "carried": carried,
        "picking": picking,
        "net": gross - taken - picking,
    }


def dividend(total, mix, receivers):
    """household -> yuan. `mix` is (basis, percent), receivers are household -> {basis: count}."""
    parts = hand_out(total, dict(mix), FEN)
    result = {household: Fraction(0) for household in receivers}
    for basis, part in parts.items():
        if part:
            claims = {household: Fraction(counts[basis]) for household, counts in receivers.items()}
            for household, yuan in hand_out(part, claims, FEN).items():
                result[household] += yuan
    return result
