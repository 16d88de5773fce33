"""Price sheets: which price is in force for a grade on a day (the contract's rule 3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from plantation.domain.seasons import local_date
from plantation.errors import N_, Refusal
from plantation.units import Fen

__all__ = ["NoPriceInForce", "Price", "PriceTwice", "day_of_price", "local_date", "price_on"]


class Price(NamedTuple):
    """One line of a price sheet: from the local date `valid_from` on, a kilogram of `grade` pays this."""

    grade: str
    valid_from: date
    price_fen_per_kg: Fen


class NoPriceInForce(Refusal, LookupError):
    """No line of the sheet reaches back to the day."""

    template = N_("No price is in force for grade %(grade)s on %(day)s.")


class PriceTwice(Refusal, ValueError):
    """Two prices claim the same grade from the same day."""

    template = N_("Grade %(grade)s has two prices from %(valid_from)s.")


def price_on(prices: Iterable[tuple[str, date, Fen]], grade: str, day: date) -> Fen:
    """The price in fen per kg in force for `grade` on the local date `day`: of the latest `valid_from` not after it.

    The order of the sheet does not matter. `day` is :func:`local_date` of the weighing.

    >>> sheet = [Price("A", date(2026, 8, 1), 500), Price("A", date(2026, 9, 1), 520)]
    >>> price_on(sheet, "A", date(2026, 8, 31)), price_on(sheet, "A", date(2026, 9, 1))
    (500, 520)
    >>> price_on([], "A", date(2026, 9, 1))
    Traceback (most recent call last):
    plantation.domain.pricing.NoPriceInForce: No price is in force for grade A on 2026-09-01.

    :raises NoPriceInForce: none reaches back to `day`.
    :raises PriceTwice: two lines for the grade begin on the deciding day.
    """
    latest: date | None = None
    price_fen_per_kg: Fen = 0
    twice = False
    for line_grade, valid_from, line_price in prices:
        if line_grade != grade or valid_from > day or (latest is not None and valid_from < latest):
            continue
        twice = valid_from == latest
        latest, price_fen_per_kg = valid_from, line_price
    if latest is None:
        raise NoPriceInForce(grade=grade, day=day)
    if twice:
        raise PriceTwice(grade=grade, valid_from=latest)
    return price_fen_per_kg


def day_of_price(
    prices: Iterable[tuple[str, date, Fen]], grade: str, price_fen_per_kg: Fen, near: date, first: date, last: date
) -> date | None:
    """The day from `first` to `last` nearest to `near` (of two as near: the earlier) on which `grade` pays that; None: on none.

    >>> sheet = [Price("A", date(2026, 8, 1), 500), Price("A", date(2026, 9, 15), 520)]
    >>> day_of_price(sheet, "A", 500, date(2026, 9, 20), date(2026, 8, 1), date(2026, 10, 31))
    datetime.date(2026, 9, 14)
    >>> day_of_price([], "A", 500, date(2026, 9, 20), date(2026, 8, 1), date(2026, 10, 31)) is None
    True
    """
    own = sorted((valid_from, price) for line_grade, valid_from, price in prices if line_grade == grade)
    ends = [valid_from - timedelta(days=1) for valid_from, _ in own[1:]] + [last]
    found = []
    for (begins, price), ends_on in zip(own, ends):
        earliest, latest = max(begins, first), min(ends_on, last)
        if price == price_fen_per_kg and earliest <= latest:
            found.append(min(max(near, earliest), latest))
    return min(found, key=lambda day: (abs((day - near).days), day), default=None)
