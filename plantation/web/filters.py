"""Figures on screen: whole numbers in, text out, with thousands marks and units; isolated in right-to-left text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from flask import Flask
from flask_babel import format_datetime, get_locale, gettext
from flask_babel import get_timezone as zone

from plantation.domain.capitals import in_capitals
from plantation.domain.forecast import estimate
from plantation.domain.masking import mask_number
from plantation.units import dm2_to_millimu, format_decimal, half_up
from plantation.web.browsers import browser_name
from plantation.web.languages import Count, isolate, isolate_typed

NBSP = "\u00a0"
WORD_JOINER = "\u2060"
EMPTY = "–"


def install(app: Flask) -> None:
    """Give templates the filters; None shows as a dash."""
    for function in (
        yuan,
        capitals,
        estimate,
        kg,
        places,
        jin,
        mu,
        hectares,
        m2,
        mu_of_m2,
        percent,
        number,
        day,
        moment,
        clock,
        browser_name,
    ):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["masked_number"] = mask_number


def grouped(plain: str) -> str:
    """Thousands marks in a plain decimal.

    >>> grouped("1234567.50"), grouped("-999"), grouped("-1000")
    ('1,234,567.50', '-999', '-1,000')
    """
    sign = "-" if plain.startswith("-") else ""
    whole, point, fraction = plain.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}"


def _measured(figure: str, unit: str) -> str:
    """The figure before its unit, as they are read: the unit's own letters decide from which side."""
    return isolate_typed(f"{isolate(figure)}{NBSP}{unit}")


def yuan(fen: int | None, *, unit: bool = True, places: int = 2) -> str:
    """¥ 1,234.56; with no `places` an estimate of whole yuan has no point: ¥ 21,400"""
    if fen is None:
        return EMPTY
    figure = grouped(format_decimal(fen, decimals=2, places=places))
    return isolate(f"¥{NBSP}{figure}" if unit else figure)


def capitals(fen: int) -> str:
    """An amount as a receipt has it, in Chinese capitals whatever the language of the page: 壹仟叁佰元整."""
    return in_capitals(fen)


def kg(grams: int | None, places: int = 0, *, unit: bool = True) -> str:
    """1,234.5 kg, to the gram where there are grams; `places` keeps a column aligned."""
    if grams is None:
        return EMPTY
    figure = grouped(format_decimal(grams, decimals=3, places=places))
    return _measured(figure, gettext("kg")) if unit else isolate(figure)


def places(grams: Iterable[int | None]) -> int:
    """The decimals of the weight that has most: a column written with so many has its points below each other.

    >>> places([261_400, 225_566, 271_000, None]), places([8_000]), places([])
    (3, 0, 0)
    """
    return max((len(format_decimal(each, decimals=3, places=0).partition(".")[2]) for each in grams if each is not None), default=0)


def jin(grams: int | None, places: int = 0, *, unit: bool = True) -> str:
    """The same weight in jin (500 g), exact."""
    if grams is None:
        return EMPTY
    figure = grouped(format_decimal(grams * 2, decimals=3, places=places))
    return _measured(figure, gettext("jin")) if unit else isolate(figure)


def mu(millimu: int | None, *, unit: bool = True) -> str:
    """8.571 mu"""
    if millimu is None:
        return EMPTY
    figure = grouped(format_decimal(millimu, decimals=3, places=0))
    return _measured(figure, gettext("mu")) if unit else isolate(figure)


def hectares(millimu: int | None) -> str:
    """The same area in hectares (15 mu), rounded to a square metre."""
    if millimu is None:
        return EMPTY
    return isolate(f"{grouped(format_decimal(half_up(millimu * 10, 15), decimals=4, places=2))}{NBSP}ha")


def m2(area_dm2: int | None) -> str:
    """6,666.67 m²"""
    return EMPTY if area_dm2 is None else isolate(f"{grouped(format_decimal(area_dm2, decimals=2))}{NBSP}m²")


def mu_of_m2(area_dm2: int | None) -> str:
    """A measured area (dm²) in mu, rounded to a thousandth."""
    return EMPTY if area_dm2 is None else mu(dm2_to_millimu(area_dm2))


def percent(ppm: int | None, decimals: int = 4) -> str:
    """2.5%, exact; with fewer `decimals` half up."""
    if ppm is None:
        return EMPTY
    figure = format_decimal(half_up(ppm, 10 ** (4 - decimals)), decimals=decimals, places=0)
    return isolate(f"{grouped(figure)}%")


def number(count: int | None) -> str:
    """1,234"""
    return EMPTY if count is None else isolate(str(Count(count)))


def day(date: dt.date | None) -> str:
    """A date as the language writes it, whole on one line: half a date in a narrow place reads as another one."""
    return EMPTY if date is None else isolate_typed(_written(date, get_locale()))


@lru_cache(4096)
def _written(date: dt.date, locale: Locale) -> str:
    # A page of slips or a chart of a season writes a hundred dates.
    return _unbroken(format_date(date, "medium", locale))


def _unbroken(text: str) -> str:
    return text.replace(" ", NBSP).replace("-", f"-{WORD_JOINER}")


def moment(instant: dt.datetime | None) -> str:
    """Date and time of day in the collective's zone. :raises ValueError: a time without offset."""
    if instant is None:
        return EMPTY
    if instant.tzinfo is None:
        raise ValueError("a moment needs its offset")
    local = instant.astimezone(dt.UTC).replace(tzinfo=None)
    date = _written(instant.astimezone(zone()).date(), get_locale())
    return isolate_typed(f"{date} {format_datetime(local, 'HH:mm')}")


def clock(instant: dt.datetime | None) -> str:
    """The time of day alone, in the collective's zone."""
    return EMPTY if instant is None else format_datetime(instant.astimezone(dt.UTC).replace(tzinfo=None), "HH:mm")
