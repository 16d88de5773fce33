"""A season's dated prices: posted in advance, never edited.

A price that reached back to fruit already weighed would contradict the slips that were given out, so it is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from plantation.domain.limits import MOST_PRICE_FEN
from plantation.domain.words import SeasonMode
from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.models import Price, Season, Weighing, new_ids
from plantation.services import journal
from plantation.services.bulk import insert_rows
from plantation.services.desk import Desk
from plantation.services.fruit.running_sums import running_sums
from plantation.services.master_data import Problems, raise_first
from plantation.services.money.season_terms import settled_refusal
from plantation.services.words import check_code
from plantation.units import format_yuan

EARLIEST = dt.timedelta(days=366)
EXPECTED_GRADE = N_("a grade of 1 to 64 printable characters")


class PriceOutOfRange(Refusal, ValueError):
    """A digit too many, or less than nothing."""

    template = N_("A price of %(price_yuan)s yuan per kg is not possible: it must be from 0 to %(most_yuan)s.")


class PriceTaken(Refusal):
    """A second price for a grade from the same day."""

    template = N_("Grade %(grade)s has a price of %(price_yuan)s yuan per kg from %(valid_from)s already.")


class PriceTooLate(Refusal):
    """Slips were given out at another price."""

    template = N_(
        "Grade %(grade)s was weighed until %(last)s in season %(season)s, at the price in force then;"
        " a change can only apply to days after that."
    )


class PriceBesideSeason(Refusal):
    """A year typed wrong: it would never count, or stands on the sheet as if it had held for ages."""

    field = "valid_from"
    template = N_(
        "A price from %(valid_from)s is none of season %(season)s, which runs from %(first)s to %(last)s: the day must not be later, nor more"
        " than a year before the first."
    )


@dataclass(frozen=True, slots=True)
class PriceInput:
    """From the local date `valid_from` on, a kilogram of `grade` pays this."""

    grade: str
    valid_from: dt.date
    price_fen_per_kg: int


def price_problems(price: PriceInput) -> Problems:
    """Yield (field, refusal) for everything that is wrong with it.

    >>> [str(refusal) for _, refusal in price_problems(PriceInput("A", dt.date(2026, 8, 1), 100_001))]
    ['A price of 1000.01 yuan per kg is not possible: it must be from 0 to 1000.00.']
    """
    try:
        check_code(price.grade, EXPECTED_GRADE)
    except BadValue as refusal:
        yield "grade", refusal
    if not 0 <= price.price_fen_per_kg <= MOST_PRICE_FEN:
        yield (
            "price_fen_per_kg",
            PriceOutOfRange(price_yuan=format_yuan(price.price_fen_per_kg), most_yuan=format_yuan(MOST_PRICE_FEN)),
        )


def list_prices(desk: Desk, season: Season) -> Sequence[Price]:
    """The season's price sheet, by grade and date."""
    statement = select(Price).where(Price.collective_id == desk.collective_id, Price.season_id == season.id)
    return desk.session.scalars(statement.order_by(Price.grade, Price.valid_from)).all()


def grades_of(desk: Desk, season: Season) -> list[str]:
    """The grades that the season knows: those with a price, and those that were weighed."""
    priced = select(Price.grade).where(Price.collective_id == desk.collective_id, Price.season_id == season.id)
    return sorted({grade for _, grade in running_sums(desk, season).days} | set(desk.session.scalars(priced)))


def add_price(desk: Desk, season: Season, *, grade: str, valid_from: dt.date, price_fen_per_kg: int) -> Price:
    """Post a price. One that is there and says the same is given back as it is.

    :raises Refusal: as :func:`price_problems`; PriceTaken; PriceTooLate for fruit already weighed; SeasonSettled.
    """
    journal.lock(desk)
    price = check_price(desk, season, PriceInput(grade.strip(), valid_from, price_fen_per_kg))
    insert_prices(desk, {season.id: (season.code, [price])})
    return desk.session.scalars(
        select(Price).where(
            Price.collective_id == desk.collective_id,
            Price.season_id == season.id,
            Price.grade == price.grade,
            Price.valid_from == price.valid_from,
        )
    ).one()


def check_price(desk: Desk, season: Season, price: PriceInput) -> PriceInput:
    """Pass what :func:`add_price` would post. :raises Refusal: what it would refuse."""
    raise_first(price_problems(price))
    if price.valid_from > season.ends_on or season.starts_on - price.valid_from > EARLIEST:
        raise PriceBesideSeason(valid_from=price.valid_from, season=season.code, first=season.starts_on, last=season.ends_on)
    raise_first(new_price_problems(desk, season, [price]).get(0, []))
    return price


def new_price_problems(desk: Desk, season: Any, prices: Sequence[PriceInput]) -> dict[int, list[tuple[str, Refusal]]]:
    """By their place in `prices`, what forbids adding those to `season`; a price that is stored already is no problem."""
    stored = {(price.grade, price.valid_from): price.price_fen_per_kg for price in list_prices(desk, season)}
    new = [price for price in prices if (price.grade, price.valid_from) not in stored]
    settled = settled_refusal(desk, season) if new else None
    weighed = _last_weighed(desk, season) if new and season.mode == SeasonMode.POSTED else {}
    problems: dict[int, list[tuple[str, Refusal]]] = {}
    for place, price in enumerate(prices):
        there = stored.get((price.grade, price.valid_from))
        if there == price.price_fen_per_kg:
            continue
        refusal: Refusal
        if there is not None:
            refusal = PriceTaken(grade=price.grade, price_yuan=format_yuan(there), valid_from=price.valid_from)
            problems[place] = [("price_fen_per_kg", refusal)]
        elif settled is not None:
            problems[place] = [("valid_from", settled)]
        elif (last := weighed.get(price.grade)) is not None and price.valid_from <= last:
            problems[place] = [("valid_from", PriceTooLate(grade=price.grade, last=last, season=season.code))]
    return problems


def insert_prices(desk: Desk, by_season: Mapping[int, tuple[str, Sequence[PriceInput]]]) -> int:
    """Insert those prices that are not there yet, by season id with the season's code; returns how many."""
    rows, entries = [], []
    for season_id, (code, prices) in by_season.items():
        stored = set(
            desk.session.execute(
                select(Price.grade, Price.valid_from).where(Price.collective_id == desk.collective_id, Price.season_id == season_id)
            )
        )
        for price in prices:
            if (price.grade, price.valid_from) in stored:
                continue
            rows.append((season_id, price.grade, price.valid_from, price.price_fen_per_kg))
            figures = {"valid_from": price.valid_from.isoformat(), "price_fen_per_kg": price.price_fen_per_kg}
            entries.append(("price", code, {"season": code, "grade": price.grade, **figures}))
    columns = ("collective_id", "id", "season_id", "grade", "valid_from", "price_fen_per_kg")
    ids = new_ids(max(1, len(rows)))
    insert_rows(desk.session, Price, columns, [(desk.collective_id, i, *row) for i, row in zip(ids, rows, strict=False)])
    journal.append(desk, entries)
    return len(rows)


def remove_price(desk: Desk, season: Season, price_id: int) -> None:
    """Take back a price under which nothing was weighed yet.

    :raises NotFound: no such price. :raises PriceTooLate, SeasonSettled: households rely on it.
    """
    journal.lock(desk)
    price = desk.session.scalar(
        select(Price).where(Price.collective_id == desk.collective_id, Price.season_id == season.id, Price.id == price_id)
    )
    if price is None:
        raise NotFound(what=N_("price"), code=price_id)
    settled = settled_refusal(desk, season)
    if settled is not None:
        raise settled
    last = _last_weighed(desk, season).get(price.grade) if season.mode == SeasonMode.POSTED else None
    if last is not None and price.valid_from <= last:
        raise PriceTooLate(grade=price.grade, last=last, season=season.code)
    payload = {"season": season.code, "grade": price.grade, "valid_from": price.valid_from.isoformat(), "removed": True}
    desk.session.delete(price)
    desk.session.flush()
    journal.append(desk, [("price", season.code, payload)])


def _last_weighed(desk: Desk, season: Any) -> dict[str, dt.date]:
    rows = desk.session.execute(
        select(Weighing.grade, func.max(Weighing.local_date))
        .where(Weighing.collective_id == desk.collective_id, Weighing.season_id == season.id)
        .group_by(Weighing.grade)
    )
    return dict(rows.all())
